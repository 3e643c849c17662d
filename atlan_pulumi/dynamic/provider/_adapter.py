"""The one adapter between Pulumi's dynamic-provider protocol and the lifecycle core.

What it takes care of, so that no resource has to: unknown values in both directions, the provider's own
key in the props, complete outputs from every method, the answer for a vanished resource, errors as one line.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)
from pulumi.output import Unknown

from atlan_pulumi import key_rotation as rotation
from atlan_pulumi.dynamic._process import exit_when_engine_exits
from atlan_pulumi.dynamic._reference import ProviderReference
from atlan_pulumi.dynamic.provider._claims import Claims, declared_already
from atlan_pulumi.dynamic.provider._engine_log import log_to_engine, urn_of_request
from atlan_pulumi.dynamic.provider._targets import engine_targets, left_out, refused_with
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lifecycle import (
    DEFAULTS,
    HANG_ON_IT,
    UNKNOWN,
    DeclaredResources,
    EntityKey,
    InputProblem,
    ManyLifecycle,
)
from atlan_pulumi.not_text import problem_of_text
from atlan_pulumi.preflight import (
    Declaration,
    Findings,
    check_children,
    differing,
    log_changes,
    look_again,
    look_at_replaced,
    merge_report,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Tenant
    from atlan_pulumi.lifecycle import Props, ResourceLifecycle

_PROVIDER = "__provider"
_written: set[str] = set()
"""What this process has made, of whatever kind."""
_named: set[str] = set()
"""What the notes of this process have named."""
_checked = DeclaredResources()
"""The entities of each resource that this process has checked, by its URN."""
_declared = DeclaredResources()
"""What the program declares, as far as this process has checked it."""
_claims = Claims()
"""The resource of each entity that this process has checked."""
_replaced: set[str] = set()
"""The qualifiedNames that this process has seen resources leave for others that it has not created yet."""
_former: dict[str, str] = {}
"""Those names, by the names of the replacements."""
_SHORT = 3
_MOST_CHARACTERS = 80
"""A longer text is not shown with what is wrong with it."""
_CREATE_FIRST = (
    "if it is being replaced, leave out delete_before_replace: the replacement is then made first, "
    "and what hangs on it in this program moves over"
)
_WITHOUT_PROGRAM = {"read": "refresh", "delete": "destroy"}
"""Pulumi's commands that run these methods, and by default no program."""
_HELD_BACK = "there is a secret in what is wrong with it"
_Method = TypeVar("_Method", bound=Callable[..., Any])


