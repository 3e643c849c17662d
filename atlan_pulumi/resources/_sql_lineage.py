"""SqlLineage: the lineage of a resource's SQL, derived in the program with the tables in Atlan.

What is derived becomes ordinary inputs of the resource: a preview shows it, and the provider checks it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, Resolved, itemize, registered
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lifecycle import Origins, has_unknown
from atlan_pulumi.lineage_data import FileText
from atlan_pulumi.naming import connector_of, is_connection_name
from atlan_pulumi.not_text import not_derived
from atlan_pulumi.resources._passed_tables import passed_tables
from atlan_pulumi.resources._sql_outcome import (
    LEFT_OUT,
    SIDES,
    SqlOutcome,
    differences,
    is_secret,
    makers_of,
    refusal_of,
    unknown,
)
from atlan_pulumi.resources._sql_tables import (
    Wait,
    context_tables,
    declared_tables,
    import_parser,
    in_batch,
    log_later,
)
from atlan_pulumi.resources.references import qualified_name_of
from atlan_pulumi.resources.sql_context import SqlContext

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, CatalogTable, Script

_PAUSE = 5.0
"""Seconds between two look-ups of awaited tables."""
_NAMES = ("dialect", "default_database", "default_schema", "view_columns")
"""What a context says about names."""


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
        wait: Wait = Wait(),  # noqa: B008 - never changed
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
            wait: What the resource does about missing assets. If it waits for them, a deployment derives
                columns once the tables of the SQL are in Atlan.
            opts: The options of the resource. A deployment looks tables up after its `depends_on`, such as a
                crawl.

        Raises:
            ResourceError: The extra `sql` is not installed, or a table of the context is not known.
        """
        import_parser()
        self._resource, self._name, self._sql, self._context = resource, name, sql, context
        self._connection = qualified_name_of(context.connection or connection)
        self._source = sql.path if isinstance(sql, FileText) else f"Process {name!r} sql"
        self._label = f"{name!r} ({sql.path})" if isinstance(sql, FileText) else repr(name)
        self._given, self._after, self._wait = given, opts.depends_on if opts else None, wait
        self._tables = context_tables(context, self._connection)
        self._passed: dict[str, list[CatalogTable]] = {}
        self._outcome = asyncio.ensure_future(self._derive())

    # -- what the resource is registered with -----------------------------------------------------------

    def sql(self) -> pulumi.Output[Any]:
        """Return the SQL; if its lineage cannot be derived, a text that is refused with the reason."""
        return self._output(lambda outcome: outcome.sql is not None, self._ask(lambda outcome: outcome.text))

    def side(self, side: str) -> pulumi.Output[Any]:
        """Return the derived inputs or outputs as references."""
        value = self._ask(lambda outcome: outcome.parts.get(side))
        found = self._output(lambda outcome: outcome.is_known, value, with_makers=True)
        itemize(found, asyncio.ensure_future(self._ask(lambda outcome: outcome.items(side))))
        return found

    def reads_own_output(self) -> pulumi.Output[Any]:
        """Return whether a table is both input and output; None if none is."""
        value = self._ask(lambda outcome: outcome.parts.get("reads_own_output"))
        return self._output(lambda outcome: outcome.is_known, value)

    def parts(self, missing: Collection[str]) -> pulumi.Output[Any]:
        """Return the SQL, and derived properties of a process in a set.

        Args:
            missing: The properties to derive: `inputs`, `outputs`, `reads_own_output`, `columns`.
        """

        async def value() -> Any:
            outcome = await self._outcome
            columns: Any = await self._mapping(outcome, self._resource) if "columns" in missing else None
            columns = unknown() if outcome.later and "columns" in missing else columns
            found = {**outcome.parts, "columns": columns}
            return {"sql": outcome.text, **{name: found[name] for name in missing if found.get(name)}}

        return self._output(lambda outcome: outcome.is_known, value(), with_makers=True)

    def columns(self, resource: AtlanResource) -> pulumi.Output[Any]:
        """Return the mapping of columns between the inputs and outputs of the process, by qualifiedName.

        Args:
            resource: The resource that declares the columns. Problems are logged for it.
        """

        async def value() -> Any:
            outcome = await self._outcome
            mapping = await self._mapping(outcome, resource, warn_if_empty=False)
            if mapping or outcome.lineage is None or outcome.later:
                return mapping
            why = [*outcome.problems(), "it copies no column"][0]
            return not_derived(f"cannot be derived from the SQL of {self._label}: {why}")

        return self._output(
            lambda outcome: outcome.lineage is not None and not outcome.later, value(), with_makers=True
        )

    async def _mapping(
        self, outcome: SqlOutcome, resource: AtlanResource, *, warn_if_empty: bool = True
    ) -> dict[str, list[str]] | None:
        """Return the mapping of columns, after warning about those that are not decided."""
        if outcome.lineage is None or outcome.later:
            return None
        columns = outcome.columns(*self._names_on_both_sides(outcome.lineage))
        for line in outcome.problems() if columns or warn_if_empty else ():
            pulumi.log.warn(f"the SQL of {self._label}: {line}; {LEFT_OUT}", resource)
        return columns

    async def _ask(self, question: Callable[[SqlOutcome], Any]) -> Any:
        return question(await self._outcome)

    def _output(
        self, known: Callable[[SqlOutcome], bool], value: Awaitable[Any], *, with_makers: bool = False
    ) -> pulumi.Output[Any]:
        def depends_on(outcome: SqlOutcome) -> set[pulumi.Resource]:
            return {*outcome.depends_on}.union(*(outcome.makers.values() if with_makers else ()))

        secret = self._ask(lambda outcome: outcome.secret)
        return pulumi.Output(self._ask(depends_on), value, self._ask(known), secret)

    async def origins(self) -> Origins:
        """Return the lines of the derived columns; nothing for SQL that is a secret."""
        outcome = await self._outcome
        lineage = None if outcome.secret else outcome.lineage
        return {self._source: dict(lineage.lines)} if lineage else {}

    # -- deriving ---------------------------------------------------------------------------------------

    async def _derive(self) -> SqlOutcome:
        met = Resolved()
        sql, connection = await met.value(self._sql), await met.value(self._connection)
        names = await met.value([getattr(self._context, each, None) for each in _NAMES])
        if not isinstance(sql, str) or not isinstance(connection, str) or has_unknown(names):
            log_later(self._name, self._resource)
            return SqlOutcome(sql if isinstance(sql, str) else None, secret=met.secret)
        if not is_connection_name(connection):  # refused by the provider
            return SqlOutcome(sql, secret=met.secret)
        if not pulumi.runtime.is_dry_run():
            await registered(self._after)
        declared = await declared_tables(self._tables)
        tables = [each.table for each in declared]
        try:
            if not await self._find_passed():
                log_later(self._name, self._resource, passed=True)
                return SqlOutcome(sql, secret=met.secret)
            passed = [self._passed[side] for side in SIDES]
            script = _script(sql, connection, names, tables, passed, secret=met.secret)
            lineage, later = await self._in_catalog(script)
        except AtlanError as error:
            return SqlOutcome(sql, None, str(error), secret=met.secret)
        secret = met.secret or is_secret(declared, lineage)
        depends_on = frozenset(met.depends_on)
        if refusal := refusal_of(lineage, secret=secret):
            where = f"{self._sql.path}: " if isinstance(self._sql, FileText) else ""
            return SqlOutcome(sql, None, f"{where}{refusal}", depends_on, secret)
        sides = self._names_on_both_sides(lineage)
        in_sql = [{each.qualified_name for each in getattr(lineage, side)} for side in SIDES]
        for line in differences(in_sql, sides, secret=secret):
            pulumi.log.warn(f"the SQL of {self._label} {line}", self._resource)
        return SqlOutcome(sql, lineage, "", depends_on, secret, makers_of(declared, lineage), later)

    async def _in_catalog(self, script: Script) -> tuple[CatalogLineage, bool]:
        """Return the lineage of a script, and whether only the deployment can derive its columns."""
        lineage = await in_batch(script, self._resource)
        seconds = await self._wait.seconds(self._resource) if lineage.lacks_columns else 0
        if seconds and pulumi.runtime.is_dry_run():
            later = "its columns are derived during the deployment, once its tables are in Atlan"
            pulumi.log.info(f"the SQL of {self._label}: {later}", self._resource)
            return lineage, True
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while lineage.lacks_columns and (left := end - clock()) > 0:
            await asyncio.sleep(min(_PAUSE, left))
            lineage = await in_batch(script, self._resource)
        return lineage, False

    async def _find_passed(self) -> bool:
        """Find the tables that the author passed, and return whether all of them are known.

        Raises:
            AtlanError: Atlan has no asset with a GUID, refused, or could not be reached.
        """
        for side in SIDES:
            tables = await passed_tables(self._given.get(side), self._resource)
            if tables is None:
                return False
            self._passed[side] = tables
        return True

    def _names_on_both_sides(self, lineage: CatalogLineage) -> list[set[str]]:
        """Return the qualifiedNames of the inputs and of the outputs, passed or derived."""
        derived = {side: getattr(lineage, side) for side in SIDES if self._given.get(side) is None}
        sides = {**self._passed, **derived}
        return [{each.qualified_name for each in sides[side]} for side in SIDES]


def _script(
    sql: str,
    connection: str,
    names: Sequence[Any],
    tables: Sequence[CatalogTable],
    passed: Sequence[Sequence[CatalogTable]],
    *,
    secret: bool,
) -> Script:
    from atlan_pulumi.derivation import Script, dialect_of_connector  # noqa: PLC0415 - brings sqlglot

    inputs, outputs = passed
    dialect, database, schema, view_columns = names
    return Script(
        sql,
        connection,
        dialect or dialect_of_connector(connector_of(connection)),
        database,
        schema,
        tuple(tables),
        (*inputs, *outputs),
        outputs[0] if len(outputs) == 1 else None,
        secret,
        tuple(view_columns or ()) if outputs else (),
    )
