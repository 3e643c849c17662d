"""Groups of assets that settings name, such as layers and environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from atlan_pulumi.declared import Asset
from atlan_pulumi.policies._settings import Glob, Settings, matches


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
