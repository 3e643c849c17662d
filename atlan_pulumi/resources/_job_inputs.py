"""The inputs of an `OpenLineageJob`: datasets, columns, and facets, validated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from atlan_pulumi.lifecycle import (
    Element,
    InputProblem,
    ResourceInputs,
    Text,
    TextElement,
    has_unknown,
    is_known,
    own_source_reason,
)
from atlan_pulumi.naming import ConnectionName, connector_of
from atlan_pulumi.openlineage import GENERIC
from atlan_pulumi.resources._job_datasets import SIDES
from atlan_pulumi.resources.datasets import (
    DatasetElement,
    Facets,
    facet_problem,
    known_datasets,
    missing_dependencies,
)
from atlan_pulumi.resources.literals import TerminalState

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")


class OpenLineageJobInputs(ResourceInputs):
    """The validated inputs of an `OpenLineageJob`."""

    kinds: ClassVar[dict[str, str]] = dict.fromkeys(SIDES, "dataset")
    settings: ClassVar[frozenset[str]] = ResourceInputs.settings | {"connection", "job_name", "wait_seconds"}

    connection: ConnectionName
    job_name: Text
    inputs: Annotated[list[DatasetElement], Field(min_length=1)]
    outputs: Annotated[list[DatasetElement], Field(min_length=1)]
    columns: dict[str, Annotated[list[TextElement], Element]] | None = None
    transformations: dict[str, dict[str, Text]] | None = None
    indirect: dict[str, dict[str, list[Text]]] | None = None
    reads_own_output: bool | None = None
    job_facets: Facets | None = None
    run_facets: Facets | None = None
    producer: Text | None = None
    terminal_state: TerminalState | None = None
    wait_seconds: Annotated[float, Field(gt=0)] | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems between datasets, and within each facet."""
        yield from super().contradictions()
        if is_known(self.job_name) and self.job_name != self.job_name.strip("/ \t\n"):
            yield InputProblem("job_name", "must not start or end with white space or a slash")
        if self.producer is not None and is_known(self.producer) and not _URI.match(self.producer):
            yield InputProblem(
                "producer", f"{self.producer!r} is not a URI, such as 'https://example.com/dags/1'"
            )
        for side in SIDES:
            for index, each in known_datasets(getattr(self, side)):
                yield from each.problems(side, index)
            yield from self._repeated(side)
        yield from self._own_sources()
        yield from self._doubly_declared()
        yield from missing_dependencies()
        yield from self._facet_problems()
        yield from self._not_of_generic()

    def _repeated(self, side: str) -> Iterator[InputProblem]:
        first: dict[tuple[str, str], int] = {}
        for index, each in known_datasets(getattr(self, side)):
            earlier = first.setdefault(each.identity, index)
            if earlier != index and each != getattr(self, side)[earlier]:
                what = f"{side}[{index}]: {each.name!r} is also {side}[{earlier}]"
                yield InputProblem(side, f"{what}, written differently or with other facets")

    def _own_sources(self) -> Iterator[InputProblem]:
        if self.reads_own_output not in (None, False):  # also where it is not known yet
            return
        outputs = {each.identity for _, each in known_datasets(self.outputs)}
        for index, each in known_datasets(self.inputs):
            if each.identity in outputs:
                what = f"inputs[{index}]: {each.name!r} is also an output"
                yield InputProblem("inputs", f"{what}: {own_source_reason('a dataset', 'job')}")

    def _doubly_declared(self) -> Iterator[InputProblem]:
        for index, each in known_datasets(self.outputs):
            facets = each.facets if is_known(each.facets) else None
            if self.columns is not None and "columnLineage" in (facets or {}):
                yield InputProblem(
                    "outputs", f"outputs[{index}]: set either its facet columnLineage or columns"
                )

    def _not_of_generic(self) -> Iterator[InputProblem]:
        """Yield a problem for a facet whose effect Atlan does not document for generic connections."""
        if not is_known(self.connection) or connector_of(self.connection) != GENERIC:
            return
        if self.run_facets is not None and is_known(self.run_facets) and "parent" in self.run_facets:
            what = "Atlan does not document how it names the child of another job in this connection"
            instead = "declare a Process instead, or send the events with `atlan-pulumi openlineage emit`"
            yield InputProblem("run_facets", f"run_facets['parent']: {what}: leave it out, {instead}")

    def _facet_problems(self) -> Iterator[InputProblem]:
        given = [("job", "job_facets", self.job_facets), ("run", "run_facets", self.run_facets)]
        for side, kind in (("inputs", "input"), ("outputs", "output")):
            for index, each in known_datasets(getattr(self, side)):
                given.append(("dataset", f"{side}[{index}].facets", each.facets))
                given.append((kind, f"{side}[{index}].{kind}_facets", getattr(each, f"{kind}_facets")))
        for kind, place, facets in given:
            for key, value in (facets or {}).items() if is_known(facets) else ():
                if has_unknown(value):
                    continue
                if reason := facet_problem(kind, key, value):
                    yield InputProblem(re.split(r"[\[.]", place)[0], f"{place}[{key!r}]: {reason}")
