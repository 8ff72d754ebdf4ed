"""Image Analysis: the steps that its adapters send, and what they make of its answers."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai import Azure, operations
from cloudai.errors import (
    CloudAIError,
    InvalidRequestError,
    PermissionDeniedError,
    RateLimitedError,
    UnsupportedError,
)
from cloudai.operations.vision import Caption, Color, Gender, Label, Landmark
from cloudai.providers import find
from cloudai.providers.azure import vision
from cloudai.testing.compliance import READING
from cloudai.types.geometry import Box
from cloudai.types.media import Image
from tests.support import ScriptedPort, adapt, recording

SENT = Image(data=b"bytes", format="jpeg", width=600, height=462)
THERE = Image(address="https://example.com/house.jpg")
OPERATIONS = ("labels", "objects", "faces", "moderation", "caption", "landmarks", "logos", "celebrities", "colors")
EVERYTHING = "analyze-everything-v3_2"


def body(name: str) -> Any:
    return recording(f"azure/vision/{name}")["response"]["body"]


def read(operation: str, answer: Any, image: Image = THERE, **options: Any) -> Any:
    return adapt(getattr(vision, operation), ScriptedPort(answer), image, **options)


def step(operation: str, image: Image = SENT, **options: Any) -> Any:
    port = ScriptedPort(body(EVERYTHING) | {"areaOfInterest": {"x": 0, "y": 0, "w": 1, "h": 1}})
    adapt(getattr(vision, operation), port, image, **options)
    (sent,) = port.steps
    return sent


# --- steps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "method", "params"),
    [
        ("labels", "tag_image", {}),
        ("objects", "detect_objects", {}),
        ("faces", "analyze_image", {"visual_features": ["Faces"]}),
        ("moderation", "analyze_image", {"visual_features": ["Adult"]}),
        ("caption", "describe_image", {}),
        ("landmarks", "analyze_image_by_domain", {"model": "landmarks"}),
        ("logos", "analyze_image", {"visual_features": ["Brands"]}),
        ("celebrities", "analyze_image_by_domain", {"model": "celebrities"}),
        ("colors", "analyze_image", {"visual_features": ["Color"]}),
        ("crop_hints", "get_area_of_interest", {}),
    ],
)
def test_each_operation_is_one_step(operation: str, method: str, params: dict[str, Any]) -> None:
    sent = step(operation)
    assert (sent.service, sent.operation, sent.amount, sent.api_version) == ("vision", method, 1, "3.2")
    assert sent.params == {"image": b"bytes", **params}
    assert step(operation, THERE).params == {"url": "https://example.com/house.jpg", **params}
    chosen = step(operation, extra={"model_version": "2021-05-01"})
    assert chosen.params["model_version"] == "2021-05-01"


@pytest.mark.parametrize("operation", ["labels", "caption"])
@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        *(("ja", "ja"), ("en-US", "en"), ("pt-BR", "pt"), ("es-419", "es")),
        *(("zh-Hans", "zh"), ("zh", "zh"), ("zh-CN", "zh"), ("zh-TW", "zh-Hant"), ("zh-Hant-HK", "zh-Hant")),
        *(("sr-Latn", "sr-Latn"), ("ca-valencia", "ca-valencia")),
    ],
)
def test_languages_are_spelled_as_the_service_does(operation: str, language: str, spelled: str) -> None:
    assert step(operation, language=language).params["language"] == spelled


def test_more_captions_may_be_asked_for() -> None:
    assert step("caption", max_results=3).params["max_candidates"] == 3


def test_it_can_do_what_it_says() -> None:
    known = [name for name in operations.names() if name.startswith("vision.")]
    able = {name for name in known if find("azure").adapter(name) is not None}
    assert able == {*named(*OPERATIONS, "crop_hints", "text", "analyze")}
    assert set(known) - able == {*named("web", "compare_faces", "protective_equipment")}


# --- answers ---------------------------------------------------------------------------------------------------------


def test_labels_with_the_hint_as_their_parent() -> None:
    found = read("labels", body(EVERYTHING))
    assert found[0] == Label(name="person", confidence=0.9897908568382263)
    assert found[-1] == Label(name="pangolin", confidence=0.7250059783791661, parents=("mammal",))
    assert [item.name for item in found] == ["person", "man", "outdoor", "window", "pangolin"]


@pytest.mark.parametrize(
    ("name", "count", "last"),
    [("analyze-many-features-v3_1", 22, "grassy"), ("analyze-tags-description-text-image", 15, "clipart")],
)
def test_all_labels_are_kept_in_their_order(name: str, count: int, last: str) -> None:
    found = read("labels", body(name))
    assert (len(found), found[-1].name) == (count, last)


def test_objects_in_shares_of_the_size_that_the_answer_states() -> None:
    found = read("objects", body("analyze-objects-with-parent"), SENT)
    assert [(item.name, item.confidence, item.parents) for item in found] == [
        ("couch", 0.771, ("seating",)),
        ("person", 0.71, ()),
        ("couch", 0.699, ("seating",)),
    ]
    assert found[0].box == Box(left=795 / 1920, top=553 / 1080, width=455 / 1920, height=202 / 1080)


def test_parents_come_the_nearest_first() -> None:
    answer = body("detect-one-person-v3_1")
    answer["objects"][0]["parent"] = {"object": "mammal", "confidence": 1, "parent": {"object": "animal"}}
    (found,) = read("objects", answer)
    assert (found.name, found.parents) == ("person", ("mammal", "animal"))
    assert found.box == Box(left=151 / 512, top=24 / 288, width=228 / 512, height=260 / 288)


def test_without_a_stated_size_the_picture_itself_is_the_measure() -> None:
    answer = body("detect-one-person-v3_1")
    del answer["metadata"]
    (found,) = read("objects", answer, Image(data=b"x", width=288, height=512, orientation=6))
    assert found.box == Box(left=151 / 512, top=24 / 288, width=228 / 512, height=260 / 288)
    with pytest.raises(LookupError, match="how large"):
        read("objects", answer, THERE)
    answer["objects"] = []
    assert not read("objects", answer, THERE)


def test_faces() -> None:
    (found,) = read("faces", body(EVERYTHING))
    assert found.box == Box(left=593 / 1500, top=160 / 1000, width=250 / 1500, height=250 / 1000)
    assert (found.age, found.gender) == ((44, 44), Gender(value="male"))
    assert (found.confidence, found.pose, found.landmarks, found.smile) == (None, None, (), None)
    assert not read("faces", body("analyze-many-features-v3_1"))


@pytest.mark.parametrize("change", [{"age": None, "gender": None}, {"gender": "Unknown", "age": None}, {}])
def test_faces_whose_age_and_gender_are_withdrawn(change: dict[str, Any]) -> None:
    answer = body(EVERYTHING)
    answer["faces"] = [{"faceRectangle": answer["faces"][0]["faceRectangle"], **change}]
    (found,) = read("faces", answer)
    assert (found.age, found.gender) == (None, None)


def test_a_woman_is_a_woman() -> None:
    answer = body(EVERYTHING)
    answer["faces"][0]["gender"] = "Female"
    assert read("faces", answer)[0].gender == Gender(value="female")


def test_moderation_goes_by_the_services_flags_and_not_by_its_scores() -> None:
    found = read("moderation", body("analyze-adult-gore-score"))
    assert found.flagged is False
    assert [(item.name, item.vendor_name, item.flagged) for item in found] == [
        ("explicit", "adult", False),
        ("suggestive", "racy", False),
        ("gore", "gore", False),
    ]
    assert [item.confidence for item in found] == [0.00892699882388115, 0.011913839727640152, 0.5288681387901306]
    assert [item.name for item in found.above(0.5)] == ["gore"]


@pytest.mark.parametrize("name", ["isAdultContent", "isRacyContent", "isGoryContent"])
def test_one_flag_is_enough(name: str) -> None:
    answer = body("analyze-adult-gore-score")
    answer["adult"][name] = True
    found = read("moderation", answer)
    assert found.flagged is True
    assert [item.flagged for item in found].count(True) == 1


def test_captions_with_the_words_beside_them() -> None:
    found = read("caption", body("describe-japanese-v3_1"), language="ja")
    assert found.captions == (Caption(text="犬の顔", confidence=0.7993809900789315),)
    assert (len(found.tags), found.tags[0], found.language) == (19, "犬", "ja")
    assert read("caption", body("analyze-waterfall-empty-landmarks")).language == "en"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (EVERYTHING, [("Forbidden City", 0.9829016923904419)]),
        ("analyze-landmark-in-categories", [("Saint Basil's Cathedral", 0.9888749122619629)]),
        ("analyze-waterfall-empty-landmarks", []),
        ("analyze-categories-v3_2", []),
    ],
)
def test_landmarks_that_several_categories_repeat_are_told_once(name: str, expected: list[Any]) -> None:
    found = read("landmarks", body(name))
    assert list(found) == [Landmark(name=place, confidence=confidence) for place, confidence in expected]


def test_landmarks_that_differ_are_all_kept() -> None:
    answer = body("analyze-landmark-in-categories")
    answer["categories"][1]["detail"]["landmarks"].append({"name": "Red Square", "confidence": 1})
    assert [item.name for item in read("landmarks", answer)] == ["Saint Basil's Cathedral", "Red Square"]


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("domain-celebrities-v3_1", Box(left=211 / 512, top=50 / 288, width=55 / 512, height=55 / 288)),
        (EVERYTHING, Box(left=597 / 1500, top=162 / 1000, width=248 / 1500, height=248 / 1000)),
    ],
)
def test_celebrities_from_a_domain_model_and_from_details(name: str, box: Box) -> None:
    (found,) = read("celebrities", body(name))
    assert (found.name, found.box) == ("Satya Nadella", box)
    assert found.confidence > 0.96


def test_logos() -> None:
    first, second = read("logos", body(EVERYTHING))
    assert (first.name, first.confidence, second.name) == ("Pepsi", 0.857, "Coca-Cola")
    assert second.box == Box(left=216 / 1500, top=55 / 1000, width=171 / 1500, height=372 / 1000)


@pytest.mark.parametrize(
    ("name", "names", "accent"),
    [
        (EVERYTHING, ["Brown", "Black", "Brown", "Brown"], "#873b59"),
        ("analyze-many-features-v3_1", ["Green", "White", "Green", "Green"], "#448318"),
        ("analyze-waterfall-empty-landmarks", ["Grey", "Green", "Grey", "Green"], "#4d5e2f"),
    ],
)
def test_colors_by_name_and_either_spelling_of_black_and_white(name: str, names: list[str], accent: str) -> None:
    found = read("colors", body(name))
    assert [item.name for item in (*found.colors, *found.foreground, *found.background)] == names
    assert found.accent is not None
    assert (found.accent.hex, found.black_and_white) == (accent, False)
    assert found.colors[0] == Color(name=names[0])


def test_the_one_crop_hint() -> None:
    answer = {
        "areaOfInterest": {"x": 160, "y": 0, "w": 950, "h": 951},
        "requestId": "x",
        "metadata": {"width": 1378, "height": 951, "format": "Jpeg"},
    }
    (found,) = read("crop_hints", answer)
    assert found.box == Box(left=160 / 1378, top=0, width=950 / 1378, height=1)


@pytest.mark.parametrize(
    ("said", "model"),
    [({"modelVersion": "2021-05-01"}, "2021-05-01"), ({"model-version": "2021-04-12"}, "2021-04-12"), ({}, None)],
)
def test_the_model_is_told_where_the_answer_tells_it(said: dict[str, str], model: str | None) -> None:
    port = ScriptedPort({"tags": [], **said})
    adapt(vision.labels, port, SENT)
    assert port.model == model


@pytest.mark.parametrize("operation", [*OPERATIONS, "crop_hints"])
@pytest.mark.parametrize("answer", [None, {}, [], "tags", 5])
def test_an_answer_of_another_shape_is_refused(operation: str, answer: Any) -> None:
    with pytest.raises(READING):
        read(operation, answer)


SPOILT: list[tuple[str, tuple[Any, ...], Any]] = [
    ("labels", ("tags",), None),
    ("labels", ("tags",), "person"),
    ("labels", ("tags",), {"person": 1}),
    ("labels", ("tags", 0, "confidence"), "0.9"),
    ("labels", ("tags", 0, "confidence"), True),
    ("labels", ("tags", 0, "name"), None),
    ("labels", ("tags", 4, "hint"), ["mammal"]),
    ("labels", ("modelVersion",), 2021),
    ("objects", ("objects", 0, "rectangle", "w"), None),
    ("objects", ("objects", 0, "rectangle"), "0,0,50,50"),
    ("objects", ("objects", 0, "parent"), "plant"),
    ("objects", ("metadata", "width"), "1500"),
    ("objects", ("metadata", "width"), 0),
    ("faces", ("faces",), None),
    ("faces", ("faces", 0, "age"), "44"),
    ("faces", ("faces", 0, "gender"), 1),
    ("faces", ("faces", 0, "faceRectangle"), None),
    ("moderation", ("adult",), None),
    ("moderation", ("adult", "isAdultContent"), "false"),
    ("moderation", ("adult", "adultScore"), None),
    ("caption", ("description", "captions"), None),
    ("caption", ("description", "captions", 0, "confidence"), None),
    ("caption", ("description", "tags"), "person"),
    ("landmarks", ("categories",), None),
    ("landmarks", ("categories", 2, "detail"), "landmarks"),
    ("landmarks", ("categories", 2, "detail", "landmarks"), None),
    ("celebrities", ("categories", 1, "detail", "celebrities"), {"name": "x"}),
    ("celebrities", ("categories", 1, "detail", "celebrities", 0, "faceRectangle"), None),
    ("logos", ("brands", 0, "rectangle"), None),
    ("colors", ("color", "accentColor"), "brown"),
    ("colors", ("color", "accentColor"), "87"),
    ("colors", ("color", "accentColor"), None),
    ("colors", ("color", "isBWImg"), None),
    ("colors", ("color", "dominantColors"), "Brown"),
    ("colors", ("color", "dominantColorForeground"), None),
]


@pytest.mark.parametrize(("operation", "path", "value"), SPOILT)
def test_a_part_of_another_kind_is_refused(operation: str, path: tuple[Any, ...], value: Any) -> None:
    answer = body(EVERYTHING)
    part = answer
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(READING):
        read(operation, answer)


# --- analyze ---------------------------------------------------------------------------------------------------------


def named(*names: str) -> list[str]:
    return [f"vision.{name}" for name in names]


def test_one_call_answers_all_that_it_can() -> None:
    port = ScriptedPort(body(EVERYTHING))
    found = adapt(vision.analyze, port, SENT, operations=named(*OPERATIONS))
    (sent,) = port.steps
    assert (sent.operation, sent.amount) == ("analyze_image", 9)
    assert sent.params == {
        "image": b"bytes",
        "visual_features": ["Tags", "Objects", "Faces", "Adult", "Description", "Brands", "Color", "Categories"],
        "details": ["Landmarks", "Celebrities"],
    }
    assert list(found.parts) == named(*OPERATIONS)
    assert not found.errors
    for name in OPERATIONS:
        assert found[name] == read(name, body(EVERYTHING))
    assert port.model == "2021-04-01"


def test_features_are_asked_for_in_the_order_of_the_operations() -> None:
    port = ScriptedPort(body(EVERYTHING))
    found = adapt(vision.analyze, port, SENT, operations=named("colors", "labels"), extra={"model_version": "latest"})
    assert port.steps[0].params["visual_features"] == ["Color", "Tags"]
    assert port.steps[0].params["model_version"] == "latest"
    assert "details" not in port.steps[0].params
    assert list(found.parts) == named("colors", "labels")


@pytest.mark.parametrize(("name", "method"), [("labels", "tag_image"), ("landmarks", "analyze_image_by_domain")])
def test_a_single_operation_is_asked_as_if_it_were_alone(name: str, method: str) -> None:
    port = ScriptedPort(body(EVERYTHING))
    assert adapt(vision.analyze, port, SENT, operations=named(name))[name] == read(name, body(EVERYTHING))
    assert [sent.operation for sent in port.steps] == [method]


def test_crop_hints_take_a_call_of_their_own() -> None:
    hint = {"areaOfInterest": {"x": 0, "y": 0, "w": 60, "h": 46}, "metadata": {"width": 600, "height": 460}}
    port = ScriptedPort(body(EVERYTHING), hint)
    found = adapt(vision.analyze, port, SENT, operations=named("crop_hints", "labels", "colors"))
    assert [sent.operation for sent in port.steps] == ["analyze_image", "get_area_of_interest"]
    assert list(found.parts) == named("crop_hints", "labels", "colors")
    assert found["crop_hints"][0].box.width == pytest.approx(0.1)


def test_a_feature_that_is_missing_in_the_answer_fails_alone() -> None:
    answer = body(EVERYTHING)
    del answer["faces"]
    found = adapt(vision.analyze, ScriptedPort(answer), SENT, operations=named("labels", "faces"))
    assert len(found["labels"]) == 5
    assert list(found.errors) == named("faces")
    with pytest.raises(CloudAIError, match="faces"):
        _ = found["faces"]


def test_a_call_that_fails_leaves_the_others() -> None:
    refused = RateLimitedError("later")
    hint = {"areaOfInterest": {"x": 0, "y": 0, "w": 60, "h": 46}}
    port = ScriptedPort(refused, hint)
    found = adapt(vision.analyze, port, SENT, operations=named("labels", "faces", "crop_hints"))
    assert list(found.errors) == named("labels", "faces")
    assert found["crop_hints"]


def test_nothing_but_errors_is_an_error() -> None:
    with pytest.raises(PermissionDeniedError, match="no"):
        adapt(vision.analyze, ScriptedPort(PermissionDeniedError("no")), SENT, operations=named("labels", "faces"))


def test_a_feature_that_may_not_be_used_does_not_take_the_others_with_it() -> None:
    answers = [UnsupportedError("approval"), body(EVERYTHING), UnsupportedError("approval")]
    port = ScriptedPort(*answers)
    found = adapt(vision.analyze, port, SENT, operations=named("labels", "celebrities"))
    assert [sent.operation for sent in port.steps] == ["analyze_image", "tag_image", "analyze_image_by_domain"]
    assert len(found["labels"]) == 5
    assert [type(error) for error in found.errors.values()] == [UnsupportedError]
    assert found.errors["vision.celebrities"].operation == "vision.celebrities"


def test_what_the_service_does_not_have_fails_alone() -> None:
    port = ScriptedPort(body(EVERYTHING), settings=Azure(name="mine"))
    found = adapt(vision.analyze, port, SENT, operations=named("web", "labels", "protective_equipment", "faces"))
    assert list(found.parts) == named("web", "labels", "protective_equipment", "faces")
    assert [type(error) for error in found.errors.values()] == [UnsupportedError, UnsupportedError]
    error = found.errors["vision.web"]
    assert (error.provider, error.operation) == ("mine", "vision.web")
    assert len(port.steps) == 1


def test_nothing_that_the_service_has_is_refused_before_anything_is_sent() -> None:
    port = ScriptedPort()
    with pytest.raises(UnsupportedError, match=r"none of vision\.web, vision\.protective_equipment"):
        adapt(vision.analyze, port, SENT, operations=named("web", "protective_equipment"))
    assert not port.steps


def test_an_error_of_one_part_is_that_of_its_own_call() -> None:
    port = ScriptedPort(InvalidRequestError("too small"), body(EVERYTHING))
    found = adapt(vision.analyze, port, SENT, operations=named("crop_hints", "labels"))
    assert found.errors["vision.crop_hints"].operation == "vision.crop_hints"
