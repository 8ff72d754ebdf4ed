"""Google's spellings, versions, hosts and languages, with where each was read."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ANSWERED_TAGS",
    "ENTITY_TYPES",
    "LANGUAGES",
    "LANGUAGE_HOSTS",
    "LANGUAGE_VERSION",
    "MENTIONS",
    "MIXED_FROM",
    "MODERATION_NAMES",
    "NEGATIVE_TO",
    "PARTS_OF_SPEECH",
    "POSITIVE_FROM",
    "TOKENS",
    "TRANSLATE_HOSTS",
    "TRANSLATE_REGIONS",
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
