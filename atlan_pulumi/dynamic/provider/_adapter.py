"""LifecycleProvider: translates Pulumi's dynamic-provider protocol into calls of the lifecycle core.

It converts unknown values in both directions, removes Pulumi's own keys from the props, returns complete
outputs from every method, answers for a deleted resource, and turns errors into one line, so that no
resource has to.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable
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

from atlan_pulumi.client import Tenant
from atlan_pulumi.dynamic._process import exit_when_engine_exits, serve_more_calls
from atlan_pulumi.dynamic._quick_import import import_httpx_quickly
from atlan_pulumi.dynamic._reference import ProviderReference
from atlan_pulumi.dynamic.provider import _operation
from atlan_pulumi.dynamic.provider._claims import declared_already
from atlan_pulumi.dynamic.provider._engine_log import log_to_engine, urn_of_request
from atlan_pulumi.dynamic.provider._partial_state import keep_in_state
from atlan_pulumi.dynamic.provider._refused_beside import held_back, with_others
from atlan_pulumi.dynamic.provider._targets import engine_targets, left_out
from atlan_pulumi.errors import AtlanError, PartlyCreatedError
from atlan_pulumi.key_rotation import rotation_advice
from atlan_pulumi.lifecycle import (
    DEFAULTS,
    DEPEND_ON_IT,
    HIDDEN_MARK,
    NOT_OURS,
    OWN_MARK,
    UNKNOWN,
    EntityKey,
    InputProblem,
    ManyLifecycle,
    Sought,
)
from atlan_pulumi.not_text import problem_of_text
from atlan_pulumi.preflight import (
    Declaration,
    Findings,
    check_again,
    check_children,
    check_replacement,
    differing,
    log_changes,
    merge_report,
    new_preflight,
    origin_notes,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient
    from atlan_pulumi.lifecycle import Checked, Props, ResourceLifecycle

_PROVIDER = "__provider"
_SHORTEST_SECRET = 3
"""Shorter texts cannot be distinguished from other words."""
_LONGEST_VALUE = 80
"""The engine prints a value of at most this many characters with a problem."""
_CREATE_FIRST = (
    "if it is being replaced, leave out delete_before_replace: the replacement is then created first, "
    "and what depends on it in this program moves over"
)
_STAYS = "left in Atlan: the resource in the program has the same entities now"
_WITHOUT_PROGRAM = {"read": "refresh", "delete": "destroy"}
"""The commands that call these methods and do not run the program by default."""
_NOT_SHOWN = "its reason contains a secret, and is not shown"
_Method = TypeVar("_Method", bound=Callable[..., Any])


class LifecycleProvider(ProviderReference):
    """A dynamic provider for one kind of resource."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(kind, version)
        self._tenant: Tenant | None = None

    @functools.cached_property
    def lifecycle(self) -> ResourceLifecycle:
        """The lifecycle of this kind of resource, imported when first needed."""
        from atlan_pulumi.lifecycle import lifecycle_of  # noqa: PLC0415 - imports every resource

        lifecycle, operation = lifecycle_of(*self._reference), _operation.current
        lifecycle.log = lambda line: log_to_engine([line])
        lifecycle.written, lifecycle.named = operation.written, operation.named
        lifecycle.declared, lifecycle.sought = operation.declared, operation.sought
        lifecycle.settled = operation.settled
        return lifecycle

    def configure(self, req: ConfigureRequest) -> None:
        """Store the tenant's configuration. It is validated when first needed.

        Pulumi calls this under a lock, before its threads use any provider. The lifecycle is imported here:
        threads that import the same modules at once may see them half initialized.
        """
        exit_when_engine_exits()
        serve_more_calls()
        keys = vars(req.config).get("_props") or ()  # the only way to list them
        self._tenant = Tenant(req.config.get, keys=keys, prepare=import_httpx_quickly)
        with contextlib.suppress(AtlanError):  # raised again by the first method that needs it
            _ = self.lifecycle

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Validate the inputs, and report every problem on its property.

        The findings of preflight come with the inputs. What they say is checked again only if a transform or
        `ignore_changes` made the registered inputs differ from those that the program checked.
        """
        olds, given = _core(_olds), _core(news)
        given.pop(OWN_MARK, None)  # an import checks what `read` returned
        try:
            findings = self._received(given)
            if absent := left_out(given, findings, engine_targets()):
                failures = [CheckFailure("", f"{name}: {why}") for name, why in absent]
                return CheckResult(_pulumi(given), failures)
            checked, findings = self._checked(olds, given, findings)
        except AtlanError as error:
            return CheckResult(_pulumi(given), [CheckFailure("", str(error))])
        problems, notes = merge_report(self.lifecycle, olds, checked, findings)
        problems = problems or self._declared_twice(checked.inputs)
        targets = engine_targets()
        problems = with_others(problems, findings, targets) if problems else held_back(findings, targets)
        _operation.current.named.update(findings.named)
        log_to_engine(notes)
        failures = [self._failure(problem, given, findings.secret) for problem in problems]
        return CheckResult(_pulumi(_checked_inputs(olds, checked.inputs, refused=bool(failures))), failures)

    def _received(self, given: Props) -> Findings:
        """Take the findings of preflight out of the inputs, and note what the program declares later."""
        findings = Findings.from_text(given.pop("findings", None))
        if findings.defaults:
            given[DEFAULTS] = findings.defaults
        for mark, keys in findings.declared_later.items():
            _operation.current.declared.expect(mark, (EntityKey(*key) for key in keys))
        return findings

    def _checked(self, olds: Props, given: Props, findings: Findings) -> tuple[Checked, Findings]:
        """Check the inputs, record what the resource declares, and add the provider's own findings."""
        tenant = self._required_tenant().lookups(reached=findings.reached)
        self.lifecycle.missing_assets = self._required_tenant().setting("missingAssets")
        checked = self.lifecycle.check(olds, given, tenant)
        if tenant and not checked.problems:
            findings = self._registered(olds, checked.inputs, findings, tenant)
        entities = _Entities(self.lifecycle, checked)
        self.lifecycle.declare(checked, entities)
        _operation.current.checked.add(urn_of_request(), entities)
        if tenant and not findings.problems:
            check_replacement(self.lifecycle, olds, checked, findings, tenant)
        if isinstance(self.lifecycle, ManyLifecycle):
            stays = check_children(self.lifecycle, olds, checked, findings, tenant) if tenant else ()
            findings.notes[:0] = log_changes(self.lifecycle, olds, checked, findings.secret, stays)
        findings.notes += origin_notes(self.lifecycle, olds, checked, findings.origins)
        if tenant and (findings.looked_at or findings.placeholders):
            secret = not self.lifecycle.asset_properties.isdisjoint(findings.secret)
            sought = Sought([EntityKey(*key) for key in findings.placeholders], secret)
            _operation.current.sought.record(type(self.lifecycle).__name__, checked.inputs, sought)
        return checked, findings

    def _declared_twice(self, inputs: Props) -> list[InputProblem]:
        """Return the problem of a resource whose entities another one of the program declares too."""
        operation, urn = _operation.current, urn_of_request()
        taken = operation.claims.claim(urn, operation.checked.entities_of(urn)) if urn else {}
        return declared_already(self.lifecycle, inputs, taken)

    def _registered(
        self, olds: Props, inputs: Props, findings: Findings, tenant: Callable[[], AtlanClient]
    ) -> Findings:
        """Return findings about the registered inputs, if they are not the ones that the program checked."""
        looked_at = findings.looked_at
        if not looked_at or not differing(self.lifecycle, inputs, looked_at):
            return findings
        urn = urn_of_request()
        before = functools.partial(_operation.current.checked.elsewhere, urn)
        declaration = Declaration(urn.rpartition("::")[2], self.lifecycle, inputs)
        preflight = new_preflight(tenant(), self._required_tenant())
        return check_again(declaration, olds, findings, preflight, before)

    def _failure(self, problem: InputProblem, given: Props, secret: list[str]) -> CheckFailure:
        """Return a problem as the engine expects it.

        The engine prints the value of the property that a failure names. A secret, a long value, or a
        structure would leak or bury the reason, so such a failure names no property.
        """
        name, reason = problem
        if any(text in reason for each in secret for text in _texts(given.get(each))):
            reason = "its value, a secret, is not valid" if name in secret else _NOT_SHOWN
        placed = reason if reason.startswith((f"{name}[", f"{name}.")) else f"{name}: {reason}"
        if name in secret or name in self.lifecycle.bulky:
            return CheckFailure("", placed)
        if name and not _is_short(given.get(name)):
            return CheckFailure("", f"property {placed}")
        return CheckFailure(name, reason)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Compare inputs and state. A new qualifiedName is a new entity, created before the old is deleted.

        A replacement that the user forces keeps the qualifiedName, so that the old entity is deleted first.
        """
        news = _core(_news)
        difference = self.lifecycle.diff(_core(_olds), news)
        if not difference.changed:
            self.lifecycle.settle(news)
        return DiffResult(
            changes=bool(difference.changed),
            replaces=difference.replaces,
            delete_before_replace=not difference.replaces,
        )

    def create(self, props: Props) -> CreateResult:
        """Create the entities. The id is the qualifiedName."""
        outputs = self._run("create", _core(props))
        self.lifecycle.settle(outputs)
        _operation.current.replacement_created(outputs["qualified_name"])
        return CreateResult(outputs["qualified_name"], outputs)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read the entities for a refresh. An empty id means that the resource was deleted."""
        seen = self._run("read", id_, _core(props))
        log_to_engine(seen.notes)
        if not seen.outputs:
            return ReadResult("", {})
        return ReadResult(id_, _hide_loss(seen.outputs, props), _hide_mark(seen.inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Update the entities in place."""
        outputs = self._run("update", _core(_olds), _core(_news))
        self.lifecycle.settle(outputs)
        return UpdateResult(outputs)

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the entities."""
        props = _core(_props)
        if self.lifecycle.is_settled(props):
            self._run("let_go", props)
            log_to_engine([_STAYS])
            return
        try:
            log_to_engine(self._run("delete", props))
        except Failed as failed:
            replaced = _operation.current.lacks_replacement(props.get("qualified_name"))
            if DEPEND_ON_IT in str(failed) and replaced:
                raise Failed(f"{failed}; {_CREATE_FIRST}") from None
            raise

    def _required_tenant(self) -> Tenant:
        if self._tenant is None:
            raise AtlanError("the provider was used before it was configured")
        return self._tenant

    def _run(self, method: str, *arguments: Any) -> Any:
        """Call a method of the lifecycle. The engine prints the text of its errors, and nothing else."""
        tenant = self._required_tenant()
        try:
            self.lifecycle.missing_assets = tenant.setting("missingAssets")
            return getattr(self.lifecycle, method)(tenant.client(), *arguments)
        except AtlanError as error:
            message = str(error) + self._advice_on_stored_key(method, error)
            if isinstance(error, PartlyCreatedError):
                keep_in_state(error.outputs, message)
            raise Failed(message) from None

    def _advice_on_stored_key(self, method: str, error: AtlanError) -> str:
        """Return advice if the key may be old: a command without the program uses the one in the state."""
        from atlan_pulumi.client.errors import AuthenticationError  # noqa: PLC0415 - imports the HTTP client

        command = _WITHOUT_PROGRAM.get(method)
        if command is None or not isinstance(error, AuthenticationError):
            return ""
        return rotation_advice(command) if self._required_tenant().key_is_stored else ""


class _Entities:
    """Lists the entities that checked inputs declare when first called, and keeps only their keys."""

    def __init__(self, lifecycle: ResourceLifecycle, checked: Checked) -> None:
        self._find: Callable[[], Iterable[EntityKey]] | None = functools.partial(
            lifecycle.entities, checked.inputs
        )
        self._found: frozenset[EntityKey] = frozenset()

    def __call__(self) -> frozenset[EntityKey]:
        if (find := self._find) is not None:
            self._found = frozenset(find())
            self._find = None  # releases the inputs, which may be thousands of children
        return self._found


class Failed(Exception):  # noqa: N818 - the engine prints the name before the text: "Failed: …"
    """The error of a failed operation, as the engine prints it."""


# The engine prints an exception's qualified name, which is one word without a module.
Failed.__module__ = "builtins"


def _checked_inputs(olds: Props, inputs: Props, *, refused: bool) -> Props:
    """Return the inputs for the engine, and note whether the resource will be replaced."""
    old, new = olds.get("qualified_name"), inputs.get("qualified_name")
    if old is not None and old != new:
        _operation.current.add_replacement(old, str(new))
    if not refused:
        return inputs
    # The engine passes refused inputs to policies, which recognize them by the missing qualifiedName.
    return {name: value for name, value in inputs.items() if name != "qualified_name"}


def _is_short(value: Any) -> bool:
    """Return whether a value is a known scalar that fits on one short line."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE and value.isprintable() and problem_of_text(value) is None
    return isinstance(value, (bool, int, float))


def _texts(value: Any) -> list[str]:
    """Return every text in a value that is long enough to be recognized, and the names that are keys."""
    if isinstance(value, dict):
        value = [*value.values(), *(key for key in value if "/" in key)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) and len(value) >= _SHORTEST_SECRET else []


def _core(props: Props) -> Props:
    """Return props in the form of the core, without Pulumi's own keys."""
    core = {key: _to_core(value) for key, value in props.items() if key not in (_PROVIDER, HIDDEN_MARK)}
    return {**core, OWN_MARK: props[HIDDEN_MARK]} if HIDDEN_MARK in props else core


def _hide_mark(inputs: Props) -> Props:
    """Return inputs with the own mark under a hidden name, so that no preview shows it."""
    return {HIDDEN_MARK if name == OWN_MARK else name: value for name, value in inputs.items()}


def _hide_loss(outputs: Props, olds: Props) -> Props:
    """Return outputs that keep the own mark, with what a refresh found in a hidden property.

    The note on the resource says in words what the refresh found.
    """
    own = olds.get(OWN_MARK)
    if not own or outputs.get(OWN_MARK) != NOT_OURS:
        return outputs
    return {**outputs, OWN_MARK: own, HIDDEN_MARK: NOT_OURS}


def _to_core(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _to_core(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_core(item) for item in value]
    return value


def _pulumi(value: Any) -> Any:
    """Return plain data of the core in the form of the protocol."""
    if value is UNKNOWN:
        return Unknown()  # type: ignore[no-untyped-call]
    if isinstance(value, dict):
        return {key: _pulumi(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_pulumi(item) for item in value]
    return value
