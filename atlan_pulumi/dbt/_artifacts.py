"""Read a dbt project from its target folder: `manifest.json`, and `catalog.json` if there is one.

The fields are those of dbt's artifact schemas (manifest v1 to v12, catalog v1), as the package
dbt-artifacts-parser models them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.text import printable

_MANIFEST, _CATALOG = "manifest.json", "catalog.json"
_WITH_TABLES = {"model", "seed", "snapshot", "source"}
_UNUSED = ("macros", "docs", "disabled", "selectors", "parent_map", "child_map", "group_map")
_MISSING = "a dbt project needs dbt-artifacts-parser, which is not installed: pip install 'atlan-pulumi[dbt]'"


class CatalogEntry(NamedTuple):
    """A table as the warehouse has it.

    Attributes:
        path: Its database, schema, and name.
        kind: Its type in the words of the warehouse, such as `BASE TABLE`.
        columns: Its columns, in their order.
    """

    path: tuple[str | None, str, str]
    kind: str
    columns: tuple[str, ...]


class Node(NamedTuple):
    """A node of a dbt project: a model, seed, snapshot, source, exposure, or another resource.

    Attributes:
        unique_id: Its id, such as `model.shop.orders`.
        resource_type: Such as `model`.
        package: The package that has it.
        name: Its name. A source is named by its source and its table, such as `erp.stores`.
        label: Its name for people.
        fqn: Its name with the package and the folders above.
        file: The path of the file that declares it, in its package.
        tags: Its tags.
        config: Its configuration.
        meta: Its `meta`.
        description: Its description.
        url: The page of an exposure.
        path: The database, schema, and name of its table, as the project spells them; the name is empty
            without a table.
        relation: The name of its table in SQL, with quotes; empty without a table, or if it was not compiled.
        parents: The ids of the nodes on which it depends.
        language: The language of its code, such as `sql`.
        sql: Its compiled SQL; None if it was not compiled, or is not SQL.
        entry: Its table as the warehouse has it; None if the catalog does not list it.
    """

    unique_id: str
    resource_type: str
    package: str
    name: str
    label: str
    fqn: tuple[str, ...]
    file: str
    tags: tuple[str, ...]
    config: Mapping[str, Any]
    meta: Mapping[str, Any]
    description: str
    url: str
    path: tuple[str | None, str, str]
    relation: str
    parents: tuple[str, ...]
    language: str
    sql: str | None
    entry: CatalogEntry | None

    @property
    def materialized(self) -> str:
        """How dbt builds it, such as `view`."""
        return str(self.config.get("materialized") or "")

    @property
    def has_table(self) -> bool:
        """Whether it is a table or a view in the warehouse."""
        return self.resource_type in _WITH_TABLES and self.materialized != "ephemeral"


class Project(NamedTuple):
    """A dbt project.

    Attributes:
        name: Its name.
        adapter: The type of its warehouse, such as `snowflake`.
        nodes: Its nodes, by id, sorted.
        has_catalog: Whether its target folder has a `catalog.json`.
    """

    name: str
    adapter: str
    nodes: Mapping[str, Node]
    has_catalog: bool


def is_dbt_target(path: Path) -> bool:
    """Return whether a path is a target folder of dbt, or the manifest in one."""
    return (path / _MANIFEST).is_file() or (path.name == _MANIFEST and path.is_file())


def read_project(target: Path) -> Project:
    """Read the dbt project of a target folder.

    Args:
        target: The folder, or the path of the `manifest.json` in it.

    Raises:
        LineageDataError: A file is missing or invalid, or the extra `dbt` is not installed.
    """
    folder = target.parent if target.name == _MANIFEST else target
    manifest = _parsed(folder / _MANIFEST)
    catalog = _parsed(folder / _CATALOG) if (folder / _CATALOG).exists() else None
    entries = {} if catalog is None else dict(_entries(catalog))
    nodes = (_node(each, entries.get(each.unique_id)) for each in _every(manifest))
    metadata = manifest.metadata
    return Project(
        getattr(metadata, "project_name", None) or "",
        metadata.adapter_type or "",
        {each.unique_id: each for each in sorted(nodes, key=lambda node: node.unique_id)},
        catalog is not None,
    )


def _parsed(path: Path) -> Any:
    """Return an artifact. Fields that dbt has added since do not matter."""
    data = _loaded(path)
    for name in _UNUSED:
        if data.get(name):
            data[name] = {}
    try:
        return _model_of(data, path.stem).model_validate(data, extra="allow")
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"][:2]))
        version = data["metadata"]["dbt_schema_version"]
        raise _invalid(path, f"{place} is not in the form of {version}") from None
    except (ValueError, TypeError, KeyError):
        raise _invalid(path, f"it is not a dbt {path.stem}") from None


def _model_of(data: dict[str, Any], name: str) -> type[BaseModel]:
    """Return the model of an artifact's version; the newest one for versions that are newer.

    Only its module is imported: the models of all versions take three seconds.
    """
    try:
        package = import_module(f"dbt_artifacts_parser.parsers.{name}")
    except ModuleNotFoundError:
        raise LineageDataError(_MISSING) from None
    found = re.search(rf"/{name}/v(\d+)\.json$", data["metadata"]["dbt_schema_version"])
    if found is None:
        raise ValueError(name)
    known = (int(module.name.removeprefix(f"{name}_v")) for module in iter_modules(package.__path__))
    version = min(int(found[1]), max(known))
    module = import_module(f"{package.__name__}.{name}_v{version}")
    model: type[BaseModel] = getattr(module, f"{name.capitalize()}V{version}")
    return model


def _loaded(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        reason = f"{error.strerror or error}; `dbt docs generate` writes {_MANIFEST} and {_CATALOG}"
        raise _invalid(path, reason) from None
    except UnicodeDecodeError:
        raise _invalid(path, "not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _invalid(path, f"line {error.lineno}: invalid JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise _invalid(path, "invalid JSON") from None
    if not isinstance(data, dict):
        raise _invalid(path, f"it is not a dbt {path.stem}")
    return data


def _invalid(path: Path, reason: str) -> LineageDataError:
    return LineageDataError(printable(f"cannot read the dbt project {path}: {reason}"))


def _entries(catalog: Any) -> Iterator[tuple[str, CatalogEntry]]:
    for unique_id, table in (catalog.nodes | catalog.sources).items():
        made = table.metadata
        columns = sorted(table.columns.values(), key=lambda column: column.index)
        path = (made.database, made.schema_, made.name)
        yield unique_id, CatalogEntry(path, made.type, tuple(column.name for column in columns))


def _every(manifest: Any) -> Iterator[Any]:
    """Yield all nodes that may be between a table and what depends on it."""
    for kind in ("nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries"):
        yield from (getattr(manifest, kind, None) or {}).values()


def _node(made: Any, entry: CatalogEntry | None) -> Node:
    """Return a node. Kinds of nodes, and versions of the manifest, have different fields."""

    def field(name: str, default: Any) -> Any:
        value = getattr(made, name, None)
        return default if value is None else value

    kind = str(getattr(made.resource_type, "value", made.resource_type))
    config = field("config", None)
    settings = config.model_dump(mode="json", warnings=False) if config is not None else {}
    is_source = kind == "source"
    table = field("identifier", "") if is_source else field("alias", "")
    depends_on = field("depends_on", None)
    language = str(field("language", "sql"))
    return Node(
        unique_id=made.unique_id,
        resource_type=kind,
        package=made.package_name,
        name=f"{made.source_name}.{made.name}" if is_source else made.name,
        label=field("label", made.name),
        fqn=tuple(made.fqn),
        file=made.original_file_path.replace("\\", "/"),
        tags=tuple(field("tags", ())),
        config=settings,
        meta=field("meta", None) or settings.get("meta") or {},
        description=field("description", "").strip(),
        url=str(field("url", "")),
        path=(field("database", None), field("schema_", ""), table),
        relation=field("relation_name", ""),
        parents=tuple(getattr(depends_on, "nodes", None) or ()),
        language=language,
        sql=(field("compiled_code", None) or field("compiled_sql", None)) if language == "sql" else None,
        entry=entry,
    )
