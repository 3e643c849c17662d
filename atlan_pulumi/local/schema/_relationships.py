"""Relationship definitions: two ends, each an attribute of the entity on the other side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from atlan_pulumi.asset_types import is_a


@dataclass(frozen=True, slots=True)
class Relationship:
    """One definition: `type1.name1` lists entities of `type2`, whose `name2` points back."""

    name: str
    type1: str
    name1: str
    many1: bool
    type2: str
    name2: str
    many2: bool


@dataclass(frozen=True, slots=True)
class End:
    """A relationship seen from the entity that carries the attribute."""

    relationship: Relationship
    first: bool

    @property
    def attribute(self) -> str:
        """The attribute on this side."""
        return self.relationship.name1 if self.first else self.relationship.name2

    @property
    def type_name(self) -> str:
        """The type which carries the attribute."""
        return self.relationship.type1 if self.first else self.relationship.type2

    @property
    def many(self) -> bool:
        """Whether the attribute holds a set."""
        return self.relationship.many1 if self.first else self.relationship.many2

    @property
    def other(self) -> End:
        """The same relationship from the other side."""
        return End(self.relationship, not self.first)


def _define(lines: str) -> dict[str, Relationship]:
    found = {}
    for line in lines.strip().splitlines():
        name, left, right = line.split()
        (type1, name1), (type2, name2) = left.split("."), right.split(".")
        many1, many2 = name1.endswith("*"), name2.endswith("*")
        found[name] = Relationship(name, type1, name1.rstrip("*"), many1, type2, name2.rstrip("*"), many2)
    return found


# name, end 1, end 2; a star marks an end that holds a set
_DEFINITIONS = _define("""
catalog_process_inputs       Process.inputs*                 Catalog.inputToProcesses*
process_catalog_outputs      Process.outputs*                Catalog.outputFromProcesses*
column_lineage               Process.columnProcesses*        ColumnProcess.process
airflow_task_process         Process.airflowTasks*           AirflowTask.process
spark_job_process            Process.sparkJobs*              SparkJob.process
adf_activity_processes       AdfActivity.processes*          Process.adfActivity
fabric_activity_process      Process.fabricActivities*       FabricActivity.fabricProcess
matillion_component_process  Process.matillionComponent      MatillionComponent.matillionProcess
fivetran_connector_processes FivetranConnector.processes*    Process.fivetranConnector
power_bi_dataflow_processes  PowerBIDataflow.powerBIProcesses* Process.powerBIDataflow
procedure_sql_processes      Procedure.sqlProcesses*         Process.sqlProcedures*
function_sql_processes       Function.sqlProcesses*          Process.sqlFunctions*
bigquery_routine_processes   BigqueryRoutine.bigqueryProcesses* Process.bigqueryRoutines*
flow_process_orchestration   FlowControlOperation.flowDataResults* Process.flowOrchestratedBy
flow_operations FlowControlOperation.flowControlledOperations* FlowControlOperation.flowControlledBy
airflow_task_inputs          AirflowTask.inputs*             Catalog.inputToAirflowTasks*
airflow_task_outputs         AirflowTask.outputs*            Catalog.outputFromAirflowTasks*
airflow_dag_tasks            AirflowDag.airflowTasks*        AirflowTask.airflowDag
spark_job_inputs             SparkJob.inputs*                Catalog.inputToSparkJobs*
spark_job_outputs            SparkJob.outputs*               Catalog.outputFromSparkJobs*
connection_process_inputs    ConnectionProcess.inputs*       Connection.inputToConnectionProcesses*
connection_process_outputs   ConnectionProcess.outputs*      Connection.outputFromConnectionProcesses*
database_schemas             Database.schemas*               Schema.database
schema_tables                Schema.tables*                  Table.atlanSchema
schema_views                 Schema.views*                   View.atlanSchema
schema_materialised_views    Schema.materialisedViews*       MaterialisedView.atlanSchema
schema_calculation_view      Schema.calculationViews*        CalculationView.atlanSchema
schema_functions             Schema.functions*               Function.functionSchema
schema_procedures            Schema.procedures*              Procedure.atlanSchema
schema_snowflake_streams     Schema.snowflakeStreams*        SnowflakeStream.atlanSchema
schema_snowflake_pipes       Schema.snowflakePipes*          SnowflakePipe.atlanSchema
schema_snowflake_stages      Schema.snowflakeStages*         SnowflakeStage.atlanSchema
table_columns                Table.columns*                  Column.table
view_columns                 View.columns*                   Column.view
materialised_view_columns    MaterialisedView.columns*       Column.materialisedView
calculation_view_columns     CalculationView.columns*        Column.calculationView
table_partition_columns      TablePartition.columns*         Column.tablePartition
partition_tables             Table.partitions*               TablePartition.parentTable
column_nestedColumns         Column.nestedColumns*           Column.parentColumn
foreign_key_columns          Column.foreignKeyTo*            Column.foreignKeyFrom
s3_bucket_objects            S3Bucket.objects*               S3Object.bucket
kafka_cluster_topics         KafkaCluster.kafkaTopics*       KafkaTopic.kafkaCluster
dbt_model_columns            DbtModel.dbtModelColumns*       DbtModelColumn.dbtModel
""")

_ENDS = [End(definition, first) for definition in _DEFINITIONS.values() for first in (True, False)]


def relationship(name: str) -> Relationship:
    """The definition with this name."""
    return _DEFINITIONS[name]


@cache
def ends_of(type_name: str) -> tuple[End, ...]:
    """The relationship attributes that an entity of this type carries."""
    return tuple(end for end in _ENDS if is_a(type_name, end.type_name))


@cache
def find_end(type_name: str, attribute: str) -> End | None:
    """The relationship behind an attribute; None when the attribute is not one."""
    return next((end for end in ends_of(type_name) if end.attribute == attribute), None)
