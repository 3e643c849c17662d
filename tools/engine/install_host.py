"""Install the Python language host into a built engine."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import zipfile
from pathlib import Path

_SOURCES = Path(__file__).parent / "language_host"
_ENTRY = "from language_host.__main__ import main\n\nmain()\n"

# The Python that built the engine may be removed later, for example with its virtual environment. Any Python
# with the SDK can run the host, and the Python of the program has it.
_LAUNCHER = """\
#!/bin/sh
# Runs the language host with the Python that provided this engine, else with another that has the Pulumi SDK.
bin=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
lib=$bin/../lib
recorded=$(cat "$lib/python")
has_sdk='
import importlib.util, sys
sys.path = [folder for folder in sys.path if folder]
sys.exit(importlib.util.find_spec("pulumi") is None)
'
for python in "$recorded" "${PULUMI_PYTHON_CMD:-}" "${VIRTUAL_ENV:-/nowhere}/bin/python" python3; do
    if "$python" -c "$has_sdk" 2>/dev/null; then
        exec "$python" "$lib/language-host.pyz" --executor "$bin/pulumi-language-python-exec" "$@"
    fi
done
echo "no Python with the Pulumi SDK: $recorded, which provided this engine, no longer has it," \\
    "and python3 on PATH does not have it; activate the environment that your program runs in," \\
    "or run 'make engine' again in the checkout" >&2
exit 1
"""


def install_host(root: Path) -> None:
    """Write the host's archive and launcher into the engine at `root`, if they are missing or outdated.

    Safe while the engine is in use: each file is replaced atomically.
    """
    lib = root / "lib"
    lib.mkdir(exist_ok=True)
    _replace(lib / "language-host.pyz", _archive(), 0o644)
    if not _recorded_python_exists(lib / "python"):
        _replace(lib / "python", f"{sys.executable}\n".encode(), 0o644)
    _replace(root / "bin" / "pulumi-language-python", _LAUNCHER.encode(), 0o755)


def _recorded_python_exists(record: Path) -> bool:
    return record.is_file() and os.access(record.read_text().strip(), os.X_OK)


def _archive() -> bytes:
    """Return the host's package as a zip that Python can run; the bytes are reproducible."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py"), _ENTRY)
        for source in sorted(_SOURCES.glob("*.py")):
            archive.writestr(zipfile.ZipInfo(f"language_host/{source.name}"), source.read_bytes())
    return buffer.getvalue()


def _replace(path: Path, content: bytes, mode: int) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(mode)
    Path(file.name).replace(path)
