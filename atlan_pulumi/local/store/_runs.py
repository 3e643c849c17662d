"""Rows of the events of OpenLineage runs, each event once, by the run that it tells of."""

from __future__ import annotations

from itertools import groupby

from atlan_pulumi.local.store._database import Database

RunKey = tuple[str, str, str]
"""GUID of the connection, name of the job, id of the run."""

_ADD = "INSERT OR IGNORE INTO run_event (connection, job, run, time, event) VALUES (?, ?, ?, ?, ?)"
_OF_JOB = """
SELECT run, event FROM run_event AS one WHERE connection = ? AND job = ?
ORDER BY (SELECT min(time) FROM run_event AS any
          WHERE any.connection = one.connection AND any.job = one.job AND any.run = one.run) DESC, run
"""


class Runs:
    """Reads and writes the events of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: RunKey, event: str, time: int) -> None:
        """Keep an event; one that came before is kept once.

        Args:
            run: whose.
            event: the event, as JSON in a fixed form.
            time: its own time, in milliseconds since the epoch.
        """
        self._database.execute(_ADD, (*run, time, event))

    def forget_others(self, run: RunKey) -> None:
        """Forget all runs of a job but this one."""
        self._database.execute("DELETE FROM run_event WHERE connection = ? AND job = ? AND run <> ?", run)

    def latest_first(self, connection: str, job: str) -> list[list[str]]:
        """The events of each run of a job, the run that started last coming first."""
        rows = self._database.rows(_OF_JOB, (connection, job))
        return [[event for _, event in of_run] for _, of_run in groupby(rows, key=lambda row: row[0])]
