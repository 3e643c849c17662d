"""`LineageMap`: lineage from plain data: a mapping, a file, or a data frame."""

from __future__ import annotations

from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, accepting_awaitables
from atlan_pulumi.lineage_data import Lineage, read_lineage
from atlan_pulumi.lineage_data.builder import is_builder_file
from atlan_pulumi.resources._file_lineage import plain_errors
from atlan_pulumi.resources.lineage_from_builder import lineage_from_builder
from atlan_pulumi.resources.literals import DeleteType, MissingAssetHandling
from atlan_pulumi.resources.process_set import ProcessSet
from atlan_pulumi.resources.provider import place_of
from atlan_pulumi.resources.sql_context import SqlContext


class LineageMap(pulumi.ComponentResource):
    """Many processes with their column lineage, from plain data.

    A component with one or more `ProcessSet` children. Hundreds of processes with thousands of columns are
    one line in a preview, with the changed mappings below it.

    Args:
        resource_name: The component's name in the stack, and the prefix of its children's names.
        connection: The connection in which the processes run, as a resource or a qualifiedName.
        processes: The data: a mapping as for a `ProcessSet`; the path of a `.yaml`, `.json`, or `.csv` file;
            a list of records with the columns of the CSV file; a pandas, polars, or pyarrow data frame with
            such rows; the path of a CSV file of Atlan's Lineage Builder; or the result of `lineage_from_dbt`,
            `lineage_from_openlineage`, or `lineage_from_builder`. See `docs/reference/lineage-data.md`. A
            process with `sql`, or with the path of a `sql_file`, needs neither tables nor columns.
        derive: How SQL is read where it decides something; see `ProcessSet`.
        base: The prefix of table paths, a qualifiedName. Default: `connection`.
        parts: The number of `ProcessSet` children. Processes are distributed by their ids. With more than one
            child, a failure in one does not stop the others. Changing this moves processes between children;
            a process that its former child deletes before the new one writes it is recreated. Default: 1.
        column_name: Template of the column processes' display names, with `{inputs}` and `{output}`.
        missing_assets: What to do about inputs and outputs that Atlan does not have: `error` (the default),
            `partial`, which creates placeholders that a crawl makes full assets, or `wait`, which waits for
            them. Default: the setting `atlan:missingAssets`.
        wait_seconds: Maximum wait for missing assets, in seconds. Default: 600.
        adopt: Adopt existing entities with the same qualified names. Without it, an existing entity is an
            error.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Delete processes together with column processes of other writers that depend on them.
            Without it, such column processes are an error that lists them.
        opts: Resource options.

    Attributes:
        sets: The `ProcessSet` children.

    Raises:
        LineageDataError: The data cannot be read or are invalid.

    Example:
        ```python
        import atlan_pulumi as atlan

        atlan.LineageMap(
            "shop",
            connection="default/snowflake/1657025257",
            processes=[  # or the path of a file: "lineage.csv", "lineage.yaml"
                {
                    "process": "load-orders",
                    "input_table": "RAW/PUBLIC/ORDERS",
                    "input_column": "ID",
                    "output_table": "MART/PUBLIC/ORDERS",
                    "output_column": "ORDER_ID",
                },
            ],
        )
        ```
    """

    @accepting_awaitables
    def __init__(
        self,
        resource_name: str,
        *,
        connection: AtlanResource | pulumi.Input[str],
        processes: Any,
        derive: SqlContext | bool | None = None,
        base: pulumi.Input[str] | None = None,
        parts: int = 1,
        column_name: pulumi.Input[str] | None = None,
        missing_assets: pulumi.Input[MissingAssetHandling] | None = None,
        wait_seconds: pulumi.Input[float] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("atlan:index:LineageMap", resource_name, None, opts)
        below = pulumi.ResourceOptions(parent=self, depends_on=opts.depends_on if opts else None)
        self.sets = [
            ProcessSet(
                name,
                connection=connection,
                processes=some,
                derive=derive,
                base=base,
                column_name=column_name,
                missing_assets=missing_assets,
                wait_seconds=wait_seconds,
                adopt=adopt,
                delete_type=delete_type,
                force_destroy=force_destroy,
                opts=below,
            )
            for name, some in _spread(resource_name, _read(processes), parts).items()
        ]
        self.register_outputs({})


def _read(processes: Any) -> Lineage:
    if is_builder_file(processes):
        return lineage_from_builder(processes)
    with plain_errors():
        return read_lineage(processes)


def _spread(name: str, processes: Lineage, parts: int) -> dict[str, Lineage]:
    """Return the processes by the name of their set, without empty sets."""
    if parts < 1:
        raise ValueError(f"parts must be a whole number of 1 or more, not {parts!r}")
    if parts == 1:
        return {name: processes}
    spread: dict[str, Lineage] = {f"{name}-{number}": {} for number in range(1, parts + 1)}
    for process_id, process in processes.items():
        spread[f"{name}-{place_of(process_id, parts) + 1}"][process_id] = process
    return {each: some for each, some in spread.items() if some}
