"""How entities are shown: headers, whole entities, stubs of related ones, answers to writes."""

from atlan_pulumi.local.views._answer import mutation
from atlan_pulumi.local.views._entity import whole
from atlan_pulumi.local.views._header import header
from atlan_pulumi.local.views._related import Related, Relations, object_id

__all__ = ["Related", "Relations", "header", "mutation", "object_id", "whole"]
