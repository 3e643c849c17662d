"""Preflight: runs the checks over one batch of declarations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Literal, get_args

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem, ManyLifecycle
from atlan_pulumi.preflight._catalog import Catalog
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._lineage_checks import Edges, own_sources, stray_columns
from atlan_pulumi.preflight._ownership_checks import (
    alike,
    check_existing,
    declared_twice,
    subtypes_to_look_up,
)
from atlan_pulumi.preflight._reference_checks import look_at_references
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.settings import OFF

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Tenant

Level = Literal["error", "warning", "off"]
"""How seriously a doubtful declaration is taken."""


class Preflight:
    """Holds what a program declares against what is in Atlan; it remembers what it was shown."""

    def __init__(
        self, client: AtlanClient, *, stray_columns: Level = "warning", repeated_lineage: Level = "error"
    ) -> None:
        """Set up.

        Args:
            client: The tenant.
            stray_columns: For a column that lies in none of the tables that its parent process links.
            repeated_lineage: For two resources with the same inputs, outputs and code.
        """
        self._catalog = Catalog(client)
        self._stray_columns = stray_columns
        self._repeated_lineage = repeated_lineage
        self._declared: dict[Key, Declaration] = {}
        self._alike: dict[tuple[str, ...], Declaration] = {}
        self._edges = Edges()

    def findings(self, declarations: list[Declaration]) -> list[Findings]:
        """What was found out about each; the look-ups are batched over all of them.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        for declaration in declarations:
            for key in declaration.makes:
                self._declared.setdefault(key, declaration)
        self._look_up(declarations)
        found = {declaration: Findings() for declaration in declarations}
        twice = chain(declared_twice(declarations, self._declared), alike(declarations, self._alike))
        for declaration, problem in twice:
            found[declaration].problems.append(problem)
        look_at_references(found, self._declared, self._catalog)
        for declaration, findings in found.items():
            self._look_at(declaration, findings)
        return list(found.values())

    def existing(self, key: Key) -> Entity | None:
        """The live entity of that name, as it was when it was looked up."""
        entity = self._catalog.named(key)
        return entity if entity is not None and entity.status == "ACTIVE" else None

    def _look_at(self, declaration: Declaration, findings: Findings) -> None:
        findings.lenient = declaration.waits_for_others and isinstance(declaration.lifecycle, ManyLifecycle)
        check_existing(declaration, self._catalog, findings)
        findings.problems += own_sources(declaration, self._catalog)
        _add(self._edges.repeated(declaration, self._catalog), self._repeated_lineage, findings)
        strays = stray_columns(declaration, self._declared, self._catalog)
        _add(strays, self._stray_columns, findings)

    def _look_up(self, declarations: list[Declaration]) -> None:
        places = [place for declaration in declarations for place in declaration.places()]
        own = [declaration.key for declaration in declarations if declaration.key]
        bearers = [declaration.bearer for declaration in declarations if declaration.bearer]
        adopted = [declaration.key for declaration in declarations if declaration.key and declaration.adopts]
        parents = [place.key for place in places if place.name == "process" and place.key]
        self._catalog.load(
            [*own, *bearers, *(place.key for place in places if place.key)],
            guids=[place.guid for place in places if place.guid],
            whole=[*adopted, *(key for key in parents if key not in self._declared)],
        )
        new = [key for key in own if self._catalog.named(key) is None]
        self._catalog.load(other for key in new for other in subtypes_to_look_up(key))


def _add(doubts: Iterable[InputProblem], level: Level, findings: Findings) -> None:
    if level == "error":
        findings.problems += doubts
    elif level == "warning":
        findings.warnings += [f"{doubt.property}: {doubt.reason}" for doubt in doubts]


def new_preflight(client: AtlanClient, tenant: Tenant) -> Preflight:
    """Return a review with the tenant's settings.

    Raises:
        ConfigurationError: A setting is none of the levels.
    """
    return Preflight(
        client,
        stray_columns=_level(tenant, "strayColumns", "warning"),
        repeated_lineage=_level(tenant, "repeatedLineage", "error"),
    )


def _level(tenant: Tenant, name: str, default: Level) -> Level:
    given = tenant.setting(name, default).lower()
    allowed: tuple[Level, ...] = get_args(Level)
    for level in allowed:
        if given == level or (level == "off" and given in OFF):
            return level
    raise ConfigurationError(f"atlan:{name} must be one of {', '.join(allowed)}, not {given!r}")
