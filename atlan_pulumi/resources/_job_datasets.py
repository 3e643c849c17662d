"""The datasets of a job: in the form in which they are declared, and whether Atlan knows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import InputProblem, InvalidInputError, Props, as_set, has_unknown, is_known
from atlan_pulumi.naming import connector_of
from atlan_pulumi.openlineage import (
    GENERIC,
    FieldError,
    Side,
    asset_name,
    credential_for_events,
    is_relational,
    makes_partial_assets,
    resolved_columns,
    unknown_names,
)
from atlan_pulumi.resources._job_columns import fields_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

SIDES = ("inputs", "outputs")
OWN_SOURCE = (
    "a dataset cannot be its own source; where the job reads what it writes (MERGE, INSERT OVERWRITE), "
    "set reads_own_output=True"
)
_SEEN = (*SIDES, "columns")


def as_declared(olds: Props, news: Props) -> Props:
    """The state, with the datasets that only Atlan names in the form in which they are declared."""
    if has_unknown([news.get(name) for name in _SEEN]) or not all(news.get(side) for side in SIDES):
        return olds
    if not any(_is_atlans(each) for side in SIDES for each in olds.get(side) or ()):
        return olds
    there, wanted = ({side: Side(props[side]) for side in SIDES} for props in (olds, news))
    seen = {**olds}
    for side in SIDES:
        found = (_same_dataset(each, wanted[side]) for each in olds[side])
        seen[side] = as_set(list(found))
    if "columns" in olds:
        seen["columns"] = {
            _same_column(target, there["outputs"], wanted["outputs"]): sorted(
                _same_column(source, there["inputs"], wanted["inputs"]) for source in sources
            )
            for target, sources in olds["columns"].items()
        }
    return seen


def _is_atlans(dataset: Props) -> bool:
    """Whether a connection of Atlan's stands in place of a namespace, which is a URI or a plain word."""
    return "/" in dataset["namespace"] and ":" not in dataset["namespace"]


def _same_dataset(dataset: Props, wanted: Side) -> Props:
    if not _is_atlans(dataset):
        return dataset
    (found,) = wanted.of_assets([asset_name(dataset)])
    return dataset if found["namespace"] == dataset["namespace"] else found


def _same_column(text: str, there: Side, wanted: Side) -> str:
    field = there.field(text)
    if field is None or not _is_atlans({"namespace": field.namespace}):
        return text
    named = {"namespace": field.namespace, "name": field.name}
    return wanted.text(wanted.field_of_column(f"{asset_name(named)}/{field.field}"))


def one_form(declared: Props) -> Any:
    columns, inputs, outputs = (declared[name] for name in ("columns", *SIDES))
    if has_unknown([columns, inputs, outputs]):
        return columns
    try:
        resolved = resolved_columns(columns, Side(inputs), Side(outputs))
    except FieldError as error:
        raise InvalidInputError("columns", str(error)) from None
    if is_known(declared["connection"]) and connector_of(declared["connection"]) == GENERIC:
        _refuse_no_tables({**declared, "columns": resolved})
    return resolved


def _refuse_no_tables(declared: Props) -> None:
    """Atlan makes column lineage of relational systems only, where the connector is the generic one."""
    inputs = Side(declared["inputs"])
    sources = [inputs.field(text) for texts in declared["columns"].values() for text in texts]
    for field in (*fields_of(declared), *sources):
        if field is not None and not is_relational(field.namespace):
            what = f"Atlan makes no column lineage of {field.namespace!r} in a {GENERIC} connection"
            raise InvalidInputError("columns", f"{what}: leave out {field.name}.{field.field}")


def unknown_assets(client: AtlanClient, declared: Props) -> Iterator[InputProblem]:
    """The datasets, and the columns of known ones, that Atlan would leave out of the lineage."""
    sides = {side: declared[side] for side in SIDES if not has_unknown(declared[side])}
    columns = dict(_column_names(declared)) if len(sides) == len(SIDES) else {}
    names = [each["name"] for given in sides.values() for each in given]
    missing = unknown_names(client, [*names, *columns.values()])
    advice = "and the connection makes no partial assets"
    for side, given in sides.items():
        for each in given:  # sorted by now: its place would not be the one in the program
            if each["name"] in missing:
                what = f"Atlan has no asset for the dataset {each['name']!r}"
                yield InputProblem(side, f"{what}, {advice}")
    if not missing & set(names):
        for text, name in columns.items():
            if name in missing:
                yield InputProblem("columns", f"Atlan has no column {text!r}, {advice}")


def _column_names(declared: Props) -> Iterator[tuple[str, str]]:
    """Each text that stands for a column, and the column's name in full."""
    columns = declared.get("columns") or {}
    if has_unknown(columns):
        return
    inputs, outputs = Side(declared["inputs"]), Side(declared["outputs"])
    texts = [(outputs, target) for target in columns]
    texts += [(inputs, source) for sources in columns.values() for source in sources]
    for side, text in texts:
        if field := side.field(text):
            yield text, f"{field.name}.{field.field}"


def refuse_unknown_assets(client: AtlanClient, declared: Props) -> None:
    """Right before a run is sent: by then the connection is there, and open to events as declared."""
    connection = client.entities.get_by_qualified_name("Connection", declared["connection"])
    credential = credential_for_events(client, connection) if connection is not None else None
    if credential and not makes_partial_assets(credential):
        for problem in unknown_assets(client, declared):
            raise ResourceError(f"{problem.property}: {problem.reason}; nothing was sent")


def nothing_shown(props: Props) -> Props:
    """What a job shows whose Process is gone."""
    return {name: [] for name in SIDES} | ({"columns": {}} if "columns" in props else {})
