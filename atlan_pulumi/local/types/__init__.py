"""Type definitions that users make: Atlan tags, custom metadata, enumerations."""

from atlan_pulumi.local.types._change import change, remove
from atlan_pulumi.local.types._define import define
from atlan_pulumi.local.types._form import LISTS, Stamp, answer
from atlan_pulumi.local.types._plant import plant_types

__all__ = ["LISTS", "Stamp", "answer", "change", "define", "plant_types", "remove"]
