"""A table of the Glue catalog over objects in S3."""

from pulumi_aws import glue, s3

import atlan_pulumi as atlan

athena = "default/athena/1657025257"
lake = "default/s3/1657025300"

bucket = s3.Bucket("lake", bucket="shop-lake")
export = s3.BucketObjectv2("export", bucket=bucket.bucket, key="orders/2026.csv", content="id,amount\n")
database = glue.CatalogDatabase("sales", name="sales")
orders = glue.CatalogTable(
    "orders",
    database_name=database.name,
    name="orders",
    table_type="EXTERNAL_TABLE",
    storage_descriptor=glue.CatalogTableStorageDescriptorArgs(
        location=bucket.bucket.apply(lambda name: f"s3://{name}/orders/"),
        columns=[glue.CatalogTableStorageDescriptorColumnArgs(name="id", type="bigint")],
    ),
)
recent = glue.CatalogTable("recent", database_name=database.name, name="recent", table_type="VIRTUAL_VIEW")

atlan.Process(
    "crawl-orders",
    name="Orders in the lake",
    connection=athena,
    inputs=[atlan.asset_of(export, connection=lake), atlan.asset_of(bucket, connection=lake)],
    outputs=[atlan.table_of(orders, connection=athena)],
    missing_assets="partial",
)
atlan.Process(
    "recent",
    name="Recent orders",
    connection=athena,
    inputs=[atlan.table_of(orders, connection=athena)],
    outputs=[atlan.table_of(recent, connection=athena)],
    missing_assets="partial",
)
