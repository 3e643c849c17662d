"""`LineageMap`: lineage from plain data, be it a mapping, a file or a data frame."""

from __future__ import annotations

from typing import Any

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, accepting_awaitables
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data import Lineage, read_lineage
from atlan_pulumi.resources.process_set import ProcessSet
from atlan_pulumi.resources.provider import place_of


class LineageMap(pulumi.ComponentResource):
    """Many processes with their column lineage, from plain data.

    A component with one `ProcessSet` below it, or with a few: hundreds of processes and thousands of columns
    are one line in a preview, which opens to the mappings that change.

    Args:
        resource_name: The component's name in the stack; its children are named after it.
        connection: The connection that the processes run in, as a resource or a qualifiedName.
        processes: The data: a mapping as for a `ProcessSet`; the path of a `.yaml`, `.json` or `.csv` file; a
            list of records that are like the rows of the CSV; or a data frame of pandas, polars or pyarrow
            with such rows. See `docs/reference/lineage-data.md`.
        base: Where the paths of tables begin, a qualifiedName. Default: `connection`.
        parts: Over how many `ProcessSet`s the processes are spread, by their ids. With more than one, a
            failure in one of them leaves the others to go on. A change moves processes from one to another;
            those that their former set removes before the new one has written them are made anew. Default: 1.
        column_name: A template of what Atlan shows for each column process, with `{inputs}` and `{output}`.
        adopt: Take over what has these names and others made; without it, that is an error.
        delete_type: How they go: `PURGE` (for good, the default), `HARD`, or `SOFT` (archived).
        force_destroy: Remove column processes of others that hang on a process together with it.
        opts: Pulumi's options.

    Attributes:
        sets: The `ProcessSet`s.

    Raises:
        LineageDataError: The data cannot be read, or something in them is wrong.

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
        base: pulumi.Input[str] | None = None,
        parts: int = 1,
        column_name: pulumi.Input[str] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[str] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("atlan:index:LineageMap", resource_name, None, opts)
        below = pulumi.ResourceOptions(parent=self)
        self.sets = [
            ProcessSet(
                name,
                connection=connection,
                processes=some,
                base=base,
                column_name=column_name,
                adopt=adopt,
                delete_type=delete_type,
                force_destroy=force_destroy,
                opts=below,
            )
            for name, some in _spread(resource_name, _read(processes), parts).items()
        ]
        self.register_outputs({})


class _UnreadableError(LineageDataError, pulumi.RunError):
    """The error of the data, which Pulumi shows without a traceback."""


def _read(processes: Any) -> Lineage:
    try:
        return read_lineage(processes)
    except LineageDataError as error:
        raise _UnreadableError(str(error)) from None


def _spread(name: str, processes: Lineage, parts: int) -> dict[str, Lineage]:
    """The processes by the name of the set that they belong to; sets without any are left out."""
    if parts < 1:
        raise ValueError(f"parts must be a whole number of 1 or more, not {parts!r}")
    if parts == 1:
        return {name: processes}
    spread: dict[str, Lineage] = {f"{name}-{number}": {} for number in range(1, parts + 1)}
    for process_id, process in processes.items():
        spread[f"{name}-{place_of(process_id, parts) + 1}"][process_id] = process
    return {each: some for each, some in spread.items() if some}
