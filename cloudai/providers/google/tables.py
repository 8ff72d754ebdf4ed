"""Google's spellings, versions, hosts and languages, with where each was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = [
    "ANSWERED_TAGS",
    "BREAK_HYPHEN",
    "BREAK_LINES",
    "BREAK_SPACES",
    "ENTITY_TYPES",
    "FACE_EMOTIONS",
    "FACE_POINTS",
    "LANGUAGES",
    "LANGUAGE_HOSTS",
    "LANGUAGE_VERSION",
    "LIKELIHOOD_NAMES",
    "MENTIONS",
    "MIXED_FROM",
    "MODERATION_NAMES",
    "NEGATIVE_TO",
    "PARTS_OF_SPEECH",
    "POSITIVE_FROM",
    "RESULTS",
    "SAFE_SEARCH",
    "SAFE_SEARCH_NAMES",
    "TOKENS",
    "TRANSLATE_HOSTS",
    "TRANSLATE_REGIONS",
    "VISION_HOSTS",
    "VISION_VERSION",
]

LANGUAGE_VERSION = "v1"
"""The version of Natural Language that is spoken. Version 2 has no syntax, no entity sentiment, no salience and no
links (cloud.google.com/natural-language/docs/release-notes, entry of 2023-08-28)."""

# --- where ---

LANGUAGE_HOSTS: Mapping[str, str] = {
    "global": "language",
    "eu": "eu-language",
    "us": "us-language",
    # Moderation alone is offered there.
    "au": "au-language",
}
"""The hosts that keep processing in a place (cloud.google.com/natural-language/docs/locations, page of 2026-04-08)."""

TRANSLATE_HOSTS: Mapping[str, str] = {"global": "translation", "eu": "translate-eu", "us": "translate-us"}
"""The hosts of Cloud Translation (cloud.google.com/translate/docs/advanced/endpoints, page of 2025-08-18)."""

TRANSLATE_REGIONS: Mapping[str, str] = {"global": "global", "eu": "europe-west1", "us": "us-central1"}
"""The region that is named to such a host: it wants one on its own continent (same page)."""

VISION_VERSION = "v1"

VISION_HOSTS: Mapping[str, str] = {"global": "vision", "eu": "eu-vision", "us": "us-vision", "asia": "vision"}
"""The hosts of Cloud Vision. A request to any of them also names the place, in ``parent``, which knows these three
(google-cloud-vision 3.16.0, BatchAnnotateImagesRequest.parent; the two hosts: cloud.google.com/vision/docs/ocr). There
is no host for Asia."""

# --- languages ---

SYNTAX = ("zh", "zh-Hant", "en", "fr", "de", "it", "ja", "ko", "pt", "ru", "es")
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "sentiment": ("ar", "zh", "zh-Hant", "nl", "en", "fr", "de", "id", "it", "ja", "ko", "pt", "es", "th", "tr", "vi"),
    "opinions": ("en", "ja", "es"),
    "entities": SYNTAX,
    "syntax": SYNTAX,
    "classify": ("zh", "zh-Hant", "nl", *SYNTAX[2:]),
    "moderation": ("ar", "zh", "nl", "en", "fr", "de", "hi", "id", "it", "ja", "ko", "pt", "ru", "es"),
}
"""What Natural Language knows (cloud.google.com/natural-language/docs/languages, page of 2026-04-08), in its own
spelling. Its answer to any other language is INVALID_ARGUMENT, as to any other mistake, and only its text tells them
apart; so a language that is named is looked up here before anything is sent."""

ANSWERED_TAGS: Mapping[str, str] = {
    "zh": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-TW": "zh-Hant",
    "iw": "he",
    "jw": "jv",
    "no": "nb",
    "tl": "fil",
}
"""BCP 47 for the tags that Google spells in its own way. Natural Language lists ``zh`` as simplified Chinese beside
``zh-Hant`` (languages page, 2026-04-08); the others are in Translation's list."""

# --- sentiment: Google gives a score and a magnitude, and no verdict ---

