"""The pack of `atlan-pulumi policy path`: all rules, advisory unless a configuration file says otherwise."""

from __future__ import annotations

from atlan_pulumi.policies._pack import LineagePolicies

LineagePolicies()
