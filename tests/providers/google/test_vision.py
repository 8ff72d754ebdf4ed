"""The adapters of Cloud Vision for pictures: the step that they send, what they read."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from cloudai import (
    ConfigurationError,
    Google,
    InvalidRequestError,
    InvalidResponseError,
    RateLimitedError,
    UnsupportedError,
)
from cloudai.operations.vision import LIKELIHOODS
from cloudai.providers.google import vision as google
from cloudai.providers.google.annotate import image_rule, shortest
from cloudai.providers.google.tables import FACE_POINTS
from cloudai.types.geometry import Box
from cloudai.types.media import Image
from tests.support import ScriptedPort, adapt

annotator = pytest.importorskip("tests.providers.google.annotator")
from tests.providers.google.annotator import jpeg, load, message, recorded  # noqa: E402

KEY = Google(api_key="test-key")
BUCKET = Image(address="gs://bucket/a.jpg")


def port(*bodies: Any, settings: Google = KEY) -> ScriptedPort:
    return ScriptedPort(*bodies, settings=settings)


def near(box: Box, *numbers: float) -> bool:
    return (box.left, box.top, box.width, box.height) == pytest.approx(numbers)


# --- the step ---


def test_a_picture_is_one_request_with_its_bytes() -> None:
    scripted = port(message({}))
    adapt(google.labels, scripted, jpeg(data=b"\xff\xd8\xff1"), max_results=7)
    (step,) = scripted.steps
    assert (step.service, step.operation, step.api_version) == ("vision", "BatchAnnotateImages", "v1")
    assert step.params == {
        "requests": [
            {
                "image": {"content": b"\xff\xd8\xff1"},
                "features": [{"type": "LABEL_DETECTION", "maxResults": 7}],
            }
        ]
    }
    assert (step.amount, step.aside) == (1, False)


@pytest.mark.parametrize(
    ("operation", "kind", "counted"),
    [
        (google.labels, "LABEL_DETECTION", True),
        (google.objects, "OBJECT_LOCALIZATION", True),
        (google.faces, "FACE_DETECTION", True),
        (google.text, "TEXT_DETECTION", False),
        (google.moderation, "SAFE_SEARCH_DETECTION", False),
        (google.landmarks, "LANDMARK_DETECTION", True),
        (google.logos, "LOGO_DETECTION", True),
        (google.colors, "IMAGE_PROPERTIES", False),
        (google.crop_hints, "CROP_HINTS", False),
        (google.web, "WEB_DETECTION", True),
    ],
)
def test_each_operation_asks_for_its_feature_and_not_for_ten_results_only(
    operation: Any, kind: str, counted: bool
) -> None:
    scripted = port(message({"safeSearchAnnotation": {}}))
    adapt(operation, scripted, jpeg(), extra={"model": "builtin/latest"})
    (feature,) = scripted.steps[0].params["requests"][0]["features"]
    assert feature == {"type": kind, "model": "builtin/latest", **({"maxResults": 100} if counted else {})}


def test_an_address_is_handed_on() -> None:
    scripted = port(message({}))
    adapt(google.labels, scripted, BUCKET)
    assert scripted.steps[0].params["requests"][0]["image"] == {"source": {"imageUri": "gs://bucket/a.jpg"}}


def test_aspect_ratios_are_asked_for() -> None:
    scripted = port(message({}))
    adapt(google.crop_hints, scripted, jpeg(), aspect_ratios=(1.5, 1.0))
    context = scripted.steps[0].params["requests"][0]["imageContext"]
    assert context == {"cropHintsParams": {"aspectRatios": [1.5, 1.0]}}


def test_a_location_is_named_in_every_request() -> None:
    scripted = port(message({}), settings=Google(api_key="k", project="mine", location="eu"))
    adapt(google.labels, scripted, jpeg())
    assert scripted.steps[0].params["parent"] == "projects/mine/locations/eu"


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        (Google(api_key="k", location="eu"), ConfigurationError, "project"),
        (Google(api_key="k", location="europe-west1", project="p"), UnsupportedError, "'eu', 'us' and 'asia'"),
    ],
)
def test_a_location_that_cannot_be_kept_is_refused(settings: Google, error: type[Exception], words: str) -> None:
    scripted = port(message({}), settings=settings)
    with pytest.raises(error, match=words):
        adapt(google.labels, scripted, jpeg())
    assert not scripted.steps


@pytest.mark.parametrize("operation", [google.faces, google.landmarks, google.logos, google.crop_hints])
def test_places_in_pixels_of_a_picture_that_only_google_sees_are_refused(operation: Any) -> None:
    scripted = port(message({}))
    with pytest.raises(UnsupportedError, match="gs://bucket/a.jpg cannot be seen"):
        adapt(operation, scripted, BUCKET)
    with pytest.raises(InvalidRequestError, match="cut short"):
        adapt(operation, scripted, Image(data=b"\xff\xd8\xff", format="jpeg"))
    assert not scripted.steps


@pytest.mark.parametrize(
    ("settings", "largest"),
    [
        (Google(), 20_000_000),
        (Google(transport="rest"), 7_400_000),
        (Google(endpoint="http://127.0.0.1:1"), 7_400_000),
        (Google(endpoint="http://127.0.0.1:1", transport="grpc"), 20_000_000),
        (Google(endpoint="https://own.example"), 20_000_000),
        (Google(endpoint="https://own.example/vision"), 7_400_000),
    ],
)
def test_the_transport_says_how_large_a_picture_may_be(settings: Google, largest: int) -> None:
    rule = image_rule(settings)
    assert rule.max_bytes == largest
    assert (rule.way_out is not None) == (largest < 20_000_000)


@pytest.mark.parametrize("settings", [Google(transport="http"), Google(endpoint="https://a/b", transport="grpc")])
def test_a_transport_that_cannot_be_is_told(settings: Google) -> None:
    with pytest.raises(ConfigurationError, match="transport"):
        image_rule(settings)


# --- labels and objects ---


def test_labels_have_scores_and_ids() -> None:
    result = adapt(google.labels, port(load("label-three-labels-no-topicality")), jpeg())
    assert [(label.name, label.confidence, label.id) for label in result.labels] == [
        ("automobile", 0.9776855, "/m/0k4j"),
        ("vehicle", 0.947987, "/m/07yv9"),
        ("truck", 0.8842951, "/m/07r04"),
    ]
    assert result[0].topicality is None
    assert result[0].boxes == ()


def test_a_label_tells_how_much_the_picture_is_about_it() -> None:
    result = adapt(google.labels, port(load("multi-feature-logo-text-objects")), jpeg())
    assert (len(result), result[0].name, result[0].topicality) == (28, "Granny smith", 0.8751253)


def test_objects_have_shares_as_they_come() -> None:
    result = adapt(google.objects, port(load("objects-normalized-vertices")), BUCKET)
    assert [item.name for item in result] == ["Couch", "Couch", "Person", "Lighting", "Lighting", "Table"]
    assert near(result[0].box, 0.66105765, 0.5171873, 0.9353079 - 0.66105765, 0.91517144 - 0.5171873)
    assert result[0].polygon is not None
    assert result[0].polygon.points[0] == (0.66105765, 0.5171873)
    assert (result[0].confidence, result[0].id) == (0.87114835, "/m/02crq1")


# --- faces ---


def test_corners_without_a_coordinate_lie_at_zero() -> None:
    result = adapt(google.faces, port(load("face-one-vertices-lack-y")), jpeg(200, 150))
    (face,) = result.faces
    assert face.head is not None
    assert face.head.points[0] == pytest.approx((55 / 200, 0))
    assert face.box.left == pytest.approx(77 / 200)
    assert face.box.top == pytest.approx(29 / 150)


def test_everything_that_google_says_about_a_face_is_kept() -> None:
    result = adapt(google.faces, port(load("face-five-faces-34-landmarks")), jpeg(2000, 1000))
    assert len(result) == 5
    face = result[0]
    assert near(face.box, 845 / 2000, 310 / 1000, face.box.width, face.box.height)
    assert face.head is not None
    assert face.head.points[0] == pytest.approx((748 / 2000, 58 / 1000))
    assert face.confidence == 0.9863683
    assert face.pose is not None
    assert (face.pose.roll, face.pose.yaw, face.pose.pitch) == (-0.43419784, 6.027647, -18.412321)
    assert face.emotion_likelihoods == {
        "happy": "very_likely",
        "sad": "very_unlikely",
        "angry": "very_unlikely",
        "surprised": "very_unlikely",
    }
    assert face.emotions["happy"] == LIKELIHOODS["very_likely"]
    assert face.headwear is not None
    assert (face.headwear.likelihood, face.headwear.present) == ("very_unlikely", None)
    assert face.quality is not None
    assert face.quality.blurred is not None
    assert face.quality.under_exposed is not None
    assert (face.age, face.gender, face.smile, face.eyes_open) == (None, None, None, None)
    assert len(face.landmarks) == 34
    eye = face.landmarks[0]
    assert (eye.name, eye.vendor_name) == ("left_eye", "LEFT_EYE")
    assert (eye.x, eye.y) == pytest.approx((1004.8003 / 2000, 482.69385 / 1000))


@pytest.mark.parametrize(
    "name", ["face-five-faces-34-landmarks", "face-one-vertices-lack-y", "multi-feature-face-empty-vertices"]
)
def test_the_pose_has_the_signs_that_ours_has(name: str) -> None:
    # By the points of the same face: a nose right of the middle is a face turned to the right of the picture.
    for face in adapt(google.faces, port(load(name)), jpeg(4000, 4000)):
        points = {point.name: point for point in face.landmarks}
        left, right, nose = points["left_eye"], points["right_eye"], points["nose_tip"]
        middle, width = (left.x + right.x) / 2, right.x - left.x
        assert face.pose is not None
        assert face.pose.yaw is not None
        assert face.pose.roll is not None
        if abs(face.pose.yaw) > 8:
            assert (nose.x - middle) * face.pose.yaw > 0
        if abs(face.pose.roll) > 5:
            assert (right.y - left.y) * face.pose.roll > 0
        # The nose is nearer than the ears.
        assert nose.z is not None
        assert nose.z < 0 < points["left_ear"].z  # type: ignore[operator]
        assert width > 0


def test_a_face_without_a_place_of_its_own_has_that_of_its_head() -> None:
    corners = [{"x": 10, "y": 10}, {"x": 20, "y": 10}, {"x": 20, "y": 20}, {"x": 10, "y": 20}]
    answer = message({"faceAnnotations": [{"boundingPoly": {"vertices": corners}, "landmarks": [{"type": 99}]}]})
    (face,) = adapt(google.faces, port(answer), jpeg(100, 100))
    assert near(face.box, 0.1, 0.1, 0.1, 0.1)
    assert (face.confidence, face.headwear, face.emotions) == (None, None, {})
    assert (face.landmarks[0].name, face.landmarks[0].vendor_name) == ("unknown", "99")


def test_the_table_of_points_is_googles_own() -> None:
    from google.cloud.vision_v1 import FaceAnnotation

    kinds = FaceAnnotation.Landmark.Type
    assert {kind.value: kind.name for kind in kinds if kind.value} == {
        number: name for number, (name, _) in FACE_POINTS.items()
    }
    assert len({name for _, name in FACE_POINTS.values()}) == len(FACE_POINTS)


# --- moderation ---


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "safesearch-bare-annotation-enum-names",
            [
                ("explicit", "adult", "very_unlikely"),
                ("spoof", "spoof", "very_unlikely"),
                ("medical", "medical", "unlikely"),
                ("violence", "violence", "likely"),
                ("suggestive", "racy", "very_unlikely"),
            ],
        ),
        (
            "safesearch-no-racy-field",
            [
                ("explicit", "adult", "very_unlikely"),
                ("spoof", "spoof", "unlikely"),
                ("medical", "medical", "possible"),
                ("violence", "violence", "very_unlikely"),
            ],
        ),
    ],
)
def test_likelihoods_stay_what_they_are_beside_their_numbers(name: str, expected: Any) -> None:
    result = adapt(google.moderation, port(load(name)), jpeg())
    assert [(item.name, item.vendor_name, item.likelihood) for item in result] == expected
    assert all(item.confidence == LIKELIHOODS[item.likelihood or "possible"] for item in result)
    assert result.flagged is None
    assert {item.flagged for item in result} == {None}


def test_no_verdict_does_not_pass_for_a_clean_picture() -> None:
    with pytest.raises(ValueError, match="safeSearchAnnotation"):
        adapt(google.moderation, port(message({})), jpeg())


# --- landmarks, logos, colours, cuts, web ---


def test_landmarks_lie_on_earth_and_on_the_picture() -> None:
    result = adapt(google.landmarks, port(load("landmark-two-with-latlng")), jpeg(2000, 1000))
    assert [item.name for item in result] == ["Louvre", "Louvre Pyramid"]
    first = result[0]
    assert (first.confidence, first.id) == (pytest.approx(0.67257267), "/m/04gdr")
    assert [(place.latitude, place.longitude) for place in first.locations] == [(48.861013, 2.335818)]
    assert first.box is not None
    assert (first.box.left, first.box.top) == pytest.approx((1075 / 2000, 49 / 1000))


def test_a_landmark_without_a_name_goes_by_its_id() -> None:
    answer = message({"landmarkAnnotations": [{"mid": "/m/1", "score": 0.5}]})
    (landmark,) = adapt(google.landmarks, port(answer), jpeg())
    assert (landmark.name, landmark.id, landmark.box) == ("/m/1", "/m/1", None)


def test_logos_have_boxes() -> None:
    (logo,) = adapt(google.logos, port(load("multi-feature-logo-text-objects")), jpeg(3704, 2778))
    assert (logo.name, logo.confidence, logo.id) == ("MacBook", 0.8501686, "/m/09tzjm")
    assert logo.box is not None
    assert (logo.box.left, logo.box.top) == pytest.approx((1595 / 3704, 232 / 2778))


def test_colours_have_a_share_and_a_score() -> None:
    result = adapt(google.colors, port(load("image-properties-ten-colors")), jpeg())
    assert len(result) == 10
    first = result[0]
    assert (first.red, first.green, first.blue, first.hex) == (253, 203, 65, "#fdcb41")
    assert (first.score, first.share) == pytest.approx((0.42258179, 0.025376344))


def test_fields_that_only_the_console_writes_are_passed_over() -> None:
    result = adapt(google.colors, port(load("multi-feature-logo-text-objects")), jpeg())
    assert (result[0].hex, result[0].share) == ("#393939", 0.35156342)


def test_cuts_at_the_corner_of_a_picture_are_whole() -> None:
    result = adapt(google.crop_hints, port(load("multi-feature-face-empty-vertices")), jpeg(3024, 4032))
    first = result[0]
    assert (first.box.left, first.box.top) == (0, pytest.approx(126 / 4032))
    assert (first.confidence, first.importance) == (0.36458334, 1.0)
    answer = message(
        {
            "cropHintsAnnotation": {
                "cropHints": [{"boundingPoly": {"vertices": [{}, {"x": 9}, {"x": 9, "y": 9}, {"y": 9}]}}]
            }
        }
    )
    (whole,) = adapt(google.crop_hints, port(answer), jpeg(10, 10))
    assert near(whole.box, 0, 0, 0.9, 0.9)


def test_scores_of_the_web_are_not_shares() -> None:
    result = adapt(google.web, port(load("web-detection-scores-above-one")), jpeg())
    assert [(item.name, item.score, item.id) for item in result] == [
        ("Mount Rushmore National Memorial", 1470.4435, "/m/019dvv"),
        ("Landmark", 0.9468027, "/m/05_5t0l"),
    ]
    assert [item.score for item in result.full_matches] == [0.09591467, 0.09591467]
    assert [item.score for item in result.partial_matches] == [0.9216, 0.55520177]
    assert [item.score for item in result.pages] == [2.9996617, 1.1980441]
    assert result.best_guesses == result.similar == ()


def test_the_rest_of_the_web_is_kept() -> None:
    found = {
        "webEntities": [{"entityId": "/m/1"}],
        "bestGuessLabels": [{"label": "a bridge", "languageCode": "en"}],
        "visuallySimilarImages": [{"url": "https://a/1.jpg"}],
        "pagesWithMatchingImages": [
            {"url": "https://a", "pageTitle": "A", "fullMatchingImages": [{"url": "https://a/2.jpg"}]}
        ],
    }
    result = adapt(google.web, port(message({"webDetection": found})), jpeg())
    assert (result[0].name, result[0].score) == (None, None)
    assert result.best_guesses == ("a bridge",)
    assert [item.url for item in result.similar] == ["https://a/1.jpg"]
    (page,) = result.pages
    assert (page.title, page.score, page.full_matches[0].url) == ("A", None, "https://a/2.jpg")


# --- nothing found, and what is no answer ---


@pytest.mark.parametrize(
    "operation",
    [
        *(google.labels, google.objects, google.faces, google.landmarks, google.logos),
        *(google.colors, google.crop_hints, google.web),
    ],
)
def test_nothing_found_is_an_empty_result(operation: Any) -> None:
    assert len(adapt(operation, port(load("logo-none-found-empty-object")), jpeg())) == 0


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        (google.labels, {"labelAnnotations": [{"score": 0.5}]}),
        (google.objects, {"localizedObjectAnnotations": [{"name": "Cup"}]}),
        (google.objects, {"localizedObjectAnnotations": [{"boundingPoly": {"normalizedVertices": [{}]}}]}),
        (google.faces, {"faceAnnotations": [{"detectionConfidence": 0.5}]}),
        (google.logos, {"logoAnnotations": [{"score": 0.5}]}),
        (google.crop_hints, {"cropHintsAnnotation": {"cropHints": [{"confidence": 1}]}}),
        (google.web, {"webDetection": {"fullMatchingImages": [{"score": 1}]}}),
    ],
)
def test_an_annotation_without_what_it_is_about_is_no_answer(operation: Any, answer: Any) -> None:
    with pytest.raises(ValueError, match="is missing"):
        adapt(operation, port(message(answer)), jpeg())


@pytest.mark.parametrize("responses", [[], [{}, {}]])
def test_one_request_has_one_response(responses: Any) -> None:
    with pytest.raises(ValueError):
        adapt(google.labels, port(message(*responses)), jpeg())


def test_an_error_in_the_answer_has_the_class_of_its_number() -> None:
    answer = message({"error": {"code": 8, "message": "slow down"}})
    with pytest.raises(RateLimitedError, match="slow down") as caught:
        adapt(google.labels, port(answer), jpeg())
    assert (caught.value.vendor_code, caught.value.provider) == ("RESOURCE_EXHAUSTED", "google")


# --- analyze ---

EVERY = (
    *("vision.labels", "vision.objects", "vision.faces", "vision.text", "vision.moderation", "vision.landmarks"),
    *("vision.logos", "vision.colors", "vision.crop_hints", "vision.web"),
)


def test_all_operations_are_one_request() -> None:
    scripted = port(load("multi-feature-face-empty-vertices"))
    result = adapt(google.analyze, scripted, jpeg(3024, 4032), operations=EVERY)
    (step,) = scripted.steps
    asked = step.params["requests"][0]
    assert len(asked["features"]) == 10
    assert asked["imageContext"] == {"textDetectionParams": {"enableTextDetectionConfidenceScore": True}}
    # Moderation beside labels and cuts beside colours are free.
    assert step.amount == 8
    assert tuple(result.parts) == EVERY
    assert result.errors == {}
    assert len(result["faces"]) == 3
    assert result["text"].text.startswith("UND SINIRS")
    assert len(result["logos"]) == 0


def test_what_google_has_not_fails_alone() -> None:
    scripted = port(load("multi-feature-logo-text-objects"))
    result = adapt(google.analyze, scripted, jpeg(), operations=("vision.caption", "vision.labels"))
    assert [feature["type"] for feature in scripted.steps[0].params["requests"][0]["features"]] == ["LABEL_DETECTION"]
    assert tuple(result.parts) == ("vision.caption", "vision.labels")
    with pytest.raises(UnsupportedError) as caught:
        result["caption"]
    assert (caught.value.provider, caught.value.operation) == ("google", "vision.caption")
    assert len(result["labels"]) == 28


def test_places_in_pixels_fail_alone_where_only_google_sees_the_picture() -> None:
    scripted = port(load("multi-feature-logo-text-objects"))
    result = adapt(google.analyze, scripted, BUCKET, operations=("vision.faces", "vision.objects", "vision.text"))
    assert set(result.errors) == {"vision.faces"}
    assert len(result["objects"]) == 1
    with pytest.raises(UnsupportedError, match="cannot be seen"):
        adapt(google.analyze, port(), BUCKET, operations=("vision.faces", "vision.caption"))


def test_an_error_beside_results_is_that_of_what_is_not_there() -> None:
    found = recorded("multi-feature-logo-text-objects")["responses"][0]
    answer = message({**found, "faceAnnotations": [], "error": {"code": 13, "message": "half of it"}})
    result = adapt(google.analyze, port(answer), jpeg(), operations=("vision.labels", "vision.faces"))
    assert len(result["labels"]) == 28
    assert set(result.errors) == {"vision.faces"}
    error = result.errors["vision.faces"]
    assert (error.vendor_code, error.operation, error.retryable) == ("INTERNAL", "vision.faces", True)


def test_a_part_that_cannot_be_read_fails_alone() -> None:
    answer = message({"labelAnnotations": [{"description": "cat"}]})
    result = adapt(google.analyze, port(answer), jpeg(), operations=("vision.labels", "vision.moderation"))
    assert [label.name for label in result["labels"]] == ["cat"]
    assert isinstance(result.errors["vision.moderation"], InvalidResponseError)


# --- numbers and prices ---


@pytest.mark.parametrize("number", [0.9776855, 0.95, 1470.4435, -18.412321, 1.0, 0.0016593217, 0.104274996])
def test_a_number_of_32_bits_reads_as_it_was_written(number: float) -> None:
    import struct

    (wide,) = struct.unpack("f", struct.pack("f", number))
    assert shortest(wide) == number


def test_every_feature_has_a_price_with_a_date() -> None:
    book = tomllib.loads((files("cloudai.providers.google") / "prices.toml").read_text(encoding="utf-8"))
    rows = [row for row in book["price"] if row["service"] == "vision"]
    priced = {(operation, feature) for row in rows for operation in row["operations"] for feature in row["features"]}
    sent = set()
    for operation in EVERY:
        scripted = port(message({"safeSearchAnnotation": {}}))
        adapt(google.analyze, scripted, jpeg(), operations=(operation,))
        (feature,) = scripted.steps[0].params["requests"][0]["features"]
        sent.add(("BatchAnnotateImages", feature["type"]))
    sent |= {("BatchAnnotateImages", "DOCUMENT_TEXT_DETECTION")}
    assert sent <= priced
    assert all(row["checked"] and row["source"] and row["currency"] == "USD" for row in rows)