POSITIVE_FROM = 0.25
NEGATIVE_TO = -0.25
"""A score between the two is no verdict of its own. Google names no threshold: its examples are 0.8 for clearly
positive, -0.6 for clearly negative and 0.1 for neutral (cloud.google.com/natural-language/docs/basics), and a quarter
of the scale is what its users commonly take."""
MIXED_FROM = 1.0
"""From this magnitude on, a score between the two is "mixed" and not "neutral". One sentence adds at most about 1 to
the magnitude (its own feeling, whichever way), so a sum of 1 under a score near 0 takes feelings that cancel out;
Google's own example of mixed feelings is score 0.0 with magnitude 4.0. Magnitude grows with the text, so that a very
long and dull one may come out as mixed: its score, magnitude and sentences are in the result to judge by."""

# --- spellings ---

ENTITY_TYPES: Mapping[str, str] = {
    "PERSON": "person",
    "LOCATION": "location",
    "ADDRESS": "address",
    "ORGANIZATION": "organization",
    "CONSUMER_GOOD": "product",
    "WORK_OF_ART": "work_of_art",
    "EVENT": "event",
    "DATE": "date",
    "NUMBER": "quantity",
    "PRICE": "price",
    "PHONE_NUMBER": "phone_number",
}
"""The common name of Entity.Type; all others are ``other``. A person that a mention calls by a common noun, such as
"the president", is a ``person_type``."""

PARTS_OF_SPEECH: Mapping[str, str] = {
    "ADJ": "ADJ",
    "ADP": "ADP",
    "ADV": "ADV",
    "CONJ": "CONJ",
    "DET": "DET",
    "NOUN": "NOUN",
    "NUM": "NUM",
    "PRON": "PRON",
    "PRT": "PART",
    "PUNCT": "PUNCT",
    "VERB": "VERB",
    "X": "X",
    "AFFIX": "X",
}
"""The universal tag of PartOfSpeech.Tag. Google marks proper nouns beside the tag, and auxiliaries as verbs."""

MORPHOLOGY = ("aspect", "case", "form", "gender", "mood", "number", "person", "proper", "reciprocity", "tense", "voice")
"""What PartOfSpeech says beside the tag, in version 1."""

MODERATION_NAMES: Mapping[str, str] = {
    "Toxic": "toxicity",
    "Insult": "insult",
    "Profanity": "profanity",
    "Derogatory": "hate",
    "Sexual": "sexual",
    "Violent": "violence",
    "Death, Harm & Tragedy": "death_harm_tragedy",
    "Firearms & Weapons": "weapons",
    "Public Safety": "public_safety",
    "Health": "health",
    "Religion & Belief": "religion",
    "Illicit Drugs": "drugs",
    "War & Conflict": "war",
    "Finance": "finance",
    "Politics": "politics",
    "Legal": "legal",
}
"""The common name of a safety attribute (cloud.google.com/natural-language/docs/moderating-text). About half of them
are topics rather than harm: Finance at 0.9 is a text about money."""

# --- what Google leaves out without a word ---

TOKENS = 100_000
MENTIONS = 5_000
"""What it reads of one document; the rest is silently ignored (cloud.google.com/natural-language/quotas)."""

# --- Vision: numbers of enums, which is what a message holds (google-cloud-vision 3.16.0) ---

RESULTS = 100
"""How many results of a feature are asked for where the caller does not say. Google would give 10 and leave out the
rest without a word. It names no maximum; its own client for Ruby has asked for 100 since 2016
(googleapis/google-cloud-ruby, pull request 704)."""

LIKELIHOOD_NAMES: Mapping[int, Literal["very_unlikely", "unlikely", "possible", "likely", "very_likely"]] = {
    1: "very_unlikely",
    2: "unlikely",
    3: "possible",
    4: "likely",
    5: "very_likely",
}
"""``Likelihood``; 0 is unknown."""

