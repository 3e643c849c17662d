"""The SQL dialect of each connector.

Sources: the connector types in Atlan's own SDK (pyatlan 11.6.0), and the dialects of sqlglot 30.
"""

from __future__ import annotations

_DIALECTS = {
    "alloydb": "postgres",
    "alloydb-postgres": "postgres",
    "athena": "athena",
    "aurora": "postgres",
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "cloudsql-postgres": "postgres",
    "cockroachdb": "postgres",
    "databricks": "databricks",
    "fabric": "fabric",
    "glue": "athena",
    "greenplum": "postgres",
    "hive": "hive",
    "mariadb": "mysql",
    "mssql": "tsql",
    "mysql": "mysql",
    "oracle": "oracle",
    "percona-server": "mysql",
    "postgres": "postgres",
    "presto": "presto",
    "redshift": "redshift",
    "singlestore": "singlestore",
    "snowflake": "snowflake",
    "spark-sql": "spark",
    "sqlite": "sqlite",
    "starburst-galaxy": "trino",
    "synapse": "tsql",
    "teradata": "teradata",
    "trino": "trino",
    "yugabytedb": "postgres",
}


def dialect_of_connector(connector: str) -> str | None:
    """Return the SQL dialect of a connector, as sqlglot names it; None for standard SQL.

    Example:
        >>> dialect_of_connector("mssql")
        'tsql'
    """
    return _DIALECTS.get(connector)
