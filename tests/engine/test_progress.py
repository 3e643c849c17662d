"""Progress output while an engine is provided."""

from __future__ import annotations

import io
import os
import pty
import re
import threading

import pytest
from rich.console import Console

from atlan_pulumi.engine import progress_on
from atlan_pulumi.engine._progress import Lines, Live, Silent


class Recorder(io.StringIO):
    """A stream that sets an event once a text was written a number of times."""

    def __init__(self, text: str, times: int) -> None:
        super().__init__()
        self._text, self._times = text, times
        self.enough = threading.Event()

    def write(self, text: str) -> int:
        written = super().write(text)
        if self.getvalue().count(self._text) >= self._times:
            self.enough.set()
        return written


def test_lines_report_start_elapsed_time_and_end():
    recorder = Recorder("so far", times=2)

    with Lines(recorder, every=0.01).step("compile pulumi"):
        assert recorder.enough.wait(10)

    lines = recorder.getvalue().splitlines()
    assert lines[0] == "compile pulumi …"
    assert re.fullmatch(r"compile pulumi: \d+ s so far …", lines[1])
    assert re.fullmatch(r"compile pulumi: done in \d+ s", lines[-1])


def test_lines_appear_at_least_every_30_seconds():
    assert Lines(io.StringIO())._every <= 30


def test_a_failed_step_is_not_reported_as_done_and_its_thread_ends():
    recorder = io.StringIO()
    threads = threading.active_count()

    with pytest.raises(ValueError, match="no"), Lines(recorder, every=0.01).step("try"):
        raise ValueError("no")

    assert "done" not in recorder.getvalue()
    assert threading.active_count() == threads


def test_a_terminal_gets_a_live_line_and_a_file_gets_plain_lines():
    inside, outside = pty.openpty()
    with os.fdopen(outside, "w") as terminal:
        assert isinstance(progress_on(terminal), Live)
    os.close(inside)
    assert isinstance(progress_on(io.StringIO()), Lines)


def test_the_live_line_shows_the_step_and_its_duration():
    stream = io.StringIO()
    progress = Live(Console(file=stream, force_terminal=True, width=100))

    with progress.step("compile [pulumi]"):
        pass
    progress.note("a note [about it]")

    shown = stream.getvalue()
    assert "compile [pulumi]" in shown
    assert "compile [pulumi]: done in 0 s" in shown
    assert "a note [about it]" in shown


def test_silent_prints_nothing(capsys):
    with Silent().step("try"):
        Silent().note("nothing")

    assert capsys.readouterr() == ("", "")
