"""Edge, Asset: the lineage that a resource declares, whatever kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from atlan_pulumi.declared._known_part import known_part, put_back
from atlan_pulumi.lifecycle import (
    UNKNOWN,
    Children,
    ManyLifecycle,
    Props,
    ResourceLifecycle,
    has_unknown,
    is_known,
)
from atlan_pulumi.naming import asset_path, normalize_path
from atlan_pulumi.openlineage import Side

DATASET = "Dataset"
COLUMN = "Column"
_NAMING = ("namespace", "name", "field", "type_name", "qualified_name", "guid")
_SIDES = ("inputs", "outputs")
_FIELD = ("namespace", "name", "field")
_EDGES = ("Process", "ColumnProcess")
_OWN = "reads_own_output"
_PLACES = ("inputs", "outputs", "process")


class Asset(NamedTuple):
    """What an edge leads from or to.

    Attributes:
        type_name: Atlan's typeName, such as `Table`; `Dataset` for what OpenLineage names.
        name: The qualifiedName; of a dataset `<namespace>/<name>`; the GUID where it is referred to by that.
        path: The path within its connection, without regard to case and to how segments are joined: a
            dataset and the asset that Atlan takes it for have the same. Empty where there is only a GUID.
        namespace: That of a dataset, or of the dataset that a field is of; else empty.
    """

    type_name: str
    name: str
    path: str
    namespace: str = ""

    @classmethod
    def of(cls, reference: Mapping[str, Any]) -> Asset | None:
        """The asset that a reference names, as it stands in props; None while it is not known."""
        if any(reference.get(key) is UNKNOWN for key in _NAMING):
            return None
        if "namespace" in reference:
            return cls._of_dataset(
                str(reference["namespace"]), str(reference["name"]), reference.get("field")
            )
        type_name, named = str(reference["type_name"]), reference.get("qualified_name")
        if named:
            return cls(type_name, str(named), normalize_path(asset_path(str(named))))
        return cls(type_name, str(reference["guid"]), "")

    @classmethod
    def _of_dataset(cls, namespace: str, name: str, field: str | None) -> Asset:
        if field is None:
            return cls(DATASET, f"{namespace}/{name}", normalize_path(name), namespace)
        path = f"{normalize_path(name)}/{field.casefold()}"
        return cls(COLUMN, f"{namespace}/{name}/{field}", path, namespace)

    @property
    def names(self) -> tuple[str, ...]:
        """What a pattern may match: of a dataset also with its segments joined by slashes."""
        if not self.namespace:
            return (self.name,)
        own = self.name.removeprefix(f"{self.namespace}/")
        return (self.name, f"{self.namespace}/{own.replace('.', '/')}")

    @property
    def is_column(self) -> bool:
        """Whether it is a column or a field whose name tells which table it is of."""
        return self.type_name == COLUMN and bool(self.path)

    @property
    def is_field(self) -> bool:
        """Whether it is a field of a dataset, rather than a column of Atlan's."""
        return self.is_column and bool(self.namespace)

    @property
    def table(self) -> Asset:
        """What a column is a column of; itself, where it is none."""
        if not self.is_column:
            return self
        above = self.name.rpartition("/")[0]
        kind = DATASET if self.is_field else "Table"
        return Asset(kind, above, self.path.rpartition("/")[0], self.namespace)

    def __str__(self) -> str:
        return f"{self.type_name} {self.name!r}"


def assets(value: Any) -> tuple[tuple[Asset, ...], bool]:
    """The assets that a property refers to, and whether these are all of them."""
    if value is UNKNOWN:
        return (), False
    items = value if isinstance(value, list) else [value] if value else []
    found = [Asset.of(item) if isinstance(item, Mapping) else None for item in items]
    return tuple(each for each in found if each is not None), all(found)


def columns_are_known(job: Props) -> bool:
    """Whether all column lineage of a job is known."""
    facets = [_fields(dataset) for dataset in _datasets(job, "outputs")]
    return not has_unknown([job.get("columns"), *(_names(job, side) for side in _SIDES), facets])


def columns_of(job: Props) -> Iterator[tuple[Props, Any]]:
    """Each output field with the fields that it is made of, as references; `UNKNOWN` where they are."""
    if has_unknown([_names(job, side) for side in _SIDES]):
        return
    inputs, outputs = (Side(_datasets(job, side)) for side in _SIDES)
    columns = job.get("columns")
    for target, texts in sorted(columns.items()) if isinstance(columns, Mapping) else ():
        known = is_known(texts) and not has_unknown(list(texts))
        yield _field(outputs, target), [_field(inputs, each) for each in texts] if known else UNKNOWN
    for dataset in outputs.datasets:
        yield from _in_facet(dataset)


def _datasets(job: Props, side: str) -> list[Any]:
    datasets = job.get(side)
    return datasets if isinstance(datasets, list) else [UNKNOWN] if datasets is UNKNOWN else []


def _names(job: Props, side: str) -> list[Any]:
    """What has to be known of the datasets at one side; their facets may be unknown."""
    return [
        (each["namespace"], each["name"]) if isinstance(each, Mapping) else each
        for each in _datasets(job, side)
    ]


