"""Read the catalog of a PostgreSQL database, as a crawler does, for the local Atlan.

python catalog.py postgresql://user:password@host/database default/postgres/1700000000 > catalog.yaml
atlan-pulumi local crawl catalog.yaml
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import Any

import psycopg
import yaml

_COLUMNS = """
SELECT t.table_catalog, t.table_schema, t.table_type, t.table_name, c.column_name, c.data_type
FROM information_schema.tables t
JOIN information_schema.columns c USING (table_catalog, table_schema, table_name)
WHERE t.table_schema NOT IN ('information_schema', 'pg_catalog')
ORDER BY t.table_schema, t.table_name, c.ordinal_position
"""


def read_catalog(url: str, connection: str) -> dict[str, Any]:
    """Return the tables and views of a database in the form of a crawl.

    Args:
        url: The database.
        connection: The qualifiedName of its connection in Atlan.
    """
    found: dict[str, dict[str, dict[str, list[Any]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    with psycopg.connect(url) as database:
        name = database.info.dbname
        for _, schema, kind, relation, column, data_type in database.execute(_COLUMNS):
            form = "views" if kind == "VIEW" else "tables"
            found[schema][form][relation].append({"name": column, "data_type": data_type})
    schemas = [
        {
            "name": schema,
            **{
                form: [{"name": relation, "columns": columns} for relation, columns in relations.items()]
                for form, relations in forms.items()
            },
        }
        for schema, forms in found.items()
    ]
    databases = [{"name": name, "schemas": schemas}]
    return {
        "connections": [
            {
                "name": "shop-warehouse",
                "connector": "postgres",
                "qualified_name": connection,
                "databases": databases,
            }
        ]
    }


if __name__ == "__main__":
    print(yaml.safe_dump(read_catalog(*sys.argv[1:3]), sort_keys=False))
