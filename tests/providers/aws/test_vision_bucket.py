"""Pictures and documents that go through the bucket: real boto3 against a server on this machine, in every colour."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import anyio
import boto3
import pytest

from cloudai import AsyncCloudAI, errors
from cloudai.settings import AWS
from tests.providers.aws.test_vision_documents import pdf
from tests.providers.aws.test_vision_wire import BUCKET, LABELS, MEGABYTE, png, sent, service
from tests.providers.aws.wire import KEY, ONCE, QUICK, SECRET, Ask, settings
from tests.support import Answer, Loopback, Seen, loopback, recording


def refusal(code: str, status: int, **more: str) -> Answer:
    """An error of S3."""
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in {"Code": code, "Message": "no", **more}.items())
    return Answer(status, f"<?xml version='1.0'?><Error>{fields}</Error>".encode(), {"content-type": "application/xml"})


# --- through the bucket ---


def large() -> bytes:
    return png(length=5 * MEGABYTE + 1)


def test_a_large_picture_goes_through_the_bucket(ask: Ask) -> None:
    with loopback(service(LABELS)) as server:
        result = ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()))
    assert sent(server) == ["PUT", "DetectLabels", "DELETE"]
    put, detect, delete = server.seen
    stored = detect.json["Image"]["S3Object"]
    assert stored["Bucket"] == BUCKET
    assert stored["Name"].startswith("cloudai-")
    # The bucket stands in the path, so that a test server, which has one name, is reached.
    assert put.path == delete.path == f"/{BUCKET}/{stored['Name']}"
    assert put.body == large()
    assert "/eu-west-1/s3/aws4_request" in put.headers["authorization"]
    assert result.raw == LABELS
    assert [step.operation for step in result.meta.usage.steps] == ["DetectLabels"]
    assert (result.meta.warnings, result.meta.api_version) == ((), "2016-06-27")


def test_every_upload_has_its_own_name(ask: Ask) -> None:
    with loopback(service(LABELS, LABELS)) as server:
        for _ in range(2):
            ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()))
    assert len({seen.path for seen in server.seen if seen.method == "PUT"}) == 2


def test_an_analysis_goes_through_the_bucket_once(ask: Ask) -> None:
    bodies = {"DetectLabels": LABELS, "DetectFaces": {"FaceDetails": []}}

    def answer(seen: Seen) -> Answer:
        target = seen.headers.get("x-amz-target", "").rpartition(".")[2]
        return Answer(body=bodies[target]) if target else Answer(200, b"")

    with loopback(answer) as server:
        result = ask(
            settings(server, bucket=BUCKET), lambda ai: ai.vision.analyze(large(), operations=["labels", "faces"])
        )
    assert sorted(sent(server)) == ["DELETE", "DetectFaces", "DetectLabels", "PUT"]
    assert sent(server)[0] == "PUT"
    assert sent(server)[-1] == "DELETE"
    assert result.errors == {}


def test_two_large_pictures_are_both_taken_away_again(ask: Ask) -> None:
    body = recording("aws/rekognition/compare-faces-match-and-unmatched")["response"]["body"]
    with loopback(service(body)) as server:
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.compare_faces(large(), large()))
    assert sent(server) == ["PUT", "PUT", "CompareFaces", "DELETE", "DELETE"]
    puts, deletes = ({seen.path for seen in server.seen if seen.method == method} for method in ("PUT", "DELETE"))
    assert puts == deletes


def test_a_failed_analysis_takes_the_picture_away_again(ask: Ask) -> None:
    refused = Answer(400, {"__type": "InvalidS3ObjectException", "message": "unable to get object"})
    with loopback(service(refused)) as server, pytest.raises(errors.InvalidRequestError, match="unable to get object"):
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()))
    assert sent(server) == ["PUT", "DetectLabels", "DELETE"]


def test_an_upload_that_is_refused_leaves_nothing_to_take_away(ask: Ask) -> None:
    denied = refusal("AccessDenied", 403)
    with loopback(service(PUT=denied)) as server, pytest.raises(errors.PermissionDeniedError):
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()))
    assert sent(server) == ["PUT"]


def test_an_upload_without_an_answer_may_have_arrived(ask: Ask) -> None:
    down = refusal("ServiceUnavailable", 503)
    with loopback(service(PUT=down)) as server, pytest.raises(errors.ServiceUnavailableError):
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()), retry=ONCE)
    assert sent(server) == ["PUT", "DELETE"]


def test_a_deletion_that_fails_does_not_hide_the_result(ask: Ask) -> None:
    denied = refusal("AccessDenied", 403)
    with loopback(service(LABELS, DELETE=denied)) as server:
        result = ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()), retry=QUICK)
    assert result[0].name == "Cup"
    (warning,) = result.meta.warnings
    assert warning.startswith(f"s3:/{server.seen[0].path} could not be taken away again: ")
    assert KEY not in warning
    assert sent(server) == ["PUT", "DetectLabels", "DELETE"]


def test_a_version_of_the_bucket_is_deleted_not_hidden(ask: Ask) -> None:
    stored = Answer(200, b"", {"x-amz-version-id": "v-1"})
    with loopback(service(LABELS, PUT=stored)) as server:
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()))
    assert server.seen[-1].path.endswith("?versionId=v-1")


@pytest.mark.parametrize(
    ("code", "status", "fields"),
    [
        ("PermanentRedirect", 301, {"Endpoint": "own-bucket.s3.us-west-2.amazonaws.com", "Bucket": BUCKET}),
        ("AuthorizationHeaderMalformed", 400, {"Region": "us-west-2"}),
        ("IllegalLocationConstraintException", 400, {}),
        ("NoSuchBucket", 404, {"BucketName": BUCKET}),
    ],
)
def test_a_bucket_in_another_region_is_not_followed(ask: Ask, code: str, status: int, fields: dict[str, str]) -> None:
    answer = refusal(code, status, **fields)
    elsewhere = Answer(answer.status, answer.body, {**answer.headers, "x-amz-bucket-region": "us-west-2"})
    with loopback(elsewhere) as server, pytest.raises(errors.ConfigurationError) as caught:
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(large()), retry=QUICK)
    assert caught.value.vendor_code == code
    assert sent(server) == ["PUT"]
    assert all("us-west-2" not in seen.headers["authorization"] for seen in server.seen)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_call_that_is_cancelled_in_its_upload_deletes_what_was_uploaded(backend: str) -> None:
    slow = Answer(200, b"", delay=0.3)

    async def main(server: Loopback) -> None:
        async with AsyncCloudAI(settings(server, bucket=BUCKET)) as ai, anyio.create_task_group() as tasks:
            tasks.start_soon(ai.vision.labels, large())
            while not server.seen:
                await anyio.sleep(0.005)
            tasks.cancel_scope.cancel()

    with loopback(service(PUT=slow)) as server:
        began = time.monotonic()
        anyio.run(main, server, backend=backend)
        # The deletion waited for the upload: before it, it would have deleted nothing.
        assert time.monotonic() - began > 0.25
        assert sent(server) == ["PUT", "DELETE"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_job_that_is_cancelled_leaves_nothing_in_the_bucket(backend: str) -> None:
    running = {"JobStatus": "IN_PROGRESS"}

    async def main(server: Loopback) -> None:
        async with AsyncCloudAI(settings(server, bucket=BUCKET)) as ai, anyio.create_task_group() as tasks:
            tasks.start_soon(ai.vision.text, pdf(2))
            while len(server.seen) < 3:
                await anyio.sleep(0.005)
            tasks.cancel_scope.cancel()

    with loopback(service({"JobId": "j-1"}, running, running)) as server:
        anyio.run(main, server, backend=backend)
        assert sent(server)[-1] == "DELETE"


# --- a bucket that is one ---


@pytest.fixture(scope="module")
def stateful() -> Iterator[str]:
    """A server that keeps buckets."""
    moto = pytest.importorskip("moto.server", reason="needs moto[server]")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(stateful: str) -> Iterator[Any]:
    """A bucket that keeps versions."""
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": "eu-west-1"}
    make: Any = boto3.client
    client = make("s3", endpoint_url=stateful, **keys)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket=BUCKET, Key="yours.txt", Body=b"not ours")
    yield client
    found = client.list_object_versions(Bucket=BUCKET)
    for item in found.get("Versions", []) + found.get("DeleteMarkers", []):
        client.delete_object(Bucket=BUCKET, Key=item["Key"], VersionId=item["VersionId"])
    client.delete_bucket(Bucket=BUCKET)


def names(client: Any) -> list[str]:
    """Every version of everything in the bucket, deleted or not."""
    found = client.list_object_versions(Bucket=BUCKET)
    return [item["Key"] for item in found.get("Versions", []) + found.get("DeleteMarkers", [])]


def test_a_bucket_is_left_as_it_was(ask: Ask, stateful: str, bucket: Any) -> None:
    inside: list[str] = []

    def look(seen: Seen) -> Answer:
        inside.extend(names(bucket))
        stored = seen.json["Image"]["S3Object"]
        assert bucket.get_object(Bucket=BUCKET, Key=stored["Name"])["Body"].read() == large()
        return Answer(body=LABELS)

    with loopback(look) as server:
        given = AWS(
            region="eu-west-1",
            access_key_id=KEY,
            secret_access_key=SECRET,
            bucket=BUCKET,
            endpoints={"s3": stateful, "rekognition": server.address},
        )
        result = ask(given, lambda ai: ai.vision.labels(large()))
    assert result.meta.warnings == ()
    assert len(inside) == 2
    assert names(bucket) == ["yours.txt"]


def test_a_bucket_is_left_as_it_was_by_a_job_that_failed(ask: Ask, stateful: str, bucket: Any) -> None:
    failed = {"JobStatus": "FAILED", "StatusMessage": "UNSUPPORTED_DOCUMENT"}
    with loopback(service({"JobId": "j-1"}, failed)) as server:
        given = AWS(
            region="eu-west-1",
            access_key_id=KEY,
            secret_access_key=SECRET,
            bucket=BUCKET,
            endpoint=server.address,
            endpoints={"s3": stateful},
        )
        with pytest.raises(errors.JobFailedError, match="UNSUPPORTED_DOCUMENT"):
            ask(given, lambda ai: ai.vision.text(pdf(2).data))
    assert names(bucket) == ["yours.txt"]


def test_a_job_runs_from_start_to_end_at_a_server_that_keeps_jobs(ask: Ask, stateful: str, bucket: Any) -> None:
    result = ask(settings(endpoint=stateful, bucket=BUCKET), lambda ai: ai.vision.text(pdf(2).data))
    assert result.raw["JobStatus"] == "SUCCEEDED"
    assert names(bucket) == ["yours.txt"]
