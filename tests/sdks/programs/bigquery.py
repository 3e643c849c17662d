"""A dataset of BigQuery with a table, a view, and a materialized view, loaded from a bucket."""

import json

from pulumi_gcp import bigquery, storage

import atlan_pulumi as atlan

warehouse = "default/bigquery/1657025257"
lake = "default/gcs/1657025300"

landing = storage.Bucket("landing", name="shop-landing", location="EU", uniform_bucket_level_access=True)
dataset = bigquery.Dataset("sales", dataset_id="sales", location="EU", project="shop-prod")
orders = bigquery.Table(
    "orders",
    dataset_id=dataset.dataset_id,
    table_id="orders",
    project="shop-prod",
    deletion_protection=False,
    schema=json.dumps([{"name": "id", "type": "INT64"}, {"name": "amount", "type": "NUMERIC"}]),
    time_partitioning=bigquery.TableTimePartitioningArgs(type="DAY"),
)
open_orders = bigquery.Table(
    "open-orders",
    dataset_id=dataset.dataset_id,
    table_id="open_orders",
    project="shop-prod",
    view=bigquery.TableViewArgs(query="SELECT id FROM sales.orders", use_legacy_sql=False),
)
totals = bigquery.Table(
    "totals",
    dataset_id=dataset.dataset_id,
    table_id="totals",
    project="shop-prod",
    materialized_view=bigquery.TableMaterializedViewArgs(
        query="SELECT sum(amount) AS total FROM sales.orders"
    ),
)

load = {"connection": warehouse, "missing_assets": "partial"}
table, view, summary = (atlan.table_of(each, connection=warehouse) for each in (orders, open_orders, totals))
atlan.Process("load", name="Load", inputs=[atlan.asset_of(landing, connection=lake)], outputs=[table], **load)
atlan.Process("open", name="Open orders", inputs=[table], outputs=[view], sql=open_orders.view.query, **load)
atlan.Process("totals", name="Totals", inputs=[table], outputs=[summary], **load)
