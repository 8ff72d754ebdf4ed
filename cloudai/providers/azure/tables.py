"""Azure's spellings, versions and addresses; only what differs from the common ones."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "API_VERSION",
    "CATEGORIES",
    "CLOUDS",
    "DEFAULT_LANGUAGE",
    "DETECTED",
    "DOCUMENT",
    "ENDPOINTS",
    "ENTITY_TYPES",
    "FAILED",
    "HARMS",
    "KEYS",
    "PII_SUBTYPES",
    "PII_TYPES",
    "REGIONAL",
    "SAFETY_VERSION",
    "SPELLINGS",
    "SUBTYPES",
    "SUCCEEDED",
    "UNFINISHED",
]

API_VERSION = "2023-04-01"
"""The version of the Language API that is spoken: the newest of azure-ai-textanalytics 5."""
SAFETY_VERSION = "2023-10-01"
"""The version of the Content Safety API."""

DOCUMENT = "0"
"""The id of the one document of a request."""
DEFAULT_LANGUAGE = "en"
"""What Language takes a text for whose language is not said."""

# Microsoft's own quickstarts call the variables LANGUAGE_KEY, CONTENT_SAFETY_KEY and VISION_KEY.
KEYS: Mapping[str, tuple[str, ...]] = {
    "language": ("AZURE_LANGUAGE_KEY", "LANGUAGE_KEY", "AZURE_AI_KEY", "AZURE_AI_SERVICES_KEY"),
    "contentsafety": ("AZURE_CONTENT_SAFETY_KEY", "CONTENT_SAFETY_KEY", "AZURE_AI_KEY", "AZURE_AI_SERVICES_KEY"),
    "vision": (
        "AZURE_VISION_KEY",
        "VISION_KEY",
        "AZURE_COMPUTER_VISION_KEY",
        "AZURE_AI_KEY",
        "AZURE_AI_SERVICES_KEY",
    ),
}
"""The environment variables that may hold the key of a service, in the order they are asked."""
ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    service: tuple(name.replace("_KEY", "_ENDPOINT") for name in names) for service, names in KEYS.items()
}
"""The same for the endpoint."""

CLOUDS: tuple[tuple[str, str, str], ...] = (
    ("login.microsoftonline.us", ".azure.us", "https://cognitiveservices.azure.us/.default"),
    ("login.chinacloudapi.cn", ".azure.cn", "https://cognitiveservices.azure.cn/.default"),
    ("login.partner.microsoftonline.cn", ".azure.cn", "https://cognitiveservices.azure.cn/.default"),
    ("login.microsoftonline.com", ".azure.com", "https://cognitiveservices.azure.com/.default"),
)
"""Sign-in host, domain of the endpoints and token scope of each cloud; the last is the public one."""

SPELLINGS: Mapping[str, str] = {"nb": "no", "pt": "pt-PT", "zh": "zh-Hans"}
"""Languages that Language spells in its own way (learn.microsoft.com, Language service, language support; 2025-11)."""
REGIONAL = frozenset({"pt-BR", "pt-PT"})
"""The tags whose region Language wants to have; it knows no other region."""
DETECTED: Mapping[str, str] = {"(Unknown)": "und", "zh_chs": "zh-Hans", "zh_cht": "zh-Hant", "no": "nb", "tl": "fil"}
"""What language detection answers that is no BCP 47 tag, or not the usual one (Nynorsk is ``nn`` there)."""

UNFINISHED = frozenset({"notstarted", "running", "cancelling", "validating"})
"""The states of a job that is still under way, in lower case: the SDK does not rely on their case either."""
SUCCEEDED = frozenset({"succeeded", "partiallycompleted", "partiallysucceeded"})
"""The states that have results."""
FAILED = frozenset({"failed", "cancelled", "rejected"})

# API 2023-04-01, learn.microsoft.com "named entity categories" (2025-11).
ENTITY_TYPES: Mapping[str, str] = {
    "Person": "person",
    "PersonType": "person_type",
    "Location": "location",
    "Organization": "organization",
    "Event": "event",
    "Product": "product",
    "Skill": "skill",
    "Address": "address",
    "PhoneNumber": "phone_number",
    "Email": "email",
    "URL": "url",
    "IP": "ip_address",
    "IPAddress": "ip_address",
    "DateTime": "date",
    "Temporal": "date",
    "Quantity": "quantity",
    "Numeric": "quantity",
}
SUBTYPES: Mapping[tuple[str, str], str] = {("Quantity", "Currency"): "price", ("Numeric", "Currency"): "price"}
"""The types that only category and subcategory together tell."""
PII_SUBTYPES: Mapping[tuple[str, str], str] = {("Quantity", "Age"): "age"}

# The categories of azure-ai-textanalytics 5.4.0 (PiiEntityCategory). The endings stand for one name in many countries.
PII_TYPES: Mapping[str, str] = {
    "Person": "person",
    "PersonType": "person_type",
    "Organization": "organization",
    "Address": "address",
    "Email": "email",
    "PhoneNumber": "phone_number",
    "URL": "url",
    "IPAddress": "ip_address",
    "Age": "age",
    "Date": "date",
    "DateTime": "date",
    "Quantity": "quantity",
    "CreditCardNumber": "credit_card",
    "EUDebitCardNumber": "credit_card",
    "InternationalBankingAccountNumber": "iban",
    "SWIFTCode": "swift",
    "ABARoutingNumber": "bank_routing",
    "USSocialSecurityNumber": "us_ssn",
    "USIndividualTaxpayerIdentification": "us_itin",
    "UKNationalHealthNumber": "uk_nhs",
    "UKNationalInsuranceNumber": "uk_nino",
    "UKUniqueTaxpayerNumber": "uk_utr",
    "INPermanentAccount": "in_pan",
    "INUniqueIdentificationNumber": "in_aadhaar",
    "CASocialInsuranceNumber": "ca_sin",
    "AUBankAccountNumber": "bank_account",
    "CABankAccountNumber": "bank_account",
    "ILBankAccountNumber": "bank_account",
    "JPBankAccountNumber": "bank_account",
    "NZBankAccountNumber": "bank_account",
    "USBankAccountNumber": "bank_account",
    "AUDriversLicenseNumber": "drivers_license",
    "CADriversLicenseNumber": "drivers_license",
    "DEDriversLicenseNumber": "drivers_license",
    "EUDriversLicenseNumber": "drivers_license",
    "FRDriversLicenseNumber": "drivers_license",
    "ITDriversLicenseNumber": "drivers_license",
    "JPDriversLicenseNumber": "drivers_license",
    "NZDriversLicenseNumber": "drivers_license",
    "UKDriversLicenseNumber": "drivers_license",
    "USDriversLicenseNumber": "drivers_license",
    "AUPassportNumber": "passport",
    "CAPassportNumber": "passport",
    "DEPassportNumber": "passport",
    "EUPassportNumber": "passport",
    "FIPassportNumber": "passport",
    "FRPassportNumber": "passport",
    "JPPassportNumber": "passport",
    "PLPassportNumber": "passport",
    "RUPassportNumberDomestic": "passport",
    "RUPassportNumberInternational": "passport",
    "SEPassportNumber": "passport",
    "TWPassportNumber": "passport",
    "UAPassportNumberDomestic": "passport",
    "UAPassportNumberInternational": "passport",
    "USUKPassportNumber": "passport",
}

# What text.pii finds but cannot be asked to look for: these are general entities that come along.
_NOT_ASKED = frozenset({"PersonType", "DateTime", "Quantity"})

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    common: tuple(name for name, known in PII_TYPES.items() if known == common and name not in _NOT_ASKED)
    for common in dict.fromkeys(known for name, known in PII_TYPES.items() if name not in _NOT_ASKED)
}
"""Azure's categories for each common name of personal data, for ``piiCategories``."""

HARMS: Mapping[str, str] = {"Hate": "hate", "SelfHarm": "self_harm", "Sexual": "sexual", "Violence": "violence"}
"""The categories of Content Safety."""
