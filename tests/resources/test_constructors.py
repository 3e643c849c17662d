"""Each argument of each resource reaches the property of its name, and no other."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from support.atlan import WAREHOUSE

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.resources._arguments import AssetArgs
from atlan_pulumi.resources._edge import ProcessArgs
from atlan_pulumi.resources.connection import ConnectionArgs

Props = dict[str, Any]
TABLE = {"type_name": "Table", "qualified_name": f"{WAREHOUSE}/DB/S/T"}
PROCESS = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
DATASET = {"namespace": "s3://lake", "name": "orders.csv"}
#: Arguments that become references or datasets, and what they become.
REFERENCES: dict[str, tuple[Any, Any]] = {
    "process": (PROCESS["qualified_name"], PROCESS),
    "connection": (WAREHOUSE, WAREHOUSE),
    "parent": (TABLE, TABLE),
}
SIDES = {"inputs": ([TABLE], [TABLE]), "outputs": ([TABLE], [TABLE])}
DATASETS = {
    "inputs": (["s3://lake/orders.csv"], [DATASET]),
    "outputs": ([DATASET], [DATASET]),
    "sql": (None, None),  # becomes a facet
}
NOT_PROPERTIES = {"self", "resource_name", "opts", "type_name", "derive"}
RESOURCES: list[tuple[type[AtlanResource], dict[str, tuple[Any, Any]], Any]] = [
    (atlan.Process, SIDES, ProcessArgs),
    (atlan.ColumnProcess, SIDES, ProcessArgs),
    (atlan.OpenLineageJob, DATASETS, None),
    (atlan.Asset, {}, AssetArgs),
    (atlan.Connection, {}, ConnectionArgs),
    (atlan.OpenLineageConnection, {}, None),
    (atlan.CrawlerRun, {}, None),
]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Props:
    """The properties that the last resource hands over."""
    seen: Props = {}

    def register(_self: AtlanResource, _name: str, props: Props, _opts: object) -> None:
        seen.clear()
        seen.update({name: value for name, value in props.items() if value is not None})

    monkeypatch.setattr(AtlanResource, "__init__", register)
    return seen


def arguments(resource: type[AtlanResource], more: Any) -> Iterator[str]:
    """Yield the names of all arguments that are properties."""
    for name, parameter in inspect.signature(resource.__init__).parameters.items():
        if parameter.kind is not parameter.VAR_KEYWORD and name not in NOT_PROPERTIES:
            yield name
    yield from sorted(more.__annotations__) if more else ()


@pytest.mark.parametrize(
    ("resource", "given", "more"), RESOURCES, ids=lambda each: getattr(each, "__name__", "")
)
def test_each_argument_reaches_the_property_of_its_name(
    registered: Props, resource: type[AtlanResource], given: dict[str, tuple[Any, Any]], more: Any
) -> None:
    known = {**REFERENCES, **given}
    wanted: Props = {}
    values: Props = {"type_name": "File"} if resource is atlan.Asset else {}
    for name in arguments(resource, more):
        values[name], wanted[name] = known.get(name, (f"a {name}", f"a {name}"))
    resource("x", **values)
    assert {name: registered.get(name) for name in wanted} == wanted
    assert registered.keys() - wanted.keys() <= {"qualified_name", "defaults"}
