"""`owner-and-description`: what people find in the catalog has an owner, and says what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import UNKNOWN, Declared
from atlan_pulumi.policies._described import DescribedSettings, MendingRule, described

Name = Annotated[str, Field(min_length=1, pattern=r"\S")]
_OWNERS = ("owner_users", "owner_groups")
_DESCRIPTIONS = ("description", "user_description")


class OwnerAndDescriptionSettings(DescribedSettings):
    """The settings of `owner-and-description`."""

    owner: Annotated[bool, Field(description="Whether an owner is demanded, be it a user or a group.")] = True
    description: Annotated[
        bool, Field(description="Whether a description is demanded: `description` or `user_description`.")
    ] = True
    default_owner_users: Annotated[
        list[Name], Field(description="The users whom the level `remediate` gives to what has no owner.")
    ] = Field(default_factory=list)
    default_owner_groups: Annotated[
        list[Name], Field(description="The groups which the level `remediate` gives to what has no owner.")
    ] = Field(default_factory=list)


class OwnerAndDescription(MendingRule[OwnerAndDescriptionSettings]):
    """A connection or a process has an owner, and a description.

    Why: who finds it in the catalog has to know what it is for, and whom to ask.

    At the level `remediate` what has no owner gets the default ones; owners and descriptions lose the blanks
    around them, and lists of owners their repeats. A description that is not there can only be asked for.
    `OpenLineageJob`s and the column processes of a `ColumnLineage` or a `ProcessSet` have neither, and are
    passed over.

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
            "kinds": ["Connection", "OpenLineageConnection", "Process"],
            "defaultOwnerGroups": ["data-platform"]
          }
        }
        ```
    """

    settings = OwnerAndDescriptionSettings
    description = "Connections and processes have an owner and a description."
    severity = Severity.LOW

    def check(self, resource: Declared, settings: OwnerAndDescriptionSettings) -> Iterator[str]:
        """What has no owner, or no description."""
        for label, props in described(resource, settings):
            if settings.owner and not _has_any(props, _OWNERS):
                yield f"{label}: owner_users: nobody owns it: give owner_users or owner_groups"
            if settings.description and not _has_any(props, _DESCRIPTIONS):
                yield f"{label}: description: is missing: say what it is for, in a sentence"

    def mended(self, props: Mapping[str, Any], settings: OwnerAndDescriptionSettings) -> dict[str, Any]:
        """The owners and descriptions without what is too much, and the default owners."""
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
    return any(_says_something(props.get(name)) for name in names)


def _says_something(value: Any) -> bool:
    """Whether there is more than blanks; what is not known yet is taken to say something."""
    if isinstance(value, list):
        return any(_says_something(item) for item in value)
    return value is UNKNOWN or bool(value.strip() if isinstance(value, str) else value)


def _tidy_list(value: Any) -> list[str] | None:
    """The names sorted, without blanks and repeats; None where they are not all known, or no names."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    stripped = {item.strip() for item in value}
    return [name for name in sorted(stripped) if name]


def _tidy(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None
