"""`atlan-pulumi policy …`: the ready-made policy pack, and the file that configures it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer(
    help="The policy pack for lineage, and the file that configures it.", no_args_is_help=True
)

_Config = Annotated[Path, typer.Argument(metavar="FILE", help="The file for `--policy-pack-config`.")]


@commands.command()
def path() -> None:
    """Print the folder of the pack: `pulumi preview --policy-pack "$(atlan-pulumi policy path)"`."""
    from atlan_pulumi.policies.pack_folder import (  # noqa: PLC0415 - brings Pulumi, which other commands spare
        pack_folder,
    )

    typer.echo(pack_folder())


@commands.command("list")
def list_() -> None:
    """Show every rule and what it demands."""
    from atlan_pulumi.policies import RULES  # noqa: PLC0415 - see above

    width = max(len(rule.name) for rule in RULES)
    for rule in RULES:
        typer.echo(f"{rule.name:<{width}}  {rule.description}")


@commands.command()
def check(file: _Config) -> None:
    """Show how a configuration file sets each rule.

    Pulumi itself passes over a rule that does not exist. Exit code 1: the file names a rule, a level or a
    setting that there is not.
    """
    from atlan_pulumi.policies import RULES, read_config  # noqa: PLC0415 - see above

    width = max(len(rule.name) for rule in RULES)
    for rule, level, settings, idle in read_config(file):
        told = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
        told += [f"(checks nothing without {idle})"] if idle and level != "disabled" else []
        typer.echo(f"{rule.name:<{width}}  {level:<9}  {' '.join(told)}".rstrip())


@commands.command()
def schema() -> None:
    """Print the JSON schema of the configuration file, for editors."""
    from atlan_pulumi.policies import config_schema  # noqa: PLC0415 - see above

    typer.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False))
