"""The connectors that Atlan knows, by category. Atlan shows a gear icon for any other connector.

Source: the connector types in Atlan's own SDK (pyatlan 11.6.0). The schemes of namespaces are those of
OpenLineage's specification (OpenLineage/spec/Naming.md).
"""

from __future__ import annotations

_BY_CATEGORY = {
    "ai": "ai",
    "API": "api mulesoft",
    "app": "app",
    "bi": (
        "alteryx anaplan cognos datastudio domo fabric looker metabase microstrategy mode powerbi preset "
        "qlik-sense quicksight redash sigma sisense superset tableau thoughtspot"
    ),
    "custom": "custom",
    "data-processing": "generic-openlineage",
    "data-quality": "monte-carlo soda",
    "database": (
        "alloydb alloydb-postgres aurora aws-greengrass aws-sitewise azure-cosmos-db cassandra "
        "cloudsql-postgres cockroachdb cosmos cosmosnosql cratedb dm documentdb essbase firebird "
        "gainsight genericdb graphql ibm-informix ibmdb2 inriver kx mariadb minisql model mongodb "
        "mparticle oracle-timesten percona-server postgres presto redis sap-maxdb sap-sql sqlite trino "
        "yugabytedb"
    ),
    "elt": (
        "abinitio airflow airflow-astronomer airflow-cloud-composer airflow-mwaa aws-batch aws-ecs "
        "aws-lambda aws-sagemaker dataflow dbt fivetran hex iics informatica-powercenter matillion "
        "openlineage prefect spark"
    ),
    "erp": "sap-ecc",
    "eventbus": (
        "aiven-kafka amazon-msk apache-kafka apache-pulsar azure-event-hub azureservicebus "
        "confluent-kafka kafka redpanda-kafka"
    ),
    "lake": "azure-data-lake databricks delta-lake glue spark-sql",
    "ObjectStore": "adls file gcs s3 shared-drive",
    "queryengine": "athena",
    "SaaS": (
        "adobe-experience-manager adobe-target aws-smus azure-active-directory bigid clari cognite "
        "dataplex dataverse marketo sagemaker salesforce sap-gigya sap-hybris share-point syndigo "
        "treasure-data"
    ),
    "schema-registry": "confluent-schema-registry",
    "warehouse": (
        "azure-analysis-services bigquery clickhouse cloudera-data-warehouse dynamodb firebolt greenplum "
        "hive iceberg impala monetdb mssql mysql netezza netsuite oracle rds redshift rockset sap-hana "
        "sap-iq sap-s4-hana singlestore snowflake starburst-galaxy synapse teradata vertica"
    ),
}

#: The category of each connector, e.g. `{"snowflake": "warehouse", "spark": "elt", …}`.
CONNECTOR_CATEGORIES = {
    connector: category for category, connectors in _BY_CATEGORY.items() for connector in connectors.split()
}
#: All categories that Atlan knows. Atlan's page on OpenLineage adds `connector`.
CATEGORIES = frozenset(_BY_CATEGORY) | {"connector"}
#: Schemes of OpenLineage namespaces that are not the name of Atlan's connector.
_SCHEMES = {
    "awsathena": "athena",
    "awsglue": "glue",
    "azurecosmos": "cosmos",
    "postgresql": "postgres",
    "s3a": "s3",
    "s3n": "s3",
    "gs": "gcs",
    "abfs": "adls",
    "abfss": "adls",
    "wasb": "adls",
    "wasbs": "adls",
    "sqlserver": "mssql",
}


def connector_of_namespace(namespace: str) -> str:
    """Return the connector of the system that an OpenLineage namespace names.

    Example:
        >>> connector_of_namespace("postgresql://db.example.com:5432")
        'postgres'
    """
    scheme = namespace.partition(":")[0].lower()
    return _SCHEMES.get(scheme, scheme)