class LifecycleProvider(ProviderReference):
    """A dynamic provider for one kind of resource."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(kind, version)
        self._tenant: Tenant | None = None

    @functools.cached_property
    def lifecycle(self) -> ResourceLifecycle:
        """The core that does the work; imported when first needed, so that declaring stays light."""
        from atlan_pulumi.lifecycle import lifecycle_of  # noqa: PLC0415 - when first needed

        lifecycle = lifecycle_of(*self._reference)
        lifecycle.tell = lambda line: log_to_engine([line])
        lifecycle.written, lifecycle.named, lifecycle.declared = _written, _named, _declared
        return lifecycle

    def configure(self, req: ConfigureRequest) -> None:
        """Take the tenant's configuration; it is judged when it is first needed.

        Pulumi calls this under a lock, before its threads use any provider: all that a provider needs is
        imported here, since threads that import the same modules at once may see them half-made.
        """
        from atlan_pulumi.client import Tenant  # noqa: PLC0415 - brings the HTTP client

        exit_when_engine_exits()
        self._tenant = Tenant(req.config.get)
        with contextlib.suppress(AtlanError):  # told by the first method that needs it
            _ = self.lifecycle

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Validate; every problem is one failure on its property."""
        olds, given = _core(_olds), _core(news)
        findings = Findings.from_text(given.pop("findings", None))
        given |= {DEFAULTS: findings.defaults} if findings.defaults else {}
        for mark, keys in findings.declared_later.items():
            _declared.expect(mark, (EntityKey(*key) for key in keys))
        if absent := left_out(given, findings, engine_targets()):
            return CheckResult(_pulumi(given), [CheckFailure("", f"{name}: {why}") for name, why in absent])
        try:
            tenant = self._required_tenant().lookups()
            checked = self.lifecycle.check(olds, given, tenant)
            if tenant and not checked.problems:
                findings = self._registered(olds, checked.inputs, findings, tenant())
            entities = functools.cache(lambda: frozenset(self.lifecycle.entities(checked.inputs)))
            self.lifecycle.declare(checked, entities)
            _checked.add(urn_of_request(), entities)
            if tenant and not findings.problems:
                look_at_replaced(self.lifecycle, olds, checked, findings, tenant)
            if isinstance(self.lifecycle, ManyLifecycle):
                stays = check_children(self.lifecycle, olds, checked, findings, tenant) if tenant else ()
                changes = log_changes(self.lifecycle, olds, checked, findings.secret, stays)
                findings.notes[:0] = changes
        except AtlanError as error:
            return CheckResult(_pulumi(given), [CheckFailure("", str(error))])
        problems, notes = merge_report(self.lifecycle, olds, checked, findings)
        if not problems and (urn := urn_of_request()):
            taken = _claims.claim(urn, entities())
            problems = declared_already(self.lifecycle, checked.inputs, taken)
        problems = problems or refused_with(findings, engine_targets())
        _named.update(findings.named)
        log_to_engine(notes)
        failures = [self._failure(problem, given, findings.secret) for problem in problems]
        inputs = checked.inputs
        if olds.get("qualified_name", inputs.get("qualified_name")) != inputs.get("qualified_name"):
            _replaced.add(olds["qualified_name"])
            _former[str(inputs.get("qualified_name"))] = olds["qualified_name"]
        if failures:  # the engine shows them to policies all the same, which know them by what they lack
            inputs = {name: value for name, value in inputs.items() if name != "qualified_name"}
        return CheckResult(_pulumi(inputs), failures)

    def _registered(self, olds: Props, inputs: Props, findings: Findings, client: AtlanClient) -> Findings:
        """The findings about what is registered, where that is not what the program looked at."""
        looked_at = findings.looked_at
        if not looked_at or not differing(self.lifecycle, inputs, looked_at):
            return findings
        from atlan_pulumi.preflight import new_preflight  # noqa: PLC0415 - brings the HTTP client

        urn = urn_of_request()
        before = functools.partial(_checked.elsewhere, urn)
        declaration = Declaration(urn.rpartition("::")[2], self.lifecycle, inputs)
        preflight = new_preflight(client, self._required_tenant())
        return look_again(declaration, olds, findings, preflight, before)

    def _failure(self, problem: InputProblem, given: Props, secret: list[str]) -> CheckFailure:
        """A problem as the engine takes it, which prints the value of a property that it knows the name of.

        It sees a value of a few words only: others would bury the reason.
        """
        name, reason = problem
        if any(text in reason for each in secret for text in _texts(given.get(each))):
            reason = "its value, a secret, is not acceptable" if name in secret else _HELD_BACK
        placed = reason if reason.startswith((f"{name}[", f"{name}.")) else f"{name}: {reason}"
        if name in secret or name in self.lifecycle.bulky:
            return CheckFailure("", placed)
        if name and not _is_short(given.get(name)):
            return CheckFailure("", f"property {placed}")
        return CheckFailure(name, reason)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Compare; a new qualifiedName is a new entity, safe to create before the old one goes.

        A replacement that the user forces keeps the name: there the old one has to go first.
        """
        difference = self.lifecycle.diff(_core(_olds), _core(_news))
        return DiffResult(
            changes=bool(difference.changed),
            replaces=difference.replaces,
            delete_before_replace=not difference.replaces,
        )

    def create(self, props: Props) -> CreateResult:
        """Create; the id is the qualifiedName."""
        outputs = self._run("create", _core(props))
        _replaced.discard(_former.get(outputs["qualified_name"], ""))
        return CreateResult(outputs["qualified_name"], outputs)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read for a refresh; an empty id says that it is gone."""
        seen = self._run("read", id_, _core(props))
        log_to_engine(seen.notes)
        return ReadResult(id_, seen.outputs, seen.inputs) if seen.outputs else ReadResult("", {})

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Update in place."""
        return UpdateResult(self._run("update", _core(_olds), _core(_news)))

    def delete(self, _id: str, _props: Props) -> None:
        """Delete what was made."""
        props = _core(_props)
        try:
            log_to_engine(self._run("delete", props))
        except Failed as failed:
            if HANG_ON_IT in str(failed) and props.get("qualified_name") in _replaced:
                raise Failed(f"{failed}; {_CREATE_FIRST}") from None
            raise

    def _required_tenant(self) -> Tenant:
        if self._tenant is None:
            raise AtlanError("the provider was used before it was configured")
        return self._tenant

    def _run(self, method: str, *arguments: Any) -> Any:
        """Run a method of the core; its errors reach the user as their text alone."""
        try:
            return getattr(self.lifecycle, method)(self._required_tenant().client(), *arguments)
        except AtlanError as error:
            raise Failed(str(error) + self._advice_on_stored_key(method, error)) from None

    def _advice_on_stored_key(self, method: str, error: AtlanError) -> str:
        """The advice where the key may be the former one: without a program, the engine takes the state's."""
        from atlan_pulumi.client.errors import AuthenticationError  # noqa: PLC0415 - brings the HTTP client

        command = _WITHOUT_PROGRAM.get(method)
        if command is None or not isinstance(error, AuthenticationError):
            return ""
        return rotation.advice(command) if self._required_tenant().key_is_stored else ""


class Failed(Exception):  # noqa: N818 - the engine prints the name before the text: "Failed: …" reads well
    """What the engine prints when an operation fails."""


# The engine prints an exception's qualified name; without a module it is one word.
Failed.__module__ = "builtins"


def _is_short(value: Any) -> bool:
    """Whether a value is known, and a text of one short line or another scalar."""
    if isinstance(value, str):
        return len(value) <= _MOST_CHARACTERS and value.isprintable() and problem_of_text(value) is None
    return isinstance(value, (bool, int, float))


def _texts(value: Any) -> list[str]:
    """Every text in a value that is long enough to be told from other words."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) and len(value) >= _SHORT else []


def _core(props: Props) -> Props:
    """Props as the core takes them."""
    return {key: _to_core(value) for key, value in props.items() if key != _PROVIDER}


def _to_core(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _to_core(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_core(item) for item in value]
    return value


def _pulumi(value: Any) -> Any:
    """Plain data of the core as the protocol takes it."""
    if value is UNKNOWN:
        return Unknown()  # type: ignore[no-untyped-call]
    if isinstance(value, dict):
        return {key: _pulumi(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_pulumi(item) for item in value]
    return value
