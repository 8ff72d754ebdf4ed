"""The table of codes, held against botocore's own models and exceptions."""

from __future__ import annotations

import botocore.exceptions
import botocore.session
import pytest

from cloudai import errors
from cloudai.providers.aws.connect import BotoLink
from cloudai.providers.aws.errors import _BY_CLASS, CODES
from cloudai.settings import AWS

SERVICES = (
    "comprehend",
    "comprehendmedical",
    "rekognition",
    "textract",
    "polly",
    "translate",
    "transcribe",
    "sts",
    "sso",
)


def codes_of(service: str) -> set[str]:
    model = botocore.session.get_session().get_service_model(service)
    return {
        shape.metadata.get("error", {}).get("code", shape.name)
        for name in model.operation_names
        for shape in model.operation_model(name).error_shapes
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_error_of_a_service_has_a_class(service: str) -> None:
    assert codes_of(service) - set(CODES) == set()


def test_no_code_has_two_classes() -> None:
    assert len(CODES) == sum(len(codes) for codes in _BY_CLASS.values())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AccessDeniedException", errors.PermissionDeniedError),
        ("UnrecognizedClientException", errors.AuthenticationError),
        ("ExpiredTokenException", errors.AuthenticationError),
        ("InvalidSignatureException", errors.AuthenticationError),
        ("ThrottlingException", errors.RateLimitedError),
        ("TooManyRequestsException", errors.RateLimitedError),
        ("ProvisionedThroughputExceededException", errors.RateLimitedError),
        ("LimitExceededException", errors.QuotaExceededError),
        ("ResourceLimitExceededException", errors.QuotaExceededError),
        ("TextSizeLimitExceededException", errors.InputTooLargeError),
        ("UnsupportedLanguageException", errors.UnsupportedLanguageError),
        ("InternalServerException", errors.ServiceUnavailableError),
        ("KmsKeyValidationException", errors.InvalidRequestError),
        ("ValidationException", errors.InvalidRequestError),
        ("UnknownOperationException", errors.UnsupportedError),
    ],
)
def test_a_code_means_what_aws_says(code: str, expected: type[errors.CloudAIError]) -> None:
    assert CODES[code] is expected


# What only helpers raise that no link uses: paginators, waiters, stubs, S3 addresses, uploads.
UNUSED = {
    "ApiVersionNotFoundError",
    "AwsChunkedWrapperError",
    "CapacityNotAvailableError",
    "ChecksumError",
    "FlexibleChecksumError",
    "InvalidDNSNameError",
    "InvalidEndpointDiscoveryConfigurationError",
    "InvalidExpressionError",
    "InvalidHostLabelError",
    "InvalidS3AddressingStyleError",
    "InvalidS3UsEast1RegionalEndpointConfigError",
    "MD5UnavailableError",
    "OperationNotPageableError",
    "PaginationError",
    "StubAssertionError",
    "StubResponseError",
    "UnStubbedResponseError",
    "UnknownClientMethodError",
    "UnknownServiceStyle",
    "UnseekableStreamError",
    "UnsupportedOutpostResourceError",
    "UnsupportedS3AccesspointConfigurationError",
    "UnsupportedS3ArnError",
    "UnsupportedS3ConfigurationError",
    "UnsupportedS3ControlArnError",
    "UnsupportedS3ControlConfigurationError",
    "WaiterConfigError",
    "WaiterError",
}


def test_every_exception_of_botocore_is_understood() -> None:
    link = BotoLink(AWS(region="eu-west-1"), "comprehend")
    base = botocore.exceptions.BotoCoreError
    lost = set()
    for name, kind in vars(botocore.exceptions).items():
        if not isinstance(kind, type) or not issubclass(kind, base) or kind.__name__ != name:
            continue
        error = kind.__new__(kind)
        failure = link.explain(error)
        assert failure is not None
        if failure.kind == "refused" and not any(code in CODES for code in failure.codes):
            lost.add(name)
    assert lost - {"BotoCoreError"} <= UNUSED
