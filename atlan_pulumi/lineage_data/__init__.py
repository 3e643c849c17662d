"""Read lineage from a YAML, JSON, or CSV file, records, or a data frame, and normalize it.

```yaml
processes:
  load-orders:
    name: Load orders                       # optional, like every other attribute of a process
    inputs: [RAW/PUBLIC/ORDERS, RAW/PUBLIC/RATES]
    outputs: MART/PUBLIC/ORDERS             # one table, or a list
    columns:
      ORDER_ID: RAW/PUBLIC/ORDERS/ID        # <table>/<column> if the side has several tables
      NET: [RAW/PUBLIC/ORDERS/AMOUNT, RAW/PUBLIC/RATES/RATE]
    column_sql:
      NET: o.AMOUNT * r.RATE
```

A table is a string, or for another type `{type_name: View, qualified_name: RAW/PUBLIC/RECENT}`. The string is
used as given: the caller decides whether it is a full qualifiedName or a path relative to one.

The same lineage as rows, each with an input column and the output column that it feeds:

```csv
process,name,input_table,input_column,output_table,output_column,column_sql
load-orders,Load orders,RAW/PUBLIC/ORDERS,ID,MART/PUBLIC/ORDERS,ORDER_ID,
load-orders,,RAW/PUBLIC/ORDERS,AMOUNT,MART/PUBLIC/ORDERS,NET,o.AMOUNT * r.RATE
load-orders,,RAW/PUBLIC/RATES,RATE,MART/PUBLIC/ORDERS,NET,
```

Files in other formats: `atlan.lineage_from_openlineage` reads OpenLineage events, and
`atlan.lineage_from_builder` the CSV files of Atlan's Lineage Builder; see `docs/from-files.md`.
"""

from __future__ import annotations

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data._normalize import Lineage
from atlan_pulumi.lineage_data._sources import read_lineage
from atlan_pulumi.lineage_data._sql_files import FileText

__all__ = [
    "FileText",
    "Lineage",
    "LineageDataError",
    "read_lineage",
]
