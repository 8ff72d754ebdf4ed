"""What the vision adapters make of the answers of Rekognition."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from cloudai import AWS
from cloudai.operations.vision import FaceQuality, Gender, ImageQuality, Pose, Trait
from cloudai.ports import Step
from cloudai.providers.aws import vision, vision_tables
from cloudai.types.geometry import Box
from cloudai.types.media import Image
from tests.support import ScriptedPort, adapt, recording

SESSION = botocore.session.get_session()
PICTURE = Image(data=b"not looked at", format="jpeg", width=400, height=200)
STORED = Image.of("s3://photos/2025/a photo?.jpg")
BOX = {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
EMPTY: Mapping[str, tuple[Callable[..., Coroutine[Any, Any, Any]], dict[str, Any]]] = {
    "labels": (vision.labels, {"Labels": []}),
    "objects": (vision.objects, {"Labels": []}),
    "faces": (vision.faces, {"FaceDetails": []}),
    "text": (vision.text, {"TextDetections": []}),
    "moderation": (vision.moderation, {"ModerationLabels": []}),
    "celebrities": (vision.celebrities, {"CelebrityFaces": [], "UnrecognizedFaces": []}),
    "colors": (vision.colors, {"ImageProperties": {"DominantColors": []}}),
    "protective_equipment": (vision.protective_equipment, {"Persons": []}),
}


def port(*bodies: Any, **settings: Any) -> ScriptedPort:
    return ScriptedPort(*bodies, settings=AWS(region="eu-west-1", **settings))


def accepted(step: Step) -> None:
    """Asserts that botocore's own validator has nothing against a step."""
    shape: Any = SESSION.get_service_model(step.service).operation_model(step.operation).input_shape
    report = ParamValidator().validate(dict(step.params), shape)
    assert not report.has_errors(), report.generate_report()


def played(name: str, function: Callable[..., Coroutine[Any, Any, Any]], **options: Any) -> tuple[Any, Any]:
    """A recording's answer, and what an adapter makes of it."""
    body = recording(f"aws/{name}")["response"]["body"]
    return body, adapt(function, port(body), PICTURE, **options)


# --- empty answers ---


@pytest.mark.parametrize("name", EMPTY)
def test_an_answer_may_hold_nothing(name: str) -> None:
    function, body = EMPTY[name]
    result = adapt(function, port(body), PICTURE)
    assert len(result) == (1 if name == "text" else 0)
    assert getattr(result, "flagged", False) is False


# --- labels and objects ---


def test_labels_keep_parents_and_every_box() -> None:
    body, result = played("rekognition/detect-labels-room-few-instances", vision.labels)
    assert [label.name for label in result] == [item["Name"] for item in body["Labels"]]
    assert sum(len(label.boxes) for label in result) == 6
    first = result[0]
    assert (first.name, first.confidence, first.boxes) == ("Living Room", 1.0, ())
    assert first.parents == tuple(item["Name"] for item in body["Labels"][0]["Parents"])
    for label, item in zip(result, body["Labels"], strict=True):
        assert label.box_confidences == tuple(place["Confidence"] / 100 for place in item["Instances"])


def test_the_oldest_shape_of_a_label_is_understood() -> None:
    _, result = played("rekognition/detect-labels-minimal-2016-shape", vision.labels)
    assert [(label.name, label.parents, label.boxes) for label in result] == [("People", (), ()), ("Person", (), ())]


def test_aliases_and_categories_are_kept_and_the_model_is_told() -> None:
    body = recording("aws/rekognition/detect-labels-image-properties-two-people")["response"]["body"]
    scripted = port(body)
    result = adapt(vision.labels, scripted, PICTURE)
    assert result[0].aliases == ("Apparel",)
    assert result[0].categories == ("Apparel and Accessories",)
    assert scripted.model == "3.0"


def test_each_instance_is_an_object_in_the_vendors_order() -> None:
    body, result = played("rekognition/detect-labels-room-few-instances", vision.objects)
    expected = [
        (item["Name"], place["BoundingBox"]["Left"], place["Confidence"] / 100)
        for item in body["Labels"]
        for place in item["Instances"]
    ]
    assert [(item.name, item.box.left, item.confidence) for item in result] == expected
    assert len(result) == 6


