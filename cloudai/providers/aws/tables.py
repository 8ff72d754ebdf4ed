"""How Comprehend spells things. Sources: the enums of botocore 1.44.5; the developer guide, read in November 2026."""

from __future__ import annotations

from collections.abc import Mapping

from cloudai.operations.text import Sentiment
from cloudai.types.language import primary

__all__ = [
    "ENGLISH",
    "ENTITY_TYPES",
    "LANGUAGES",
    "METERS",
    "PARTS_OF_SPEECH",
    "PII_LANGUAGES",
    "PII_TYPES",
    "SENTIMENTS",
    "SYNTAX_LANGUAGES",
    "TARGET_TYPES",
    "TOXICITY",
    "bcp47",
    "code_of",
]

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "zh", "zh-TW")
"""What sentiment, entities and key phrases are read in (LanguageCode)."""
SYNTAX_LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
"""SyntaxLanguageCode."""
PII_LANGUAGES = ("en", "es")
"""From the text of DetectPiiEntitiesRequest; its enum is the longer list."""
ENGLISH = ("en",)
"""From the texts of DetectTargetedSentimentRequest and DetectToxicContentRequest; their enum is the longer list."""

_TRADITIONAL = ("TW", "HK", "MO")


def code_of(tag: str) -> str:
    """Comprehend's code for a BCP 47 tag: the language alone, and Chinese in one of its two scripts."""
    language = primary(tag)
    if language in ("zh", "cmn"):
        parts = tag.split("-")[1:]
        if "Hant" in parts or ("Hans" not in parts and any(region in parts for region in _TRADITIONAL)):
            return "zh-TW"
        return "zh"
    return language


_TAGS: Mapping[str, str] = {"zh": "zh-Hans", "zh-TW": "zh-Hant", "no": "nb", "tl": "fil"}
"""What Comprehend spells in its own way: ``zh`` stands beside ``zh-TW`` and so is simplified Chinese."""


def bcp47(code: str) -> str:
    """The BCP 47 tag for a code of Comprehend's."""
    return _TAGS.get(code, code)


SENTIMENTS: Mapping[str, Sentiment] = {
    "POSITIVE": "positive",
    "NEGATIVE": "negative",
    "NEUTRAL": "neutral",
    "MIXED": "mixed",
}

ENTITY_TYPES: Mapping[str, str] = {
    "PERSON": "person",
    "LOCATION": "location",
    "ORGANIZATION": "organization",
    "COMMERCIAL_ITEM": "product",
    "EVENT": "event",
    "DATE": "date",
    "QUANTITY": "quantity",
    "TITLE": "work_of_art",
    "OTHER": "other",
}
"""EntityType. A custom model has types of its own; they stay in ``vendor_type``."""

TARGET_TYPES: Mapping[str, str] = {
    **{name: common for name, common in ENTITY_TYPES.items() if name != "TITLE"},
    "FACILITY": "location",
    "BRAND": "organization",
    "MOVIE": "work_of_art",
    "MUSIC": "work_of_art",
    "BOOK": "work_of_art",
    "SOFTWARE": "product",
    # Video games and board games, and also sports.
    "GAME": "other",
    "PERSONAL_TITLE": "person_type",
    # A side of something else, such as the service of a restaurant.
    "ATTRIBUTE": "other",
}
"""TargetedSentimentEntityType."""

PII_TYPES: Mapping[str, str] = {
    "NAME": "person",
    "ADDRESS": "address",
    "EMAIL": "email",
    "PHONE": "phone_number",
    "AGE": "age",
    "DATE_TIME": "date",
    "URL": "url",
    "USERNAME": "username",
    "PASSWORD": "password",
    "PIN": "pin",
    "IP_ADDRESS": "ip_address",
    "MAC_ADDRESS": "mac_address",
    "AWS_ACCESS_KEY": "aws_access_key",
    "AWS_SECRET_KEY": "aws_secret_key",
    "CREDIT_DEBIT_NUMBER": "credit_card",
    "CREDIT_DEBIT_CVV": "credit_card_cvv",
    "CREDIT_DEBIT_EXPIRY": "credit_card_expiry",
    "BANK_ACCOUNT_NUMBER": "bank_account",
    "BANK_ROUTING": "bank_routing",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER": "iban",
    "SWIFT_CODE": "swift",
    "PASSPORT_NUMBER": "passport",
    "DRIVER_ID": "drivers_license",
    "LICENSE_PLATE": "license_plate",
    "VEHICLE_IDENTIFICATION_NUMBER": "vehicle_id",
    "SSN": "us_ssn",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER": "us_itin",
    "CA_SOCIAL_INSURANCE_NUMBER": "ca_sin",
    "CA_HEALTH_NUMBER": "ca_health",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER": "uk_nhs",
    "UK_NATIONAL_INSURANCE_NUMBER": "uk_nino",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER": "uk_utr",
    "IN_AADHAAR": "in_aadhaar",
    "IN_NREGA": "in_nrega",
    "IN_PERMANENT_ACCOUNT_NUMBER": "in_pan",
    "IN_VOTER_NUMBER": "in_voter",
}
"""PiiEntityType without ALL, which only requests can hold."""

PARTS_OF_SPEECH: Mapping[str, str] = {
    **{
        tag: tag
        for tag in (
            "ADJ ADP ADV AUX CONJ CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB".split()  # noqa: SIM905
        )
    },
    # "Other": what the universal tags call X.
    "O": "X",
}
"""PartOfSpeechTagType: the universal tags but for one."""

TOXICITY: Mapping[str, str] = {
    "GRAPHIC": "graphic",
    "HARASSMENT_OR_ABUSE": "harassment",
    "HATE_SPEECH": "hate",
    "INSULT": "insult",
    "PROFANITY": "profanity",
    "SEXUAL": "sexual",
    "VIOLENCE_OR_THREAT": "violence",
}
"""ToxicContentType."""

METERS: Mapping[str, str] = {"x-amzn-requestcharacters": "RequestCharacters"}
"""Headers in which a service says what it counted, with the meter's name. Polly's is the only one that was seen;
Comprehend says nothing."""
