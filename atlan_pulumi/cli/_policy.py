"""`atlan-pulumi policy`: the policy pack, and its configuration file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(help="The policy pack for lineage, and its configuration file.", no_args_is_help=True)

_Config = Annotated[Path, typer.Argument(metavar="FILE", help="The file for `--policy-pack-config`.")]


@commands.command("path")
def print_path() -> None:
    """Print the folder of the policy pack: `pulumi preview --policy-pack "$(atlan-pulumi policy path)"`."""
    from atlan_pulumi.policies.pack_folder import (  # noqa: PLC0415 - imports Pulumi, which other commands do not need
        pack_folder,
    )

    typer.echo(pack_folder())


@commands.command("list")
def list_() -> None:
    """List all rules with their descriptions."""
    from atlan_pulumi.policies import RULES  # noqa: PLC0415 - see above

    width = max(len(rule.name) for rule in RULES)
    for rule in RULES:
        typer.echo(f"{rule.name:<{width}}  {rule.description}")


@commands.command()
def check(file: _Config) -> None:
    """Show how a configuration file sets each rule.

    Pulumi ignores unknown rules. Exit code 1: the file contains an unknown rule, level, or setting.
    """
    from atlan_pulumi.policies import RULES, read_config  # noqa: PLC0415 - see above

    width = max(len(rule.name) for rule in RULES)
    for rule, level, settings, idle in read_config(file):
        details = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
        details += [f"(checks nothing without {idle})"] if idle and level != "disabled" else []
        typer.echo(f"{rule.name:<{width}}  {level:<9}  {' '.join(details)}".rstrip())


@commands.command()
def schema() -> None:
    """Print the JSON schema of the configuration file, for editors."""
    from atlan_pulumi.policies import config_schema  # noqa: PLC0415 - see above

    typer.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False))
