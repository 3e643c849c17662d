"""A new repository with a Pulumi program, policies, and CI, from templates.

The templates are real files, with the values of an example. `Choices` replace these values, and select files.
"""

from __future__ import annotations

from atlan_pulumi.errors import ScaffoldError
from atlan_pulumi.scaffold._choices import SAMPLE_CONNECTION, Choices, CiSystem, SqlSource, project_name
from atlan_pulumi.scaffold._ci import CI_SYSTEMS
from atlan_pulumi.scaffold._readme import contents, serve_command
from atlan_pulumi.scaffold._repository import ensure_absent, file_names, repository_files, write_repository

__all__ = [
    "CI_SYSTEMS",
    "SAMPLE_CONNECTION",
    "Choices",
    "CiSystem",
    "ScaffoldError",
    "SqlSource",
    "contents",
    "ensure_absent",
    "file_names",
    "project_name",
    "repository_files",
    "serve_command",
    "write_repository",
]
