"""Run events and job events, as far as they describe lineage, read without OpenLineage's client.

Source: OpenLineage's specification (spec/OpenLineage.json, and the facets in spec/facets).
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from atlan_pulumi.openlineage._event_files import FoundEvent

_DIRECT = "DIRECT"


def _text_only(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004 - pydantic reports only a ValueError
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _with_zone(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)


def _given(value: Any) -> Any:
    return {} if value is None else value


def _given_list(value: Any) -> Any:
    return [] if value is None else value


Name = Annotated[str, AfterValidator(_not_blank)]
Time = Annotated[datetime, Field(strict=False), BeforeValidator(_text_only), AfterValidator(_with_zone)]


class _Part(BaseModel):
    """A part of an event. What it does not name is ignored: there are many facets."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Transformation(_Part):
    """What is done with an input field."""

    type: str = _DIRECT


Transformations = Annotated[list[Transformation], BeforeValidator(_given_list)]


def feeds(transformations: list[Transformation]) -> bool:
    """Return whether data flow: not if the input only decides rows, as in a filter.

    Older producers do not say how an input field is used.
    """
    return not transformations or any(each.type == _DIRECT for each in transformations)


class InputField(_Part):
    """An input field in a `columnLineage` facet."""

    namespace: Name
    name: Name
    field: Name
    transformations: Transformations = []


class OutputField(_Part):
    """An output field in a `columnLineage` facet."""

    input_fields: Annotated[list[InputField], Field(alias="inputFields")] = []


class ColumnLineage(_Part):
    """The `columnLineage` facet of an output."""

    fields_: Annotated[dict[Name, OutputField], BeforeValidator(_given), Field(alias="fields")] = {}


class Source(_Part):
    """A source in a `lineage` facet: a dataset, one of its fields, or a job."""

    type: Literal["DATASET", "JOB"]
    namespace: Name | None = None
    name: Name | None = None
    field: Name | None = None
    transformations: Transformations = []


Sources = Annotated[list[Source], BeforeValidator(_given_list)]


class TargetField(_Part):
    """A field of a target in a `lineage` facet."""

    inputs: Sources = []


class Target(_Part):
    """What a target in a `lineage` facet is made of; also the `lineage` facet of a dataset."""

    inputs: Sources = []
    fields_: Annotated[dict[Name, TargetField], BeforeValidator(_given), Field(alias="fields")] = {}


class Entry(Target):
    """A target in the `lineage` facet of a job: a dataset, or a job."""

    type: Literal["DATASET", "JOB"]
    namespace: Name | None = None
    name: Name | None = None


class LineageOfJob(_Part):
    """The `lineage` facet of a job."""

    entries: Annotated[list[Entry], BeforeValidator(_given_list)] = []


class Identifier(_Part):
    """Another name of a dataset."""

    namespace: Name
    name: Name
    type: str = ""


class Symlinks(_Part):
    """The `symlinks` facet of a dataset."""

    identifiers: Annotated[list[Identifier], BeforeValidator(_given_list)] = []


class DatasetType(_Part):
    """The `datasetType` facet of a dataset."""

    dataset_type: Annotated[str, Field(alias="datasetType")] = ""
    sub_type: Annotated[str | None, Field(alias="subType")] = None


class _Facets(_Part):
    def updated(self, later: _Facets) -> Any:
        """Return these facets with those of a later event, which replace the ones of the same name."""
        return self.model_copy(
            update={name: value for name, value in later if name in later.model_fields_set and value}
        )


class DatasetFacets(_Facets):
    """The facets of a dataset."""

    column_lineage: Annotated[ColumnLineage | None, Field(alias="columnLineage")] = None
    lineage: Target | None = None
    symlinks: Symlinks | None = None
    dataset_type: Annotated[DatasetType | None, Field(alias="datasetType")] = None


class Sql(_Part):
    """The `sql` facet of a job."""

    query: str = ""


class Documentation(_Part):
    """The `documentation` facet of a job."""

    description: str = ""


class SourceCodeLocation(_Part):
    """The `sourceCodeLocation` facet of a job."""

    url: str = ""


class JobFacets(_Facets):
    """The facets of a job."""

    sql: Sql | None = None
    documentation: Documentation | None = None
    source_code_location: Annotated[SourceCodeLocation | None, Field(alias="sourceCodeLocation")] = None
    lineage: LineageOfJob | None = None


class Dataset(_Part):
    """An input or output of an event."""

    namespace: Name
    name: Name
    facets: Annotated[DatasetFacets, BeforeValidator(_given)] = DatasetFacets()


Datasets = Annotated[list[Dataset], BeforeValidator(_given_list)]


class Job(_Part):
    """The job of an event."""

    namespace: Name
    name: Name
    facets: Annotated[JobFacets, BeforeValidator(_given)] = JobFacets()


class Run(_Part):
    """The run of an event."""

    run_id: Annotated[Name, Field(alias="runId")]


class Event(_Part):
    """A run event, or without a run a job event."""

    event_time: Annotated[Time, Field(alias="eventTime")]
    event_type: Annotated[
        Literal["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"] | None, Field(alias="eventType")
    ] = None
    job: Job
    run: Run | None = None
    inputs: Datasets = []
    outputs: Datasets = []


def event_of(found: FoundEvent) -> Event | None:
    """Return a validated event; None for a dataset event, which describes no job.

    Raises:
        OpenLineageError: The event is invalid. The message says where and why.
    """
    if not isinstance(found.data, dict):
        raise found.error("the event is not a JSON object")
    if "job" not in found.data:
        if "dataset" in found.data:
            return None
        raise found.error("not an OpenLineage event: it has no job")
    try:
        return Event.model_validate(found.data)
    except ValidationError as error:
        raise found.error(_reason(error)) from None


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in first["loc"])
    if first["type"] == "missing":
        return f"{place[1:]} is missing"
    return f"{place[1:]}: {first['msg'].removeprefix('Value error, ')}"
