"""A program that the engine stops ends without a traceback; other programs are unaffected."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """\
import os, signal
from atlan_pulumi.dynamic._process import install_signal_handlers
{before}
install_signal_handlers()
try:
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
finally:
    print("cleaned up")
"""


def stopped(folder: Path, launcher: str, before: str = "") -> subprocess.CompletedProcess[str]:
    script = folder / launcher
    script.write_text(PROGRAM.format(before=before))
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)


def test_interrupted_programs_exit_quietly_and_clean_up(tmp_path: Path) -> None:
    done = stopped(tmp_path, "pulumi-language-python-exec")
    assert (done.returncode, done.stderr, done.stdout) == (130, "", "cleaned up\n")


def test_other_programs_keep_pythons_signal_handling(tmp_path: Path) -> None:
    done = stopped(tmp_path, "program.py")
    assert "KeyboardInterrupt" in done.stderr


@pytest.mark.parametrize("handler", ["signal.SIG_IGN", "lambda *_: (_ for _ in ()).throw(SystemExit(7))"])
def test_handlers_of_the_program_stay(tmp_path: Path, handler: str) -> None:
    woken = "signal.signal(signal.SIGALRM, lambda *_: None)\nsignal.alarm(1)\n"
    before = f"{woken}signal.signal(signal.SIGINT, {handler})"
    done = stopped(tmp_path, "pulumi-language-python-exec", before)
    assert done.returncode == (0 if "IGN" in handler else 7)


def test_other_threads_install_no_handler() -> None:
    before = signal.getsignal(signal.SIGINT)
    code = (
        "import threading\n"
        "from atlan_pulumi.dynamic._process import install_signal_handlers as leave\n"
        "thread = threading.Thread(target=leave); thread.start(); thread.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert signal.getsignal(signal.SIGINT) is before