SAFE_SEARCH: tuple[str, ...] = ("adult", "spoof", "medical", "violence", "racy")
"""The fields of SafeSearchAnnotation, in Google's order."""
SAFE_SEARCH_NAMES: Mapping[str, str] = {"adult": "explicit", "racy": "suggestive"}
"""Their common names, where they differ."""

FACE_EMOTIONS: Mapping[str, str] = {
    "happy": "joy_likelihood",
    "sad": "sorrow_likelihood",
    "angry": "anger_likelihood",
    "surprised": "surprise_likelihood",
}
"""The field of a FaceAnnotation for each emotion by its common name."""

FACE_POINTS: Mapping[int, tuple[str, str]] = {
    1: ("LEFT_EYE", "left_eye"),
    2: ("RIGHT_EYE", "right_eye"),
    3: ("LEFT_OF_LEFT_EYEBROW", "left_eyebrow_left"),
    4: ("RIGHT_OF_LEFT_EYEBROW", "left_eyebrow_right"),
    5: ("LEFT_OF_RIGHT_EYEBROW", "right_eyebrow_left"),
    6: ("RIGHT_OF_RIGHT_EYEBROW", "right_eyebrow_right"),
    7: ("MIDPOINT_BETWEEN_EYES", "between_eyes"),
    8: ("NOSE_TIP", "nose_tip"),
    9: ("UPPER_LIP", "upper_lip"),
    10: ("LOWER_LIP", "lower_lip"),
    11: ("MOUTH_LEFT", "mouth_left"),
    12: ("MOUTH_RIGHT", "mouth_right"),
    13: ("MOUTH_CENTER", "mouth_center"),
    14: ("NOSE_BOTTOM_RIGHT", "nose_right"),
    15: ("NOSE_BOTTOM_LEFT", "nose_left"),
    16: ("NOSE_BOTTOM_CENTER", "nose_bottom"),
    17: ("LEFT_EYE_TOP_BOUNDARY", "left_eye_top"),
    18: ("LEFT_EYE_RIGHT_CORNER", "left_eye_right"),
    19: ("LEFT_EYE_BOTTOM_BOUNDARY", "left_eye_bottom"),
    20: ("LEFT_EYE_LEFT_CORNER", "left_eye_left"),
    21: ("RIGHT_EYE_TOP_BOUNDARY", "right_eye_top"),
    22: ("RIGHT_EYE_RIGHT_CORNER", "right_eye_right"),
    23: ("RIGHT_EYE_BOTTOM_BOUNDARY", "right_eye_bottom"),
    24: ("RIGHT_EYE_LEFT_CORNER", "right_eye_left"),
    25: ("LEFT_EYEBROW_UPPER_MIDPOINT", "left_eyebrow_top"),
    26: ("RIGHT_EYEBROW_UPPER_MIDPOINT", "right_eyebrow_top"),
    27: ("LEFT_EAR_TRAGION", "left_ear"),
    28: ("RIGHT_EAR_TRAGION", "right_ear"),
    29: ("LEFT_EYE_PUPIL", "left_pupil"),
    30: ("RIGHT_EYE_PUPIL", "right_pupil"),
    31: ("FOREHEAD_GLABELLA", "forehead"),
    32: ("CHIN_GNATHION", "chin"),
    33: ("CHIN_LEFT_GONION", "jaw_left"),
    34: ("CHIN_RIGHT_GONION", "jaw_right"),
    35: ("LEFT_CHEEK_CENTER", "left_cheek"),
    36: ("RIGHT_CHEEK_CENTER", "right_cheek"),
}
"""``FaceAnnotation.Landmark.Type``: Google's name and the common one. Left and right are the viewer's."""

BREAK_SPACES = frozenset({1, 2})
BREAK_LINES = frozenset({3, 4, 5})
BREAK_HYPHEN = 4
"""``DetectedBreak.BreakType``: SPACE and SURE_SPACE; EOL_SURE_SPACE, HYPHEN and LINE_BREAK. The hyphen at the end of a
line is on the picture but not among the symbols."""
