"""One step: its output, its errors, and its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from atlan_pulumi.engine._step import BY_HAND, failure_line, run_step, short_reason, step_failed
from atlan_pulumi.errors import EngineError


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_step_returns_the_output_of_both_streams(tmp_path):
    code = "import os, sys; print(os.getcwd(), os.environ['GIVEN'], file=sys.stderr)"

    output = run_step("try", _python(code), environment={"GIVEN": "this"}, directory=tmp_path)

    assert output == f"{tmp_path} this\n"


def test_the_error_of_a_step_has_its_name_reason_and_advice():
    code = "print('go: downloading x'); print('fatal error: no space left'); print(); raise SystemExit(3)"

    with pytest.raises(EngineError) as failure:
        run_step("compile pulumi", _python(code))

    message = str(failure.value)
    assert "could not compile pulumi: fatal error: no space left; install Pulumi by hand" in message
    assert "\n" not in message


def test_the_error_of_a_silent_step_has_the_exit_code():
    with pytest.raises(EngineError, match=r"python\S* exited with code 3; install"):
        run_step("try", _python("raise SystemExit(3)"))


def test_a_missing_program_is_an_error():
    with pytest.raises(EngineError, match=r"/nowhere/go does not start \(No such file or directory\)"):
        run_step("try", ["/nowhere/go", "build"])


def test_a_step_times_out():
    with pytest.raises(EngineError, match="timed out after 0 s"):
        run_step("try", _python("import signal; signal.pause()"), seconds=0.3)


def test_an_interrupted_step_leaves_no_process(pipe, has_ended):
    child = f"import os, signal; open({str(pipe.path)!r}, 'w').write(str(os.getpid())); signal.pause()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    code = f"import sys; from atlan_pulumi.engine._step import run_step; run_step('try', {_python(parent)!r})"
    with subprocess.Popen(_python(code), stderr=subprocess.PIPE, start_new_session=True) as running:
        pid = int(pipe.read())
        running.send_signal(signal.SIGINT)
        assert b"KeyboardInterrupt" in running.communicate(timeout=20)[1]

    assert has_ended(pid)


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("", ""),
        ("first\nlast\n", "last"),
        ("Traceback:\n  line 1\nOSError: no route, an error\n", "OSError: no route, an error"),
        ("verifying x: checksum mismatch\nSECURITY ERROR\nSee help.\n", "verifying x: checksum mismatch"),
        ("go: downloading a v1\ngo: b: disabled by GOPROXY=off\n", "go: b: disabled by GOPROXY=off"),
        ("Collecting x\nERROR: none found\n\n[notice] a new release\n", "ERROR: none found"),
    ],
)  # fmt: skip
def test_the_failure_line_of_an_output(output, line):
    assert failure_line(output) == line


def test_short_reason_omits_the_advice():
    assert short_reason(step_failed("compile pulumi", "no space")) == "could not compile pulumi: no space"
    assert BY_HAND in str(step_failed("compile pulumi", "no space"))


def test_output_that_is_not_utf8_is_accepted():
    code = "import os; os.write(1, b'\\xff error \\xfe'); raise SystemExit(1)"

    with pytest.raises(EngineError, match="error"):
        run_step("try", _python(code), environment=dict(os.environ))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_start_of_a_command_ends_it(monkeypatch, number):
    started = []

    class Interrupted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)
            signal.raise_signal(number)

    def stop(*_):
        raise SystemExit(128 + number)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    before = signal.signal(number, stop)
    try:
        with pytest.raises(SystemExit):
            run_step("wait", _python("import signal; signal.pause()"))
        assert signal.getsignal(number) is stop
    finally:
        signal.signal(number, before)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_a_command_that_does_not_start_restores_the_handlers():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(EngineError, match="does not start"):
        run_step("try", ["/nowhere/at/all"])
    assert signal.getsignal(signal.SIGTERM) is before
