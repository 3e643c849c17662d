"""Datasets by name, and the assets that they are in Atlan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Dataset = dict[str, Any]
"""`namespace`, `name`, and perhaps facets."""
_CONNECTION_SEGMENTS = 3


class Field(NamedTuple):
    """A field of a dataset."""

    namespace: str
    name: str
    field: str


def flat(name: str) -> str:
    """A dataset's name, or an asset's path, in the one form in which the two are the same.

    Example:
        >>> flat("OPS.DEFAULT.RUN_STATS") == flat("ops/default/run_stats")
        True
    """
    return name.replace(".", "/").strip("/").casefold()


class Side:
    """The datasets at one side of a job, found by what names them."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self.datasets: Sequence[Dataset] = list(datasets)
        self._often = Counter(dataset["name"] for dataset in self.datasets)
        self._by_path: dict[str, list[Dataset]] = defaultdict(list)
        for dataset in self.datasets:
            self._by_path[flat(dataset["name"])].append(dataset)

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
            fitting = left.get(flat(asset_path(name)))
            found.append(fitting.pop(0) if fitting else foreign(name))
        return found

    def told(self, column: str, declared: Iterable[str]) -> str:
        """A column as a field's text; in the form of one of the declared texts, where it is that field.

        An asset's path does not tell apart two datasets of one path in two systems: the declared one counts.
        """
        field = self.field_of_column(column)
        alike = (flat(field.name), field.field.casefold())
        for text in declared:
            meant = self.field(text)
            if meant and (flat(meant.name), meant.field.casefold()) == alike:
                return text
        return self.text(field)

    def field_of_column(self, qualified_name: str) -> Field:
        """The field that a column is."""
        above, _, column = qualified_name.rpartition("/")
        fitting = self._by_path.get(flat(asset_path(above)))
        dataset = fitting[0] if fitting else foreign(above)
        return Field(dataset["namespace"], dataset["name"], column)


def foreign(qualified_name: str) -> Dataset:
    """An asset that no declared dataset is, told by its connection and its path."""
    connection = "/".join(qualified_name.split("/")[:_CONNECTION_SEGMENTS])
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


def asset_path(qualified_name: str) -> str:
    """An asset's path within its connection.

    Example:
        >>> asset_path("default/snowflake/1657025257/OPS/DEFAULT/RUN_STATS")
        'OPS/DEFAULT/RUN_STATS'
    """
    return "/".join(qualified_name.split("/")[_CONNECTION_SEGMENTS:])
