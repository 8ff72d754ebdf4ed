"""What every vendor has to keep to, as a class of pytest tests. For whoever adds one.

    from cloudai.testing import ComplianceSuite

    class TestAcme(ComplianceSuite):
        provider = acme.provider
        credentials = {"key": "not-a-real-one"}

The suite looks at the vendor's folder, at the steps that its adapters would send, and at connections that lead to this
machine. It sends nothing to the vendor.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import os
import re
import socket
import socketserver
import subprocess
import sys
import threading
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import anyio
import pytest

from cloudai import operations
from cloudai.client import AsyncCloudAI, CloudAI
from cloudai.errors import CloudAIError
from cloudai.operations.request import Request, request_fields
from cloudai.providers import Adapter, Provider
from cloudai.settings import ProviderSettings, Retry
from cloudai.testing.probe import StoppedError, answered, fields_for, sent, values_for

__all__ = ["ComplianceSuite"]

READING = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, CloudAIError)
"""How an adapter may refuse an answer; the pipeline makes ``InvalidResponseError`` of all but the last."""

WORLD = frozenset(
    {
        *("aiohttp", "anyio", "asyncio", "concurrent", "grpc", "http", "httpx", "multiprocessing", "requests"),
        *("select", "selectors", "socket", "ssl", "subprocess", "threading", "time", "trio", "urllib3"),
    }
)
"""Modules that only ports and ``connect.py`` have to do with."""

_SECRET_NAME = re.compile(r"(^|_)(key|keys|secret|token|password|credential|credentials)(_|$)")


class ComplianceSuite:
    """Make a subclass whose name begins with ``Test``, and say what is tested."""

    provider: ClassVar[Provider]
    """The vendor."""
    credentials: ClassVar[Mapping[str, Any]] = {}
    """What its settings need for a connection to be made: made-up keys, a region. They go nowhere."""
    remote: ClassVar[bool] = True
    """Whether it is reached at an address, so that ``endpoint=`` has a meaning."""
    samples: ClassVar[Mapping[str, Any]] = {}
    """Inputs in place of the suite's own, by field (``image``) or by operation and field (``vision.text.image``)."""
    extra: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Options that only this vendor has and that an operation cannot do without, by operation."""
    values: ClassVar[Mapping[str, Sequence[Any]]] = {}
    """Values to try for an option where the suite's own do not fit: ``{"text.pii.categories": [("email",)]}``, or
    ``{"categories": ...}`` for all operations."""
    answers: ClassVar[Mapping[str, Sequence[Any]]] = {}
    """The bodies of the replies to one call, or whole replies, by operation; the results that are made of them are
    looked at."""
    picks: ClassVar[frozenset[str]] = frozenset()
    """Options that the vendor itself does not know and that its adapter applies to the answer: ``text.pii.categories``.
    Their operations need ``answers``, of which the option leaves out something."""
    empty: ClassVar[frozenset[str]] = frozenset()
    """Operations to which the vendor, having found nothing, answers with an empty object."""

    # --- what is tested -----------------------------------------------------------------------------------------------

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each operation, each option and each area that the vendor has."""
        names = metafunc.fixturenames
        if "option" in names:
            metafunc.parametrize(("operation", "option"), self._options())
        elif "operation" in names:
            told = metafunc.function.__name__ == "test_a_result_is_of_its_type_and_survives_json"
            metafunc.parametrize("operation", [name for name in self._adapters() if name in self.answers or not told])
        if "area" in names:
            metafunc.parametrize("area", list(self._areas()))

    @classmethod
    def _areas(cls) -> dict[str, ModuleType]:
        paths = {area: f"{cls.provider.package}.{area}" for area in operations.area_names()}
        return {
            area: importlib.import_module(path)
            for area, path in paths.items()
            if importlib.util.find_spec(path) is not None
        }

    @classmethod
    def _adapters(cls) -> dict[str, Adapter]:
        """The operations that can be had here."""
        found = {name: cls.provider.adapter(name) for name in operations.names()}
        return {name: adapter for name, adapter in found.items() if adapter is not None}

    @classmethod
    def _options(cls) -> list[tuple[str, str]]:
        return [
            (name, option)
            for name, adapter in cls._adapters().items()
            for option in (
                *sorted(adapter.options - set(operations.find(name).inputs)),
                *(f"extra.{key}" for key in adapter.extra or ()),
            )
        ]

    def _settings(self, **changes: Any) -> ProviderSettings:
        return self.provider.settings(**{**self.credentials, **changes})

    def _adapter(self, operation: str) -> tuple[Adapter, dict[str, Any]]:
        """An adapter, and what it is handed for a plain request."""
        adapter = self._adapters()[operation]
        given = fields_for(operation, adapter, self.samples)
        return adapter, given | ({"extra": dict(self.extra[operation])} if operation in self.extra else {})

    def _service(self, operation: str) -> str:
        adapter, given = self._adapter(operation)
        return sent(adapter, self._settings(), given)[0].service

    # --- the folder ---------------------------------------------------------------------------------------------------

    def test_it_can_do_something(self) -> None:
        assert self._adapters(), f"{self.provider.package} has no operation at all"

    def test_its_name_is_that_of_its_settings(self) -> None:
        assert issubclass(self.provider.settings, ProviderSettings)
        assert self.provider.settings.provider == self.provider.name
        assert self.provider.install, "what to type when a package is missing"

    def test_every_public_function_of_an_area_is_an_operation(self, area: str) -> None:
        module = self._areas()[area]
        public = {
            name
            for name, item in vars(module).items()
            if inspect.isfunction(item) and item.__module__ == module.__name__ and not name.startswith("_")
        }
        known = {name.partition(".")[2] for name in operations.names() if name.startswith(f"{area}.")}
        assert public <= known, f"not operations of {area}: name them with _ if they only help"

    def test_an_area_awaits_nothing_but_its_port(self, area: str) -> None:
        source = inspect.getsource(self._areas()[area])
        imported: set[str] = set()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
        assert not self._forbidden(imported), "only connect.py imports these"

    def test_importing_its_areas_loads_no_sdk(self) -> None:
        names = [self.provider.package, *(module.__name__ for module in self._areas().values())]
        program = (
            "import importlib, json, sys; import cloudai.client, cloudai.ports.blocking;"
            f" before = set(sys.modules); [importlib.import_module(name) for name in {names!r}];"
            " print(json.dumps(sorted(set(sys.modules) - before)))"
        )
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        done = subprocess.run(  # noqa: S603  (this Python, with a program of ours)
            [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environ
        )
        assert done.returncode == 0, done.stderr
        assert not self._forbidden(json.loads(done.stdout.splitlines()[-1])), "loaded when an area is imported"

    def _forbidden(self, modules: typing.Iterable[str]) -> list[str]:
        return sorted(
            name
            for name in modules
            if name.partition(".")[0] in WORLD
            or any(name == need or name.startswith(f"{need}.") for need in self.provider.needs)
        )

    def test_its_errors_are_ours(self) -> None:
        for code, error in self.provider.errors.items():
            assert isinstance(code, str)
            assert issubclass(error, CloudAIError), f"{code} becomes {error!r}"

    # --- adapters -----------------------------------------------------------------------------------------------------

    def test_an_adapter_is_a_coroutine_function_of_its_port(self, operation: str) -> None:
        function = self._adapters()[operation].function
        assert inspect.iscoroutinefunction(function)
        first, *rest = inspect.signature(function).parameters.values()
        assert first.name == "port"
        kinds = {item.kind for item in (first, *rest)}
        assert not kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}, (
            "its parameters are a list"
        )

    def test_its_parameters_are_fields_of_the_request(self, operation: str) -> None:
        request, adapter = operations.find(operation), self._adapters()[operation]
        known = {name for name, _ in request_fields(request)} - set(request.controls)
        assert adapter.options <= known
        assert set(request.inputs) <= adapter.options, "it is handed its input"

    def test_it_says_that_it_returns_the_result_of_the_operation(self, operation: str) -> None:
        hints = typing.get_type_hints(self._adapters()[operation].function)
        assert hints.get("return") is operations.find(operation).result

    def test_an_option_changes_what_is_sent(self, operation: str, option: str) -> None:
        """An option that is taken and then forgotten would be dropped without a word."""
        adapter, given = self._adapter(operation)
        picks = f"{operation}.{option}" in self.picks
        plain = self._tried(adapter, given, operation, picks=picks)
        values: list[Any] = []
        for value in self._tries(operation, option, adapter):
            parent, _, name = option.rpartition(".")
            changed = given | ({"extra": {**given.get("extra", {}), name: value}} if parent else {name: value})
            outcome = self._tried(adapter, changed, operation, picks=picks)
            if not isinstance(outcome, CloudAIError) and outcome != plain:
                return
            values.append(value)
        pytest.fail(f"none of {values!r} changes what is sent; give others in values={{'{operation}.{option}': ...}}")

    def _tries(self, operation: str, option: str, adapter: Adapter) -> Sequence[Any]:
        for name in (f"{operation}.{option}", option):
            if name in self.values:
                return self.values[name]
        if option.startswith("extra."):
            name = option.removeprefix("extra.")
            return values_for(name, (adapter.extra or {})[name])
        return values_for(option, typing.get_type_hints(operations.find(operation))[option])

    def _tried(self, adapter: Adapter, given: Mapping[str, Any], operation: str, *, picks: bool) -> Any:
        """What is sent, or for an option that picks from the answer, what is made of it."""
        try:
            if picks:
                return answered(adapter, self._settings(), given, self.answers[operation])
            # With the answers that there are, also the steps behind the first are seen.
            steps = sent(adapter, self._settings(), given, self.answers.get(operation, ()))
        except CloudAIError as error:
            return error
        return [(step.service, step.operation, step.params) for step in steps]

    def test_what_is_billed_is_told(self, operation: str) -> None:
        """Each operation charges for some step, unless the vendor is free of charge."""
        if not self.remote:
            pytest.skip("nobody charges for an engine on this machine")
        adapter, given = self._adapter(operation)
        steps = sent(adapter, self._settings(), given, self.answers.get(operation, ()))
        assert [step for step in steps if step.amount is not None], "no step says its amount"

    @pytest.mark.parametrize("body", [None, {}, [], "not what was agreed", 5])
    def test_an_answer_of_another_shape_is_refused(self, operation: str, body: Any) -> None:
        if body == {} and operation in self.empty:
            pytest.skip("here an empty object says that nothing was found")
        adapter, given = self._adapter(operation)
        try:
            result = answered(adapter, self._settings(), given, [body])
        except READING:
            return
        except StoppedError:
            result = "good enough to send the next step"
        pytest.fail(f"{body!r} was read as {result!r}")

    def test_a_result_is_of_its_type_and_survives_json(self, operation: str) -> None:
        adapter, given = self._adapter(operation)
        result = answered(adapter, self._settings(), given, self.answers[operation])
        expected = operations.find(operation).result
        assert type(result) is expected
        assert expected.from_dict(json.loads(result.to_json())) == result
        outside = [item for item in _confidences(result.to_dict()) if not 0 <= item <= 1]
        assert not outside, "confidence is 0..1"

    # --- settings and connections -------------------------------------------------------------------------------------

    def test_secrets_do_not_show(self) -> None:
        for item in fields(self.provider.settings):
            if _SECRET_NAME.search(item.name):
                assert item.metadata.get("secret"), f"{item.name} is named like a secret: metadata={{'secret': True}}"
            if item.metadata.get("secret"):
                value: Any = "do-not-show-this"
                changed: Any = {item.name: {"x": value} if _holds_many(item) else value}
                settings = replace(self._settings(), **changed)
                assert value not in repr(settings)
                assert value not in repr(CloudAI(settings))
                assert value in settings.secrets()

    def test_connecting_touches_no_network(self, operation: str) -> None:
        service = self._service(operation)
        with _no_network() as touched:
            closing = self.provider.connect(self._settings(), service, asynchronous=False).close()
        assert closing is None, "a blocking connection closes without awaiting"

        async def later() -> None:
            with _no_network() as more:
                link = self.provider.connect(self._settings(), service, asynchronous=True)
            touched.extend(more)
            closing = link.close()
            if closing is not None:
                await closing

        anyio.run(later)
        assert not touched

    @pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "async"])
    @pytest.mark.parametrize("which", ["endpoint", "endpoints"])
    def test_the_address_that_is_set_is_the_one_that_is_asked(
        self, operation: str, which: str, asynchronous: bool
    ) -> None:
        if not self.remote:
            pytest.skip("it is not reached at an address")
        service = self._service(operation)
        with _listener() as (address, seen):
            changes: dict[str, Any] = {"endpoint": address}
            if which == "endpoints":
                # The address of a single service wins over the one for all.
                changes = {"endpoint": "http://127.0.0.1:9", "endpoints": {service: address}}
            error = self._asked(operation, self._settings(**changes), asynchronous=asynchronous)
            assert seen, f"nobody came to {address}: {error!r}"
        assert type(error) is not CloudAIError, f"a broken connection has an error of its own: {error!r}"

    def _asked(self, operation: str, settings: ProviderSettings, *, asynchronous: bool) -> CloudAIError:
        cls: type[Request[Any]] = operations.find(operation)
        given = {name: item for name, item in self._adapter(operation)[1].items() if name != "extra"}
        call = {"extra": {self.provider.name: self.extra[operation]}} if operation in self.extra else {}
        request, once = cls(**given), Retry(attempts=1)

        async def later() -> None:
            async with AsyncCloudAI(settings, retry=once, timeout=10) as ai:
                await ai.run(request, **call)  # type: ignore[arg-type]

        def now() -> None:
            with CloudAI(settings, retry=once, timeout=10) as ai:
                ai.run(request, **call)  # type: ignore[arg-type]

        with pytest.raises(CloudAIError) as raised:
            anyio.run(later) if asynchronous else now()
        return raised.value


def _confidences(item: Any) -> Iterator[float]:
    if isinstance(item, dict):
        for name, part in item.items():
            if name == "confidence" and part is not None:
                yield part
            else:
                yield from _confidences(part)
    elif isinstance(item, list):
        for part in item:
            yield from _confidences(part)


def _holds_many(item: Any) -> bool:
    factory: Any = item.default_factory
    return factory is dict


@contextmanager
def _no_network() -> Iterator[list[str]]:
    """Refuses every connection and every question for an address, and writes it down."""
    touched: list[str] = []

    def refuse(name: str, *arguments: Any, **options: Any) -> Any:
        touched.append(name)
        raise OSError(f"{name} while connecting")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            refused: Callable[..., Any] = partial(refuse, name)
            patch.setattr(socket.socket, name, refused)
        patch.setattr(socket, "getaddrinfo", partial(refuse, "getaddrinfo"))
        yield touched


@contextmanager
def _listener() -> Iterator[tuple[str, list[bool]]]:
    """An address on this machine where every connection is noted and closed."""
    seen: list[bool] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            seen.append(True)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            thread.join()
