"""Lineage of SQL in Atlan's terms: tables by qualifiedName and type, columns as the catalog has them.

`atlan_pulumi.sql` reads the SQL; this package looks up the tables that it names, in batches for many scripts.
"""

from __future__ import annotations

from atlan_pulumi.derivation._as_data import as_process
from atlan_pulumi.derivation._derive import CatalogLineage, Script, derive_in_catalog
from atlan_pulumi.derivation._dialects import dialect_of_connector
from atlan_pulumi.derivation._sql_files import SqlFile, SqlPlace, read_sql_files
from atlan_pulumi.derivation._tables import CatalogTable

__all__ = [
    "CatalogLineage",
    "CatalogTable",
    "Script",
    "SqlFile",
    "SqlPlace",
    "as_process",
    "derive_in_catalog",
    "dialect_of_connector",
    "read_sql_files",
]
