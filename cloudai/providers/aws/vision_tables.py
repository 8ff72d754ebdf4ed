"""How Rekognition spells things. Sources: the enums of botocore 1.44.5; the developer guide's pages on content
moderation (models 6.1 and 7), read in November 2026."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["BODY_PARTS", "EMOTIONS", "EQUIPMENT", "FACE_POINTS", "GENDERS", "KNOWN_GENDERS", "MODERATION"]

GENDERS: Mapping[str, Literal["male", "female"]] = {"Male": "male", "Female": "female"}
"""GenderType."""

KNOWN_GENDERS: Mapping[str, Literal["male", "female", "nonbinary", "unlisted"]] = {
    "Male": "male",
    "Female": "female",
    "Nonbinary": "nonbinary",
    "Unlisted": "unlisted",
}
"""KnownGenderType."""

EMOTIONS: Mapping[str, str] = {
    "HAPPY": "happy",
    "SAD": "sad",
    "ANGRY": "angry",
    "CONFUSED": "confused",
    "DISGUSTED": "disgusted",
    "SURPRISED": "surprised",
    "CALM": "calm",
    "UNKNOWN": "unknown",
    "FEAR": "fear",
}
"""EmotionName."""

FACE_POINTS: Mapping[str, str] = {
    "eyeLeft": "left_eye",
    "eyeRight": "right_eye",
    "nose": "nose_tip",
    "mouthLeft": "mouth_left",
    "mouthRight": "mouth_right",
    "leftEyeBrowLeft": "left_eyebrow_left",
    "leftEyeBrowRight": "left_eyebrow_right",
    "leftEyeBrowUp": "left_eyebrow_top",
    "rightEyeBrowLeft": "right_eyebrow_left",
    "rightEyeBrowRight": "right_eyebrow_right",
    "rightEyeBrowUp": "right_eyebrow_top",
    "leftEyeLeft": "left_eye_left",
    "leftEyeRight": "left_eye_right",
    "leftEyeUp": "left_eye_top",
    "leftEyeDown": "left_eye_bottom",
    "rightEyeLeft": "right_eye_left",
    "rightEyeRight": "right_eye_right",
    "rightEyeUp": "right_eye_top",
    "rightEyeDown": "right_eye_bottom",
    "noseLeft": "nose_left",
    "noseRight": "nose_right",
    "mouthUp": "upper_lip",
    "mouthDown": "lower_lip",
    "leftPupil": "left_pupil",
    "rightPupil": "right_pupil",
    "upperJawlineLeft": "jaw_upper_left",
    "midJawlineLeft": "jaw_middle_left",
    "chinBottom": "chin",
    "midJawlineRight": "jaw_middle_right",
    "upperJawlineRight": "jaw_upper_right",
}
"""LandmarkType. Left is the left of the picture: in all recordings eyeLeft lies left of eyeRight."""

EQUIPMENT: Mapping[str, str] = {"FACE_COVER": "face_cover", "HAND_COVER": "hand_cover", "HEAD_COVER": "head_cover"}
"""ProtectiveEquipmentType."""

BODY_PARTS: Mapping[str, str] = {
    "FACE": "face",
    "HEAD": "head",
    "LEFT_HAND": "left_hand",
    "RIGHT_HAND": "right_hand",
}
"""BodyPart."""

_MODERATION: Mapping[str, tuple[str, ...]] = {
    "explicit": (
        "explicit",
        "explicit nudity",
        "exposed male genitalia",
        "exposed female genitalia",
        "exposed buttocks or anus",
        "exposed female nipple",
        "explicit sexual activity",
        "sex toys",
        # 6.1
        "nudity",
        "graphic male nudity",
        "graphic female nudity",
        "sexual activity",
        "illustrated explicit nudity",
        "adult toys",
    ),
    "suggestive": (
        "non-explicit nudity of intimate parts and kissing",
        "non-explicit nudity",
        "bare back",
        "exposed male nipple",
        "partially exposed buttocks",
        "partially exposed female breast",
        "implied nudity",
        "obstructed intimate parts",
        "obstructed female nipple",
        "obstructed male genitalia",
        "kissing on the lips",
        "swimwear or underwear",
        "female swimwear or underwear",
        "male swimwear or underwear",
        # 6.1
        "suggestive",
        "partial nudity",
        "barechested male",
        "revealing clothes",
        "sexual situations",
    ),
    "violence": (
        "violence",
        "weapons",
        "graphic violence",
        "weapon violence",
        "physical violence",
        "explosions and blasts",
    ),
    "gore": (
        "blood & gore",
        "visually disturbing",
        "death and emaciation",
        "emaciated bodies",
        "corpses",
        "crashes",
        "air crash",
        # 6.1
        "graphic violence or gore",
        "hanging",
    ),
    "self_harm": ("self-harm", "self injury"),
    # In model 7 one category is about drugs and tobacco together; only smoking is about tobacco alone.
    "drugs": (
        "drugs & tobacco",
        "products",
        "pills",
        "drugs & tobacco paraphernalia & use",
        # 6.1
        "drugs",
        "drug products",
        "drug use",
        "drug paraphernalia",
    ),
    "tobacco": ("smoking", "tobacco", "tobacco products"),
    "alcohol": ("alcohol", "alcohol use", "drinking", "alcoholic beverages"),
    "gambling": ("gambling",),
    "rude_gestures": ("rude gestures", "middle finger"),
    "hate": ("hate symbols", "nazi party", "white supremacy", "extremist"),
}

MODERATION: Mapping[str, str] = {label: name for name, labels in _MODERATION.items() for label in labels}
"""From labels in small letters, since the models differ in their capitals ("Explosions And Blasts")."""
