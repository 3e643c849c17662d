"""What the engine asks to run, as commands: programs, policy packs, and other plugins written in Python."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

from ._interpreter import Interpreter
from ._processes import Command

#: The exit code with which Pulumi's executor says that the user has been shown what went wrong.
ALREADY_EXPLAINED = 32


def program_command(request: Any, interpreter: Interpreter, *, executor: Path, engine: str) -> Command:
    """How to run the program of a `RunRequest`.

    The configuration, which holds secrets in clear, travels in variables: arguments are there for all to see.

    Args:
        request: The engine's `RunRequest`.
        interpreter: The Python to run it with.
        executor: Pulumi's `pulumi-language-python-exec`.
        engine: The engine's gRPC address.
    """
    configuration = {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }
    return Command(
        [interpreter.python, "-u", str(executor), *_program_arguments(request, engine)],
        Path(request.pwd),
        interpreter.environment(os.environ) | configuration,
    )


def _program_arguments(request: Any, engine: str) -> list[str]:
    named = {
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "organization": request.organization,
        "parallel": str(request.parallel),
        "dry_run": "true" if request.dryRun else "false",
        "pwd": request.info.program_directory or request.pwd,
        "monitor": request.monitor_address,
        "engine": engine,
    }
    flags = [part for name, value in named.items() if value for part in (f"--{name}", value)]
    return [*flags, request.info.entry_point or ".", *request.args]


def plugin_command(request: Any, interpreter: Interpreter) -> Command:
    """How to run the plugin of a `RunPluginRequest`; kind `analyzer` is a policy pack."""
    folder = Path(request.info.program_directory)
    entry = str(folder / request.info.entry_point)
    environment = interpreter.environment(dict(line.split("=", 1) for line in request.env))
    if request.kind == "analyzer":
        arguments = ["-m", "pulumi.policy", *request.args, entry]
        return Command([interpreter.python, "-u", *arguments], folder, environment)
    return Command([interpreter.python, "-u", entry, *request.args], Path(request.pwd), environment)


def describe_exit(code: int) -> str:
    """What to tell the user of a program that ended with `code`, as `subprocess` gives it."""
    if code < 0:
        return f"the program was ended by {signal.Signals(-code).name}"
    return f"the program ended with exit code {code}"
