"""Programs with every compact kind of resource."""

from __future__ import annotations

ETL = "default/airflow/1657025300"
SPARK = "default/spark/1657025400"

#: One resource of each kind, with several entities if the kind allows it.
COMPACT = f'''
T = [f"{{WAREHOUSE}}/DB/S/T{{n}}" for n in range(6)]
etl = atlan.Connection(
    "etl", name="etl", connector="airflow", qualified_name="{ETL}", admin_roles=["$admin"]
)
load = atlan.Process(
    "load-orders",
    name="Load orders",
    connection=etl,
    process_id="dag 1/orders",
    inputs=[atlan.table(T[0]), atlan.table(T[2])],
    outputs=[atlan.table(T[1])],
    sql="insert into T1 select * from T0",
)
atlan.ColumnLineage(
    "orders-columns",
    process=load,
    columns={{"A": ["T0/A", "T2/B"], "B": "T0/B", "ID": "T2/ID"}},
    sql={{"A": "T0.A + T2.B"}},
)
atlan.LineageMap(
    "shop",
    connection=etl,
    base=WAREHOUSE,
    processes={{
        "mart": {{"inputs": "DB/S/T1", "outputs": "DB/S/T3", "columns": {{"A": "A", "B": ["A", "B"]}}}},
        "both": {{
            "name": "Both ways",
            "inputs": ["DB/S/T1", "DB/S/T2"],
            "outputs": ["DB/S/T4", "DB/S/T5"],
            "sql": "select 1",
            "columns": {{"T4/A": "T1/A", "T5/A": "T2/A", "T5/B": ["T1/B", "T2/B"]}},
            "column_sql": {{"T4/A": "T1.A"}},
        }},
    }},
)
spark = atlan.OpenLineageConnection(
    "spark", name="ol-spark", connector="spark", qualified_name="{SPARK}", admin_roles=["$admin"]
)
SNOWFLAKE = "snowflake://abc123"
atlan.OpenLineageJob(
    "nightly",
    connection=spark,
    job_name="dag_123",
    inputs=[atlan.dataset(SNOWFLAKE, "DB.S.T0")],
    outputs=[atlan.dataset(SNOWFLAKE, "DB.S.T2")],
    columns={{"DB.S.T2.A": ["DB.S.T0.A", "DB.S.T0.B"], "B": ["B"]}},
    job_facets={{"sql": {{"query": "insert into T2 select A + B, B from T0"}}}},
)
'''

#: An additional component.
COMPONENT = """
class Nightly(pulumi.ComponentResource):
    def __init__(self) -> None:
        super().__init__("shop:pipelines:Nightly", "every-night")
        below = pulumi.ResourceOptions(parent=self)
        report = atlan.Process(
            "report",
            name="Report",
            connection=etl,
            inputs=[atlan.table(T[3])],
            outputs=[atlan.table(T[5])],
            opts=below,
        )
        atlan.ColumnLineage("report-columns", process=report, columns={"ID": "ID"}, opts=below)
        self.register_outputs({})


Nightly()
"""
