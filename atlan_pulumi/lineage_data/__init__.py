"""Lineage as a data team has it (a YAML, JSON or CSV file, records, a data frame), in one plain form.

```yaml
processes:
  load-orders:
    name: Load orders                       # optional, as is any other attribute of a process
    inputs: [RAW/PUBLIC/ORDERS, RAW/PUBLIC/RATES]
    outputs: MART/PUBLIC/ORDERS             # one table, or a list
    columns:
      ORDER_ID: RAW/PUBLIC/ORDERS/ID        # <table>/<column>, where the side has several tables
      AMOUNT: [RAW/PUBLIC/ORDERS/AMOUNT, RAW/PUBLIC/RATES/RATE]
    column_sql:
      AMOUNT: o.AMOUNT * r.RATE
```

A table is a text, or for another type `{type_name: View, qualified_name: RAW/PUBLIC/RECENT}`. The text is
taken as it is: whoever uses the plain form decides whether it is a whole qualifiedName or a path below one.

The same as rows, one input column and the output column it becomes in each:

```csv
process,name,input_table,input_column,output_table,output_column,column_sql
load-orders,Load orders,RAW/PUBLIC/ORDERS,ID,MART/PUBLIC/ORDERS,ORDER_ID,
load-orders,,RAW/PUBLIC/ORDERS,AMOUNT,MART/PUBLIC/ORDERS,AMOUNT,o.AMOUNT * r.RATE
load-orders,,RAW/PUBLIC/RATES,RATE,MART/PUBLIC/ORDERS,AMOUNT,
```
"""

from __future__ import annotations

from atlan_pulumi.lineage_data._plain import Lineage
from atlan_pulumi.lineage_data._sources import read_lineage

__all__ = ["Lineage", "read_lineage"]
