"""The lineage of a job, in terms of datasets and fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from atlan_pulumi.openlineage._events import (
    DatasetFacets,
    LineageOfJob,
    Source,
    Target,
    feeds,
)


class DatasetName(NamedTuple):
    """What identifies a dataset."""

    namespace: str
    name: str


class FieldName(NamedTuple):
    """What identifies a field of a dataset."""

    dataset: DatasetName
    field: str


@dataclass
class JobLineage:
    """The datasets that a job reads and writes, and which field feeds which.

    Attributes:
        inputs: The datasets that the job reads, in order.
        outputs: The datasets that it writes, in order.
        columns: Output field to the input fields that feed it, in order.
    """

    inputs: dict[DatasetName, None] = field(default_factory=dict)
    outputs: dict[DatasetName, None] = field(default_factory=dict)
    columns: dict[FieldName, dict[FieldName, None]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether data flow from an input to an output."""
        return bool(self.inputs and self.outputs)


class _Builder:
    def __init__(self, job: DatasetName) -> None:
        self._job = job
        self.lineage = JobLineage()

    def link(self, target: FieldName, source: FieldName) -> None:
        """Add an edge between fields. Its datasets are inputs and outputs, whether listed there or not."""
        self.lineage.outputs[target.dataset] = None
        self.lineage.inputs[source.dataset] = None
        self.lineage.columns.setdefault(target, {})[source] = None

    def column_facet(self, output: DatasetName, facets: DatasetFacets) -> None:
        """Add what a `columnLineage` facet says."""
        for name, target in facets.column_lineage.fields_.items() if facets.column_lineage else ():
            for source in target.input_fields:
                if feeds(source.transformations):
                    of = FieldName(DatasetName(source.namespace, source.name), source.field)
                    self.link(FieldName(output, name), of)

    def target(self, output: DatasetName, target: Target) -> None:
        """Add what a `lineage` facet says about a dataset."""
        self.lineage.outputs[output] = None
        self.sources(target.inputs)
        for name, made_of in target.fields_.items():
            self.sources(made_of.inputs)
            for source in made_of.inputs:
                dataset = _dataset(source)
                if dataset and source.field and feeds(source.transformations):
                    self.link(FieldName(output, name), FieldName(dataset, source.field))

    def sources(self, sources: Iterable[Source]) -> None:
        """Add sources of a dataset, or of the job itself."""
        for source in sources:
            if dataset := _dataset(source):
                self.lineage.inputs[dataset] = None

    def job_facet(self, facet: LineageOfJob) -> None:
        """Add what the `lineage` facet of the job says. Entries about other jobs are not this one's."""
        for entry in facet.entries:
            named = DatasetName(entry.namespace, entry.name) if entry.namespace and entry.name else None
            if entry.type == "DATASET" and named:
                self.target(named, entry)
            elif entry.type == "JOB" and named in (None, self._job):
                self.sources(entry.inputs)


def _dataset(source: Source) -> DatasetName | None:
    if source.type != "DATASET" or not (source.namespace and source.name):
        return None
    return DatasetName(source.namespace, source.name)


def lineage_of_job(
    job: DatasetName,
    facet: LineageOfJob | None,
    inputs: Mapping[DatasetName, DatasetFacets],
    outputs: Mapping[DatasetName, DatasetFacets],
) -> JobLineage:
    """Return the lineage of a job.

    Args:
        job: The job, which its `lineage` facet may name.
        facet: The `lineage` facet of the job.
        inputs: Its inputs with their facets.
        outputs: Its outputs with their facets.
    """
    builder = _Builder(job)
    builder.lineage.inputs.update(dict.fromkeys(inputs))
    for output, facets in outputs.items():
        builder.lineage.outputs[output] = None
        builder.column_facet(output, facets)
        if facets.lineage:
            builder.target(output, facets.lineage)
    if facet:
        builder.job_facet(facet)
    return builder.lineage