def test_a_threshold_holds_for_the_objects_not_only_for_their_label() -> None:
    places = [{"BoundingBox": BOX, "Confidence": confidence} for confidence in (99, 60)]
    body = {"Labels": [{"Name": "Cup", "Confidence": 99, "Instances": places}]}
    assert len(adapt(vision.objects, port(body), PICTURE)) == 2
    assert [item.confidence for item in adapt(vision.objects, port(body), PICTURE, min_confidence=0.8)] == [0.99]


def test_whole_numbers_become_shares() -> None:
    places = [{"BoundingBox": {"Left": 0, "Top": 0, "Width": 1, "Height": 1}, "Confidence": 100}]
    body = {"Labels": [{"Name": "Wall", "Confidence": 100, "Instances": places}]}
    label = adapt(vision.labels, port(body), PICTURE)[0]
    assert repr(label.confidence) == "1.0"
    assert label.box_confidences == (1.0,)
    assert label.boxes == (Box(left=0, top=0, width=1, height=1),)


# --- faces ---


def test_every_attribute_of_a_face_is_there() -> None:
    body, result = played("rekognition/detect-faces-all-attributes", vision.faces)
    said, face = body["FaceDetails"][0], result[0]
    assert face.box == Box(**{name.lower(): value for name, value in said["BoundingBox"].items()})
    assert (face.confidence, face.age) == (said["Confidence"] / 100, (26, 43))
    assert face.gender == Gender(value="male", confidence=said["Gender"]["Confidence"] / 100)
    for trait, name in (
        (face.smile, "Smile"),
        (face.beard, "Beard"),
        (face.mustache, "Mustache"),
        (face.eyeglasses, "Eyeglasses"),
        (face.sunglasses, "Sunglasses"),
        (face.eyes_open, "EyesOpen"),
        (face.mouth_open, "MouthOpen"),
    ):
        assert trait == Trait(present=said[name]["Value"], confidence=said[name]["Confidence"] / 100)
    assert face.pose == Pose(**{name.lower(): value for name, value in said["Pose"].items()})
    quality = said["Quality"]
    assert face.quality == FaceQuality(brightness=quality["Brightness"] / 100, sharpness=quality["Sharpness"] / 100)
    assert (face.headwear, face.occluded, face.gaze) == (None, None, None)


def test_the_strongest_emotion_need_not_be_the_first() -> None:
    _, result = played("rekognition/detect-faces-all-attributes", vision.faces)
    emotions = result[0].emotions
    assert max(emotions, key=lambda name: emotions[name]) == "calm"
    assert next(iter(emotions)) == "disgusted"
    assert repr(emotions["confused"]) == "0.0"


def test_an_emotion_that_the_table_does_not_know_keeps_its_own_name() -> None:
    _, result = played("rekognition/detect-faces-all-attributes-recorded", vision.faces)
    assert set(result[0].emotions) == {
        *("calm", "confused", "surprised", "fear", "sad", "angry", "disgusted"),
        "happiness",
    }


def test_points_of_a_face_have_common_names_and_left_is_left_on_the_picture() -> None:
    for name in ("detect-faces-all-attributes", "detect-faces-all-attributes-recorded"):
        body, result = played(f"rekognition/{name}", vision.faces)
        points = {point.name: point for point in result[0].landmarks}
        assert len(points) == len(body["FaceDetails"][0]["Landmarks"]) == 30
        assert points["left_eye"].x < points["nose_tip"].x < points["right_eye"].x
        assert points["left_eye_left"].x < points["left_eye_right"].x
        assert points["left_eyebrow_top"].y < points["left_eye_top"].y < points["left_eye_bottom"].y
        assert points["upper_lip"].y < points["lower_lip"].y < points["chin"].y
        assert points["jaw_upper_left"].x < points["jaw_upper_right"].x
        assert points["left_eye"].vendor_name == "eyeLeft"


def test_a_head_turns_to_where_the_nose_points() -> None:
    """That positive is clockwise, to the right and up is nowhere written; the recordings show it."""
    faces = [
        *played("rekognition/detect-faces-all-attributes", vision.faces)[1],
        *played("rekognition/detect-faces-all-attributes-recorded", vision.faces)[1],
        *played("rekognition/recognize-celebrities-with-unrecognized", vision.celebrities)[1].unrecognized,
    ]
    for face in faces:
        points = {point.name: point for point in face.landmarks}
        eyes = (points["left_eye"].x + points["right_eye"].x) / 2
        mouth = (points["mouth_left"].x + points["mouth_right"].x) / 2
        assert (face.pose.yaw > 0) == (points["nose_tip"].x > (eyes + mouth) / 2)
        assert (face.pose.roll > 0) == (points["right_eye"].y > points["left_eye"].y)
    assert len(faces) == 3


