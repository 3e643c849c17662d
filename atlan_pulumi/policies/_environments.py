"""Environments, what belongs to them, and the ways between them that data may go: the settings of a rule."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from atlan_pulumi.declared import Asset
from atlan_pulumi.lifecycle import did_you_mean
from atlan_pulumi.policies._groups import Groups, from_mapping, group_of, group_of_names
from atlan_pulumi.policies._settings import Glob, Settings, matches


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
