"""Read the catalog of a SQLite database, as a crawler does, for the local Atlan.

python catalog.py shop.db default/sqlite/1700000000 > catalog.yaml
atlan-pulumi local crawl catalog.yaml
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml


def read_catalog(file: str | Path, connection: str) -> dict[str, Any]:
    """Return the tables and views of a database in the form of a crawl.

    Args:
        file: The database.
        connection: The qualifiedName of its connection in Atlan.
    """
    found: dict[str, list[Any]] = {"tables": [], "views": []}
    with closing(sqlite3.connect(file)) as database:
        relations = database.execute("SELECT type, name FROM sqlite_schema ORDER BY name").fetchall()
        for kind, name in relations:
            rows = database.execute("SELECT name, type FROM pragma_table_info(?)", [name]).fetchall()
            columns = [{"name": column, "data_type": data_type or "ANY"} for column, data_type in rows]
            found[f"{kind}s"].append({"name": name, "columns": columns})
    schema = {"name": "main", **{form: relations for form, relations in found.items() if relations}}
    place = {"name": "shop-warehouse", "connector": "sqlite", "qualified_name": connection}
    return {"connections": [{**place, "databases": [{"name": Path(file).stem, "schemas": [schema]}]}]}


if __name__ == "__main__":
    print(yaml.safe_dump(read_catalog(*sys.argv[1:3]), sort_keys=False))
