"""Match dataset and field names with assets in Atlan.

Source: OpenLineage's specification of dataset names (OpenLineage/spec/Naming.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from atlan_pulumi.naming import CONNECTION_SEGMENTS, asset_path, normalize_path

Dataset = dict[str, Any]
"""`namespace`, `name`, and optional facets."""
Columns = dict[str, list[str]]
"""Output field to input fields, in the form `DB.SCHEMA.TABLE.COLUMN`."""
_THREE = "DATABASE.SCHEMA.TABLE"
_TWO = "DATABASE.TABLE"
NAME_FORMS = {
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
    """The input or output datasets of a job, indexed by name and by asset path."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self.datasets: Sequence[Dataset] = list(datasets)
        self._often = Counter(dataset["name"] for dataset in self.datasets)
        self._by_path: dict[str, list[Dataset]] = defaultdict(list)
        for dataset in self.datasets:
            self._by_path[normalize_path(dataset["name"])].append(dataset)

    def names_text(self) -> str:
        """Return the dataset names as text for a message."""
        return ", ".join(sorted({dataset["name"] for dataset in self.datasets}))

    def field(self, text: str) -> Field | None:
        """Return the field for a text such as `DB.SCHEMA.TABLE.COLUMN`, or None.

        The text may start with a namespace and a slash. If there is only one dataset, the column name is
        enough. If two datasets match, the one with the longer name wins.
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
        """Check whether the text can also refer to another dataset with the same name."""
        return self._often[field.name] > 1 and not text.startswith(f"{field.namespace}/")

    def text(self, field: Field) -> str:
        """Return the shortest unambiguous text for a field."""
        return field_text(field, with_namespace=self._often[field.name] > 1)

    def of_assets(self, qualified_names: Iterable[str]) -> list[Dataset]:
        """Return the declared datasets that the assets match. Other assets become foreign datasets."""
        left = {path: list(datasets) for path, datasets in self._by_path.items()}
        found = []
        for name in qualified_names:
            fitting = left.get(normalize_path(asset_path(name)))
            found.append(fitting.pop(0) if fitting else foreign(name))
        return found

    def text_of_column(self, column: str, declared: Iterable[str]) -> str:
        """Return the text for a column: a declared one if it matches, otherwise the shortest.

        Two systems may have datasets with the same path, which asset paths cannot distinguish. The declared
        text wins.
        """
        field = self.field_of_column(column)
        key = (normalize_path(field.name), field.field.casefold())
        for text in declared:
            other = self.field(text)
            if other and (normalize_path(other.name), other.field.casefold()) == key:
                return text
        return self.text(field)

    def field_of_column(self, qualified_name: str) -> Field:
        """Return the field for the qualifiedName of a column."""
        above, _, column = qualified_name.rpartition("/")
        fitting = self._by_path.get(normalize_path(asset_path(above)))
        dataset = fitting[0] if fitting else foreign(above)
        return Field(dataset["namespace"], dataset["name"], column)


def foreign(qualified_name: str) -> Dataset:
    """Return a dataset for an asset that matches no declared one: its connection and its path."""
    connection = "/".join(qualified_name.split("/")[:CONNECTION_SEGMENTS])
    return {"namespace": connection, "name": asset_path(qualified_name).replace("/", ".")}


def asset_name(dataset: Dataset) -> str:
    """Return the qualifiedName of the asset for a dataset that `foreign` returned.

    Example:
        >>> asset_name({"namespace": "default/snowflake/1657025257", "name": "OPS.DEFAULT.RUN_STATS"})
        'default/snowflake/1657025257/OPS/DEFAULT/RUN_STATS'
    """
    return f"{dataset['namespace']}/{dataset['name'].replace('.', '/')}"


def field_text(field: Field, *, with_namespace: bool = False) -> str:
    """Return the text for a field."""
    text = f"{field.name}.{field.field}"
    return f"{field.namespace}/{text}" if with_namespace else text


class FieldError(ValueError):
    """A text that matches no field, or more than one."""


def resolved_columns(columns: Mapping[str, list[str]], inputs: Side, outputs: Side) -> Columns:
    """Return the normalized mapping: sorted, with the shortest text for each field.

    Raises:
        FieldError: A text matches no field, or several; or an output field has no input fields.
    """
    found: dict[str, dict[str, str]] = {}
    first: dict[str, str] = {}
    for target, sources in columns.items():
        key = outputs.text(_field(target, outputs, "outputs"))
        if first.setdefault(key.casefold(), key) != key:
            raise FieldError(f"duplicate column ({first[key.casefold()]!r} and {key!r}); remove one")
        if not sources:
            raise FieldError(f"{target!r} has no input columns: add at least one, or remove the column")
        texts = (inputs.text(_field(source, inputs, "inputs")) for source in sources)
        found.setdefault(key, {}).update((text.casefold(), text) for text in texts)
    return {key: sorted(found[key].values()) for key in sorted(found)}


def _field(text: str, side: Side, where: str) -> Field:
    field = side.field(text)
    if field is None:
        what = f"{text!r} is not a column of the {where} ({side.names_text()})"
        raise FieldError(f"{what}: write <dataset name>.<column>")
    if side.is_ambiguous(field, text):
        raise FieldError(
            f"{text!r} is ambiguous, since several datasets have this name: write <namespace>/{text}"
        )
    return field


def dataset_name_problem(namespace: str, name: str) -> str | None:
    """Return why a dataset name is invalid in a namespace, or None.

    Example:
        >>> dataset_name_problem("snowflake://abc123", "ORDERS")
        "'ORDERS' is not a snowflake dataset name of the form DATABASE.SCHEMA.TABLE"
        >>> dataset_name_problem("s3://lake", "in/orders.csv")
    """
    scheme = namespace.partition(":")[0].lower()
    form = NAME_FORMS.get(scheme)
    if form is None or '"' in name or "`" in name:  # quoted parts may hold dots
        return None
    parts = name.split(".")
    if len(parts) == form.count(".") + 1 and all(part.strip() for part in parts):
        return None
    return f"{name!r} is not a {scheme} dataset name of the form {form}"
