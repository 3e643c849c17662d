# ruff: noqa: N802, ARG002 - methods have the names and parameters of the gRPC service
"""Implement `pulumirpc.LanguageRuntime`, the engine's service for a language, for Python."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]  # ships no types
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]  # ships no types

from . import HostError
from ._processes import Command, Stream, run_command, stream
from ._protocol import language_pb2, language_pb2_grpc, plugin_pb2
from ._python import Interpreter, describe_python, find_interpreter, install_commands, list_packages

#: Exit code of Pulumi's executor after it has shown the error to the user.
ALREADY_EXPLAINED = 32


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """The host of one engine; methods without an override, such as code generation, are unimplemented."""

    def __init__(self, engine: str, executor: Path) -> None:
        self._engine = engine
        self._executor = executor
        self._running: set[asyncio.Task[int]] = set()

    async def Handshake(self, request: Any, context: Any) -> Any:
        """Store the address of an engine that attaches to a running host."""
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """Return the version of the SDK, whose protocol this host implements."""
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    async def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        """Return no packages: the engine finds them when the program registers its resources."""
        return language_pb2.GetRequiredPackagesResponse()

    async def Run(self, request: Any, context: Any) -> Any:
        """Run a program to its end."""
        try:
            code = await self._run(request)
        except HostError as error:
            return language_pb2.RunResponse(error=str(error))
        except asyncio.CancelledError:
            return language_pb2.RunResponse(bail=True)
        if code in (0, ALREADY_EXPLAINED):
            return language_pb2.RunResponse(bail=code != 0)
        return language_pb2.RunResponse(error=describe_exit(code))

    async def _run(self, request: Any) -> int:
        interpreter = _interpreter(request.info)
        command = program_command(request, interpreter, executor=self._executor, engine=self._engine)
        task = asyncio.create_task(_exit_code(command))
        self._running.add(task)
        try:
            return await task
        finally:
            self._running.discard(task)

    async def RunPlugin(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Run a policy pack or another plugin until it ends or the engine closes the call."""
        async for output in stream(await _command_or_abort(request, context)):
            if isinstance(output, int):
                yield language_pb2.RunPluginResponse(exitcode=output)
            else:
                yield language_pb2.RunPluginResponse(**_field(*output))

    async def Cancel(self, request: Any, context: Any) -> Any:
        """End the running programs; their `Run` calls return `bail` without an error."""
        await self.cancel()
        return empty_pb2.Empty()

    async def cancel(self) -> None:
        """End the running programs, and wait until they have ended."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def About(self, request: Any, context: Any) -> Any:
        """Return the project's Python, for `pulumi about`."""
        try:
            executable, python_version = describe_python(_interpreter(request.info))
        except HostError as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        return language_pb2.AboutResponse(executable=executable, version=python_version)

    async def GetProgramDependencies(self, request: Any, context: Any) -> Any:
        """Return the packages in the project's Python, for `pulumi about`."""
        try:
            packages = list_packages(_interpreter(request.info), transitive=request.transitiveDependencies)
        except HostError as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[language_pb2.DependencyInfo(**package) for package in packages]
        )

    async def InstallDependencies(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Create the project's virtual environment and install its requirements, for `pulumi install`."""
        root, directory = Path(request.info.root_directory), Path(request.directory)
        for arguments in install_commands(root, directory, _options(request.info)):
            async for output in stream(Command(arguments, directory, dict(os.environ))):
                if not isinstance(output, int):
                    yield language_pb2.InstallDependenciesResponse(**_field(*output))
                elif output:
                    failed = f"`{' '.join(arguments)}` failed in {directory} with exit code {output}"
                    await context.abort(grpc.StatusCode.FAILED_PRECONDITION, failed)


def _field(name: Stream, chunk: bytes) -> dict[str, Any]:
    return {name: chunk}


async def _exit_code(command: Command) -> int:
    async with run_command(command) as process:
        return await process.wait()


async def _command_or_abort(request: Any, context: Any) -> Command:
    try:
        return plugin_command(request, _interpreter(request.info))
    except HostError as error:
        await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        raise


def _interpreter(info: Any) -> Interpreter:
    return find_interpreter(Path(info.root_directory), _options(info))


def _options(info: Any) -> dict[str, object]:
    return dict(json_format.MessageToDict(info.options))


def program_command(request: Any, interpreter: Interpreter, *, executor: Path, engine: str) -> Command:
    """Return the command that runs the program of a `RunRequest`.

    The configuration contains plaintext secrets, so it is in variables: other users can read arguments.

    Args:
        request: The engine's `RunRequest`.
        interpreter: The Python of the program.
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
    """Return the command that runs the plugin of a `RunPluginRequest`; kind `analyzer` is a policy pack."""
    folder = Path(request.info.program_directory)
    entry = str(folder / request.info.entry_point)
    environment = interpreter.environment(dict(line.split("=", 1) for line in request.env))
    if request.kind == "analyzer":
        arguments = ["-m", "pulumi.policy", *request.args, entry]
        return Command([interpreter.python, "-u", *arguments], folder, environment)
    return Command([interpreter.python, "-u", entry, *request.args], Path(request.pwd), environment)


def describe_exit(code: int) -> str:
    """Return the message for a program that ended with `code`, a `subprocess` return code."""
    if code < 0:
        return f"the program was killed by {signal.Signals(-code).name}"
    return f"the program exited with code {code}"
