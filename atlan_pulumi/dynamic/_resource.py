"""The base of this package's resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi
import pulumi.dynamic

from atlan_pulumi.dynamic._adapter import LifecycleProvider
from atlan_pulumi.dynamic._awaitables import accepting_awaitables
from atlan_pulumi.dynamic._known import known_guid
from atlan_pulumi.dynamic._options import on_its_shard
from atlan_pulumi.dynamic._outlook import Outlook
from atlan_pulumi.dynamic._quiet import leave_quietly_when_stopped
from atlan_pulumi.dynamic._resolve import tag
from atlan_pulumi.lifecycle import DEFAULTS, OUTPUT_AS_TEXT, resource_as_text


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
        leave_quietly_when_stopped()
        kind = (self.kind or self.atlan_type, self._contract)
        props = {name: without_resources(value) for name, value in props.items()}
        opts = on_its_shard(resource_name, opts)
        self.outlook = Outlook(self, resource_name, kind, dict(props), opts)
        props.pop(DEFAULTS, None)  # which goes with the findings
        outputs = dict.fromkeys(("qualified_name", "guid", *self.more_outputs))
        told = {"managed_by": self.outlook.managed_by, "findings": self.outlook.findings()}
        super().__init__(LifecycleProvider(*kind), resource_name, {**outputs, **props, **told}, opts)
        tag(self.qualified_name, self.outlook)

    @property
    def explicit_provider(self) -> pulumi.ProviderResource | None:
        """The provider that the resource was given, itself or through its parent."""
        return getattr(self, "_provider", None)

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


def accept(kind: str, given: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """Refuse keyword arguments that a resource does not have, as Python does for a function.

    Raises:
        TypeError: Naming the first unknown one.
    """
    for name in given:
        if name not in known:
            raise TypeError(f"{kind}() got an unexpected keyword argument {name!r}")
    return given


def named_after(resource_name: str, name: str, given: Any) -> dict[str, Any]:
    """Return a property whose default is the resource's name, with a note that it is a default.

    Args:
        resource_name: The resource's name in the stack.
        name: The property's name, such as `process_id`.
        given: What the author gave; None for nothing.
    """
    return {name: given} if given is not None else {name: resource_name, DEFAULTS: [name]}
