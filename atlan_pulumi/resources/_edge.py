"""The common base of `Process` and `ColumnProcess`: an edge with inputs, outputs, and the code that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import pulumi
from pydantic import Field

from atlan_pulumi.lifecycle import (
    UNKNOWN,
    AssetInputs,
    EntityLifecycle,
    InputProblem,
    Props,
    ReferenceElement,
    ReferenceInputs,
    Text,
    TextElement,
    WaitingInputs,
    is_known,
    own_source_reason,
)
from atlan_pulumi.naming import ConnectionName, below_connection, connector_of
from atlan_pulumi.resources._arguments import AssetArgs, accept
from atlan_pulumi.resources.literals import AiDatasetType, ProcessDerivation
from atlan_pulumi.resources.references import AssetReference, references

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

References = list[ReferenceElement]
NonEmptyReferences = Annotated[References, Field(min_length=1)]


class ProcessArgs(AssetArgs, total=False):
    """Optional keyword arguments of `Process` and `ColumnProcess`."""

    sql: pulumi.Input[str]
    """The SQL that runs."""
    code: pulumi.Input[str]
    """The code that runs, if it is not SQL."""
    ast: pulumi.Input[str]
    """The parsed form of the code."""
    additional_etl_context: pulumi.Input[str]
    """Further information about the pipeline, as text."""
    parent_connection_process_qualified_name: pulumi.Input[Sequence[pulumi.Input[str]]]
    """qualifiedNames of the connection-level processes above this one; a set."""
    is_pass_through: pulumi.Input[bool]
    """Whether the data are passed on unchanged."""
    ai_dataset_type: pulumi.Input[AiDatasetType]
    """`TRAINING`, `TESTING`, `INFERENCE`, `VALIDATION`, `INPUT`, or `OUTPUT`."""
    process_derivation: pulumi.Input[ProcessDerivation]
    """`STATIC` (derived from code) or `RUNTIME` (observed at run time)."""
    airflow_tasks: pulumi.Input[Sequence[pulumi.Input[AssetReference]]]
    """The `AirflowTask`s that run it."""
    spark_jobs: pulumi.Input[Sequence[pulumi.Input[AssetReference]]]
    """The `SparkJob`s that run it."""
    sql_procedures: pulumi.Input[Sequence[pulumi.Input[AssetReference]]]
    """The `Procedure`s that run it."""
    sql_functions: pulumi.Input[Sequence[pulumi.Input[AssetReference]]]
    """The `Function`s that it calls."""
    bigquery_routines: pulumi.Input[Sequence[pulumi.Input[AssetReference]]]
    """The `BigqueryRoutine`s that it calls."""
    fabric_activities: pulumi.Input[Sequence[pulumi.Input[AssetReference]]]
    """The `FabricActivity`s that run it."""
    adf_activity: pulumi.Input[AssetReference]
    """The `AdfActivity` that runs it."""
    matillion_component: pulumi.Input[AssetReference]
    """The `MatillionComponent` that runs it."""
    fivetran_connector: pulumi.Input[AssetReference]
    """The `FivetranConnector` that runs it."""
    power_bi_dataflow: pulumi.Input[AssetReference]
    """The `PowerBIDataflow` that runs it."""
    flow_orchestrated_by: pulumi.Input[AssetReference]
    """The `FlowControlOperation` that orchestrates it."""


class ProcessAttributes(AssetInputs, WaitingInputs):
    """The validated inputs of an edge."""

    kinds: ClassVar[dict[str, str]] = {
        "inputs": "Catalog",
        "outputs": "Catalog",
        "airflow_tasks": "AirflowTask",
        "spark_jobs": "SparkJob",
        "sql_procedures": "Procedure",
        "sql_functions": "Function",
        "bigquery_routines": "BigqueryRoutine",
        "fabric_activities": "FabricActivity",
        "adf_activity": "AdfActivity",
        "matillion_component": "MatillionComponent",
        "fivetran_connector": "FivetranConnector",
        "power_bi_dataflow": "PowerBIDataflow",
        "flow_orchestrated_by": "FlowControlOperation",
    }
    other_level: ClassVar[tuple[frozenset[str], str]]
    """The types whose lineage another resource declares, and the name of that resource."""
    references: ClassVar[frozenset[str]] = frozenset(kinds)
    settings: ClassVar[frozenset[str]] = AssetInputs.settings | {"connection", "process_id"}

    connection: ConnectionName | None = None
    process_id: Text
    inputs: NonEmptyReferences
    outputs: NonEmptyReferences
    reads_own_output: bool | None = None

    sql: str | None = None
    code: str | None = None
    ast: str | None = None
    additional_etl_context: str | None = None
    parent_connection_process_qualified_name: list[TextElement] | None = None
    is_pass_through: bool | None = None
    ai_dataset_type: AiDatasetType | None = None
    process_derivation: ProcessDerivation | None = None
    airflow_tasks: References | None = None
    spark_jobs: References | None = None
    sql_procedures: References | None = None
    sql_functions: References | None = None
    bigquery_routines: References | None = None
    fabric_activities: References | None = None
    adf_activity: ReferenceInputs | None = None
    matillion_component: ReferenceInputs | None = None
    fivetran_connector: ReferenceInputs | None = None
    power_bi_dataflow: Annotated[ReferenceInputs | None, Field(serialization_alias="powerBIDataflow")] = None
    flow_orchestrated_by: ReferenceInputs | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems between properties, and within each reference."""
        yield from super().contradictions()
        if is_known(self.process_id) and self.process_id != self.process_id.strip():
            yield InputProblem("process_id", "must not start or end with white space")
        for name, kind in self.kinds.items():
            value = getattr(self, name)
            for index, item in _known_items(value):
                yield from item.problems(f"{name}[{index}]", kind)
            if isinstance(value, ReferenceInputs):
                yield from value.problems(name, kind)
        yield from self._misplaced()
        yield from self._loops()

    def _misplaced(self) -> Iterator[InputProblem]:
        """Yield a problem for each asset of the other level: tables and columns have separate lineage."""
        types, where = self.other_level
        for name in ("inputs", "outputs"):
            for index, item in _known_items(getattr(self, name)):
                if item.type_name in types:
                    what = f"{name}[{index}]: a {item.type_name}"
                    yield InputProblem(
                        name, f"{what} is not allowed here: declare its lineage with a {where}"
                    )

    def _loops(self) -> Iterator[InputProblem]:
        """Yield a problem for each input that is also an output, unless that is declared."""
        if self.reads_own_output not in (None, False):  # also where it is not known yet
            return
        outputs = {_name_of(item) for _, item in _known_items(self.outputs)}
        for index, item in _known_items(self.inputs):
            if _name_of(item) in outputs:
                what = f"inputs[{index}]: {item.type_name} {item.qualified_name or item.guid!r}"
                yield InputProblem("inputs", f"{what} is also an output: {own_source_reason('an asset')}")


