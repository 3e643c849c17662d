"""The mapping of columns: from output fields to the input fields that they are made of."""

from __future__ import annotations

from collections.abc import Mapping

from atlan_pulumi.openlineage._datasets import Field, Side

Columns = dict[str, list[str]]
"""Output field to input fields, each as `DB.SCHEMA.TABLE.COLUMN`."""


class FieldError(ValueError):
    """A text that names no field, or more than one."""


def resolved_columns(columns: Mapping[str, list[str]], inputs: Side, outputs: Side) -> Columns:
    """The mapping in its one form: each field by the shortest text that names it, sorted.

    Raises:
        FieldError: A text names no field of the datasets, or one of several; or there are no input fields.
    """
    found: dict[str, dict[str, str]] = {}
    first: dict[str, str] = {}
    for target, sources in columns.items():
        key = outputs.text(_field(target, outputs, "outputs"))
        if first.setdefault(key.casefold(), key) != key:
            raise FieldError(f"{target!r} is the column {first[key.casefold()]!r}, written otherwise")
        if not sources:
            raise FieldError(f"{target!r} has no input columns: give at least one, or leave it out")
        texts = (inputs.text(_field(source, inputs, "inputs")) for source in sources)
        found.setdefault(key, {}).update((text.casefold(), text) for text in texts)
    return {key: sorted(found[key].values()) for key in sorted(found)}


def _field(text: str, side: Side, where: str) -> Field:
    field = side.field(text)
    if field is None:
        what = f"{text!r} names no column of the {where} ({side.named()})"
        raise FieldError(f"{what}: write it as <name of the dataset>.<column>")
    if side.is_ambiguous(field, text):
        raise FieldError(
            f"{text!r} may be in several datasets of that name: put the namespace and a slash before it"
        )
    return field
