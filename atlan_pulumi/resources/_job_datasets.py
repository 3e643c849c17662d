"""The datasets of a job, in the form in which they are declared."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.lifecycle import InvalidInputError, Props, as_set, has_unknown, is_known
from atlan_pulumi.naming import connector_of
from atlan_pulumi.openlineage import (
    GENERIC,
    FieldError,
    Side,
    asset_name,
    is_relational,
    resolved_columns,
)
from atlan_pulumi.resources._job_columns import fields_of

SIDES = ("inputs", "outputs")
_SEEN = (*SIDES, "columns")


def as_declared(olds: Props, news: Props) -> Props:
    """Return the state, with datasets that only Atlan names in the declared form."""
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
    """Return whether a dataset has one of Atlan's connections in place of a namespace."""
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


def resolve_columns(declared: Props) -> Any:
    """Return the columns of a job in one form.

    Raises:
        InvalidInputError: A column is unknown or ambiguous, or Atlan creates no lineage of it.
    """
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
    """Refuse columns of other systems than relational ones, for which a generic connection has no lineage."""
    inputs = Side(declared["inputs"])
    sources = [inputs.field(text) for texts in declared["columns"].values() for text in texts]
    for field in (*fields_of(declared), *sources):
        if field is not None and not is_relational(field.namespace):
            what = f"Atlan creates no column lineage for {field.namespace!r} in a {GENERIC} connection"
            raise InvalidInputError("columns", f"{what}: leave out {field.name}.{field.field}")


def without_lineage(props: Props) -> Props:
    """Return the observed properties of a job without a Process."""
    return {name: [] for name in SIDES} | ({"columns": {}} if "columns" in props else {})
