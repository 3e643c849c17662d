"""Preflight: runs the checks over one batch of declarations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Literal, cast

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, ManyLifecycle, is_live
from atlan_pulumi.preflight._crawled_connections import warn_about_crawlers
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._lineage_checks import DeclaredEdges, self_sources, stray_columns
from atlan_pulumi.preflight._ownership_checks import (
    check_existing,
    declared_twice,
    look_up_subtypes,
    repeated_names,
)
from atlan_pulumi.preflight._reference_checks import check_references
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.preflight._unready_assets import UnreadyAssets

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Tenant

_ABOVE = frozenset({"connection", "process"})
"""The properties that name what an entity is created in."""
Level = Literal["error", "warning", "off"]
"""The level at which a doubtful declaration is reported."""


class Preflight:
    """Checks the declarations of a program against Atlan, batch by batch. Earlier batches are remembered."""

    def __init__(
        self,
        client: AtlanClient,
        *,
        stray_columns: Level = "warning",
        repeated_lineage: Level = "error",
        missing_assets: str = "error",
    ) -> None:
        """Set up.

        Args:
            client: The tenant.
            stray_columns: For a column outside the tables that its parent process links.
            repeated_lineage: For two resources with the same inputs, outputs, and code.
            missing_assets: `error`, `partial`, or `wait`, for resources that do not say.
        """
        self._cache = EntityCache(client)
        self._stray_columns = stray_columns
        self._repeated_lineage = repeated_lineage
        self._declared: dict[Key, Declaration] = {}
        self._unique_names: dict[tuple[str, ...], Declaration] = {}
        self._edges = DeclaredEdges()
        self._unready = UnreadyAssets(self._cache, missing_assets)

    def findings(self, declarations: list[Declaration]) -> list[Findings]:
        """Return the findings about each declaration. Lookups are batched over all of them.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        for declaration in declarations:
            for key in declaration.creates:
                self._declared.setdefault(key, declaration)
        self._look_up(declarations)
        found = {declaration: Findings() for declaration in declarations}
        twice = chain(
            declared_twice(declarations, self._declared), repeated_names(declarations, self._unique_names)
        )
        for declaration, problem in twice:
            found[declaration].problems.append(problem)
        check_references(found, self._declared, self._cache, self._unready)
        warn_about_crawlers(found, self._cache)
        for declaration, findings in found.items():
            self._check(declaration, findings)
        return list(found.values())

    def existing(self, key: Key) -> Entity | None:
        """Return the live entity with a key, as it was when it was looked up."""
        entity = self._cache.get(key)
        return entity if entity is not None and entity.status == "ACTIVE" else None

    def _check(self, declaration: Declaration, findings: Findings) -> None:
        if isinstance(declaration.lifecycle, ManyLifecycle):
            findings.lenient = declaration.waits_for_others
            findings.new_connections = self._new_connections(declaration)
        check_existing(declaration, self._cache, findings)
        findings.problems += self_sources(declaration, self._cache)
        _add(self._edges.repeated(declaration, self._cache), self._repeated_lineage, findings)
        strays = stray_columns(declaration, self._declared, self._cache)
        _add(strays, self._stray_columns, findings)

    def _new_connections(self, declaration: Declaration) -> list[str]:
        """Return the connections that the program creates before a resource, unless they are live."""
        connections = [key for key in declaration.created_before if key.type_name == "Connection"]
        self._cache.load(connections)
        return sorted(key.qualified_name for key in connections if not is_live(self._cache.get(key)))

    def _look_up(self, declarations: list[Declaration]) -> None:
        references = [reference for declaration in declarations for reference in declaration.references()]
        own = [declaration.key for declaration in declarations if declaration.key]
        marked_keys = [declaration.marked_key for declaration in declarations if declaration.marked_key]
        adopted = [declaration.key for declaration in declarations if declaration.key and declaration.adopts]
        parents = [reference.key for reference in references if reference.name == "process" and reference.key]
        self._cache.load(
            [*own, *marked_keys, *(each.key for each in references if each.key and each.name in _ABOVE)],
            assets=[each.key for each in references if each.key and each.name not in _ABOVE],
            guids=[reference.guid for reference in references if reference.guid],
            whole=[*adopted, *(key for key in parents if key not in self._declared)],
        )
        new = [key for key in own if self._cache.get(key) is None]
        look_up_subtypes(new, self._cache)


def _add(doubts: Iterable[InputProblem], level: Level, findings: Findings) -> None:
    if level == "error":
        findings.problems += doubts
    elif level == "warning":
        findings.warnings += [f"{doubt.property}: {doubt.reason}" for doubt in doubts]


def new_preflight(client: AtlanClient, tenant: Tenant) -> Preflight:
    """Return a preflight with the tenant's settings.

    Raises:
        ConfigurationError: A setting is not one of the levels.
    """
    return Preflight(
        client,
        stray_columns=cast("Level", tenant.setting("strayColumns")),
        repeated_lineage=cast("Level", tenant.setting("repeatedLineage")),
        missing_assets=tenant.setting("missingAssets"),
    )
