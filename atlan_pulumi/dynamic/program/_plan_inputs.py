"""PlannedResource: what the program knows of a resource before it is registered.

That is its resolved inputs, qualifiedName, ownership mark, and explicit provider. Preflight checks work on
these.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi.dynamic
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor, get_root_resource

from atlan_pulumi.dynamic.program._awaited_inputs import Resolved, is_settled, items_of, known_now
from atlan_pulumi.dynamic.program._declared_later import add_to_program, declared_later
from atlan_pulumi.dynamic.program._depends_on import depended_on, everything_in
from atlan_pulumi.dynamic.program._ownership_mark import (
    parent_below_stack,
    qualified_type_of,
    short_types,
    stack_origin,
    this_stack,
    urn_of,
)
from atlan_pulumi.dynamic.program._provider_start import explicit_provider
from atlan_pulumi.dynamic.program._settings import Option, settings_of
from atlan_pulumi.lifecycle import (
    DEFAULTS,
    InputProblem,
    ManyLifecycle,
    lifecycle_of,
    mark,
    ownership_text_problem,
    references_in,
)
from atlan_pulumi.lifecycle import (
    EntityKey as Key,
)
from atlan_pulumi.preflight import Declaration, Findings, digests
from atlan_pulumi.settings import OFF, resolve_setting
from atlan_pulumi.startup import without_collection

if TYPE_CHECKING:
    from atlan_pulumi.dynamic.program._preflight_queue import PreflightQueue


def on_its_shard(resource_name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """Return the options with the shard of an explicit provider that serves the resource.

    Args:
        resource_name: The resource's name in the stack.
        opts: The author's options. The provider may be the parent's.
    """
    shard_of = getattr(explicit_provider(opts), "shard_of", None)
    if shard_of is None:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=shard_of(resource_name)))


def may_be_transformed(resource: pulumi.Resource) -> bool:
    """Return whether a transform may change the inputs of a resource. Called in the program's event loop.

    Pulumi's SDK stores transformations (the older kind) with the resource, and transforms, which the engine
    calls, with the callback server of the program. The server is in the SDK's list of servers: the setting
    `callbacks` is visible only in the task that started it.
    """
    loop = asyncio.get_running_loop()
    servers = getattr(_CallbackServicer, "_servicers", ())  # those of all programs of this process
    of_program = [each for each in servers if getattr(each, "_loop", loop) is loop]
    transforms = any(getattr(each, "_transforms", ()) for each in of_program)
    return transforms or bool(getattr(resource, "_transformations", ()))


def has_transformations(opts: pulumi.ResourceOptions | None) -> bool:
    """Return whether transformations (the older kind) will see the inputs of a resource."""
    parent = opts.parent if opts and opts.parent else get_root_resource()
    return bool((opts and opts.transformations) or getattr(parent, "_transformations", ()))


def _is_foreign(resource: pulumi.Resource) -> bool:
    """Return whether a resource belongs to another package, so that it is unknown what it creates."""
    return not isinstance(getattr(resource, "planned", None), PlannedResource)


class PlannedResource:
    """What the program knows of one resource, resolved while the program continues."""

    def __init__(
        self,
        resource: pulumi.dynamic.Resource,
        resource_name: str,
        kind: tuple[str, int],
        props: dict[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        self.resource = resource
        self._resource_name = resource_name
        self._lifecycle = lifecycle_of(*kind)
        self.type_name = self._lifecycle.type_name
        self._props = {name: value for name, value in props.items() if name != DEFAULTS}
        self._defaults: list[str] = props.get(DEFAULTS) or []
        self._depends_on = opts.depends_on if opts else None
        self._parent = parent_below_stack(opts)
        self._secret: set[str] = set()
        self._invalid: tuple[InputProblem, ...] = ()
        self._inputs_may_be_kept = bool(opts and (opts.ignore_changes or opts.transforms))
        self._before: set[pulumi.Resource] = set()
        self._refers_to: dict[str, set[pulumi.Resource]] = {}
        self._brought_about: set[Key] = set()
        self._besides_references: set[pulumi.Resource] = set()
        self._published: set[Key] = set()
        self._key: asyncio.Task[Key | None] | None = None
        self._option = asyncio.ensure_future(self._options())
        self._owner = asyncio.ensure_future(self._stack_as_owner())
        self.managed_by = asyncio.ensure_future(self._mark())
        """The ownership mark; None if `atlan:ownershipMark` is off."""
        self._declared = asyncio.ensure_future(self._declaration())
        self._checked = asyncio.ensure_future(self._preflight())
        add_to_program(self)

    def given(self, name: str) -> Any:
        """Return the argument that the author passed for a property."""
        return self._props.get(name)

    async def in_short_form(self, name: str) -> Any:
        """Return a property as the state will have it; as the author passed it, if the inputs are invalid."""
        declaration = await self._declared
        if declaration is None or isinstance(get_monitor(), MockMonitor):
            return self.given(name)
        return self._lifecycle.registered(name, self.given(name), declaration.inputs)

    async def findings(self) -> str | None:
        """Return the preflight findings for the provider, after printing the warnings."""
        queue, findings = await self._checked
        if isinstance(get_monitor(), MockMonitor):  # no provider reads them
            return None
        for warning in findings.warnings:
            pulumi.log.warn(warning, self.resource)
        for remark in findings.remarks:
            pulumi.log.info(remark)
        findings.secret, findings.defaults = sorted(self._secret), self._defaults
        if queue is not None:
            declaration = await self._declared
            findings.looked_at = digests(self._lifecycle, declaration.inputs if declaration else None)
            if declaration is not None:
                findings.waits_for_others = declaration.waits_for_others
                findings.brought_about = sorted(declaration.brought_about)
                findings.names_every_maker = bool(declaration.brought_about) and declaration.names_every_maker
        if pulumi.runtime.is_dry_run() and (origins := getattr(self.resource, "sql_origins", None)):
            findings.origins = await origins()
        findings.declared_later = await declared_later(self)
        findings.refers_to = await self._urns_referred_to()
        findings.previews = bool(findings.refers_to) and pulumi.runtime.is_dry_run()
        findings.deploys = isinstance(self._lifecycle, ManyLifecycle) and not pulumi.runtime.is_dry_run()
        return findings.to_text()

    async def _urns_referred_to(self) -> dict[str, list[str]]:
        """Wait for this package's resources that each property refers to, and return their URNs."""
        await self._declared
        found = {}
        for name, resources in self._refers_to.items():
            ours = [resource for resource in resources if hasattr(resource, "planned")]
            if urns := [urn for resource in ours if (urn := await resource.urn.future())]:
                found[name] = sorted(urns)
        return found

    async def guid(self) -> str | None:
        """Return the GUID of the live entity with the qualifiedName; None if preflight found none."""
        queue, _ = await self._checked
        key = await self.key()
        existing = queue.existing(key) if queue and key else None
        return existing.guid if existing else None

    async def _options(self) -> Option | None:
        return await settings_of(self.resource)

    async def _stack_as_owner(self) -> str | None:
        """Return the ownership text of the stack; None if `atlan:ownershipMark` is off."""
        option = await self._option
        given = resolve_setting("ownershipMark", option("atlan:ownershipMark"), os.environ) if option else ""
        stack = given or "true"
        if stack.lower() in OFF:
            return None
        return this_stack() if stack.lower() == "true" else stack

    async def _mark(self) -> str | None:
        """Return the mark. It contains the types of all parents, known once the parent is registered."""
        stack = await self._owner
        parents = "" if self._parent is None else f"{await qualified_type_of(self._parent)}$"
        return self._mark_below(stack, parents)

    def _mark_below(self, stack: str | None, parents: str) -> str | None:
        if stack is None or "#" in stack:  # refused in preflight
            return None
        types = short_types(f"{parents}{self.resource.pulumi_resource_type}")
        return mark(stack, self._resource_name, types, stack_origin())

    def key(self) -> asyncio.Task[Key | None]:
        """Return the entity's key once the program's own values decide it; None if they do not."""
        if self._key is None:
            self._key = asyncio.ensure_future(self._resolve_key())
        return self._key

    async def _resolve_key(self) -> Key | None:
        parts = {name: self._props.get(name) for name in self._lifecycle.named_by}
        resolved = await Resolved().value({name: part for name, part in parts.items() if part is not None})
        name = self._lifecycle.preview_qualified_name(resolved)
        known = isinstance(name, str) and self.is_entity
        return Key(self._lifecycle.type_name, name) if known else None

    async def _preflight(self) -> tuple[PreflightQueue | None, Findings]:
        """Resolve the inputs, and check them together with those of other resources."""
        declaration = await self._declared
        option = await self._option
        if (refused := ownership_text_problem(await self._owner)) is not None:
            return None, Findings([InputProblem("", refused)])
        if option is None or isinstance(get_monitor(), MockMonitor):
            return None, Findings()
        with without_collection():
            from atlan_pulumi.dynamic.program._preflight_queue import Invalid, queue_for  # noqa: PLC0415

        queue = queue_for(option)
        subject = declaration or (
            Invalid(self._resource_name, self._invalid, self.uncertain) if self._invalid else None
        )
        if queue is None or subject is None:
            return queue, Findings()
        return queue, await queue.answer(subject, self)

    async def _declaration(self) -> Declaration | None:
        """Return the resource as declared; None if its inputs are invalid."""
        met, given = await self._resolved_inputs()
        declared, problems, *_ = self._lifecycle.preview_check(given)
        if problems:
            self._before = await self._waits_for(met)
            self._invalid = self._quotable(problems)
            return None
        declared["managed_by"] = self._mark_below(await self._owner, "")  # preflight compares the stack only
        others = await self._created_before(met)
        return Declaration(
            self._resource_name,
            self._lifecycle,
            declared,
            frozenset(met.created_before),
            frozenset(self._secret),
            waits_for_others=others,
            brought_about=frozenset(self._brought_about),
            names_every_maker=not await self._waits_otherwise(),
            uncertain=self.uncertain,
            published=frozenset(self._published),
        )

    async def _resolved_inputs(self) -> tuple[Resolved, dict[str, Any]]:
        """Return what the inputs depend on, and the inputs as plain data, without those that are None."""
        met, inputs = Resolved(), {}
        for name, given in self._props.items():
            one = Resolved(met.created_before)
            if name in self._lifecycle.model.references:
                inputs[name] = await self._resolved_references(one, given)
            else:
                inputs[name] = await one.value(given)
                self._besides_references |= one.depends_on
            met.depends_on |= one.depends_on
            self._refers_to[name] = one.depends_on
            if one.secret:
                self._secret.add(name)
        return met, {name: item for name, item in inputs.items() if item is not None}

    async def _resolved_references(self, met: Resolved, given: Any) -> Any:
        """Return references as plain data, and note those that resources of other packages bring about."""
        given = await items_of(given)
        if not isinstance(given, list):
            return await self._resolved_reference(met, given)
        return [await self._resolved_reference(met, item) for item in given]

    async def _resolved_reference(self, met: Resolved, given: Any) -> Any:
        one = Resolved(met.created_before)
        value = await one.value(given)
        met.depends_on |= one.depends_on
        met.secret |= one.secret
        if any(map(_is_foreign, one.depends_on)):
            named = [each for each in references_in(value) if each.get("qualified_name")]
            self._brought_about |= {Key(each["type_name"], each["qualified_name"]) for each in named}
        return value

    async def _waits_otherwise(self) -> bool:
        """Return whether something else than a reference depends on resources of other packages."""
        named = await depended_on(self._depends_on)
        return any(map(_is_foreign, everything_in(self._besides_references) | everything_in(named)))

    def _quotable(self, problems: Sequence[InputProblem]) -> tuple[InputProblem, ...]:
        """Return the problems as other resources may quote them: a reason may contain a secret."""
        if self._secret:
            return (InputProblem(problems[0].property, "its inputs are not valid"),)
        return tuple(problems)

    async def _waits_for(self, met: Resolved) -> set[pulumi.Resource]:
        named = everything_in(await depended_on(self._depends_on))
        parent = set() if self._parent is None else {self._parent}
        return everything_in(met.depends_on) | named | parent

    async def _created_before(self, met: Resolved) -> bool:
        """Add the entities that the dependencies create, recursively.

        Returns:
            Whether resources of other packages are among the dependencies: what they create is unknown.
        """
        others = False
        named = everything_in(await depended_on(self._depends_on))
        self._before = await self._waits_for(met)
        for resource in self._before:
            if isinstance(planned := getattr(resource, "planned", None), PlannedResource):
                met.created_before |= await planned.created()
                self._published |= await planned.published()
                others = others or not planned.is_entity
            elif resource is not self._parent:
                others = others or resource in named or pulumi.runtime.is_dry_run()
        return others

    # -- known without waiting ---------------------------------------------------------------------

    def key_now(self) -> Key | None:
        """Return the entity's key if it is known without waiting; else None."""
        parts = known_now({name: self._props.get(name) for name in self._lifecycle.named_by})
        name = self._lifecycle.preview_qualified_name(
            {name: part for name, part in parts.items() if part is not None}
        )
        known = isinstance(name, str) and self.is_entity
        return Key(self._lifecycle.type_name, name) if known else None

    def removes_below(self) -> str | None:
        """Return the prefix of the entities that an update may delete; None if none or unknown."""
        below = self._lifecycle.removes_below
        key = self.key_now() if below is not None else None
        return f"{key.qualified_name}{below}" if key else None

    def entities_now(self) -> frozenset[Key]:
        """Return the entities that the resource declares, those known without waiting."""
        if self._declared.done():
            declaration = self._declared.result()
            return declaration.creates if declaration else frozenset()
        inputs = {name: known_now(given) for name, given in self._props.items()}
        declared = self._lifecycle.preview_inputs(
            {name: item for name, item in inputs.items() if item is not None}
        )
        return frozenset(self._lifecycle.entities(declared) if declared else ())

    def mark_now(self) -> str | None:
        """Return the ownership mark; None if it is off, or not known without waiting."""
        if self.managed_by.done():
            return self.managed_by.result()
        types = urn_of(self.resource).split("::")[2]
        parents = types.removesuffix(self.resource.pulumi_resource_type)
        return self._mark_below(self._owner.result(), parents) if self._owner.done() else None

    def may_be_after(self, before: set[pulumi.Resource]) -> bool:
        """Return whether the engine may check this resource after one that depends on `before` alone."""
        if not self._declared.done():
            return True
        return not all(is_settled(each.urn) for each in self.after() - before)

    @property
    def is_entity(self) -> bool:
        """Whether the resource is an entity in Atlan. What another one brings about is unknown."""
        return self._lifecycle.is_entity

    @property
    def uncertain(self) -> bool:
        """Whether the engine may use other inputs than these: `ignore_changes`, or a transform."""
        return self._inputs_may_be_kept or may_be_transformed(self.resource)

    def after(self) -> set[pulumi.Resource]:
        """Return the dependencies, with the dependencies of this package's resources among them."""
        found: set[pulumi.Resource] = set()
        new = self._before
        while new:
            found |= new
            plans = [getattr(resource, "planned", None) for resource in new]
            new = set().union(*(each._before for each in plans if each)) - found  # noqa: SLF001
        return found

    async def created(self) -> set[Key]:
        """Return the entities that exist once this resource does: its own, and those of its dependencies."""
        declaration = await self._declared
        if declaration is None:
            return set()
        return {*declaration.created_before, *declaration.creates, *self._named_by_provider()}

    def _named_by_provider(self) -> set[Key]:
        """Return the entity's key if the provider has chosen its name; empty while it has not."""
        name = known_now(getattr(self.resource, "qualified_name", None))
        named = isinstance(name, str) and self.is_entity and not isinstance(self._lifecycle, ManyLifecycle)
        return {Key(self.type_name, name)} if named else set()

    async def published(self) -> set[Key]:
        """Return assets of others that exist once this resource does, such as after a crawl."""
        declaration = await self._declared
        if declaration is None:
            return set()
        return {*declaration.published, *self._lifecycle.publishes(declaration.inputs)}
