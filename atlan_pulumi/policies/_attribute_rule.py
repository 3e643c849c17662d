"""Base of the rules that check and remediate attributes of connections and processes, such as owners."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import Remediating, ResourceRule
from atlan_pulumi.policies._rule_settings import Settings

AttributeKind = Literal["Connection", "OpenLineageConnection", "Process", "ColumnProcess", "Asset"]
_DEFAULT_KINDS: tuple[AttributeKind, ...] = ("Connection", "OpenLineageConnection", "Process", "Asset")
_SET = "ProcessSet"
_PROCESSES = "processes"


class AttributeSettings(Settings):
    """The setting that all attribute rules share."""

    kinds: Annotated[
        list[AttributeKind],
        Field(
            min_length=1,
            description="Kinds of resources to check; `Process` includes the processes of a `ProcessSet`.",
        ),
    ] = Field(default_factory=lambda: list(_DEFAULT_KINDS))


A = TypeVar("A", bound=AttributeSettings)


def with_attributes(
    resource: Declared, settings: AttributeSettings
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the entities of a resource that have attributes: a label for messages, and the properties.

    An `OpenLineageJob` and the column processes of a `ColumnLineage` or a `ProcessSet` have no attributes.
    """
    if resource.kind == _SET:
        edges = resource.edges if "Process" in settings.kinds else ()
        yield from ((str(edge), edge.declared) for edge in edges if not edge.is_column_process)
    elif resource.policy_kind in settings.kinds:
        yield str(resource if resource.entity_type else resource.edges[0]), resource.props


class AttributeRule(ResourceRule[A], Remediating):
    """A rule that checks and remediates attributes, also those of each process of a `ProcessSet`."""

    @abstractmethod
    def remediated_props(self, props: Mapping[str, Any], settings: A) -> dict[str, Any]:
        """Return the properties to change, with their new values; empty if nothing has to change.

        The engine deploys the values without another check by the provider. It also calls this for
        properties that the provider's check refused.
        """

    def remedy(self, resource: Declared, settings: A) -> dict[str, Any]:
        """Return the properties to change; of a `ProcessSet`, by process."""
        if resource.kind != _SET:
            selected = resource.policy_kind in settings.kinds
            return self.remediated_props(resource.props, settings) if selected else {}
        processes = resource.props.get(_PROCESSES)
        if "Process" not in settings.kinds or not isinstance(processes, Mapping):
            return {}
        known = {key: props for key, props in processes.items() if isinstance(props, Mapping)}
        found = {key: self.remediated_props(props, settings) for key, props in known.items()}
        changes = {key: change for key, change in found.items() if change}
        return {_PROCESSES: changes} if changes else {}
