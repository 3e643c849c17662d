"""A local Atlan with a small warehouse, stacks with the real engine, and an import with the command."""

from __future__ import annotations

import pytest
from importer.command import run_import
from support.fixtures import client, engine, new_stack, server, witness
from support.stack import Stack

__all__ = ["client", "engine", "new_stack", "server", "witness"]


@pytest.fixture
def import_into():
    """Import into a stack with the command, then run the `pulumi import` that it prints."""

    def import_into(stack: Stack, *arguments: str) -> str:
        done = run_import(stack, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        (line,) = [line for line in done.stdout.splitlines() if "pulumi import" in line]
        imported = stack.run(*line.partition("pulumi ")[2].split())
        assert imported.code == 0, imported.output
        assert "warning" not in imported.output, imported.output
        stack.write("import lineage\n")
        return done.stdout

    return import_into
