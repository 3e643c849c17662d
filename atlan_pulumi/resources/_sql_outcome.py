"""SqlOutcome: what was derived from the SQL of a resource, and the properties that follow from it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi

from atlan_pulumi.naming import table_of
from atlan_pulumi.not_text import not_derived
from atlan_pulumi.text import counted

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, CatalogTable
    from atlan_pulumi.resources._sql_tables import DeclaredTable
    from atlan_pulumi.sql import Problem

SIDES = ("inputs", "outputs")
LEFT_OUT = "columns without lineage are left out"
_OTHER_TABLES = (
    "reads or writes other tables than the declared inputs and outputs; they are not named here, since "
    "the SQL is a secret"
)
_SECRET = "the SQL is a secret, so that the problem is not shown"  # noqa: S105 - a text
Makers = Mapping[str, frozenset[pulumi.Resource]]
"""The resources of the program that create a table, by its qualifiedName."""


class SqlOutcome(NamedTuple):
    """What was derived, and from what.

    Attributes:
        sql: The SQL; None if it is not known yet.
        lineage: The lineage; None if it is not known yet, or cannot be derived.
        refusal: Why it cannot be derived; empty otherwise.
        depends_on: The resources on which the SQL and the connection depend.
        secret: Whether the SQL, or the name of one of its tables, is a secret.
        makers: The resources that create its tables.
        later: Whether its columns are derived during the deployment, once awaited tables are in Atlan.
    """

    sql: str | None
    lineage: CatalogLineage | None = None
    refusal: str = ""
    depends_on: frozenset[pulumi.Resource] = frozenset()
    secret: bool = False
    makers: Makers = {}  # noqa: RUF012 - never changed
    later: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is known what the SQL says, or that it cannot be read."""
        return self.lineage is not None or bool(self.refusal)

    @property
    def text(self) -> str | None:
        """The SQL; if its lineage cannot be derived, a text that is refused with the reason."""
        refused = f"its lineage cannot be derived: {self.refusal}"
        return not_derived(refused) if self.refusal else self.sql

    @property
    def parts(self) -> dict[str, Any]:
        """The properties of a process. Refused SQL has no tables, and is the problem itself."""
        if self.lineage is None:
            return {"inputs": [], "outputs": []} if self.refusal else {}
        own = bool({*self.lineage.inputs} & {*self.lineage.outputs}) or None
        inputs, outputs = (_references(getattr(self.lineage, side)) for side in SIDES)
        return {"inputs": inputs, "outputs": outputs, "reads_own_output": own}

    def items(self, side: str) -> list[Any]:
        """Return the inputs or outputs one by one, each dependent on the resources that create it."""
        return [_made(each, self.makers) for each in self.parts.get(side, [])]

    def columns(self, inputs: set[str], outputs: set[str]) -> dict[str, list[str]] | None:
        """Return the mapping of columns between some tables; None while there is no lineage."""
        if self.lineage is None:
            return None
        found = {}
        for target, sources in self.lineage.columns.items():
            kept = [each for each in sources if table_of(each, inputs)]
            if kept and table_of(target, outputs):
                found[target] = kept
        return found

    def problems(self) -> list[str]:
        """Return the problems of columns in words."""
        return lines_of(self.lineage.problems, secret=self.secret) if self.lineage else []


def refusal_of(lineage: CatalogLineage, *, secret: bool) -> str:
    """Return why a lineage is refused, in one line; empty if it is not."""
    lines = lines_of(lineage.refusals, secret=secret)
    more = f" (and {counted(len(lines) - 1, 'more problem')})" if len(lines) > 1 else ""
    return f"{lines[0]}{more}" if lines else ""


def is_secret(declared: Iterable[DeclaredTable], lineage: CatalogLineage) -> bool:
    """Return whether the name of a table of a lineage is a secret of the program."""
    return any(each.secret for each in _used(declared, lineage))


def makers_of(declared: Iterable[DeclaredTable], lineage: CatalogLineage) -> Makers:
    """Return the resources that create tables of a lineage."""
    return {
        each.table.qualified_name: each.created_by for each in _used(declared, lineage) if each.created_by
    }


def _used(declared: Iterable[DeclaredTable], lineage: CatalogLineage) -> list[DeclaredTable]:
    """Return the declared tables that a lineage reads or writes."""
    names = {each.qualified_name for each in (*lineage.inputs, *lineage.outputs)}
    return [each for each in declared if each.table.qualified_name in names]


def differences(in_sql: Sequence[set[str]], declared: Sequence[set[str]], *, secret: bool) -> list[str]:
    """Return how the tables of SQL differ from the inputs and outputs that are declared, in words.

    Args:
        in_sql: The names of the tables that it reads, and of those that it writes.
        declared: The names of the inputs, and of the outputs.
        secret: Whether the SQL is a secret, so that its tables are not named.
    """
    lines: list[str] = []
    for verb, names, known in zip(("read", "write"), in_sql, declared, strict=True):
        lines += [f"does not {verb} {name!r}, which is declared" for name in sorted(known - names)]
        lines += [f"also {verb}s {name!r}, which is not declared" for name in sorted(names - known)]
    return [_OTHER_TABLES] if secret and lines else lines


def _references(tables: Iterable[CatalogTable]) -> list[dict[str, str]]:
    return [{"type_name": each.type_name, "qualified_name": each.qualified_name} for each in tables]


def _made(reference: dict[str, str], makers: Makers) -> Any:
    """Return a reference that depends on its makers, also in a preview that does not know them yet."""
    created_by = makers.get(reference["qualified_name"])
    if created_by is None:
        return reference
    return pulumi.Output({*created_by}, _done(reference), _done(True))


def unknown() -> pulumi.Output[Any]:
    """Return a value that is not known yet."""
    return pulumi.Output(set(), _done(None), _done(False))


def _done(value: Any) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


def lines_of(problems: Iterable[Problem], *, secret: bool) -> list[str]:
    """Return problems in words, without repetition. Those of a secret are not shown."""
    return list(dict.fromkeys(_SECRET if secret else str(each) for each in problems))
