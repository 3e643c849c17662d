"""The `atlan-pulumi` command."""

from __future__ import annotations

import sys

from atlan_pulumi.startup import exempt_imports, without_collection


def main() -> None:
    """Run the command line; without the `cli` extra, print how to install it."""
    try:
        with without_collection():
            from atlan_pulumi.cli._app import app  # noqa: PLC0415 - the extra may be absent
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("atlan_pulumi"):
            raise
        sys.exit(f"atlan-pulumi: the command line needs {missing.name}: pip install 'atlan-pulumi[all]'")
    exempt_imports()
    app()
