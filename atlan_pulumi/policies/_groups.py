"""Groups of assets in settings: layers and environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from atlan_pulumi.declared import Asset
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches
from atlan_pulumi.text import did_you_mean


def from_mapping(key: str, value: str) -> BeforeValidator:
    """Accept a mapping in place of a list of objects. A file has a list, since the engine sorts mappings.

    Args:
        key: The property of the objects that holds a key of the mapping.
        value: The property that holds its value.
    """

    def to_list(given: Any) -> Any:
        if isinstance(given, Mapping):
            return [{key: name, value: item} for name, item in given.items()]
        return given

    return BeforeValidator(to_list)


class AssetGroup(Settings):
    """A named group of assets."""

    name: Annotated[str, Field(min_length=1, description="Name of the group.")]
    patterns: Annotated[list[Glob], Field(min_length=1, description="Globs of the names in the group.")]


def _refuse_duplicates(groups: list[AssetGroup]) -> list[AssetGroup]:
    names = [group.name for group in groups]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"duplicate {name!r}")
    return groups


AssetGroups = Annotated[
    list[AssetGroup], from_mapping("name", "patterns"), AfterValidator(_refuse_duplicates)
]
"""Groups in order, with unique names."""


def group_of(asset: Asset, groups: Sequence[AssetGroup]) -> int | None:
    """Return the index of the first group that matches an asset, or a column's table; None if none does."""
    return group_of_names((*asset.names, *asset.table.names), groups)


def group_of_names(names: tuple[str, ...], groups: Sequence[AssetGroup]) -> int | None:
    """Return the index of the first group that matches one of the names; None if none does."""
    return next((index for index, group in enumerate(groups) if matches(names, group.patterns)), None)


class AllowedFlow(Settings):
    """A direction in which data may cross environments."""

    from_: Annotated[str, Field(alias="from", description="Environment that is read.")]
    to: Annotated[str, Field(description="Environment that is written.")]


class StackEnvironment(Settings):
    """The environment of stacks."""

    stack: Annotated[Glob, Field(description="Glob of stack names.")]
    environment: Annotated[str, Field(description="The environment.")]


class EnvironmentBoundarySettings(Settings):
    """The settings of `environment-boundary`."""

    environments: Annotated[
        AssetGroups,
        Field(description="The environments, each with globs of qualifiedNames of assets and connections."),
    ] = Field(default_factory=list)
    allowed: Annotated[
        list[AllowedFlow], Field(description="Directions in which data may cross environments.")
    ] = Field(default_factory=list)
    stacks: Annotated[
        list[StackEnvironment],
        from_mapping("stack", "environment"),
        Field(description="Environments of stacks, by globs of stack names; the first match counts."),
    ] = Field(default_factory=list)

    @field_validator("allowed", "stacks")
    @classmethod
    def _names_exist(cls, value: list[Any], info: ValidationInfo) -> list[Any]:
        known = [each.name for each in info.data.get("environments", [])]
        names = [name for each in value for key, name in each if key != "stack"]
        for name in names if "environments" in info.data else ():
            if name not in known:
                raise ValueError(f"unknown environment {name!r}{did_you_mean(name, known)}")
        return value

    def allows(self, source: str | None, target: str | None) -> bool:
        """Return whether data may flow from one environment to another; None is no environment."""
        if source is None or target is None or source == target:
            return True
        return any((flow.from_, flow.to) == (source, target) for flow in self.allowed)

    def of_asset(self, asset: Asset) -> str | None:
        """Return the environment of an asset; None if no pattern matches."""
        index = group_of(asset, self.environments)
        return None if index is None else self.environments[index].name

    def of_connection(self, name: str) -> str | None:
        """Return the environment of a connection; a pattern of all its assets matches the connection too."""
        index = group_of_names((name, f"{name}/"), self.environments)
        return None if index is None else self.environments[index].name

    def of_stack(self, name: str) -> str | None:
        """Return the environment of a stack; None if no glob matches."""
        return next((each.environment for each in self.stacks if matches((name,), [each.stack])), None)
