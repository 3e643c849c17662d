"""AtlanResource: base class of the resources, registered with preflight findings as a hidden input.

In the preview of an update, the engine knows only a dynamic resource's inputs. The GUID would be unknown,
and everything that depends on it would seem to change. Preflight has looked the entity up by then, and an
entity keeps its GUID in an update, so that the GUID is known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi.dynamic

from atlan_pulumi.dynamic._process import exempt_imports_of_program, install_signal_handlers
from atlan_pulumi.dynamic._reference import ProviderReference
from atlan_pulumi.dynamic.program._awaited_inputs import PLAIN, accepting_awaitables, is_plain, tag
from atlan_pulumi.dynamic.program._provider_start import start_provider
from atlan_pulumi.dynamic.program._settings import warn_about_settings
from atlan_pulumi.lifecycle import DEFAULTS
from atlan_pulumi.not_text import OUTPUT as OUTPUT_AS_TEXT
from atlan_pulumi.not_text import resource_as_text
from atlan_pulumi.startup import without_collection


def known_guid(guid: pulumi.Output[str], look_up: Callable[[], Awaitable[str | None]]) -> pulumi.Output[str]:
    """Return the GUID from the engine or, if a preview does not know it, from Atlan.

    Args:
        guid: The GUID from the engine.
        look_up: Returns the GUID of the live entity in Atlan; None if there is none.
    """
    if not pulumi.runtime.is_dry_run():
        return guid
    found = asyncio.ensure_future(_find(guid, look_up))

    async def is_known() -> bool:
        return await found is not None

    # A GUID that is not found is marked as unknown, so that its value is not read.
    value: asyncio.Future[Any] = found
    return pulumi.Output(guid.resources(), value, is_known(), guid.is_secret())


async def _find(guid: pulumi.Output[str], look_up: Callable[[], Awaitable[str | None]]) -> str | None:
    return await guid.future() if await guid.is_known() else await look_up()


class AtlanResource(pulumi.dynamic.Resource):
    """A resource in Atlan.

    Attributes:
        qualified_name: The qualifiedName; also the Pulumi id. Known in a preview.
        guid: The GUID in Atlan. Known in a preview if the entity exists.
        managed_by: The ownership mark; None if `atlan:ownershipMark` is off.
    """

    atlan_type: ClassVar[str] = ""
    """Atlan's typeName of the entity that the qualifiedName names."""
    kind: ClassVar[str] = ""
    """The name in the type token and for the loader. Default: `atlan_type`."""
    registered_short: ClassVar[frozenset[str]] = frozenset()
    """Properties with thousands of values, which are registered in the form in which the state has them: the
    provider then recognizes what did not change without validating it again."""
    more_outputs: ClassVar[tuple[str, ...]] = ()
    """Outputs in addition to those that every resource has."""
    _contract: ClassVar[int] = 1
    _known_guid: pulumi.Output[str] | None = None

    qualified_name: pulumi.Output[str]
    managed_by: pulumi.Output[str | None]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Without the name, a subclass would get Pulumi's generic type token, and be replaced.
        super().__init_subclass__(module="atlan", name=cls.kind or cls.atlan_type or "Resource", **kwargs)
        if "__init__" in vars(cls):
            cls.__init__ = accepting_awaitables(cls.__init__)  # type: ignore[method-assign]

    def __init__(
        self,
        resource_name: str,
        props: dict[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        start_provider(opts)
        # Preflight is loaded with the first resource, so that the package imports faster.
        with without_collection():
            from atlan_pulumi.dynamic.program._plan_inputs import (  # noqa: PLC0415
                PlannedResource,
                has_transformations,
                on_its_shard,
            )

        exempt_imports_of_program()
        install_signal_handlers()
        warn_about_settings()
        kind = (self.kind or self.atlan_type, self._contract)
        props = {name: without_resources(value) for name, value in props.items()}
        opts = on_its_shard(resource_name, opts)
        self.planned = PlannedResource(self, resource_name, kind, dict(props), opts)
        props.pop(DEFAULTS, None)  # sent with the findings
        outputs = dict.fromkeys(("qualified_name", "guid", *self.more_outputs))
        hidden = {"managed_by": self.planned.managed_by, "findings": self.planned.findings()}
        if not has_transformations(opts):  # these get the author's values
            short = {name for name in self.registered_short if is_plain(props.get(name))}
            props |= {name: self.planned.in_short_form(name) for name in short}
        super().__init__(ProviderReference(*kind), resource_name, {**outputs, **props, **hidden}, opts)
        tag(self.qualified_name, self.planned)

    def given(self, name: str) -> Any:
        """Return the argument that the author passed for a property."""
        return self.planned.given(name)

    @property
    def guid(self) -> pulumi.Output[str]:
        """The GUID in Atlan, also in the preview of an update."""
        if self._known_guid is None:
            raw = self.__dict__["guid"]  # where Pulumi puts a resource's outputs
            self._known_guid = known_guid(raw, self.planned.guid)
        return self._known_guid


def without_resources(value: Any) -> Any:
    """Replace each resource in a value, and each Output that is a key, by a placeholder text.

    Pulumi cannot serialize them and fails with a traceback. The provider refuses the placeholder in one
    line, on its property.
    """
    if type(value) in PLAIN:
        return value
    if isinstance(value, pulumi.Resource):
        return resource_as_text(value.pulumi_resource_type.rpartition(":")[2], value.pulumi_resource_name)
    if isinstance(value, Mapping):
        return {_key(key): without_resources(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_resources(item) for item in value]
    return value


def _key(key: Any) -> Any:
    return OUTPUT_AS_TEXT if isinstance(key, pulumi.Output) else without_resources(key)


def named_after(resource_name: str, name: str, given: Any) -> dict[str, Any]:
    """Return a property that defaults to the resource's name, and record whether the default was used.

    Args:
        resource_name: The resource's name in the stack.
        name: The property's name, such as `process_id`.
        given: The author's argument; None for the default.
    """
    return {name: given} if given is not None else {name: resource_name, DEFAULTS: [name]}
