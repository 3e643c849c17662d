"""Shells complete commands and options."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from support.command import ATLAN_PULUMI


def complete(words: str) -> list[str]:
    """Return what bash offers for the last of the words."""
    environment = {
        "_ATLAN_PULUMI_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(
        [ATLAN_PULUMI], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("atlan-pulumi dri", {"drift"}),
        ("atlan-pulumi local --sa", {"--sample"}),
        ("atlan-pulumi init --from", {"--from-sql", "--from-dbt"}),
        ("atlan-pulumi init --ci ", {"github", "gitlab", "none"}),
    ],
)
def test_commands_and_options_are_completed(words: str, offered: set[str]) -> None:
    assert set(complete(words)) == offered


def test_the_command_prints_and_installs_the_completion_of_a_shell() -> None:
    shown = subprocess.run(
        [ATLAN_PULUMI],
        env={**os.environ, "_ATLAN_PULUMI_COMPLETE": "source_bash"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "complete -o default -F _atlan_pulumi_completion atlan-pulumi" in shown
    options = subprocess.run([ATLAN_PULUMI, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--install-completion" in options
    assert "--show-completion" in options


def test_an_installed_completion_is_loaded_by_the_next_shell(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    script = f"{ATLAN_PULUMI} --install-completion; source ~/.bashrc; complete -p atlan-pulumi"
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("complete -o default -F _atlan_pulumi_completion atlan-pulumi\n")
