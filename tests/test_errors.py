from __future__ import annotations

import builtins
import inspect
import pickle
import re

import pytest

from cloudai import errors
from cloudai.errors import AllProvidersFailedError, CloudAIError, RateLimitedError, TimeoutError

CLASSES = [getattr(errors, name) for name in errors.__all__]


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    drawn = re.findall(r"^([│├└─ ]*)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    stack: list[str] = []
    for lead, name in drawn:
        depth = len(lead) // 4
        del stack[depth:]
        parent = getattr(errors, name).__mro__[1].__name__
        assert parent == (stack[-1] if stack else "Exception"), name
        stack.append(name)
    assert sorted(name for _, name in drawn) == errors.__all__


@pytest.mark.parametrize("cls", CLASSES)
def test_every_error_says_who_what_and_whether_again(cls: type[CloudAIError]) -> None:
    error = cls("no", provider="aws", operation="text.sentiment", vendor_code="X", status=400, request_id="r", raw={})
    assert str(error) == "aws text.sentiment: no (code X, status 400, request id r)"
    assert isinstance(error.retryable, bool)
    assert inspect.getdoc(cls)


@pytest.mark.parametrize("cls", CLASSES)
def test_every_error_survives_pickle(cls: type[CloudAIError]) -> None:
    error = cls("no", provider="aws", retry_after=2.5)
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), back.provider, back.retry_after) == (cls, str(error), "aws", 2.5)


def test_a_timeout_is_also_python_s_own() -> None:
    assert issubclass(TimeoutError, builtins.TimeoutError)


def test_all_failed_keeps_each_error() -> None:
    one, two = RateLimitedError("slow"), TimeoutError("late")
    back = pickle.loads(pickle.dumps(AllProvidersFailedError("all", errors=[one, two])))
    assert [type(error) for error in back.errors] == [RateLimitedError, TimeoutError]


def test_what_would_only_hide_a_mistake_neither_retries_nor_falls_back() -> None:
    for name in ("Authentication", "PermissionDenied", "Configuration", "InvalidRequest", "BudgetExceeded"):
        cls = getattr(errors, f"{name}Error")
        assert (cls.retryable, cls.fallback) == (False, False)
