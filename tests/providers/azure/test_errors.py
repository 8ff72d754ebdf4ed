"""What error bodies and headers say."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    InputTooLargeError,
    InvalidRequestError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
)
from cloudai.pipeline.translate import error_class
from cloudai.ports import Failure
from cloudai.providers.azure.errors import CODES, document_error, explain, metered, refused_document
from tests.support import recording


def class_of(status: int, headers: dict[str, str], body: Any) -> type[CloudAIError]:
    said = explain(status, headers, body)
    return error_class(Failure(said.message, codes=said.codes, status=status), CODES)


def test_the_inner_code_is_the_most_telling_one() -> None:
    inner = {"code": "InvalidDocumentBatch", "message": "Too many."}
    said = explain(400, {}, {"error": {"code": "InvalidRequest", "message": "Invalid.", "innererror": inner}})
    assert (said.codes, said.message) == (("InvalidDocumentBatch", "InvalidRequest"), "Too many.")


@pytest.mark.parametrize("headers", [{}, {"retry-after": "1296000"}])
def test_a_free_tier_that_is_used_up_is_told_from_a_missing_right(headers: dict[str, str]) -> None:
    body = recording("azure/language/error-403-quota-out-15-days")["response"]["body"]
    assert class_of(403, headers, body) is QuotaExceededError
    assert explain(403, headers, body).codes[0] == "403"


def test_a_403_with_a_wait_is_a_quota_even_without_a_body() -> None:
    assert class_of(403, {"retry-after": "1296000"}, "") is QuotaExceededError


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"statusCode": 401, "message": "Access denied."}, AuthenticationError),
        (403, {"statusCode": 403, "message": "No."}, PermissionDeniedError),
        (
            403,
            {"statusCode": 403, "message": "Out of call volume quota. Quota will be replenished."},
            QuotaExceededError,
        ),
        (404, {"statusCode": 404, "message": "Resource not found"}, InvalidRequestError),
        (429, {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 3 seconds."}, RateLimitedError),
    ],
)
def test_the_gateways_shorter_form_is_read(status: int, body: dict[str, Any], expected: type[CloudAIError]) -> None:
    said = explain(status, {}, body)
    assert said.message.startswith(body["message"])
    assert said.codes[0] == str(status)
    assert class_of(status, {}, body) is expected


@pytest.mark.parametrize("code", ["Forbidden", "PermissionDenied", "AuthenticationTypeDisabled"])
@pytest.mark.parametrize("status", [401, 403])
def test_a_code_that_names_a_missing_right_stands_before_status_and_wait(status: int, code: str) -> None:
    body = {"error": {"code": code, "message": "The principal may not do this."}}
    assert class_of(status, {"retry-after": "10"}, body) is PermissionDeniedError
    said = explain(status, {}, body)
    assert (said.message, said.codes) == ("The principal may not do this.", (code,))


def test_no_code_of_ours_is_told_as_azures() -> None:
    wait = {"retry-after": "1296000"}
    for body in ("", {}, {"error": {"message": "No."}}, {"message": "No."}):
        assert explain(403, wait, body).codes[0] == "403"


def test_an_empty_document_is_told_from_one_that_is_too_long() -> None:
    def refused(message: str) -> CloudAIError:
        inner = {"code": "InvalidDocument", "message": message}
        error = {"code": "InvalidArgument", "message": "Invalid.", "innererror": inner}
        said = refused_document({"documents": [], "errors": [{"id": "0", "error": error}]}, "0")
        assert said is not None
        return document_error(said, None)

    assert type(refused("Document text is empty.")) is InvalidRequestError
    long = refused("A document within the request was too large to be processed. Limit document size to: 5120.")
    assert type(long) is InputTooLargeError
    assert long.vendor_code == "InvalidDocument"


@pytest.mark.parametrize("document", ["1", "2", "3"])
def test_documents_are_matched_by_id(document: str) -> None:
    body = recording("azure/language/sentiment-all-docs-failed-200")["response"]["body"]
    said = refused_document(body, document)
    assert said is not None
    expected = {"1": "InvalidDocument", "2": "UnsupportedLanguageCode", "3": "InvalidDocument"}
    assert said.codes == (expected[document], "InvalidArgument")


def test_a_failed_document_beside_good_ones_is_not_ours_unless_it_has_our_id() -> None:
    body = recording("azure/language/language-detection-some-errors")["response"]["body"]
    assert refused_document(body, "2") is None
    found = refused_document(body, "1")
    assert found is not None
    assert found.codes[0] == "InvalidCountryHint"


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"results": None}, {"errors": None}, {"errors": "x"}, {"errors": [1]}]
)
def test_an_answer_of_another_shape_refuses_nothing(body: Any) -> None:
    assert refused_document(body, "0") is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("A.B=1,C=2.5", {"A.B": 1.0, "C": 2.5}),
        (" A = 1 ", {"A": 1.0}),
        ("", {}),
        ("nonsense", {}),
        ("A=,B=1", {"B": 1.0}),
    ],
)
def test_what_was_counted_is_read_from_its_header(header: str, expected: dict[str, float]) -> None:
    assert metered({"csp-billing-usage": header}) == expected
    assert metered({}) == {}
