"""What events say about datasets: an event of one job may say more than those of others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from atlan_pulumi.openlineage._dataset_connections import key_of
from atlan_pulumi.openlineage._events import DatasetFacets, DatasetType
from atlan_pulumi.openlineage._job_lineage import DatasetName, FieldName, JobLineage
from atlan_pulumi.openlineage._job_states import JobState


@dataclass
class KnownDatasets:
    """The datasets of all jobs.

    Attributes:
        logical: Storage that an event names -> the table that it is.
        kinds: What `datasetType` facets say.
    """

    logical: dict[DatasetName, DatasetName] = field(default_factory=dict)
    kinds: dict[DatasetName, DatasetType] = field(default_factory=dict)

    def name(self, dataset: DatasetName) -> DatasetName:
        """Return the table that a dataset is, if its storage was named; otherwise the dataset."""
        return self.logical.get(dataset, dataset)

    def tables(self) -> frozenset[DatasetName]:
        """Return the datasets that are tables, whatever their namespaces."""
        return frozenset(self.logical.values())

    def named(self, lineage: JobLineage) -> JobLineage:
        """Return a lineage with tables instead of their storage."""
        found = JobLineage()
        found.inputs.update(dict.fromkeys(map(self.name, lineage.inputs)))
        found.outputs.update(dict.fromkeys(map(self.name, lineage.outputs)))
        for target, sources in lineage.columns.items():
            of_target = found.columns.setdefault(self._field(target), {})
            of_target.update(dict.fromkeys(map(self._field, sources)))
        return found

    def _field(self, of: FieldName) -> FieldName:
        return FieldName(self.name(of.dataset), of.field)


def known_datasets(states: Iterable[JobState], keys: Collection[str]) -> KnownDatasets:
    """Return what the states of jobs say about datasets.

    Spark names the location of a table, and the table in a `symlinks` facet. The table counts if its
    namespace has a connection.

    Args:
        states: The states, the latest last.
        keys: The namespaces that have a connection.
    """
    found = KnownDatasets()
    for dataset, facets in _facets(states):
        for each in facets.symlinks.identifiers if facets.symlinks else ():
            if each.type.upper() == "TABLE" and key_of(each.namespace, keys):
                found.logical[dataset] = DatasetName(each.namespace, each.name)
                break
        if facets.dataset_type:
            found.kinds[dataset] = facets.dataset_type
    found.kinds |= {found.name(each): kind for each, kind in found.kinds.items()}
    return found


def _facets(states: Iterable[JobState]) -> Iterator[tuple[DatasetName, DatasetFacets]]:
    for state in states:
        yield from state.inputs.items()
        yield from state.outputs.items()
