"""Install the Python language host into a built engine."""

from __future__ import annotations

import importlib.util
import io
import os
import py_compile
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
host=$lib/language-host.pyz
{ read -r recorded; read -r sdk; } <"$lib/python"
if [ -x "$recorded" ] && [ -f "$sdk" ]; then
    exec "$recorded" "$host" --executor "$bin/pulumi-language-python-exec" "$@"
fi
has_sdk='
import importlib.util, sys
sys.path = [folder for folder in sys.path if folder]
sys.exit(importlib.util.find_spec("pulumi") is None)
'
for python in "$recorded" "${PULUMI_PYTHON_CMD:-}" "${VIRTUAL_ENV:-/nowhere}/bin/python" python3; do
    if "$python" -c "$has_sdk" 2>/dev/null; then
        exec "$python" "$host" --executor "$bin/pulumi-language-python-exec" "$@"
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
    if not _recorded_files_exist(lib / "python"):
        _replace(lib / "python", f"{sys.executable}\n{_sdk()}\n".encode(), 0o644)
    _replace(root / "bin" / "pulumi-language-python", _LAUNCHER.encode(), 0o755)


def _recorded_files_exist(record: Path) -> bool:
    """Return whether a Python and its Pulumi SDK are where a record says."""
    python, _, sdk = (record.read_text() if record.is_file() else "").partition("\n")
    return os.access(python, os.X_OK) and Path(sdk.strip()).is_file()


def _sdk() -> str:
    """Return the file with which this Python imports the Pulumi SDK; empty without the SDK."""
    found = importlib.util.find_spec("pulumi")
    return found.origin or "" if found else ""


def _archive() -> bytes:
    """Return the host's package as a zip that any Python can run; the bytes are reproducible.

    It also contains the bytecode of this Python, since each deployment starts the host twice.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py"), _ENTRY)
        for source in sorted(_SOURCES.glob("*.py")):
            archive.writestr(zipfile.ZipInfo(f"language_host/{source.name}"), source.read_bytes())
            archive.writestr(zipfile.ZipInfo(f"language_host/{source.stem}.pyc"), _bytecode(source))
    return buffer.getvalue()


def _bytecode(source: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder, "compiled.pyc")
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(source), str(compiled), f"language_host/{source.name}", True, 0, unchecked)
        return compiled.read_bytes()


def _replace(path: Path, content: bytes, mode: int) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(mode)
    Path(file.name).replace(path)
