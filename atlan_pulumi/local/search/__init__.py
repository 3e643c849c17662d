"""Index search: the part of Elasticsearch's query language that Atlan's SDK uses, compiled to SQL."""

from __future__ import annotations

from atlan_pulumi.local.search._audit import audit_search
from atlan_pulumi.local.search._request import Projection, search

__all__ = ["Projection", "audit_search", "search"]
