"""Derive the lineage of the nodes of a dbt project: each model and snapshot is a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.dbt._artifacts import Node, Project
from atlan_pulumi.dbt._tables import dialect_of_adapter, table_of_node
from atlan_pulumi.derivation import CatalogLineage, CatalogTable, Script, as_process, derive_in_catalog
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.naming import asset_types
from atlan_pulumi.sql import Problem
from atlan_pulumi.text import did_you_mean

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

_BUILT = {"model", "snapshot"}
_NOT_COMPILED = "no compiled SQL: run `dbt compile` or `dbt docs generate`"
_NOT_SQL = "not written in SQL: its columns have no lineage"
_ASSET_KEYS = ("type_name", "qualified_name")


class NodeLineage(NamedTuple):
    """The lineage of a node.

    Attributes:
        node: The node: a model, a snapshot, or an exposure.
        lineage: Its lineage. What the SQL does not say about tables comes from the project; each such refusal
            is a problem.
    """

    node: Node
    lineage: CatalogLineage

    def process(self, connection: str) -> dict[str, Any]:
        """Return the process of a `LineageMap` for the node.

        Args:
            connection: The connection for which the lineage was derived.
        """
        return {**self.attributes, **as_process(self.lineage, connection)}

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the process, as far as the project has them."""
        node = self.node
        texts = {"name": node.label, "description": node.description, "sql": node.sql, "source_url": node.url}
        return {name: text for name, text in texts.items() if text}

    def without_columns(self) -> NodeLineage:
        """Return the lineage of tables only, without the problems of columns."""
        return self._replace(lineage=CatalogLineage(self.lineage.inputs, self.lineage.outputs))


def no_lineage(target: Path) -> LineageDataError:
    """Return the error of a project in which nothing that was selected has lineage."""
    return LineageDataError(f"no lineage in the dbt project {target}: no selected model reads a table")


class ProjectLineage:
    """Derives the lineage of the nodes of a project."""

    def __init__(self, project: Project, *, connection: str, default_database: str | None = None) -> None:
        """Set up, and name the tables of all nodes.

        Args:
            project: The project.
            connection: The qualifiedName of the connection with the tables.
            default_database: The database of tables without one.

        Raises:
            LineageDataError: The name of a table cannot be a path in Atlan.
        """
        self._project, self._connection = project, connection
        self._dialect = dialect_of_adapter(project.adapter)
        self._tables = {
            each.unique_id: table_of_node(each, connection, self._dialect, default_database)
            for each in project.nodes.values()
            if each.has_table
        }

    def derive(self, nodes: Sequence[Node], client: AtlanClient | None = None) -> list[NodeLineage]:
        """Return the lineage of those nodes that have any.

        A model or a snapshot reads the tables in its compiled SQL, and those of the nodes on which it
        depends. An ephemeral model is part of the SQL of others. An exposure reads the tables of its nodes,
        and feeds the asset that its `meta` names as `atlan`, with `type_name` and `qualified_name`; without
        that, it has none.

        Args:
            nodes: The nodes. Seeds, sources, tests, and so on have no lineage of their own.
            client: The client that looks up tables without an entry in the catalog; None to look nothing up.

        Raises:
            LineageDataError: An exposure's `meta` is invalid.
            RequestError: Atlan refused, or could not be reached.
        """
        built = [each for each in nodes if each.resource_type in _BUILT and each.unique_id in self._tables]
        compiled = [each for each in built if each.sql is not None]
        derived = derive_in_catalog(client, [self._script(each, each.sql or "") for each in compiled])
        lineages = {each.unique_id: lineage for each, lineage in zip(compiled, derived, strict=True)}
        found = [NodeLineage(each, self._built(each, lineages.get(each.unique_id))) for each in built]
        exposed = [each for each in nodes if each.resource_type == "exposure" and "atlan" in each.meta]
        found += [NodeLineage(each, CatalogLineage(self._read(each), (_asset_of(each),))) for each in exposed]
        return [each for each in found if each.lineage.inputs]

    def _script(self, node: Node, sql: str) -> Script:
        """Return the SQL of a node, which defines its table, with the tables that it may read."""
        target = self._tables[node.unique_id]
        near = (target, *self._read(node))
        return Script(sql, self._connection, self._dialect, passed=near, target=target)

    def _built(self, node: Node, lineage: CatalogLineage | None) -> CatalogLineage:
        """Return the lineage of a model or a snapshot: what its SQL says, and what the project says."""
        own = self._tables[node.unique_id]
        if lineage is None:
            why = _NOT_COMPILED if node.language == "sql" else _NOT_SQL
            lineage = CatalogLineage(problems=(Problem(why),))
        named = {own.qualified_name, *(each.qualified_name for each in lineage.inputs)}
        parents = [each for each in self._read(node) if each.qualified_name not in named]
        # SQL that reads no table, and therefore is refused, may still depend on nodes.
        unread = [each for each in lineage.refusals if each.line or lineage.inputs]
        return replace(
            lineage,
            inputs=(*lineage.inputs, *parents),
            outputs=(own,),
            refusals=(),
            problems=(*unread, *lineage.problems),
        )

    def _read(self, node: Node) -> tuple[CatalogTable, ...]:
        """Return the tables of the nodes on which a node depends, through those that have none."""
        waiting, seen = [*node.parents], set[str]()
        found: dict[CatalogTable, None] = {}
        while waiting:
            parent = waiting.pop(0)
            if parent in self._tables:
                found[self._tables[parent]] = None
            elif parent in self._project.nodes and parent not in seen:
                seen.add(parent)
                waiting += self._project.nodes[parent].parents
        return tuple(found)


def _asset_of(node: Node) -> CatalogTable:
    """Return the asset that the `meta` of an exposure names."""
    named = node.meta["atlan"]
    place = f"{node.file}: the exposure {node.name!r}"
    if not isinstance(named, Mapping) or any(not isinstance(named.get(key), str) for key in _ASSET_KEYS):
        raise LineageDataError(f"{place}: meta.atlan needs {' and '.join(_ASSET_KEYS)}, as strings")
    type_name, name = (named[key] for key in _ASSET_KEYS)
    if not asset_types.is_asset_type(type_name):
        near = did_you_mean(type_name, asset_types.type_names())
        raise LineageDataError(f"{place}: meta.atlan: {type_name!r} is not an Atlan type{near}")
    return CatalogTable(type_name, name)
