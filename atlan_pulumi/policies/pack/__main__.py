"""The pack that `atlan-pulumi policy path` names: all rules, as advice; a configuration file sets them."""

from __future__ import annotations

from atlan_pulumi.policies._pack import LineagePolicies

LineagePolicies()
