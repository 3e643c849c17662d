"""The pack that `atlan-pulumi policy path` names: all rules, as advice; a configuration file sets them."""

from atlan_pulumi.policies import LineagePolicies

LineagePolicies()
