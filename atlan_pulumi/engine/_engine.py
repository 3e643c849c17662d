"""What an engine is: a folder with `pulumi` and its Python plugins."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: Where an engine came from: the user's PATH, Pulumi's own download, or a build of Pulumi's Go module.
Source = Literal["path", "download", "build"]

#: What Python programs, dynamic resources and policy packs need, beside each other or on PATH.
EXECUTABLES = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)


@dataclass(frozen=True)
class Engine:
    """A Pulumi engine that can run Python programs.

    Attributes:
        folder: The folder to put first on PATH.
        version: The engine's version, such as `3.259.0`.
        source: Where it came from.
    """

    folder: Path
    version: str
    source: Source

    @property
    def executable(self) -> Path:
        """The `pulumi` command."""
        return self.folder / "pulumi"

    def environment(self, **extra: str) -> dict[str, str]:
        """The variables to run this engine with: this process's own, and what makes a run need nothing else.

        The folder comes first on PATH; programs run with this Python, unless `PULUMI_PYTHON_CMD` or the
        project's `virtualenv` says otherwise; the engine neither looks for updates nor fetches plugins.

        Args:
            extra: Variables to add, such as `PULUMI_BACKEND_URL`; they win.
        """
        search = [str(self.folder), os.environ.get("PATH", os.defpath)]
        return {
            "PULUMI_PYTHON_CMD": sys.executable,
            **os.environ,
            "PATH": os.pathsep.join(search),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **extra,
        }


def version_tuple(text: str) -> tuple[int, int, int]:
    """The first three-part version in `text`, such as `v3.259.0` or `go1.26.8`; zeros when there is none."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)
