"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path, typer.Option("--cwd", "-C", help="The Pulumi project's folder.", exists=True, file_okay=False)
]
Stack = Annotated[
    str | None, typer.Option("--stack", "-s", help="The stack's name.", show_default="the selected one")
]
Mark = Annotated[
    str | None,
    typer.Option("--mark", metavar="TEXT", help="The stack as its marks name it: PROJECT/STACK by default."),
]
BaseUrl = Annotated[str | None, typer.Option(metavar="URL", help="The tenant; else ATLAN_BASE_URL.")]
