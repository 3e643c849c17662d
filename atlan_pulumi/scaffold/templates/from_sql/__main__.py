"""Declare lineage in Atlan."""

import atlan_pulumi as atlan
import pulumi

config = pulumi.Config()
warehouse = config.require("warehouse")  # the connection with the tables

# ci/derive.sh writes the file: run it again when the SQL has changed.
atlan.LineageMap("lineage", connection=warehouse, processes="lineage.yaml")
