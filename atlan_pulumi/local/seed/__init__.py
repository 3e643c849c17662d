"""Seed catalogues: what a local Atlan holds from its start.

```yaml
users: [ann]                       # beside those that are always there
groups: [finance]
tags: [PII]                        # their internal names are the same
custom_metadata:
  Cost: {center: string, monthly: float}    # attributes and their types
connections:
  - name: warehouse
    connector: snowflake
    qualified_name: default/snowflake/1657025257    # made from the connector if absent
    databases:
      - name: RAW
        schemas:
          - name: PUBLIC
            tables:                # and views, materialised_views
              - name: ORDERS
                description: One row per order.
                columns:
                  - {name: ID, data_type: NUMBER, description: The order.}
  - name: etl
    connector: spark
    open_lineage: true             # takes OpenLineage events in
entities:                          # any other type; references as in Atlan's API
  - typeName: S3Object
    qualifiedName: arn:aws:s3:::lake/orders.csv
    attributes: {name: orders.csv}
```

A reference by qualifiedName may lead to another entity of the catalog, in any order.

Every item takes `guid`, `description` and `attributes` (a map of Atlan's own attribute names). Without a
`guid` one is derived from type and qualifiedName, so that it is the same each time.
"""

from atlan_pulumi.local.seed._model import Catalogue
from atlan_pulumi.local.seed._plant import plant
from atlan_pulumi.local.seed._read import read

__all__ = ["Catalogue", "plant", "read"]
