"""An `up` that is killed at a random moment, and the next one that converges: `make crash`.

    .venv/bin/python stacks/quickstart/crash.py [--after WRITES]

Pulumi gets a SIGKILL: it can neither finish nor record what it has begun. Like the demo, this logs in nowhere
and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import random
import sys

from _demo import ended, heading, say, stage

from atlan_pulumi.engine import progress_on, provide_engine

RESOURCES = 141
"""How many entities the quickstart declares: a run is killed before it has written them all."""


def main() -> int:
    """Kill and repair; 0 if all that is promised held."""
    parser = argparse.ArgumentParser(description="Kill an `up`, and see the next one converge.")
    parser.add_argument(
        "--after", type=int, metavar="WRITES", help="kill after so many writes; default: random"
    )
    after = parser.parse_args().after
    if after is None:
        after = random.randint(1, RESOURCES - 1)  # noqa: S311 - not for secrecy
    return ended(lambda: run(after))


def run(after: int) -> None:
    engine = provide_engine(progress=progress_on(sys.stderr))
    # Pulumi writes the file of metadata in place, so that a kill may leave it empty: do without it.
    with stage("crash", engine, backend="?metadata=skip") as story:
        story.crash(after)
        story.repair()
        story.clean_up()
    heading("Killed, taken up again, and removed to the last edge")
    say(f"The same moment again: .venv/bin/python stacks/quickstart/crash.py --after {after}")


if __name__ == "__main__":
    sys.exit(main())
