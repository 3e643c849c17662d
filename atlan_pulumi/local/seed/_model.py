"""The shape of a seed catalogue."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr
from pydantic.alias_generators import to_camel


def _guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(f"{text!r} is not a GUID") from None


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    guid: Annotated[str, AfterValidator(_guid)] | None = None
    description: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)


class _Named(_Item):
    name: StrictStr


class Column(_Named):
    """A column of a table or view."""

    data_type: str | None = None


class Relation(_Named):
    """A table, view or materialised view."""

    columns: list[Column] = Field(default_factory=list)


class Schema(_Named):
    """A schema of a database."""

    tables: list[Relation] = Field(default_factory=list)
    views: list[Relation] = Field(default_factory=list)
    materialised_views: list[Relation] = Field(default_factory=list)


class Database(_Named):
    """A database of a connection."""

    schemas: list[Schema] = Field(default_factory=list)


class Connection(_Named):
    """A connection and what lies in it."""

    connector: StrictStr
    qualified_name: str | None = None
    category: str | None = None
    open_lineage: bool = False
    databases: list[Database] = Field(default_factory=list)


class Other(_Item):
    """An entity of any type."""

    type_name: StrictStr
    qualified_name: StrictStr
    name: str | None = None
    relationship_attributes: dict[str, Any] = Field(default_factory=dict)


class Catalogue(BaseModel):
    """All that a seed may hold."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    connections: list[Connection] = Field(default_factory=list)
    entities: list[Other] = Field(default_factory=list)
    users: list[str] = Field(default_factory=list)
    groups: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    custom_metadata: dict[str, dict[str, str]] = Field(default_factory=dict)
