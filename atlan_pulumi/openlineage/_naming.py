"""What a dataset's name has to look like, by the system that its namespace names.

Source: OpenLineage's specification of dataset names (OpenLineage/spec/Naming.md).
"""

from __future__ import annotations

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


def objection_to_name(namespace: str, name: str) -> str | None:
    """Why a dataset cannot have this name in this namespace; None where it can.

    Example:
        >>> objection_to_name("snowflake://abc123", "ORDERS")
        "'ORDERS' is not the name of a snowflake dataset, which is DATABASE.SCHEMA.TABLE"
        >>> objection_to_name("s3://lake", "in/orders.csv")
    """
    scheme = namespace.partition(":")[0].lower()
    form = _FORMS.get(scheme)
    if form is None or '"' in name or "`" in name:  # quoted parts may hold dots
        return None
    parts = name.split(".")
    if len(parts) == form.count(".") + 1 and all(part.strip() for part in parts):
        return None
    return f"{name!r} is not the name of a {scheme} dataset, which is {form}"
