"""SqlLineage: the lineage of a resource's SQL, derived in the program with the tables in Atlan.

What is derived becomes ordinary inputs of the resource: a preview shows it, and the provider checks it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, Resolved, registered
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.naming import connector_of
from atlan_pulumi.not_text import not_derived
from atlan_pulumi.resources._sql_tables import (
    DeclaredTable,
    declared_tables,
    import_parser,
    in_batch,
    table_input,
    tables_in,
)
from atlan_pulumi.resources.references import qualified_name_of
from atlan_pulumi.resources.sql_context import SqlContext
from atlan_pulumi.text import counted

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, CatalogTable, Script
    from atlan_pulumi.sql import Problem

_SIDES = ("inputs", "outputs")
_SECRET = "the SQL is a secret, so that the problem is not shown"  # noqa: S105 - a text


class _Outcome(NamedTuple):
    """What was derived, and from what.

    Attributes:
        sql: The SQL; None if it is not known yet.
        lineage: The lineage; None if it is not known yet, or cannot be derived.
        refusal: Why it cannot be derived; empty otherwise.
        depends_on: The resources on which it depends.
        secret: Whether the SQL is a secret.
    """

    sql: str | None
    lineage: CatalogLineage | None = None
    refusal: str = ""
    depends_on: frozenset[pulumi.Resource] = frozenset()
    secret: bool = False

    @property
    def is_known(self) -> bool:
        return self.lineage is not None or bool(self.refusal)


class SqlLineage:
    """The lineage of one resource's SQL, derived while the program continues."""

    def __init__(
        self,
        resource: AtlanResource,
        name: str,
        *,
        sql: Any,
        context: SqlContext,
        connection: AtlanResource | pulumi.Input[str],
        given: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Set up, and begin.

        Args:
            resource: The resource, which is not registered yet.
            name: Its name in messages.
            sql: The SQL.
            context: What its names mean.
            connection: The connection of the process.
            given: The inputs and outputs that the author passed; None for those to derive. A single output is
                what a SELECT defines.
            opts: The options of the resource. A deployment looks tables up after its `depends_on`, such as a
                crawl.

        Raises:
            ResourceError: The extra `sql` is not installed, or a table of the context is not known.
        """
        import_parser()
        self._resource, self._name, self._sql, self._context = resource, name, sql, context
        self._connection = qualified_name_of(context.connection or connection)
        self._given, self._after = given, opts.depends_on if opts else None
        self._tables = [table_input(each, self._connection) for each in context.tables]
        self._outcome = asyncio.ensure_future(self._derive())

    # -- what the resource is registered with -----------------------------------------------------------

    def sql(self) -> pulumi.Output[Any]:
        """Return the SQL; if its lineage cannot be derived, a text that is refused with the reason."""

        async def value() -> Any:
            return _sql_of(await self._outcome)

        return self._output(lambda outcome: outcome.sql is not None, value())

    def part(self, name: str) -> pulumi.Output[Any]:
        """Return the derived `inputs`, `outputs`, or `reads_own_output`."""

        async def value() -> Any:
            return _parts(await self._outcome).get(name)

        return self._output(lambda outcome: outcome.is_known, value())

    def parts(self, missing: Collection[str]) -> pulumi.Output[Any]:
        """Return the SQL, and derived properties of a process in a set.

        Args:
            missing: The properties to derive: `inputs`, `outputs`, `reads_own_output`, `columns`.
        """

        async def value() -> Any:
            outcome = await self._outcome
            found = {**_parts(outcome), "columns": await self._mapping(outcome, self._resource)}
            return {"sql": _sql_of(outcome), **{name: found[name] for name in missing if found.get(name)}}

        return self._output(lambda outcome: outcome.is_known, value())

    def columns(self, resource: AtlanResource) -> pulumi.Output[Any]:
        """Return the mapping of columns between the inputs and outputs of the process, by qualifiedName.

        Args:
            resource: The resource that declares the columns. Problems are logged for it.
        """

        async def value() -> Any:
            outcome = await self._outcome
            mapping = await self._mapping(outcome, resource)
            if mapping or outcome.lineage is None:
                return mapping
            problems = _lines(outcome.lineage.problems, secret=outcome.secret)
            why = problems[0] if problems else "it copies no column"
            return not_derived(f"cannot be derived from the SQL of {self._name!r}: {why}")

        return self._output(lambda outcome: outcome.lineage is not None, value())

    async def _mapping(self, outcome: _Outcome, resource: AtlanResource) -> dict[str, list[str]] | None:
        """Return the mapping of columns, after warning about those that are not decided."""
        if outcome.lineage is None:
            return None
        columns = _between(outcome.lineage, await self._names_on_both_sides(outcome.lineage))
        for line in _lines(outcome.lineage.problems, secret=outcome.secret) if columns else ():
            pulumi.log.warn(f"the SQL of {self._name!r}: {line}; this column has no lineage", resource)
        return columns

    def _output(self, known: Callable[[_Outcome], bool], value: Awaitable[Any]) -> pulumi.Output[Any]:
        async def ask(question: Callable[[_Outcome], Any]) -> Any:
            return question(await self._outcome)

        depends_on, secret = ask(lambda outcome: {*outcome.depends_on}), ask(lambda outcome: outcome.secret)
        return pulumi.Output(depends_on, value, ask(known), secret)

    # -- deriving ---------------------------------------------------------------------------------------

    async def _derive(self) -> _Outcome:
        met = Resolved()
        sql, connection = await met.value(self._sql), await met.value(self._connection)
        if not isinstance(sql, str) or not isinstance(connection, str):
            if pulumi.runtime.is_dry_run():
                later = "is not known yet; the deployment derives its lineage"
                pulumi.log.info(f"the SQL of {self._name!r} {later}", self._resource)
            return _Outcome(sql if isinstance(sql, str) else None, secret=met.secret)
        if not pulumi.runtime.is_dry_run():
            await registered(self._after)
        declared = await declared_tables(self._tables)
        passed = [await tables_in(self._given.get(side)) for side in _SIDES]
        known = [*(each.table for each in declared), *passed[0], *passed[1]]
        script = _script(sql, connection, self._context, known, passed[1], secret=met.secret)
        try:
            lineage = await in_batch(script, self._resource)
        except AtlanError as error:
            return _Outcome(sql, None, str(error), secret=met.secret)
        depends_on = frozenset(met.depends_on).union(_makers(declared, lineage))
        if lineage.refusals:
            refusal = _refusal(lineage.refusals, secret=met.secret)
            return _Outcome(sql, None, refusal, depends_on, met.secret)
        await self._compare(lineage)
        return _Outcome(sql, lineage, "", depends_on, met.secret)

    async def _names_on_both_sides(self, lineage: CatalogLineage) -> list[set[str]]:
        """Return the qualifiedNames of the inputs and of the outputs, passed or derived."""
        sides = []
        for side in _SIDES:
            given = self._given.get(side)
            tables = getattr(lineage, side) if given is None else await tables_in(given)
            sides.append({each.qualified_name for each in tables})
        return sides

    async def _compare(self, lineage: CatalogLineage) -> None:
        """Warn about differences between what the author passed and the SQL."""
        passed, derived = await self._names_on_both_sides(lineage), (lineage.inputs, lineage.outputs)
        for verb, names, tables in zip(("read", "write"), passed, derived, strict=True):
            in_sql = {each.qualified_name for each in tables}
            lines = [f"does not {verb} {name!r}, which is declared" for name in sorted(names - in_sql)]
            lines += [f"also {verb}s {name!r}, which is not declared" for name in sorted(in_sql - names)]
            for line in lines:
                pulumi.log.warn(f"the SQL of {self._name!r} {line}", self._resource)


def _sql_of(outcome: _Outcome) -> str | None:
    refused = f"its lineage cannot be derived: {outcome.refusal}"
    return not_derived(refused) if outcome.refusal else outcome.sql


def _parts(outcome: _Outcome) -> dict[str, Any]:
    """Return the properties of a process; no tables if the SQL is refused, which is then the problem."""
    lineage = outcome.lineage
    if lineage is None:
        return {"inputs": [], "outputs": []} if outcome.refusal else {}
    own = bool({*lineage.inputs} & {*lineage.outputs}) or None
    inputs, outputs = (_references(getattr(lineage, side)) for side in _SIDES)
    return {"inputs": inputs, "outputs": outputs, "reads_own_output": own}


def _script(
    sql: str,
    connection: str,
    context: SqlContext,
    tables: Sequence[CatalogTable],
    outputs: Sequence[CatalogTable],
    *,
    secret: bool,
) -> Script:
    from atlan_pulumi.derivation import Script, dialect_of_connector  # noqa: PLC0415 - brings sqlglot

    return Script(
        sql,
        connection,
        context.dialect or dialect_of_connector(connector_of(connection)),
        context.default_database,
        context.default_schema,
        tuple(tables),
        outputs[0] if len(outputs) == 1 else None,
        secret,
    )


def _makers(declared: Iterable[DeclaredTable], lineage: CatalogLineage) -> set[pulumi.Resource]:
    """Return the resources that create the tables of the lineage."""
    used = {each.qualified_name for each in (*lineage.inputs, *lineage.outputs)}
    return {
        resource for each in declared if each.table.qualified_name in used for resource in each.created_by
    }


def _references(tables: Iterable[CatalogTable]) -> list[dict[str, str]]:
    return [{"type_name": each.type_name, "qualified_name": each.qualified_name} for each in tables]


def _between(lineage: CatalogLineage, sides: Sequence[set[str]]) -> dict[str, list[str]]:
    """Return the columns of the tables on both sides."""
    inputs, outputs = sides
    found = {}
    for target, sources in lineage.columns.items():
        kept = [each for each in sources if each.rpartition("/")[0] in inputs]
        if kept and target.rpartition("/")[0] in outputs:
            found[target] = kept
    return found


def _lines(problems: Iterable[Problem], *, secret: bool) -> list[str]:
    """Return the problems in words, without repetition. Those of a secret are not shown."""
    return list(dict.fromkeys(_SECRET if secret else str(each) for each in problems))


def _refusal(problems: Sequence[Problem], *, secret: bool) -> str:
    first, *more = _lines(problems, secret=secret)
    return f"{first} (and {counted(len(more), 'more problem')})" if more else first
