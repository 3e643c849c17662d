"""Run `pulumi` commands in the background, and leave no process behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from atlan_pulumi.engine._event_log import failed
from atlan_pulumi.engine._find import Engine
from atlan_pulumi.errors import DriftError
from atlan_pulumi.key_rotation import RUN_PROGRAM

_POLL_SECONDS = 0.1
_GRACE_SECONDS = 5.0

Listener = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Finished:
    """The result of a finished command.

    Attributes:
        code: Exit code.
        stdout: Standard output.
        stderr: Standard error, such as warnings and errors.
    """

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Pulumi:
    """The `pulumi` command on one stack.

    Attributes:
        engine: The engine to run.
        folder: The project's folder.
        stack: Name of the stack; None = the selected one.
    """

    engine: Engine
    folder: Path
    stack: str | None

    def export(self) -> str:
        """Return the state as JSON, with its secrets encrypted.

        Raises:
            DriftError: The command failed.
        """
        done = self._run(["stack", "export"])
        if done.code:
            raise failed("stack export", done.stderr or done.stdout)
        return done.stdout

    def replace_state(self, state: str) -> None:
        """Replace the state of the stack.

        Args:
            state: The edited result of `export`.

        Raises:
            DriftError: The command failed; the state is unchanged.
        """
        with TemporaryDirectory(prefix="atlan-pulumi-state-") as scratch:
            file = Path(scratch, "state.json")
            file.write_text(state, encoding="utf-8")
            done = self._run(["stack", "import", "--file", str(file)])
        if done.code:
            raise failed("stack import", done.stderr or done.stdout)

    def refresh(self, targets: Sequence[str], listener: Listener, *, run_program: bool = False) -> Finished:
        """Preview a refresh.

        Args:
            targets: URNs, or URN patterns, of the resources to read.
            listener: Called with each engine event as it arrives.
            run_program: Whether to run the program, so that providers get the stack's current configuration.
                The preview checks are off then.
        """
        chosen = [argument for target in targets for argument in ("--target", target)]
        program = [RUN_PROGRAM] if run_program else []
        checks = {"ATLAN_PREVIEW_CHECKS": "false"} if run_program else {}
        return self._run(["refresh", "--preview-only", *program, *chosen], listener, **checks)

    def read_json(self, *arguments: str) -> dict[str, Any]:
        """Return the JSON output of a read-only command, such as `about --json`.

        Raises:
            DriftError: The command failed, or did not print JSON.
        """
        done = self._run(arguments)
        if done.code:
            raise failed(" ".join(arguments), done.stderr or done.stdout)
        try:
            return dict(json.loads(done.stdout))
        except ValueError:
            raise failed(" ".join(arguments), "it did not print JSON") from None

    def _run(self, arguments: Sequence[str], listener: Listener | None = None, **environ: str) -> Finished:
        with TemporaryDirectory(prefix="atlan-pulumi-drift-") as scratch:
            out, err, log = (Path(scratch, name) for name in ("out", "err", "events.jsonl"))
            log.touch()
            events = ["--event-log", str(log)] if listener else []
            command = self._start([*arguments, *events], out, err, environ)
            try:
                with log.open("rb") as stream:
                    _follow(command, _EventLog(stream), listener or _ignore)
            finally:
                _end(command)
            return Finished(command.returncode, _text(out), _text(err))

    def _start(
        self, arguments: Sequence[str], out: Path, err: Path, environ: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start the command in a new session, so that Ctrl-C reaches it only through `_end`."""
        on_stack = ["--stack", self.stack] if self.stack else []
        try:
            with out.open("wb") as stdout, err.open("wb") as stderr:
                return subprocess.Popen(  # noqa: S603 - the engine itself
                    [self.engine.executable, *arguments, *on_stack, "--non-interactive", "--color=never"],
                    cwd=self.folder,
                    # `--event-log` is one of Pulumi's debug options.
                    env=self.engine.environment(PULUMI_DEBUG_COMMANDS="true", **environ),
                    stdin=subprocess.DEVNULL,
                    stdout=stdout,
                    stderr=stderr,
                    start_new_session=True,
                )
        except OSError as error:
            what = f"{self.engine.executable} does not start in {self.folder}"
            raise DriftError(f"cannot determine drift: {what} ({error.strerror})") from None


class _EventLog:
    """Reads the events of a log that is still being written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._partial = b""

    def new(self) -> list[dict[str, Any]]:
        """Return the events completed since the last call."""
        *lines, self._partial = (self._partial + self._stream.read()).split(b"\n")
        return [json.loads(line) for line in lines if line]


def _follow(command: subprocess.Popen[bytes], log: _EventLog, listener: Listener) -> None:
    """Pass events to the listener until the command has ended."""
    running = True
    while running:
        with suppress(subprocess.TimeoutExpired):
            command.wait(_POLL_SECONDS)
            running = False
        for event in log.new():
            listener(event)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _ignore(_event: dict[str, Any]) -> None:
    pass


def _end(command: subprocess.Popen[bytes]) -> None:
    """Interrupt a running command, then kill what is left of it and of its provider processes."""
    if command.poll() is not None:
        return
    command.send_signal(signal.SIGINT)
    try:
        command.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(command.pid, signal.SIGKILL)
        command.wait()
