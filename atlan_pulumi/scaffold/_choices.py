"""What a new repository depends on: the tenant, the connection, the CI system, and the source of lineage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from atlan_pulumi.errors import ScaffoldError

CiSystem = Literal["github", "gitlab", "none"]
#: The connection of the sample catalog, which the example in the templates refers to.
SAMPLE_CONNECTION = "default/snowflake/1657025257"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
#: Namespaces of settings that are not the project's own.
_RESERVED = ("atlan", "pulumi")


@dataclass(frozen=True)
class SqlSource:
    """The SQL from which the lineage is derived.

    Attributes:
        paths: The paths of files and folders with SQL, relative to the repository.
        options: The options of `atlan-pulumi derive`.
        data: The derived lineage: the text of `lineage.yaml`.
    """

    paths: tuple[str, ...]
    options: tuple[str, ...]
    data: str


@dataclass(frozen=True)
class Choices:
    """What a new repository depends on.

    Attributes:
        project: The name of the Pulumi project.
        base_url: The tenant's base URL.
        connection: The qualifiedName of the connection with the tables.
        ci: The CI system.
        sql: The SQL from which the lineage is derived, if any.
        dbt: The path of the dbt project's target folder, relative to the repository, if any.
    """

    project: str
    base_url: str
    connection: str
    ci: CiSystem = "github"
    sql: SqlSource | None = None
    dbt: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether Atlan runs on this machine: plain http is accepted for no other."""
        return self.base_url.startswith("http:")

    @property
    def sample(self) -> bool:
        """Whether the connection is that of the local sample catalog, so that the example can be deployed."""
        return self.is_local and self.connection == SAMPLE_CONNECTION

    @property
    def stack(self) -> str:
        """The name of the stack: CI deploys `prod`."""
        return "dev" if self.is_local else "prod"


def project_name(given: str | None, folder: Path) -> str:
    """Return the given name of the Pulumi project, else one that is made of the folder's name.

    Raises:
        ScaffoldError: Pulumi does not accept the name, or the project's settings would not be its own.
    """
    if given is None:
        made = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-.")[:100] or "lineage"
        return f"{made}-lineage" if made in _RESERVED else made
    if not _NAME.fullmatch(given):
        raise ScaffoldError(
            f"--name {given!r}: use up to 100 letters, digits, hyphens, underscores, and periods"
        )
    if given in _RESERVED:
        raise ScaffoldError(f"--name {given}: the settings {given}:… are not the project's; use another name")
    return given
