"""gRPC's status codes, as Lantern uses them."""

from collections.abc import Mapping

from cloudai import AuthenticationError, CloudAIError, RateLimitedError

CODES: Mapping[str, type[CloudAIError]] = {
    "RESOURCE_EXHAUSTED": RateLimitedError,
    "UNAUTHENTICATED": AuthenticationError,
}