def test_gaze_and_what_covers_a_face_are_kept() -> None:
    detail = {
        "BoundingBox": BOX,
        "Confidence": 99,
        "EyeDirection": {"Yaw": 12.5, "Pitch": -3, "Confidence": 98},
        "FaceOccluded": {"Value": True, "Confidence": 90},
    }
    face = adapt(vision.faces, port({"FaceDetails": [detail]}), PICTURE)[0]
    assert face.gaze == Pose(yaw=12.5, pitch=-3.0)
    assert face.gaze_confidence == 0.98
    assert face.occluded == Trait(present=True, confidence=0.9)
    assert (face.age, face.smile, face.pose, face.quality, dict(face.emotions)) == (None, None, None, None, {})


# --- moderation ---


def test_a_category_stands_beside_its_parent() -> None:
    body = recording("aws/rekognition/detect-moderation-labels-violence-recorded")["response"]["body"]
    scripted = port(body)
    result = adapt(vision.moderation, scripted, PICTURE)
    assert [(item.name, item.vendor_name, item.parent, item.level) for item in result] == [
        ("gore", "Graphic Violence Or Gore", "Violence", 2),
        ("violence", "Violence", None, 1),
    ]
    assert result.flagged is True
    assert all(item.flagged for item in result)
    assert scripted.model == "6.1"


def test_model_7_states_levels_and_content_types() -> None:
    def item(name: str, parent: str, level: int) -> dict[str, Any]:
        return {"Name": name, "ParentName": parent, "TaxonomyLevel": level, "Confidence": 91}

    body = {
        "ModerationLabels": [
            item("Explosions and Blasts", "Graphic Violence", 3),
            item("Smoking", "Drugs & Tobacco Paraphernalia & Use", 3),
            item("Brand New", "Hate Symbols", 2),
            item("Brand New", "", 1),
        ],
        "ModerationModelVersion": "7.0",
        "ContentTypes": [{"Name": "Illustrated", "Confidence": 88}],
    }
    result = adapt(vision.moderation, port(body), PICTURE)
    assert [(found.name, found.level) for found in result] == [
        ("violence", 3),
        ("tobacco", 3),
        ("hate", 2),
        ("other", 1),
    ]
    assert [(kind.name, kind.confidence) for kind in result.content_types] == [("Illustrated", 0.88)]


def test_capitals_do_not_matter_to_the_table_of_moderation() -> None:
    assert all(name == name.lower() for name in vision_tables.MODERATION)


# --- celebrities, colours, comparison, equipment ---


def test_celebrities_have_links_and_the_others_are_not_lost() -> None:
    body, result = played("rekognition/recognize-celebrities-with-unrecognized", vision.celebrities)
    found = result[0]
    assert (found.name, found.confidence, found.id) == ("Jeff Bezos", 0.98, "3Ir0du6")
    assert found.links == ("www.imdb.com/name/nm1757263",)
    assert found.box == found.face.box
    assert len(found.face.landmarks) == 5
    assert found.gender is None
    assert [face.confidence for face in result.unrecognized] == [body["UnrecognizedFaces"][0]["Confidence"] / 100]


def test_the_gender_that_a_celebrity_is_known_by_is_kept() -> None:
    body = recording("aws/rekognition/recognize-celebrities-with-unrecognized")["response"]["body"]
    body["CelebrityFaces"][0]["KnownGender"] = {"Type": "Nonbinary"}
    assert adapt(vision.celebrities, port(body), PICTURE)[0].gender == "nonbinary"


def test_colours_of_picture_foreground_and_background() -> None:
    body, result = played("rekognition/detect-labels-image-properties-two-people", vision.colors)
    said = body["ImageProperties"]
    assert [color.hex for color in result] == [item["HexCode"] for item in said["DominantColors"]]
    assert [color.share for color in result.foreground] == [
        item["PixelPercent"] / 100 for item in said["Foreground"]["DominantColors"]
    ]
    assert len(result.background) == len(said["Background"]["DominantColors"])
    assert (result[0].name, result[0].group) == ("darkslategrey", "grey")
    quality = {name.lower(): value / 100 for name, value in said["Quality"].items()}
    assert result.quality == ImageQuality(**quality)
    assert result.foreground_quality is not None
    assert result.foreground_quality.contrast is None


