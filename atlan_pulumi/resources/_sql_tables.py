"""The tables that a program declares next to its SQL, and the batches in which lineage is derived."""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from atlan_pulumi.dynamic.program import AtlanResource, BatchQueue, Resolved, settings_of
from atlan_pulumi.lifecycle import WAIT_SECONDS
from atlan_pulumi.resources.references import UnresolvedReferenceError, reference
from atlan_pulumi.resources.resource_assets import asset_of, columns_in

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient
    from atlan_pulumi.derivation import CatalogLineage, CatalogTable, Script
    from atlan_pulumi.resources.sql_context import SqlContext


class DeclaredTable(NamedTuple):
    """A table that the program declares.

    Attributes:
        table: The table.
        created_by: The resources that create it.
        secret: Whether its name is a secret.
    """

    table: CatalogTable
    created_by: frozenset[pulumi.Resource]
    secret: bool = False


def import_parser() -> None:
    """Import what derives lineage.

    Raises:
        ResourceError: The extra `sql` is not installed.
    """
    try:
        import atlan_pulumi.derivation  # noqa: F401, PLC0415 - brings sqlglot
    except ModuleNotFoundError as error:
        raise UnresolvedReferenceError(str(error)) from None


def log_later(name: str, resource: AtlanResource, *, passed: bool = False) -> None:
    """Log in a preview that SQL is not known yet.

    Args:
        name: The name of the resource or the process in messages.
        resource: The resource.
        passed: Whether the inputs or outputs that the author passed are not known, and the SQL is.
    """
    if pulumi.runtime.is_dry_run():
        of_sql = f"the SQL of {name!r} is not known yet; the deployment derives its lineage"
        of_tables = f"a table of {name!r} is not known yet; the deployment derives its lineage"
        pulumi.log.info(of_tables if passed else of_sql, resource)


class TableInput(NamedTuple):
    """A reference to a table, and its columns, as a program may pass them: also as Outputs."""

    reference: Any
    columns: Any = None


def context_tables(context: SqlContext, connection: pulumi.Input[str]) -> list[TableInput]:
    """Return the tables of a context.

    Args:
        context: The context.
        connection: The connection of the tables that resources of other packages create.

    Raises:
        ResourceError: They are in no list, the kind of a resource is not known, or it is no table.
    """
    if not isinstance(context.tables, (list, tuple)):
        raise UnresolvedReferenceError("SqlContext: tables: put it in a list")
    return [table_input(each, connection) for each in context.tables]


def table_input(given: Any, connection: pulumi.Input[str]) -> TableInput:
    """Return a resource of this or of another package, or a reference, as a table.

    Args:
        given: The resource or the reference.
        connection: The connection of the tables that resources of other packages create.

    Raises:
        ResourceError: The kind of the resource is not known, or it is neither a resource nor a reference.
    """
    if isinstance(given, pulumi.Resource) and not isinstance(given, AtlanResource):
        return TableInput(asset_of(given, connection=connection), columns_in(given))
    is_reference = isinstance(given, (AtlanResource, pulumi.Output)) or (
        isinstance(given, dict) and "qualified_name" in given
    )
    if not is_reference:
        raise UnresolvedReferenceError(
            f"SqlContext: tables: {given!r} is neither a resource nor a reference: use atlan.table('…')"
        )
    return TableInput(reference(given))


async def declared_tables(given: Iterable[TableInput]) -> list[DeclaredTable]:
    """Return the tables whose names are known."""
    found = [await _declared_table(each) for each in given]
    return [each for each in found if each is not None]


async def _declared_table(given: TableInput) -> DeclaredTable | None:
    from atlan_pulumi.derivation import CatalogTable  # noqa: PLC0415 - brings sqlglot

    met = Resolved()
    named, columns = await met.value(given.reference), await Resolved().value(given.columns)
    if not isinstance(named, dict):
        return None
    kind, name = named.get("type_name"), named.get("qualified_name")
    if not isinstance(kind, str) or not isinstance(name, str):
        return None
    known = isinstance(columns, list) and all(isinstance(each, str) for each in columns)
    table = CatalogTable(kind, name, tuple(columns) if known else None)
    return DeclaredTable(table, frozenset(met.depends_on), met.secret)


# Keyed by event loop: with Pulumi's Automation API, one process runs several programs in turn.
_queues: WeakKeyDictionary[
    AbstractEventLoop, dict[AtlanClient | None, BatchQueue[Script, CatalogLineage]]
] = WeakKeyDictionary()


async def in_batch(script: Script, resource: AtlanResource, *, offline: bool = False) -> CatalogLineage:
    """Derive the lineage of a script, together with those of other resources that are ready.

    Args:
        script: The SQL.
        resource: The resource whose tenant has the tables. In unit tests with Pulumi's mocks, nothing is
            looked up.
        offline: Whether to look nothing up.

    Raises:
        AtlanError: A setting is not valid, or Atlan refused, or could not be reached.
    """
    from atlan_pulumi.derivation import derive_in_catalog  # noqa: PLC0415 - brings sqlglot

    client = None if offline else await client_of(resource)
    of_this_run = _queues.setdefault(get_running_loop(), {})
    if client not in of_this_run:
        of_this_run[client] = BatchQueue(partial(derive_in_catalog, client))
    return await of_this_run[client].answer(script)


class Wait(NamedTuple):
    """What a resource does about missing assets, as the author passed it."""

    missing_assets: Any = None
    wait_seconds: Any = None

    async def seconds(self, resource: AtlanResource) -> float:
        """Return how long a resource waits for missing assets; 0 if it does not wait."""
        from atlan_pulumi.client import Tenant  # noqa: PLC0415 - brings the HTTP client

        handling, seconds = await Resolved().value([self.missing_assets, self.wait_seconds])
        if handling is None and (option := await settings_of(resource)):
            handling = Tenant(option).setting("missingAssets")
        if handling != "wait":
            return 0
        return float(seconds) if isinstance(seconds, (int, float)) else float(WAIT_SECONDS)


async def client_of(resource: AtlanResource) -> AtlanClient | None:
    """Return the client of a resource's tenant; None with Pulumi's mocks, or while it is not known.

    Raises:
        ConfigurationError: A setting is not valid.
    """
    if isinstance(get_monitor(), MockMonitor):
        return None
    from atlan_pulumi.client import Tenant  # noqa: PLC0415 - brings the HTTP client

    option = await settings_of(resource)
    return Tenant(option).client() if option else None
