"""`JobProcess`: a job as a process, whose connections may not be known yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.naming import CONNECTION_SEGMENTS, TYPES_WITH_COLUMNS, table_of
from atlan_pulumi.openlineage._asset_paths import AssetPath, DatasetNameError, asset_path_of
from atlan_pulumi.openlineage._dataset_connections import key_of
from atlan_pulumi.openlineage._event_files import FoundEvent
from atlan_pulumi.openlineage._events import DatasetType
from atlan_pulumi.openlineage._job_lineage import DatasetName, FieldName, JobLineage

_TABLE = "Table"
_ANY = 9
"""More segments than any path lacks."""


@dataclass(frozen=True)
class JobProcess:
    """A job that becomes a process.

    Attributes:
        process_id: `<namespace>/<name>` of the job.
        attributes: Its attributes: `name`, and `sql`, `description`, and `source_url` if known.
        keys: The keys of the connections that it needs.
        lineage: Its datasets and fields.
        kinds: What `datasetType` facets say about the datasets.
        tables: Datasets that are tables, whatever their namespaces.
        found: The last event of the job.
    """

    process_id: str
    attributes: dict[str, str]
    keys: frozenset[str]
    lineage: JobLineage
    kinds: Mapping[DatasetName, DatasetType]
    tables: frozenset[DatasetName]
    found: FoundEvent

    def edges(self, connections: Mapping[str, str]) -> dict[str, Any]:
        """Return `inputs`, `outputs`, and `columns`, and `reads_own_output` if an input is an output.

        Args:
            connections: The qualifiedNames of the connections, by key.

        Raises:
            OpenLineageError: A connection is no qualifiedName, or the name of a dataset is invalid.
        """
        names = {each: self._asset(each, connections) for each in self._datasets()}
        types: dict[str, str] = {}
        for asset in names.values():
            if types.get(asset.path, _TABLE) == _TABLE:  # one event may say more than others
                types[asset.path] = asset.type_name
        sides = [
            list(dict.fromkeys(names[each].path for each in side))
            for side in (self.lineage.inputs, self.lineage.outputs)
        ]
        inputs, outputs = ([_reference(types[name], name) for name in side] for side in sides)
        edges = {"inputs": inputs, "outputs": outputs, "columns": self._columns(names, types)}
        return edges | ({"reads_own_output": True} if set(sides[0]) & set(sides[1]) else {})

    def count_fields_without_column(self) -> int:
        """Return the number of output fields whose lineage is lost: files and topics have no columns."""
        found = {each for each in self._datasets() if self._path(each, _ANY).type_name in TYPES_WITH_COLUMNS}
        return sum(
            target.dataset not in found or any(each.dataset not in found for each in sources)
            for target, sources in self.lineage.columns.items()
        )

    def _datasets(self) -> Iterator[DatasetName]:
        yield from self.lineage.inputs
        yield from self.lineage.outputs

    def _asset(self, dataset: DatasetName, connections: Mapping[str, str]) -> AssetPath:
        """Return the type and the qualifiedName of a dataset's asset."""
        connection = connections[key_of(dataset.namespace, connections) or ""]
        extra = max(0, connection.count("/") + 1 - CONNECTION_SEGMENTS)
        found = self._path(dataset, extra)
        return AssetPath(found.type_name, f"{connection}/{found.path}")

    def _path(self, dataset: DatasetName, extra: int) -> AssetPath:
        try:
            return asset_path_of(
                *dataset, self.kinds.get(dataset), extra=extra, is_table=dataset in self.tables
            )
        except DatasetNameError as error:
            raise self.found.error(f"job {self.process_id!r}: {error}") from None

    def _columns(self, names: Mapping[DatasetName, AssetPath], types: Mapping[str, str]) -> dict[str, Any]:
        found: dict[str, dict[str, None]] = {}
        tables = {each.path for each in names.values()}
        for target, sources in self.lineage.columns.items():
            for source in sources:
                ends = (names[target.dataset].path, names[source.dataset].path)
                if all(types[end] in TYPES_WITH_COLUMNS for end in ends):
                    texts = [
                        self._column(end, each, tables)
                        for end, each in zip(ends, (target, source), strict=True)
                    ]
                    found.setdefault(texts[0], {})[texts[1]] = None
        return {target: list(sources) for target, sources in found.items()}

    def _column(self, table: str, field: FieldName, tables: Collection[str]) -> str:
        text = f"{table}/{field.field}"
        owner = table_of(text, tables)
        if owner != table:
            reason = f"the field {field.field!r} of {field.dataset.name!r} can also be one of {owner!r}"
            raise self.found.error(f"job {self.process_id!r}: {reason}")
        return text


def _reference(type_name: str, name: str) -> str | dict[str, str]:
    return name if type_name == _TABLE else {"type_name": type_name, "qualified_name": name}
