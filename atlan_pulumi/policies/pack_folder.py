"""The folder of the ready-made pack, such that Pulumi runs it with the Python that this package is in.

Needs the `cli` extra; the pack itself does not.

Pulumi runs a pack with the environment that its `PulumiPolicy.yaml` names, else with the first `python3` on
PATH, whatever the program's own `Pulumi.yaml` says. The wheel cannot know where it will lie: so where that
`python3` is another one, a copy of the folder names this one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import yaml

from atlan_pulumi.errors import PolicyError
from atlan_pulumi.files import cache_folder, write_whole

_IN_PACKAGE = Path(__file__).parent / "pack"
_PROJECT = "PulumiPolicy.yaml"


def pack_folder() -> Path:
    """The folder for `--policy-pack`.

    Raises:
        PolicyError: A copy is needed, and cannot be written.
    """
    prefix = Path(sys.prefix)
    if _is_what_pulumi_takes() or not (prefix / "bin" / "python").is_file():
        return _IN_PACKAGE
    folder = cache_folder() / "policy-pack" / hashlib.sha256(str(prefix).encode()).hexdigest()[:16]
    project = yaml.safe_load((_IN_PACKAGE / _PROJECT).read_text())
    project["runtime"] = {"name": "python", "options": {"virtualenv": str(prefix)}}
    try:
        _write(folder / _PROJECT, yaml.safe_dump(project))
        _write(folder / "__main__.py", (_IN_PACKAGE / "__main__.py").read_text())
    except OSError as error:
        raise PolicyError(
            f"the policy pack cannot be kept in {folder} ({error.strerror or error}): make that folder "
            f"writable, set ATLAN_PULUMI_CACHE to one that is, or put {prefix / 'bin'} first on PATH"
        ) from None
    return folder


def _is_what_pulumi_takes() -> bool:
    """Whether the Python that Pulumi takes for a pack without an environment is this one."""
    named = os.environ.get("PULUMI_PYTHON_CMD")
    found = next(filter(None, map(shutil.which, [named] if named else ["python3", "python"])), None)
    return found is not None and Path(found).absolute().parent == Path(sys.executable).parent


def _write(file: Path, text: str) -> None:
    """Write a file as a whole: an engine may be reading it."""
    if file.exists() and file.read_text() == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text)