def _name_of(item: ReferenceInputs) -> tuple[Any, ...]:
    """Return what identifies an asset. An unknown asset equals no other."""
    named = (item.type_name, item.qualified_name, item.guid)
    return named if all(map(is_known, named)) else (id(item),)


def _known_items(value: object) -> list[tuple[int, ReferenceInputs]]:
    items = value if isinstance(value, list) else []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, ReferenceInputs)]


class EdgeLifecycle(EntityLifecycle):
    """The common lifecycle of `Process` and `ColumnProcess`: an id within a connection."""

    identity = ("connection", "process_id")
    named_by: ClassVar[tuple[str, ...]] = identity

    def identify(self, declared: Props, _olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return `<connection>/<process_id>`, the qualifiedName that Atlan's SDK uses."""
        connection, process_id = declared["connection"], declared["process_id"]
        if connection is UNKNOWN or process_id is UNKNOWN:
            return {"qualified_name": UNKNOWN}
        return {"qualified_name": below_connection(connection, process_id)}

    def fixed_attributes(self, declared: Props) -> dict[str, Any]:
        """Return the connection, which decides who can see the edge, and its icon."""
        connection = declared["connection"]
        return {"connectionQualifiedName": connection, "connectorName": connector_of(connection)}


def edge_attributes(kind: str, given: ProcessArgs) -> dict[str, Any]:
    """Return the optional attributes of an edge as props.

    Raises:
        TypeError: An attribute is unknown.
    """
    known = accept(kind, dict(given), set(ProcessArgs.__annotations__))
    return {
        name: references(value) if name in ProcessAttributes.references else value
        for name, value in known.items()
    }
