"""All rules, in the order of their names."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.policies._rule import Rule
from atlan_pulumi.policies.allowed_connections import allowed_connections
from atlan_pulumi.policies.certificate_status import certificate_status
from atlan_pulumi.policies.column_coverage import column_coverage
from atlan_pulumi.policies.column_parents import column_parents
from atlan_pulumi.policies.connection_admins import connection_admins
from atlan_pulumi.policies.environment_boundary import environment_boundary
from atlan_pulumi.policies.false_cartesian import false_cartesian
from atlan_pulumi.policies.inputs_and_outputs import inputs_and_outputs
from atlan_pulumi.policies.layer_order import layer_order
from atlan_pulumi.policies.lineage_cycle import lineage_cycle
from atlan_pulumi.policies.naming_pattern import naming_pattern
from atlan_pulumi.policies.no_secrets import no_secrets
from atlan_pulumi.policies.owner_and_description import owner_and_description
from atlan_pulumi.policies.protected_lineage import protected_lineage
from atlan_pulumi.policies.sql_or_source_url import sql_or_source_url
from atlan_pulumi.policies.stable_process_id import stable_process_id

RULES: tuple[Rule[Any], ...] = (
    allowed_connections,
    certificate_status,
    column_coverage,
    column_parents,
    connection_admins,
    environment_boundary,
    false_cartesian,
    inputs_and_outputs,
    layer_order,
    lineage_cycle,
    naming_pattern,
    no_secrets,
    owner_and_description,
    protected_lineage,
    sql_or_source_url,
    stable_process_id,
)
