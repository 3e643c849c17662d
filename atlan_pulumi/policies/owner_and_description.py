"""`owner-and-description`: connections and processes have an owner and a description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import UNKNOWN, Declared
from atlan_pulumi.policies._attribute_rule import AttributeRule, AttributeSettings, with_attributes
from atlan_pulumi.policies._rule_settings import NonBlank

_OWNERS = ("owner_users", "owner_groups")
_DESCRIPTIONS = ("description", "user_description")


class OwnerAndDescriptionSettings(AttributeSettings):
    """The settings of `owner-and-description`."""

    owner: Annotated[bool, Field(description="Whether an owner is required, a user or a group.")] = True
    description: Annotated[
        bool, Field(description="Whether a description is required: `description` or `user_description`.")
    ] = True
    default_owner_users: Annotated[
        list[NonBlank], Field(description="Users that the level `remediate` sets if there is no owner.")
    ] = Field(default_factory=list)
    default_owner_groups: Annotated[
        list[NonBlank], Field(description="Groups that the level `remediate` sets if there is no owner.")
    ] = Field(default_factory=list)


class OwnerAndDescription(AttributeRule[OwnerAndDescriptionSettings]):
    """A connection or process has an owner and a description.

    Why: users who find it in the catalog need to know what it is for, and whom to ask.

    At the level `remediate`, entities without an owner get the default owners. Leading and trailing blanks
    are removed from owners and descriptions, and duplicates from lists of owners. A missing description is
    not remediated. The rule skips `OpenLineageJob` and the column processes of a `ColumnLineage` or a
    `ProcessSet`, which have neither.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            owner_groups=["data-platform"],
            description="Copies the orders, each night at two.",
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        ```

    Configuration:
        ```json
        {
          "owner-and-description": {
            "enforcementLevel": "remediate",
            "kinds": ["Connection", "OpenLineageConnection", "Process", "Asset"],
            "defaultOwnerGroups": ["data-platform"]
          }
        }
        ```
    """

    settings = OwnerAndDescriptionSettings
    description = "Connections, processes, and assets must have an owner and a description."
    severity = Severity.LOW

    def check(self, resource: Declared, settings: OwnerAndDescriptionSettings) -> Iterator[str]:
        """Yield each missing owner and each missing description."""
        for label, props in with_attributes(resource, settings):
            if settings.owner and not _has_any(props, _OWNERS):
                yield f"{label}: owner_users: is missing: set owner_users or owner_groups"
            if settings.description and not _has_any(props, _DESCRIPTIONS):
                yield f"{label}: description: is missing: say what it is for, in one sentence"

    def remediated_props(
        self, props: Mapping[str, Any], settings: OwnerAndDescriptionSettings
    ) -> dict[str, Any]:
        """Return the trimmed owners and descriptions, and the default owners if there are none."""
        changed: dict[str, Any] = {}
        if settings.owner:
            changed |= {name: _tidy_list(props.get(name)) for name in _OWNERS}
            if not _has_any(props, _OWNERS):
                changed["owner_users"] = _tidy_list(settings.default_owner_users)
                changed["owner_groups"] = _tidy_list(settings.default_owner_groups)
        if settings.description:
            changed |= {name: _tidy(props.get(name)) for name in _DESCRIPTIONS}
        return {name: value for name, value in changed.items() if value and value != props.get(name)}


owner_and_description = OwnerAndDescription()


def _has_any(props: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(_has_text(props.get(name)) for name in names)


def _has_text(value: Any) -> bool:
    """Return whether a value contains more than blanks. An unknown value counts as text."""
    if isinstance(value, list):
        return any(_has_text(item) for item in value)
    return value is UNKNOWN or bool(value.strip() if isinstance(value, str) else value)


def _tidy_list(value: Any) -> list[str] | None:
    """Return the names sorted and trimmed, without duplicates; None if one of them is unknown."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    stripped = {item.strip() for item in value}
    return [name for name in sorted(stripped) if name]


def _tidy(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None