def _field(side: Side, text: str) -> Props:
    field = side.field(text)
    if field is None:
        return {"type_name": "Column", "qualified_name": text}
    return {"namespace": field.namespace, "name": field.name, "field": field.field}


def _in_facet(dataset: Props) -> Iterator[tuple[Props, Any]]:
    """The fields whose sources an output's facet `columnLineage` tells; a constant has none."""
    fields = _fields(dataset)
    for field, lineage in sorted(fields.items()) if isinstance(fields, Mapping) else ():
        read = lineage.get("inputFields") if isinstance(lineage, Mapping) else lineage
        target = {"namespace": dataset["namespace"], "name": dataset["name"], "field": field}
        if read is UNKNOWN:
            yield target, UNKNOWN
        elif isinstance(read, list) and read:
            yield target, [_source(each) for each in read]


def _source(field: Any) -> Any:
    return {key: field.get(key) for key in _FIELD} if isinstance(field, Mapping) else UNKNOWN


def _fields(dataset: Any) -> Any:
    """What the facet `columnLineage` tells of a dataset's fields; `UNKNOWN` where it is not known yet."""
    found = dataset
    for key in ("facets", "columnLineage", "fields"):
        found = found.get(key) if isinstance(found, Mapping) else found
    return found if isinstance(found, Mapping) or found is UNKNOWN else None


@dataclass(frozen=True)
class Edge:
    """One process, or one column process.

    Attributes:
        type_name: `Process` or `ColumnProcess`.
        qualified_name: Its name in Atlan; None while it is not known.
        inputs: The assets it reads, as far as they are known.
        outputs: The assets it writes, likewise.
        process: The process that a column process hangs on.
        unknown: Which of `inputs`, `outputs` and `process` are not known as a whole.
        declared: All its properties, as a resource of that type has them; `UNKNOWN` where a value is.
    """

    type_name: str
    qualified_name: str | None
    inputs: tuple[Asset, ...]
    outputs: tuple[Asset, ...]
    process: Asset | None
    unknown: frozenset[str]
    declared: Mapping[str, Any]

    @property
    def is_column_process(self) -> bool:
        """Whether it links columns."""
        return self.type_name == "ColumnProcess"

    @property
    def reads_own_output(self) -> bool:
        """Whether it is declared to read what it writes; also where that is not known."""
        return self.declared.get("reads_own_output") not in (None, False)

    def __str__(self) -> str:
        name = self.qualified_name or self.declared.get("name")
        if isinstance(name, str):
            return f"{self.type_name} {name!r}"
        return f"the {self.type_name} of {self.outputs[0]}" if self.outputs else f"a {self.type_name}"


def edges_of(kind: str, lifecycle: ResourceLifecycle, props: Props) -> tuple[tuple[Edge, ...], bool]:
    """The edges that a resource declares, and whether these are all of them.

    Args:
        kind: Its kind, such as `ProcessSet`.
        lifecycle: That of its kind.
        props: Its inputs, as they were checked.
    """
    if isinstance(lifecycle, ManyLifecycle):
        known, whole = known_part(kind, props)
        has_later = has_unknown(props)
        parts = list(_with_parents_setting(lifecycle.children(known), props))
        return tuple(_edge(name, put_back(each) if has_later else each) for name, each in parts), whole
    if kind == "OpenLineageJob":
        own = {name: props[name] for name in (_OWN,) if name in props}
        columns = [_edge("ColumnProcess", {**each, **own}) for each in _columns(props)]
        return (_edge("Process", props), *columns), columns_are_known(props)
    if lifecycle.type_name in _EDGES:
        return (_edge(lifecycle.type_name, props),), True
    return (), True


def _with_parents_setting(parts: Children, props: Props) -> Iterator[tuple[str, Props]]:
    """Type and properties of each part; a column process reads its own output where its process does."""
    processes = {key.qualified_name: part.declared for key, part in parts.items()}
    for key, part in parts.items():
        parent = (part.declared.get("process") or {}).get("qualified_name")
        own = processes.get(parent, props).get(_OWN) if parent else part.declared.get(_OWN)
        yield key.type_name, part.declared if own is None else {**part.declared, _OWN: own}


def _edge(type_name: str, declared: Props) -> Edge:
    found = {place: assets(declared.get(place)) for place in _PLACES}
    name = declared.get("qualified_name")
    parent = found["process"][0]
    return Edge(
        type_name,
        name if isinstance(name, str) else None,
        found["inputs"][0],
        found["outputs"][0],
        parent[0] if parent else None,
        frozenset(place for place, (_, whole) in found.items() if not whole),
        declared,
    )


def _columns(job: Props) -> Iterator[Props]:
    """The column lineage of a job: Atlan makes a column process of each output field."""
    process = {"type_name": "Process", "qualified_name": job.get("qualified_name")}
    for target, sources in columns_of(job):
        yield {"inputs": sources, "outputs": [target], "process": process}
