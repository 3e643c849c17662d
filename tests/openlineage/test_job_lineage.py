"""The edges that the facets `columnLineage` and `lineage` describe."""

from __future__ import annotations

from typing import Any

import pytest
from openlineage.client.facet_v2 import lineage
from openlineage.client.serde import Serde
from support.openlineage_events import OUT, field, outputs

from atlan_pulumi.openlineage._events import DatasetFacets, LineageOfJob
from atlan_pulumi.openlineage._job_lineage import DatasetName, JobLineage, lineage_of_job

JOB = DatasetName("airflow", "load")


def of(facet: Any = None, inputs: Any = (), **facets: Any) -> JobLineage:
    """Return the lineage of a job with one output `B`, which has these facets."""
    plain = {name: Serde.to_dict(each) for name, each in facets.items()}
    parsed = LineageOfJob.model_validate(Serde.to_dict(facet)) if facet else None
    sides = {DatasetName(OUT, name): DatasetFacets() for name in inputs}
    return lineage_of_job(JOB, parsed, sides, {DatasetName(OUT, "B"): DatasetFacets.model_validate(plain)})


def sides(found: JobLineage) -> tuple[list[str], list[str]]:
    return [each.name for each in found.inputs], [each.name for each in found.outputs]


def edges(found: JobLineage) -> set[str]:
    return {
        f"{source.dataset.name}.{source.field} > {target.dataset.name}.{target.field}"
        for target, sources in found.columns.items()
        for source in sources
    }


def dataset(name: str, of_field: str | None = None, *kinds: str) -> lineage.LineageDatasetInput:
    steps = [lineage.LineageTransformation(type=kind) for kind in kinds]
    return lineage.LineageDatasetInput(OUT, name, "DATASET", field=of_field, transformations=steps)


@pytest.mark.parametrize(
    ("kinds", "counts"),
    [((), True), (("DIRECT",), True), (("INDIRECT",), False), (("INDIRECT", "DIRECT"), True)],
)
def test_only_direct_transformations_are_edges(kinds: tuple[str, ...], counts: bool) -> None:
    (output,) = outputs({"B": {"X": [field("A", "Y", *kinds)]}})
    assert output.facets is not None
    found = of(columnLineage=output.facets["columnLineage"])
    assert edges(found) == ({"A.Y > B.X"} if counts else set())
    target = lineage.LineageFieldEntry(inputs=[dataset("A", "Y", *kinds)])
    assert edges(of(lineage=lineage.LineageDatasetFacet(fields={"X": target}))) == edges(found)


def test_an_input_field_without_transformations_is_an_edge() -> None:
    """Older producers do not write them."""
    plain = {"fields": {"X": {"inputFields": [{"namespace": OUT, "name": "A", "field": "Y"}]}}}
    assert edges(of(columnLineage=plain)) == {"A.Y > B.X"}


def test_the_dataset_of_an_input_field_is_an_input() -> None:
    (output,) = outputs({"B": {"X": [field("A", "Y")]}})
    assert output.facets is not None
    assert sides(of(columnLineage=output.facets["columnLineage"])) == (["A"], ["B"])


def test_the_lineage_facet_of_a_job() -> None:
    fields = {"X": lineage.LineageFieldEntry(inputs=[dataset("A", "Y"), dataset("D")])}
    entry = lineage.LineageDatasetEntry(OUT, "C", "DATASET", inputs=[dataset("A")], fields=fields)
    found = of(lineage.LineageJobFacet(entries=[entry]))
    assert sides(found) == (["A", "D"], ["B", "C"])
    assert edges(found) == {"A.Y > C.X"}


def test_a_job_as_a_target_or_a_source() -> None:
    """A dataset that flows into the job is an input; what other jobs do is not this one's lineage."""
    own = lineage.LineageJobEntry("JOB", inputs=[dataset("A")])
    named = lineage.LineageJobEntry("JOB", namespace="airflow", name="load", inputs=[dataset("D")])
    other = lineage.LineageJobEntry("JOB", namespace="airflow", name="other", inputs=[dataset("E")])
    made = lineage.LineageDatasetEntry(OUT, "C", "DATASET", inputs=[lineage.LineageJobInput("JOB")])
    found = of(lineage.LineageJobFacet(entries=[own, named, other, made]))
    assert sides(found) == (["A", "D"], ["B", "C"])


def test_a_column_that_affects_the_whole_dataset_is_no_edge() -> None:
    found = of(lineage=lineage.LineageDatasetFacet(inputs=[dataset("A", "DAY", "INDIRECT")]))
    assert (sides(found), edges(found)) == ((["A"], ["B"]), set())
