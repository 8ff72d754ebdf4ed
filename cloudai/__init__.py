"""One way to ask for vision, speech, translation and text analysis, whoever answers.

    from cloudai import CloudAI

    ai = CloudAI("local")
    print(ai.text.sentiment("I love it").sentiment)

Every public name is loaded when it is first used: importing the package loads no vendor's SDK, no HTTP client and no
event loop.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cloudai.client import (
        AsyncCloudAI as AsyncCloudAI,
        CloudAI as CloudAI,
    )
    from cloudai.errors import (
        AllProvidersFailedError as AllProvidersFailedError,
        AuthenticationError as AuthenticationError,
        BudgetExceededError as BudgetExceededError,
        CloudAIError as CloudAIError,
        ConfigurationError as ConfigurationError,
        ConnectionFailedError as ConnectionFailedError,
        InputTooLargeError as InputTooLargeError,
        InvalidRequestError as InvalidRequestError,
        InvalidResponseError as InvalidResponseError,
        JobFailedError as JobFailedError,
        PermissionDeniedError as PermissionDeniedError,
        QuotaExceededError as QuotaExceededError,
        RateLimitedError as RateLimitedError,
        ServiceUnavailableError as ServiceUnavailableError,
        TimeoutError as TimeoutError,
        UnsupportedError as UnsupportedError,
        UnsupportedFormatError as UnsupportedFormatError,
        UnsupportedLanguageError as UnsupportedLanguageError,
    )
    from cloudai.operations.area import (
        CallOptions as CallOptions,
    )
    from cloudai.operations.request import (
        Request as Request,
    )
    from cloudai.operations.text import (
        CategoriesResult as CategoriesResult,
        Category as Category,
        ClassifyRequest as ClassifyRequest,
        DetectedLanguage as DetectedLanguage,
        DetectionResult as DetectionResult,
        EntitiesRequest as EntitiesRequest,
        EntitiesResult as EntitiesResult,
        Entity as Entity,
        EntityLink as EntityLink,
        KeyPhrase as KeyPhrase,
        KeyPhrasesRequest as KeyPhrasesRequest,
        KeyPhrasesResult as KeyPhrasesResult,
        LanguageRequest as LanguageRequest,
        LinkedEntitiesRequest as LinkedEntitiesRequest,
        Mention as Mention,
        Opinion as Opinion,
        OpinionsRequest as OpinionsRequest,
        OpinionsResult as OpinionsResult,
        PiiRequest as PiiRequest,
        PiiResult as PiiResult,
        Sentence as Sentence,
        Sentiment as Sentiment,
        SentimentRequest as SentimentRequest,
        SentimentResult as SentimentResult,
        SentimentScores as SentimentScores,
        SummarizeRequest as SummarizeRequest,
        SummaryResult as SummaryResult,
        SummarySentence as SummarySentence,
        SyntaxRequest as SyntaxRequest,
        SyntaxResult as SyntaxResult,
        TextModerationRequest as TextModerationRequest,
        Token as Token,
    )
    from cloudai.providers.capability import (
        Capability as Capability,
    )
    from cloudai.settings import (
        AWS as AWS,
        Azure as Azure,
        Google as Google,
        Local as Local,
        ProviderChoice as ProviderChoice,
        ProviderSettings as ProviderSettings,
        Retry as Retry,
    )
    from cloudai.types.meta import (
        Cost as Cost,
        FailedProvider as FailedProvider,
        Meta as Meta,
        StepUsage as StepUsage,
        Usage as Usage,
    )
    from cloudai.types.outcome import (
        Comparison as Comparison,
        Outcome as Outcome,
    )
    from cloudai.types.value import (
        Collection as Collection,
        Result as Result,
    )

__all__ = [
    "AWS",
    "AllProvidersFailedError",
    "AsyncCloudAI",
    "AuthenticationError",
    "Azure",
    "BudgetExceededError",
    "CallOptions",
    "Capability",
    "CategoriesResult",
    "Category",
    "ClassifyRequest",
    "CloudAI",
    "CloudAIError",
    "Collection",
    "Comparison",
    "ConfigurationError",
    "ConnectionFailedError",
    "Cost",
    "DetectedLanguage",
    "DetectionResult",
    "EntitiesRequest",
    "EntitiesResult",
    "Entity",
    "EntityLink",
    "FailedProvider",
    "Google",
    "InputTooLargeError",
    "InvalidRequestError",
    "InvalidResponseError",
    "JobFailedError",
    "KeyPhrase",
    "KeyPhrasesRequest",
    "KeyPhrasesResult",
    "LanguageRequest",
    "LinkedEntitiesRequest",
    "Local",
    "Mention",
    "Meta",
    "Opinion",
    "OpinionsRequest",
    "OpinionsResult",
    "Outcome",
    "PermissionDeniedError",
    "PiiRequest",
    "PiiResult",
    "ProviderChoice",
    "ProviderSettings",
    "QuotaExceededError",
    "RateLimitedError",
    "Request",
    "Result",
    "Retry",
    "Sentence",
    "Sentiment",
    "SentimentRequest",
    "SentimentResult",
    "SentimentScores",
    "ServiceUnavailableError",
    "StepUsage",
    "SummarizeRequest",
    "SummaryResult",
    "SummarySentence",
    "SyntaxRequest",
    "SyntaxResult",
    "TextModerationRequest",
    "TimeoutError",
    "Token",
    "UnsupportedError",
    "UnsupportedFormatError",
    "UnsupportedLanguageError",
    "Usage",
]

__version__ = "0.1.0"

_HOMES = {
    "cloudai.client": (
        "AsyncCloudAI",
        "CloudAI",
    ),
    "cloudai.errors": (
        "AllProvidersFailedError",
        "AuthenticationError",
        "BudgetExceededError",
        "CloudAIError",
        "ConfigurationError",
        "ConnectionFailedError",
        "InputTooLargeError",
        "InvalidRequestError",
        "InvalidResponseError",
        "JobFailedError",
        "PermissionDeniedError",
        "QuotaExceededError",
        "RateLimitedError",
        "ServiceUnavailableError",
        "TimeoutError",
        "UnsupportedError",
        "UnsupportedFormatError",
        "UnsupportedLanguageError",
    ),
    "cloudai.operations.area": ("CallOptions",),
    "cloudai.operations.request": ("Request",),
    "cloudai.operations.text": (
        "CategoriesResult",
        "Category",
        "ClassifyRequest",
        "DetectedLanguage",
        "DetectionResult",
        "EntitiesRequest",
        "EntitiesResult",
        "Entity",
        "EntityLink",
        "KeyPhrase",
        "KeyPhrasesRequest",
        "KeyPhrasesResult",
        "LanguageRequest",
        "LinkedEntitiesRequest",
        "Mention",
        "Opinion",
        "OpinionsRequest",
        "OpinionsResult",
        "PiiRequest",
        "PiiResult",
        "Sentence",
        "Sentiment",
        "SentimentRequest",
        "SentimentResult",
        "SentimentScores",
        "SummarizeRequest",
        "SummaryResult",
        "SummarySentence",
        "SyntaxRequest",
        "SyntaxResult",
        "TextModerationRequest",
        "Token",
    ),
    "cloudai.providers.capability": ("Capability",),
    "cloudai.settings": (
        "AWS",
        "Azure",
        "Google",
        "Local",
        "ProviderChoice",
        "ProviderSettings",
        "Retry",
    ),
    "cloudai.types.meta": (
        "Cost",
        "FailedProvider",
        "Meta",
        "StepUsage",
        "Usage",
    ),
    "cloudai.types.outcome": (
        "Comparison",
        "Outcome",
    ),
    "cloudai.types.value": (
        "Collection",
        "Result",
    ),
}
"""Where each public name lives: the same lines as above, for when the program runs."""


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            found = globals()[name] = getattr(import_module(module), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
