"""Build the events of a run: START with all data, and a terminal event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import column_lineage_dataset as column_lineage
from openlineage.client.serde import Serde
from openlineage.client.uuid import generate_new_uuid

from atlan_pulumi.openlineage._datasets import Columns, Dataset, Field, Side
from atlan_pulumi.openlineage.facets import FacetKind, facet

Facets = Mapping[str, Mapping[str, Any]]
_DIRECT = "DIRECT"
_DIRECT_SUBTYPES = frozenset({"IDENTITY", "TRANSFORMATION", "AGGREGATION"})


@dataclass(frozen=True)
class JobRun:
    """The data of a run.

    Attributes:
        namespace: The job's namespace, which is the name of the connection in Atlan.
        name: The job's name.
        producer: A URI of the code or system that emits the events.
        inputs: The datasets that the job reads.
        outputs: The datasets that the job writes.
        columns: Output field to input fields, normalized.
        transformations: Output field to input field to how it is derived, such as `AGGREGATION`.
        indirect: Name of an output to input field to how it decides about rows, such as `FILTER`.
        job_facets: Facets of the job.
        run_facets: Facets of the run.
        terminal_state: The terminal state: `COMPLETE`, `FAIL`, or `ABORT`.
        direct: Whether to mark input fields as direct sources, which generic OpenLineage requires.
    """

    namespace: str
    name: str
    producer: str
    inputs: Sequence[Dataset]
    outputs: Sequence[Dataset]
    columns: Columns = field(default_factory=dict)
    transformations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    indirect: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    job_facets: Facets = field(default_factory=dict)
    run_facets: Facets = field(default_factory=dict)
    terminal_state: str = "COMPLETE"
    direct: bool = False

    def events(self) -> list[dict[str, Any]]:
        """Return a START and a terminal event with a new runId, as plain data.

        Raises:
            ValueError: A facet is invalid.
        """
        run_id = str(generate_new_uuid())
        start = self._event(run_id, RunState.START, self._inputs(), self._outputs())
        return [start, self._event(run_id, RunState(self.terminal_state), [], [])]

    def _event(
        self, run_id: str, state: RunState, inputs: list[InputDataset], outputs: list[OutputDataset]
    ) -> dict[str, Any]:
        event = RunEvent(
            eventType=state,
            eventTime=datetime.now(timezone.utc).isoformat(timespec="microseconds"),
            run=Run(runId=run_id, facets=self._facets("run", self.run_facets)),
            job=Job(namespace=self.namespace, name=self.name, facets=self._facets("job", self.job_facets)),
            producer=self.producer,
            inputs=inputs,
            outputs=outputs,
        )
        return Serde.to_dict(event)

    def _inputs(self) -> list[InputDataset]:
        return [
            InputDataset(
                namespace=each["namespace"],
                name=each["name"],
                facets=self._facets("dataset", each.get("facets") or {}),
                inputFacets=self._facets("input", each.get("input_facets") or {}),
            )
            for each in self.inputs
        ]

    def _outputs(self) -> list[OutputDataset]:
        return [
            OutputDataset(
                namespace=each["namespace"],
                name=each["name"],
                facets=self._facets("dataset", each.get("facets") or {}) | self._column_facet(each),
                outputFacets=self._facets("output", each.get("output_facets") or {}),
            )
            for each in self.outputs
        ]

    def _facets(self, kind: FacetKind, facets: Facets) -> dict[str, Any]:
        return {key: facet(kind, key, value, self.producer) for key, value in facets.items()}

    def _input_field(self, source: Field, how: str | None) -> column_lineage.InputField:
        if how is not None:
            return _derived_field(source, [how])
        if not self.direct:
            return column_lineage.InputField(*source)
        steps = [column_lineage.Transformation(type=_DIRECT)]
        return column_lineage.InputField(*source, transformations=steps)

    def _column_facet(self, dataset: Dataset) -> dict[str, Any]:
        """Return the columnLineage facet of an output, or an empty mapping."""
        inputs, outputs = Side(self.inputs), Side(self.outputs)
        fields = {}
        for target, sources in self.columns.items():
            of = outputs.field(target)
            if of and (of.namespace, of.name) == (dataset["namespace"], dataset["name"]):
                steps = self.transformations.get(target, {})
                found = [(source, steps.get(text)) for text in sources if (source := inputs.field(text))]
                fields[of.field] = column_lineage.Fields(
                    inputFields=[self._input_field(source, how) for source, how in found]
                )
        if not fields:
            return {}
        rows = self.indirect.get(dataset["name"], {})
        decides = [
            _derived_field(source, how) for text, how in rows.items() if (source := inputs.field(text))
        ]
        made = column_lineage.ColumnLineageDatasetFacet(fields, decides, producer=self.producer)
        return {"columnLineage": made}


def _derived_field(source: Field, subtypes: Iterable[str]) -> column_lineage.InputField:
    """Return an input field with how it is used, in the types of OpenLineage's specification."""
    steps = [
        column_lineage.Transformation(type=_DIRECT if each in _DIRECT_SUBTYPES else "INDIRECT", subtype=each)
        for each in subtypes
    ]
    return column_lineage.InputField(*source, transformations=steps)
