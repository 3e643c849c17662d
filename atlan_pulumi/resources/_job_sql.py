"""JobSql: the columns of a job, derived from its SQL with its datasets as the tables."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, Resolved, registered
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lifecycle import Origins, has_unknown
from atlan_pulumi.naming import connector_of, is_connection_name
from atlan_pulumi.not_text import not_derived
from atlan_pulumi.openlineage import GENERIC
from atlan_pulumi.resources._job_tables import SIDES, JobTables, connector_of_namespaces
from atlan_pulumi.resources._sql_outcome import LEFT_OUT, differences, lines_of, refusal_of
from atlan_pulumi.resources._sql_tables import (
    context_tables,
    declared_tables,
    import_parser,
    in_batch,
    log_later,
)
from atlan_pulumi.resources.references import qualified_name_of
from atlan_pulumi.resources.sql_context import SqlContext

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, Script

_NAMES = ("dialect", "default_database", "default_schema")
DERIVED = ("columns", "transformations", "indirect")


class _Known(NamedTuple):
    """What is known of a job before its SQL is read."""

    sql: str
    connection: str
    catalog: str
    names: list[str | None]
    sides: dict[str, list[Mapping[str, Any]]]


class _Outcome(NamedTuple):
    """The derived properties; None while they are not known."""

    properties: Mapping[str, Any] | None = None
    depends_on: frozenset[pulumi.Resource] = frozenset()
    secret: bool = False
    lines: Mapping[str, int] = {}


class JobSql:
    """What the SQL of a job decides, derived while the program continues."""

    def __init__(
        self,
        resource: AtlanResource,
        name: str,
        *,
        sql: Any,
        context: SqlContext,
        job: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Set up, and begin.

        Args:
            resource: The job, which is not registered yet.
            name: Its name in messages.
            sql: The SQL.
            context: What its names mean. Columns are looked up in Atlan only if it has a connection.
            job: The connection, inputs, and outputs of the job.
            opts: The options of the job. A deployment looks tables up after its `depends_on`.

        Raises:
            ResourceError: The extra `sql` is not installed, or a table of the context is not known.
        """
        import_parser()
        self._resource, self._name, self._sql, self._context = resource, name, sql, context
        self._job, self._after = job, opts.depends_on if opts else None
        self._catalog = qualified_name_of(context.connection or job["connection"])
        self._tables = context_tables(context, self._catalog)
        self._outcome = asyncio.ensure_future(self._derive())

    def derived(self) -> dict[str, pulumi.Output[Any]]:
        """Return the columns, how each is derived, and the columns that decide about rows."""
        return {name: self._output(name) for name in DERIVED}

    def _output(self, name: str) -> pulumi.Output[Any]:
        async def ask(question: Any) -> Any:
            return question(await self._outcome)

        return pulumi.Output(
            ask(lambda outcome: {*outcome.depends_on}),
            ask(lambda outcome: (outcome.properties or {}).get(name) or None),
            ask(lambda outcome: outcome.properties is not None),
            ask(lambda outcome: outcome.secret),
        )

    async def origins(self) -> Origins:
        """Return the lines of the derived columns; nothing for SQL that is a secret."""
        outcome = await self._outcome
        return {} if outcome.secret else {f"OpenLineageJob {self._name!r} sql": dict(outcome.lines)}

    async def _derive(self) -> _Outcome:
        met = Resolved()
        known = await self._known(met)
        if known is None:
            log_later(self._name, self._resource)
            return _Outcome(secret=met.secret)
        if not is_connection_name(known.connection) or not is_connection_name(known.catalog):
            return _Outcome({}, secret=met.secret)  # refused by the provider
        if not pulumi.runtime.is_dry_run():
            await registered(self._after)
        declared = await declared_tables(self._tables)
        secret = met.secret or any(each.secret for each in declared)
        tables = JobTables(known.sides, known.catalog, [each.table for each in declared])
        offline = self._context.connection is None
        try:
            lineage = await in_batch(_script(known, tables, secret=secret), self._resource, offline=offline)
        except AtlanError as error:
            return _refused(str(error), met, secret=secret)
        if refusal := refusal_of(lineage, secret=secret):
            return _refused(refusal, met, secret=secret)
        self._warn(lineage, tables, secret=secret)
        direct = connector_of(known.connection) == GENERIC
        found, lines = tables.properties(lineage, direct=direct), tables.lines(lineage)
        return _Outcome(found, frozenset(met.depends_on), secret, lines)

    async def _known(self, met: Resolved) -> _Known | None:
        """Return what the job's arguments are; None if one of them is not known yet, or is no dataset."""
        sql, connection = await met.value(self._sql), await met.value(self._job["connection"])
        catalog = await met.value(self._catalog)
        names = await met.value([getattr(self._context, each) for each in _NAMES])
        sides = {side: await met.value(self._job[side]) for side in SIDES}
        named = all(isinstance(each, list) and all(map(_is_named, each)) for each in sides.values())
        is_text = all(isinstance(each, str) for each in (sql, connection, catalog))
        if not named or not is_text or has_unknown(names):
            return None
        return _Known(sql, connection, catalog, names, sides)

    def _warn(self, lineage: CatalogLineage, tables: JobTables, *, secret: bool) -> None:
        for line in differences(tables.in_sql(lineage), tables.declared(), secret=secret):
            pulumi.log.warn(f"the SQL of {self._name!r} {line}", self._resource)
        for line in lines_of(lineage.problems, secret=secret):
            pulumi.log.warn(f"the SQL of {self._name!r}: {line}; {LEFT_OUT}", self._resource)


def _is_named(dataset: Any) -> bool:
    keys = ("namespace", "name")
    return isinstance(dataset, dict) and all(isinstance(dataset.get(key), str) for key in keys)


def _refused(reason: str, met: Resolved, *, secret: bool) -> _Outcome:
    """Return columns that the provider refuses with the reason."""
    columns = not_derived(f"cannot be derived from the SQL: {reason}")
    return _Outcome({"columns": columns}, frozenset(met.depends_on), secret)


def _script(known: _Known, tables: JobTables, *, secret: bool) -> Script:
    from atlan_pulumi.derivation import Script, dialect_of_connector  # noqa: PLC0415 - brings sqlglot

    dialect, database, schema = known.names
    system = connector_of_namespaces(dataset for side in SIDES for dataset in known.sides[side])
    of_system = (dialect_of_connector(each) for each in (system, connector_of(known.catalog)) if each)
    own = None if connector_of(known.connection) == GENERIC else "spark"
    dialect = dialect or next(filter(None, of_system), own)
    return Script(known.sql, known.catalog, dialect, database, schema, tables.tables, secret=secret)


def with_sql_facet(job_facets: Any, sql: Any) -> Any:
    """Return the facets of a job with its SQL, unless they have it already."""

    def merged(known: Any) -> Any:
        facets, query = known
        return {"sql": {"query": query}, **facets} if isinstance(facets, Mapping) else facets

    if sql is None:
        return job_facets
    if isinstance(job_facets, pulumi.Output):
        return pulumi.Output.all(job_facets, sql).apply(merged)
    return merged([{} if job_facets is None else job_facets, sql])


def has_column_facet(job: Mapping[str, Any]) -> bool:
    """Return whether an output of a job has the facet `columnLineage`, as far as this is known at once."""
    outputs = job["outputs"] if isinstance(job["outputs"], list) else []
    facets = [each.get("facets") for each in outputs if isinstance(each, Mapping)]
    return any(isinstance(each, Mapping) and "columnLineage" in each for each in facets)
