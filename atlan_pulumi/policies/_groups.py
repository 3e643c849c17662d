"""Groups of assets that settings name, such as layers and environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from atlan_pulumi.declared import Asset
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches
from atlan_pulumi.text import did_you_mean


def from_mapping(key: str, value: str) -> BeforeValidator:
    """In Python a mapping will do: name -> patterns. A file has a list, since the engine sorts mappings.

    Args:
        key: What the keys of the mapping are called in the list's items.
        value: What its values are called there.
    """

    def listed(given: Any) -> Any:
        if isinstance(given, Mapping):
            return [{key: name, value: item} for name, item in given.items()]
        return given

    return BeforeValidator(listed)


class Group(Settings):
    """A group, and what belongs to it."""

    name: Annotated[str, Field(min_length=1, description="What it is called.")]
    patterns: Annotated[list[Glob], Field(min_length=1, description="Globs of what belongs to it.")]


def _told_apart(groups: list[Group]) -> list[Group]:
    names = [group.name for group in groups]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} is given twice")
    return groups


Groups = Annotated[list[Group], from_mapping("name", "patterns"), AfterValidator(_told_apart)]
"""Groups in an order, each with a name of its own."""


def group_of(asset: Asset, groups: Sequence[Group]) -> int | None:
    """The number of the first group that an asset belongs to; a column belongs to what its table does.

    None where no group matches.
    """
    return group_of_names((*asset.names, *asset.table.names), groups)


def group_of_names(names: tuple[str, ...], groups: Sequence[Group]) -> int | None:
    """The number of the first group that matches one of the names; None where none does."""
    return next((number for number, group in enumerate(groups) if matches(names, group.patterns)), None)


class Way(Settings):
    """A way that data may go."""

    from_: Annotated[str, Field(alias="from", description="The environment that is read.")]
    to: Annotated[str, Field(description="The environment that is written.")]


class StackEnvironment(Settings):
    """The environment that stacks belong to."""

    stack: Annotated[Glob, Field(description="A glob of the stacks' names.")]
    environment: Annotated[str, Field(description="The environment.")]


class EnvironmentBoundarySettings(Settings):
    """The settings of `environment-boundary`."""

    environments: Annotated[
        Groups,
        Field(description="The environments, each with globs of qualifiedNames, connections among them."),
    ] = Field(default_factory=list)
    allowed: Annotated[
        list[Way], Field(description="The ways between environments that data may go all the same.")
    ] = Field(default_factory=list)
    stacks: Annotated[
        list[StackEnvironment],
        from_mapping("stack", "environment"),
        Field(description="The environments of stacks, by globs of the stacks' names; the first one counts."),
    ] = Field(default_factory=list)

    @field_validator("allowed", "stacks")
    @classmethod
    def _names_exist(cls, value: list[Any], info: ValidationInfo) -> list[Any]:
        known = [each.name for each in info.data.get("environments", [])]
        names = [name for each in value for key, name in each if key != "stack"]
        for name in names if "environments" in info.data else ():
            if name not in known:
                raise ValueError(f"there is no environment {name!r}{did_you_mean(name, known)}")
        return value

    def may_go(self, source: str | None, target: str | None) -> bool:
        """Whether data may go from one environment to another; also where one of them is in none."""
        if source is None or target is None or source == target:
            return True
        return any((way.from_, way.to) == (source, target) for way in self.allowed)

    def of_asset(self, asset: Asset) -> str | None:
        """The environment of an asset; None where no pattern matches."""
        number = group_of(asset, self.environments)
        return None if number is None else self.environments[number].name

    def of_connection(self, name: str) -> str | None:
        """The environment of a connection: also where patterns name only what lies in it."""
        number = group_of_names((name, f"{name}/"), self.environments)
        return None if number is None else self.environments[number].name

    def of_stack(self, name: str) -> str | None:
        """The environment of a stack; None where no glob matches."""
        return next((each.environment for each in self.stacks if matches((name,), [each.stack])), None)
