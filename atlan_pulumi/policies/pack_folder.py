"""The folder of the pack, set up so that Pulumi runs it with the Python that this package is installed in.

Needs the `cli` extra; the pack itself does not.

Pulumi runs a pack with the virtual environment in its `PulumiPolicy.yaml`, or with the first `python3` on
PATH. It ignores the runtime options of the program's `Pulumi.yaml`. If that `python3` is another one, a copy
of the folder names this one.
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
    """Return the folder for `--policy-pack`.

    Raises:
        PolicyError: A copy is needed, but cannot be written.
    """
    prefix = Path(sys.prefix)
    if _pulumi_uses_this_python() or not (prefix / "bin" / "python").is_file():
        return _IN_PACKAGE
    folder = cache_folder() / "policy-pack" / hashlib.sha256(str(prefix).encode()).hexdigest()[:16]
    project = yaml.safe_load((_IN_PACKAGE / _PROJECT).read_text())
    project["runtime"] = {"name": "python", "options": {"virtualenv": str(prefix)}}
    try:
        _write(folder / _PROJECT, yaml.safe_dump(project))
        _write(folder / "__main__.py", (_IN_PACKAGE / "__main__.py").read_text())
    except OSError as error:
        raise PolicyError(
            f"the policy pack cannot be written to {folder} ({error.strerror or error}): make that folder "
            f"writable, set ATLAN_PULUMI_CACHE to a writable one, or put {prefix / 'bin'} first on PATH"
        ) from None
    return folder


def _pulumi_uses_this_python() -> bool:
    """Return whether Pulumi runs a pack without a virtual environment with this Python."""
    named = os.environ.get("PULUMI_PYTHON_CMD")
    found = next(filter(None, map(shutil.which, [named] if named else ["python3", "python"])), None)
    return found is not None and Path(found).absolute().parent == Path(sys.executable).parent


def _write(file: Path, text: str) -> None:
    """Write a file atomically, since an engine may be reading it."""
    if file.exists() and file.read_text() == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text)
