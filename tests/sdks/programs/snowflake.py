"""A schema of Snowflake with a table, a dynamic table, a view, and a stream, and their lineage."""

import pulumi_snowflake as snowflake

import atlan_pulumi as atlan

warehouse = "default/snowflake/1657025257"

mart = snowflake.Database("mart", name="MART")
public = snowflake.Schema("public", database=mart.name, name="PUBLIC")
place = {"database": mart.name, "schema": public.name}

orders = snowflake.Table(
    "orders",
    name="ORDERS",
    columns=[
        snowflake.TableColumnArgs(name="ID", type="NUMBER(38,0)", nullable=False),
        snowflake.TableColumnArgs(name="CUSTOMER", type="VARCHAR(16777216)"),
        snowflake.TableColumnArgs(name="AMOUNT", type="NUMBER(38,2)"),
    ],
    change_tracking=True,
    **place,
)
changes = snowflake.StreamOnTable("changes", name="ORDER_CHANGES", table=orders.fully_qualified_name, **place)
daily = snowflake.DynamicTable(
    "daily",
    name="DAILY_SALES",
    warehouse="TRANSFORMING",
    target_lag=snowflake.DynamicTableTargetLagArgs(maximum_duration="1 hour"),
    query="SELECT CUSTOMER, sum(AMOUNT) AS TOTAL FROM MART.PUBLIC.ORDERS GROUP BY CUSTOMER",
    **place,
)
best = snowflake.View(
    "best", name="BEST_CUSTOMERS", statement="SELECT CUSTOMER FROM MART.PUBLIC.DAILY_SALES", **place
)

refresh = atlan.Process(
    "daily-sales",
    name="Daily sales",
    connection=warehouse,
    inputs=[atlan.table_of(orders, connection=warehouse), atlan.asset_of(changes, connection=warehouse)],
    outputs=[atlan.table_of(daily, connection=warehouse)],
    sql=daily.query,
    missing_assets="partial",
)
atlan.ColumnProcess(
    "daily-sales-total",
    name="AMOUNT → TOTAL",
    process=refresh,
    inputs=[atlan.column_of(orders, "AMOUNT", connection=warehouse)],
    outputs=[atlan.column_of(daily, "TOTAL", connection=warehouse)],
    missing_assets="partial",
)
atlan.Process(
    "best-customers",
    name="Best customers",
    connection=warehouse,
    inputs=[atlan.table_of(daily, connection=warehouse)],
    outputs=[atlan.table_of(best, connection=warehouse)],
    sql=best.statement,
    missing_assets="partial",
)
