"""Rules that judge an asset's own attributes, such as owners and a certificate, and mend them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from atlan_pulumi.declared import Declared
from atlan_pulumi.policies._rule import Remediating, ResourceRule
from atlan_pulumi.policies._rule_settings import Settings

Kind = Literal["Connection", "OpenLineageConnection", "Process", "ColumnProcess"]
_USUAL: tuple[Kind, ...] = ("Connection", "OpenLineageConnection", "Process")
_SET = "ProcessSet"
_PROCESSES = "processes"


class DescribedSettings(Settings):
    """The setting that all of these rules have."""

    kinds: Annotated[
        list[Kind],
        Field(
            min_length=1, description="The kinds that it looks at; `Process` stands for those of a set, too."
        ),
    ] = Field(default_factory=lambda: list(_USUAL))


D = TypeVar("D", bound=DescribedSettings)


def described(resource: Declared, settings: DescribedSettings) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What of a resource has these attributes: how a message calls it, and its properties.

    An `OpenLineageJob` and the column processes of a `ColumnLineage` or a `ProcessSet` have none.
    """
    if resource.kind == _SET:
        edges = resource.edges if "Process" in settings.kinds else ()
        yield from ((str(edge), edge.declared) for edge in edges if not edge.is_column_process)
    elif resource.kind in settings.kinds:
        yield str(resource if resource.is_connection else resource.edges[0]), resource.props


class MendingRule(ResourceRule[D], Remediating):
    """A rule that mends what it judges, also each process of a set."""

    @abstractmethod
    def mended(self, props: Mapping[str, Any], settings: D) -> dict[str, Any]:
        """The properties that mend what has these.

        The engine takes them as they are: no check comes after. What the check has refused comes here, too.
        """

    def remedy(self, resource: Declared, settings: D) -> dict[str, Any]:
        """What to change; of a set, process by process."""
        if resource.kind != _SET:
            return self.mended(resource.props, settings) if resource.kind in settings.kinds else {}
        processes = resource.props.get(_PROCESSES)
        if "Process" not in settings.kinds or not isinstance(processes, Mapping):
            return {}
        known = {key: props for key, props in processes.items() if isinstance(props, Mapping)}
        found = {key: self.mended(props, settings) for key, props in known.items()}
        changes = {key: change for key, change in found.items() if change}
        return {_PROCESSES: changes} if changes else {}