@pytest.mark.parametrize("name", ["compare-faces-match-and-unmatched", "compare-faces-similarity-100-recorded"])
def test_faces_are_compared(name: str) -> None:
    body = recording(f"aws/rekognition/{name}")["response"]["body"]
    result = adapt(vision.compare_faces, port(body), PICTURE, PICTURE)
    assert [match.similarity for match in result] == [1.0]
    assert len(result.unmatched) == len(body["UnmatchedFaces"])
    assert result.source is not None
    assert result.source.confidence == body["SourceImageFace"]["Confidence"] / 100
    assert len(result[0].face.landmarks) == 5


def test_equipment_belongs_to_parts_of_persons() -> None:
    body, result = played("rekognition/detect-protective-equipment-summary", vision.protective_equipment)
    person = result[0]
    assert person.id == 0
    assert [part.name for part in person.parts] == ["face", "left_hand", "right_hand", "head"]
    piece = person.parts[0].equipment[0]
    assert (piece.name, piece.covers) == ("face_cover", True)
    said = body["Persons"][0]["BodyParts"][0]["EquipmentDetections"][0]
    assert piece.covers_confidence == said["CoversBodyPart"]["Confidence"] / 100
    assert piece.box.left == said["BoundingBox"]["Left"]


# --- text in scenes ---


def test_words_belong_to_lines_by_their_parents_not_by_their_order() -> None:
    body, result = played("rekognition/detect-text-lines-and-words", vision.text)
    said = body["TextDetections"]
    (page,) = result.pages
    assert [line.text for line in page.lines] == [item["DetectedText"] for item in said if item["Type"] == "LINE"]
    assert result.text == "".join(f"{line.text}\n" for line in page.lines)
    for line in page.lines:
        assert " ".join(word.text for word in line.words) == line.text
    words = [item for item in said if item["Type"] == "WORD"]
    assert sum(len(line.words) for line in page.lines) == len(words)
    first = page.lines[0]
    assert first.polygon.points[0] == (said[0]["Geometry"]["Polygon"][0]["X"], said[0]["Geometry"]["Polygon"][0]["Y"])
    assert first.confidence == said[0]["Confidence"] / 100
    assert (page.number, page.width, page.height, page.unit) == (1, 400, 200, "pixel")


def test_a_word_whose_line_is_not_listed_is_a_line() -> None:
    corners = [{"X": 0, "Y": 0}, {"X": 1, "Y": 0}, {"X": 1, "Y": 1}, {"X": 0, "Y": 1}]
    found = {"Type": "WORD", "DetectedText": "EXIT", "Id": 5, "ParentId": 2, "Confidence": 90}
    body = {"TextDetections": [{**found, "Geometry": {"Polygon": corners}}], "TextModelVersion": "3.0"}
    scripted = port(body)
    result = adapt(vision.text, scripted, PICTURE)
    assert result.text == "EXIT\n"
    assert [word.text for line in result.lines for word in line.words] == ["EXIT"]
    assert scripted.model == "3.0"


def test_a_picture_has_one_page() -> None:
    body = recording("aws/rekognition/detect-text-lines-and-words")["response"]["body"]
    assert len(adapt(vision.text, port(body), PICTURE, pages=(1, 2)).pages) == 1
    assert adapt(vision.text, port(body), PICTURE, pages=(2,)).text == ""


# --- tables ---


@pytest.mark.parametrize(
    ("enum", "table"),
    [
        ("GenderType", vision_tables.GENDERS),
        ("KnownGenderType", vision_tables.KNOWN_GENDERS),
        ("EmotionName", vision_tables.EMOTIONS),
        ("LandmarkType", vision_tables.FACE_POINTS),
        ("ProtectiveEquipmentType", vision_tables.EQUIPMENT),
        ("BodyPart", vision_tables.BODY_PARTS),
    ],
)
def test_every_member_has_a_common_name(enum: str, table: Mapping[str, str]) -> None:
    shape: Any = SESSION.get_service_model("rekognition").shape_for(enum)
    assert set(table) == set(shape.enum)
    assert len(set(table.values())) == len(table)
