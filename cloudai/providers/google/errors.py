"""What Google's errors mean, by their codes.

An error carries up to three: the reason of an ErrorInfo among its details (``API_KEY_INVALID``), the reason of the
older ``errors`` list (``dailyLimitExceeded``), and the name of a gRPC status (``INVALID_ARGUMENT``), the vaguest.
"""

from __future__ import annotations

from collections.abc import Mapping

from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    InputTooLargeError,
    InvalidRequestError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    ServiceUnavailableError,
    TimeoutError,
)

__all__ = ["CODES", "DAY", "PACE", "STATUS_NAMES"]

# Words of our own for what RATE_LIMIT_EXCEEDED means by the quota_unit beside it. They stand behind it in a failure,
# and it is not in the table itself. No wait of seconds helps where the unit is a day.
DAY = "RATE_LIMIT_EXCEEDED for the day"
PACE = "RATE_LIMIT_EXCEEDED for less"

CODES: Mapping[str, type[CloudAIError]] = {
    # ErrorInfo.reason (googleapis/googleapis, google/api/error_reason.proto). A bad key comes as HTTP 400.
    "API_KEY_INVALID": AuthenticationError,
    "API_KEY_EXPIRED": AuthenticationError,
    "CREDENTIALS_MISSING": AuthenticationError,
    "ACCESS_TOKEN_EXPIRED": AuthenticationError,
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": PermissionDeniedError,
    "ACCESS_TOKEN_TYPE_UNSUPPORTED": AuthenticationError,
    "ACCOUNT_STATE_INVALID": AuthenticationError,
    "SESSION_COOKIE_INVALID": AuthenticationError,
    "JWT_TOKEN_INVALID": AuthenticationError,
    "SERVICE_DISABLED": PermissionDeniedError,
    "BILLING_DISABLED": PermissionDeniedError,
    "CONSUMER_INVALID": PermissionDeniedError,
    "CONSUMER_SUSPENDED": PermissionDeniedError,
    "USER_PROJECT_DENIED": PermissionDeniedError,
    "IAM_PERMISSION_DENIED": PermissionDeniedError,
    "API_KEY_SERVICE_BLOCKED": PermissionDeniedError,
    "API_KEY_HTTP_REFERRER_BLOCKED": PermissionDeniedError,
    "API_KEY_IP_ADDRESS_BLOCKED": PermissionDeniedError,
    "API_KEY_ANDROID_APP_BLOCKED": PermissionDeniedError,
    "API_KEY_IOS_APP_BLOCKED": PermissionDeniedError,
    "SECURITY_POLICY_VIOLATED": PermissionDeniedError,
    "ORG_RESTRICTION_VIOLATION": PermissionDeniedError,
    "LOCATION_POLICY_VIOLATED": PermissionDeniedError,
    "LOCATION_ORG_POLICY_VIOLATED": PermissionDeniedError,
    DAY: QuotaExceededError,
    PACE: RateLimitedError,
    "RESOURCE_QUOTA_EXCEEDED": QuotaExceededError,
    # errors[].reason, of Translation above all, where a used-up quota is HTTP 403
    # (cloud.google.com/translate/quotas; developers.google.com "Standard error responses").
    "dailyLimitExceeded": QuotaExceededError,
    "dailyLimitExceededUnreg": QuotaExceededError,
    "quotaExceeded": QuotaExceededError,
    "limitExceeded": QuotaExceededError,
    "rateLimitExceeded": RateLimitedError,
    "userRateLimitExceeded": RateLimitedError,
    "userRateLimitExceededUnreg": RateLimitedError,
    "rateLimitExceededUnreg": RateLimitedError,
    "servingLimitExceeded": RateLimitedError,
    "variableTermLimitExceeded": QuotaExceededError,
    "keyInvalid": AuthenticationError,
    "keyExpired": AuthenticationError,
    "authError": AuthenticationError,
    "expired": AuthenticationError,
    "unauthorized": AuthenticationError,
    "accessNotConfigured": PermissionDeniedError,
    "insufficientPermissions": PermissionDeniedError,
    "ipRefererBlocked": PermissionDeniedError,
    "uploadTooLarge": InputTooLargeError,
    "backendError": ServiceUnavailableError,
    "backendNotConnected": ServiceUnavailableError,
    "internalError": ServiceUnavailableError,
    "notReady": ServiceUnavailableError,
    # Status names (googleapis/googleapis, google/rpc/code.proto).
    "INVALID_ARGUMENT": InvalidRequestError,
    "FAILED_PRECONDITION": InvalidRequestError,
    "OUT_OF_RANGE": InvalidRequestError,
    "NOT_FOUND": InvalidRequestError,
    "ALREADY_EXISTS": InvalidRequestError,
    "UNIMPLEMENTED": InvalidRequestError,
    "UNAUTHENTICATED": AuthenticationError,
    "PERMISSION_DENIED": PermissionDeniedError,
    "RESOURCE_EXHAUSTED": RateLimitedError,
    "DEADLINE_EXCEEDED": TimeoutError,
    "CANCELLED": ServiceUnavailableError,
    "ABORTED": ServiceUnavailableError,
    "UNAVAILABLE": ServiceUnavailableError,
    "INTERNAL": ServiceUnavailableError,
    "UNKNOWN": ServiceUnavailableError,
    "DATA_LOSS": ServiceUnavailableError,
}

STATUS_NAMES: Mapping[int, str] = {
    1: "CANCELLED",
    2: "UNKNOWN",
    3: "INVALID_ARGUMENT",
    4: "DEADLINE_EXCEEDED",
    5: "NOT_FOUND",
    6: "ALREADY_EXISTS",
    7: "PERMISSION_DENIED",
    8: "RESOURCE_EXHAUSTED",
    9: "FAILED_PRECONDITION",
    10: "ABORTED",
    11: "OUT_OF_RANGE",
    12: "UNIMPLEMENTED",
    13: "INTERNAL",
    14: "UNAVAILABLE",
    15: "DATA_LOSS",
    16: "UNAUTHENTICATED",
}
"""The numbers of the same names, for errors inside an answer: they come without the name."""
