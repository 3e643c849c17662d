"""The base of this package's resources."""

from __future__ import annotations

from typing import Any, ClassVar

import pulumi
import pulumi.dynamic

from atlan_pulumi.dynamic._adapter import LifecycleProvider
from atlan_pulumi.dynamic._known import known_guid
from atlan_pulumi.dynamic._quiet import leave_quietly_when_stopped


class AtlanResource(pulumi.dynamic.Resource):
    """A resource in Atlan.

    Attributes:
        qualified_name: The qualifiedName; also the Pulumi id. Known in a preview.
        guid: The GUID that Atlan gave it; known in a preview once it exists.
    """

    atlan_type: ClassVar[str] = ""
    """Atlan's typeName of what the resource makes."""
    _contract: ClassVar[int] = 1
    _known_guid: pulumi.Output[str] | None = None

    qualified_name: pulumi.Output[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # A plain subclass would fall back to Pulumi's generic type token, and so be replaced.
        super().__init_subclass__(module="atlan", name=cls.atlan_type or "Resource", **kwargs)

    def __init__(
        self,
        resource_name: str,
        props: dict[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        leave_quietly_when_stopped()
        outputs = {"qualified_name": None, "guid": None}
        super().__init__(
            LifecycleProvider(self.atlan_type, self._contract), resource_name, {**outputs, **props}, opts
        )

    @property
    def guid(self) -> pulumi.Output[str]:
        """The GUID that Atlan gave it, also in the preview of an update."""
        if self._known_guid is None:
            options = getattr(getattr(self, "_provider", None), "atlan_options", None)
            raw = self.__dict__["guid"]  # where Pulumi puts a resource's outputs
            self._known_guid = known_guid(raw, self.atlan_type, self.qualified_name, options)
        return self._known_guid


def accept(kind: str, given: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """Refuse keyword arguments that a resource does not have, as Python does for a function.

    Raises:
        TypeError: Naming the first unknown one.
    """
    for name in given:
        if name not in known:
            raise TypeError(f"{kind}() got an unexpected keyword argument {name!r}")
    return given
