"""AtlanResource: base of the resources; registers with the report as a hidden input.

The engine shows a dynamic resource's inputs as the outputs of a previewed update, so that what Atlan gave it
would be unknown there, and everything that depends on it would seem to change. The program has looked it up
before: an entity that exists keeps its GUID in an update.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

import pulumi
import pulumi.dynamic

from atlan_pulumi.dynamic._process import install_signal_handlers
from atlan_pulumi.dynamic._reference import ProviderReference
from atlan_pulumi.dynamic.program._awaited_inputs import accepting_awaitables, tag
from atlan_pulumi.dynamic.program._plan_inputs import PlannedResource, on_its_shard
from atlan_pulumi.lifecycle import DEFAULTS
from atlan_pulumi.not_text import OUTPUT as OUTPUT_AS_TEXT
from atlan_pulumi.not_text import resource_as_text


def known_guid(guid: pulumi.Output[str], look_up: Callable[[], Awaitable[str | None]]) -> pulumi.Output[str]:
    """The GUID as the engine has it; where a preview does not know it, as Atlan has it.

    Args:
        guid: The GUID as the engine has it.
        look_up: Gives the GUID as Atlan has it; None where there is none.
    """
    if not pulumi.runtime.is_dry_run():
        return guid
    found = asyncio.ensure_future(_find(guid, look_up))

    async def is_known() -> bool:
        return await found is not None

    # What is not found is told to be unknown, and its value is never read.
    value: asyncio.Future[Any] = found
    return pulumi.Output(guid.resources(), value, is_known(), guid.is_secret())


async def _find(guid: pulumi.Output[str], look_up: Callable[[], Awaitable[str | None]]) -> str | None:
    return await guid.future() if await guid.is_known() else await look_up()


class AtlanResource(pulumi.dynamic.Resource):
    """A resource in Atlan.

    Attributes:
        qualified_name: The qualifiedName; also the Pulumi id. Known in a preview.
        guid: The GUID that Atlan gave it; known in a preview once it exists.
        managed_by: The mark of ownership; None where that is switched off.
    """

    atlan_type: ClassVar[str] = ""
    """Atlan's typeName of the entity that the qualifiedName names."""
    kind: ClassVar[str] = ""
    """The resource's name in its type token, and for the loader; without one it is `atlan_type`."""
    more_outputs: ClassVar[tuple[str, ...]] = ()
    """Outputs beside those that every resource has."""
    _contract: ClassVar[int] = 1
    _known_guid: pulumi.Output[str] | None = None

    qualified_name: pulumi.Output[str]
    managed_by: pulumi.Output[str | None]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # A plain subclass would fall back to Pulumi's generic type token, and so be replaced.
        super().__init_subclass__(module="atlan", name=cls.kind or cls.atlan_type or "Resource", **kwargs)
        if "__init__" in vars(cls):
            cls.__init__ = accepting_awaitables(cls.__init__)  # type: ignore[method-assign]

    def __init__(
        self,
        resource_name: str,
        props: dict[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        install_signal_handlers()
        kind = (self.kind or self.atlan_type, self._contract)
        props = {name: without_resources(value) for name, value in props.items()}
        opts = on_its_shard(resource_name, opts)
        self.outlook = PlannedResource(self, resource_name, kind, dict(props), opts)
        props.pop(DEFAULTS, None)  # which goes with the findings
        outputs = dict.fromkeys(("qualified_name", "guid", *self.more_outputs))
        told = {"managed_by": self.outlook.managed_by, "findings": self.outlook.findings()}
        super().__init__(ProviderReference(*kind), resource_name, {**outputs, **props, **told}, opts)
        tag(self.qualified_name, self.outlook)

    def given(self, name: str) -> Any:
        """What the author gave for a property, known without the engine."""
        return self.outlook.given(name)

    @property
    def guid(self) -> pulumi.Output[str]:
        """The GUID that Atlan gave it, also in the preview of an update."""
        if self._known_guid is None:
            raw = self.__dict__["guid"]  # where Pulumi puts a resource's outputs
            self._known_guid = known_guid(raw, self.outlook.guid)
        return self._known_guid


def without_resources(value: Any) -> Any:
    """Return the value with a text for each resource in it, and for each Output that is a key.

    Pulumi would fail to send them, with a traceback; the texts are refused in one line, on their property.
    """
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
    """Return a property whose default is the resource's name, with a note that it is a default.

    Args:
        resource_name: The resource's name in the stack.
        name: The property's name, such as `process_id`.
        given: What the author gave; None for nothing.
    """
    return {name: given} if given is not None else {name: resource_name, DEFAULTS: [name]}
