"""References to OpenLineage datasets, and their inputs model."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import pulumi
from pydantic import BeforeValidator, model_validator
from typing_extensions import TypedDict

from atlan_pulumi.lifecycle import Element, InputProblem, Inputs, Text, is_known
from atlan_pulumi.naming import normalize_path
from atlan_pulumi.not_text import given_resource
from atlan_pulumi.openlineage import dataset_name_problem

FacetsInput = Mapping[str, Any]


class DatasetReference(TypedDict, total=False):
    """A dataset as OpenLineage names it, created with `dataset()`."""

    namespace: pulumi.Input[str]
    """The system that stores the dataset, such as `snowflake://abc123.snowflakecomputing.com`."""
    name: pulumi.Input[str]
    """The dataset's name in the system, such as `OPS.DEFAULT.RUN_STATS`."""
    facets: pulumi.Input[FacetsInput]
    """Facets of the dataset, by key."""
    input_facets: pulumi.Input[FacetsInput]
    """Facets of the dataset as an input, by key."""
    output_facets: pulumi.Input[FacetsInput]
    """Facets of the dataset as an output, by key."""


def dataset(
    namespace: pulumi.Input[str],
    name: pulumi.Input[str],
    *,
    facets: pulumi.Input[FacetsInput] | None = None,
    input_facets: pulumi.Input[FacetsInput] | None = None,
    output_facets: pulumi.Input[FacetsInput] | None = None,
) -> DatasetReference:
    """Refer to a dataset as OpenLineage names it.

    Args:
        namespace: The system that stores the dataset, such as `snowflake://abc123.snowflakecomputing.com` or
            `s3://bucket`, as OpenLineage's naming specification defines it.
        name: The dataset's name in the system: `DATABASE.SCHEMA.TABLE` in a warehouse, a path in a bucket.
        facets: Facets of the dataset, by key, such as `{"schema": {"fields": [{"name": "ID"}]}}`.
        input_facets: Facets of the dataset as an input, by key.
        output_facets: Facets of the dataset as an output, by key.

    Source: OpenLineage's specification (OpenLineage/spec/Naming.md).

    Example:
        >>> import atlan_pulumi as atlan
        >>> atlan.dataset("s3://lake", "in/orders.csv")["name"]
        'in/orders.csv'
    """
    reference: DatasetReference = {"namespace": namespace, "name": name}
    if facets is not None:
        reference["facets"] = facets
    if input_facets is not None:
        reference["input_facets"] = input_facets
    if output_facets is not None:
        reference["output_facets"] = output_facets
    return reference


def _whole_numbers(value: Any) -> Any:
    """Return a value with integers for floats without a fraction, since the engine sends only floats."""
    if isinstance(value, dict):
        return {key: _whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def datasets(value: Any) -> Any:
    """Return inputs or outputs (datasets, texts, Outputs of either) as props."""
    if isinstance(value, pulumi.Output):
        return value.apply(datasets)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [datasets(item) for item in value]
    found = re.fullmatch(r"([^/\s]+://[^/\s]+)/(.+)", value) if isinstance(value, str) else None
    return {"namespace": found[1], "name": found[2]} if found else value


Facets = Annotated[dict[str, Annotated[dict[str, Any], Element]], BeforeValidator(_whole_numbers)]


class DatasetInputs(Inputs):
    """A validated dataset."""

    namespace: Text
    name: Text
    facets: Facets | None = None
    input_facets: Facets | None = None
    output_facets: Facets | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_a_dataset(cls, value: Any) -> Any:
        odd = None
        if isinstance(value, str) and not given_resource(value):
            odd = f"{value!r} is not a dataset, such as 's3://bucket/path' or dataset(namespace, name)"
        elif isinstance(value, dict) and "type_name" in value:
            odd = "an Atlan asset is not allowed here: name it as OpenLineage does, with dataset()"
        if odd:
            raise ValueError(odd)
        return value

    @property
    def identity(self) -> tuple[str, str]:
        """What identifies the dataset, whatever the case."""
        return self.namespace.casefold(), normalize_path(self.name)

    @property
    def known(self) -> bool:
        """Whether it is known which dataset this is."""
        return is_known(self.namespace) and is_known(self.name)

    def problems(self, side: str, index: int) -> Iterator[InputProblem]:
        """Yield the problems of the dataset as a whole."""
        place = f"{side}[{index}]"
        if self.known and (objection := dataset_name_problem(self.namespace, self.name)):
            yield InputProblem(side, f"{place}: {objection}")
        other = "output_facets" if side == "inputs" else "input_facets"
        if getattr(self, other) is not None:
            yield InputProblem(side, f"{place}: {other} do not belong among the {side}")


#: A dataset as an element of a list, which may be unknown as a whole.
DatasetElement = Annotated[DatasetInputs, Element]


def missing_dependencies() -> Iterator[InputProblem]:
    """Yield a problem if the extra is not installed."""
    for name in ("openlineage", "cattrs"):
        if importlib.util.find_spec(name) is None:
            what = f"an OpenLineageJob requires {name}, which is not installed"
            yield InputProblem("", f"{what}: pip install 'atlan-pulumi[openlineage]'")
            return


def facet_problem(kind: Any, key: str, value: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a facet, according to OpenLineage's models; None if nothing is."""
    try:
        from atlan_pulumi.openlineage.facets import facet  # noqa: PLC0415 - from an extra, for jobs only
    except ImportError:
        return None  # reported by missing_dependencies
    try:
        facet(kind, key, value, "")
    except ValueError as error:
        return str(error)
    return None


def known_datasets(value: object) -> list[tuple[int, DatasetInputs]]:
    """Return the known datasets of one side, each with its index."""
    items = value if isinstance(value, list) else []
    return [(i, item) for i, item in enumerate(items) if isinstance(item, DatasetInputs) and item.known]
