"""A program ends without an error if the engine has closed its monitor, and only then."""

from __future__ import annotations

import importlib

import grpc
import pytest
from pulumi.runtime import settings

from atlan_pulumi.dynamic._process import exit_when_monitor_is_gone

invoke = importlib.import_module("pulumi.runtime.invoke")  # the package has a function of that name
SHUT_DOWN = "resource monitor shut down while waiting on step's done channel"
REFUSED = "failed to connect to all addresses; connect: Connection refused (111)"


class Answer(grpc.RpcError):
    def __init__(self, code: grpc.StatusCode, details: str = "") -> None:
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


class Monitor:
    """A monitor that answers, or is gone."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def SupportsFeature(self, _request: object, timeout: float) -> None:  # noqa: N802 - gRPC's name
        assert timeout > 0
        if self._error is not None:
            raise self._error


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (settings, invoke):  # both are as they were afterwards
        monkeypatch.setattr(module, "grpc_error_to_exception", module.grpc_error_to_exception)
    exit_when_monitor_is_gone(7)


@pytest.mark.parametrize("module", [settings, invoke])
@pytest.mark.parametrize(
    ("details", "monitor"),
    [
        (SHUT_DOWN, Monitor()),  # it has closed, and still answers what was under way
        (REFUSED, Monitor(Answer(grpc.StatusCode.UNAVAILABLE, REFUSED))),
    ],
)
def test_a_closed_monitor_ends_the_program(monkeypatch, module, details, monitor) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)

    with pytest.raises(SystemExit) as left:
        module.grpc_error_to_exception(Answer(grpc.StatusCode.UNAVAILABLE, details))

    assert left.value.code == 7


@pytest.mark.parametrize("module", [settings, invoke])
@pytest.mark.parametrize(
    "monitor",
    [Monitor(), Monitor(Answer(grpc.StatusCode.UNIMPLEMENTED)), Monitor(Answer(grpc.StatusCode.INTERNAL))],
)
def test_a_provider_that_is_unavailable_is_an_error_as_before(monkeypatch, module, monitor) -> None:
    monkeypatch.setattr(settings, "get_monitor", lambda: monitor)

    translated = module.grpc_error_to_exception(Answer(grpc.StatusCode.UNAVAILABLE, "error reading: EOF"))

    assert isinstance(translated, Exception)
    with pytest.raises(type(translated)):
        settings.handle_grpc_error(Answer(grpc.StatusCode.UNAVAILABLE, "error reading: EOF"))


def test_any_other_error_is_an_error_as_before() -> None:
    with pytest.raises(Exception, match=r"^bad request$"):
        settings.handle_grpc_error(Answer(grpc.StatusCode.INVALID_ARGUMENT, "bad request"))
