"""Datasets by name, and the assets that they are in Atlan.

Source: OpenLineage's specification of dataset names (OpenLineage/spec/Naming.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from atlan_pulumi.naming import CONNECTION_SEGMENTS, asset_path, normalize_path

Dataset = dict[str, Any]
"""`namespace`, `name`, and perhaps facets."""
Columns = dict[str, list[str]]
"""Output field to input fields, each as `DB.SCHEMA.TABLE.COLUMN`."""
_THREE = "DATABASE.SCHEMA.TABLE"
_TWO = "DATABASE.TABLE"
_FORMS = {
    "awsathena": "CATALOG.DATABASE.TABLE",
    "bigquery": "PROJECT.DATASET.TABLE",
    "cassandra": "KEYSPACE.TABLE",
    "cockroach": _THREE,
    "crate": _THREE,
    "db2": _THREE,
    "hive": _TWO,
    "mssql": _THREE,
    "mysql": _TWO,
    "oracle": "SERVICE.SCHEMA.TABLE",
    "postgres": _THREE,
    "postgresql": _THREE,
    "redshift": _THREE,
    "snowflake": _THREE,
    "sqlserver": _THREE,
    "teradata": _TWO,
    "trino": "CATALOG.SCHEMA.TABLE",
}


class Field(NamedTuple):
    """A field of a dataset."""

    namespace: str
    name: str
    field: str


class Side:
    """The datasets at one side of a job, found by what names them."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self.datasets: Sequence[Dataset] = list(datasets)
        self._often = Counter(dataset["name"] for dataset in self.datasets)
        self._by_path: dict[str, list[Dataset]] = defaultdict(list)
        for dataset in self.datasets:
            self._by_path[normalize_path(dataset["name"])].append(dataset)

    def named(self) -> str:
        """The names, for a message."""
        return ", ".join(sorted({dataset["name"] for dataset in self.datasets}))

    def field(self, text: str) -> Field | None:
        """The field that a text such as `DB.SCHEMA.TABLE.COLUMN` names; None where it names none.

        A namespace may lead, with a slash behind it. Where there is one dataset only, the name of the column
        will do. Of two datasets that fit, the one with the longer name is meant.
        """
        fitting = [
            (len(prefix), dataset, text[len(prefix) :])
            for dataset in self.datasets
            for prefix in (f"{dataset['name']}.", f"{dataset['namespace']}/{dataset['name']}.")
            if text.startswith(prefix) and len(text) > len(prefix)
        ]
        if fitting:
            _, dataset, field = max(fitting, key=lambda each: each[0])
        elif len(self.datasets) == 1 and "." not in text and "/" not in text:
            dataset, field = self.datasets[0], text
        else:
            return None
        return Field(dataset["namespace"], dataset["name"], field)

    def is_ambiguous(self, field: Field, text: str) -> bool:
        """Whether another dataset of that name may be meant as well."""
        return self._often[field.name] > 1 and not text.startswith(f"{field.namespace}/")

    def text(self, field: Field) -> str:
        """The shortest text that names a field without doubt."""
        return field_text(field, with_namespace=self._often[field.name] > 1)

    def of_assets(self, qualified_names: Iterable[str]) -> list[Dataset]:
        """The datasets that assets are, as they were declared; one that none of them is, by its own name."""
        left = {path: list(datasets) for path, datasets in self._by_path.items()}
        found = []
        for name in qualified_names:
            fitting = left.get(normalize_path(asset_path(name)))
            found.append(fitting.pop(0) if fitting else foreign(name))
        return found

    def told(self, column: str, declared: Iterable[str]) -> str:
        """A column as a field's text; in the form of one of the declared texts, where it is that field.

        An asset's path does not tell apart two datasets of one path in two systems: the declared one counts.
        """
        field = self.field_of_column(column)
        alike = (normalize_path(field.name), field.field.casefold())
        for text in declared:
            meant = self.field(text)
            if meant and (normalize_path(meant.name), meant.field.casefold()) == alike:
                return text
        return self.text(field)

    def field_of_column(self, qualified_name: str) -> Field:
        """The field that a column is."""
        above, _, column = qualified_name.rpartition("/")
        fitting = self._by_path.get(normalize_path(asset_path(above)))
        dataset = fitting[0] if fitting else foreign(above)
        return Field(dataset["namespace"], dataset["name"], column)


def foreign(qualified_name: str) -> Dataset:
    """An asset that no declared dataset is, told by its connection and its path."""
    connection = "/".join(qualified_name.split("/")[:CONNECTION_SEGMENTS])
    return {"namespace": connection, "name": asset_path(qualified_name).replace("/", ".")}


def asset_name(dataset: Dataset) -> str:
    """The qualifiedName of an asset that `foreign` made a dataset of.

    Example:
        >>> asset_name({"namespace": "default/snowflake/1657025257", "name": "OPS.DEFAULT.RUN_STATS"})
        'default/snowflake/1657025257/OPS/DEFAULT/RUN_STATS'
    """
    return f"{dataset['namespace']}/{dataset['name'].replace('.', '/')}"


def field_text(field: Field, *, with_namespace: bool = False) -> str:
    """A field in one text."""
    text = f"{field.name}.{field.field}"
    return f"{field.namespace}/{text}" if with_namespace else text


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


def dataset_name_problem(namespace: str, name: str) -> str | None:
    """Why a dataset cannot have this name in this namespace; None where it can.

    Example:
        >>> dataset_name_problem("snowflake://abc123", "ORDERS")
        "'ORDERS' is not the name of a snowflake dataset, which is DATABASE.SCHEMA.TABLE"
        >>> dataset_name_problem("s3://lake", "in/orders.csv")
    """
    scheme = namespace.partition(":")[0].lower()
    form = _FORMS.get(scheme)
    if form is None or '"' in name or "`" in name:  # quoted parts may hold dots
        return None
    parts = name.split(".")
    if len(parts) == form.count(".") + 1 and all(part.strip() for part in parts):
        return None
    return f"{name!r} is not the name of a {scheme} dataset, which is {form}"
