"""Kill an `up` at a random moment, and let the next one converge: `make crash`.

    .venv/bin/python stacks/quickstart/crash.py [--after WRITES]

Pulumi gets a SIGKILL, so that it can neither finish nor record what it has started. Like the demo, this needs
no login, and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import random
import sys

from _demo import ended, heading, say, stage

from atlan_pulumi.engine import progress_on, provide_engine

RESOURCES = 141
"""The number of entities that the quickstart declares. A run is killed before it has written them all."""


def main() -> int:
    """Kill and repair. Return 0 if all checks pass."""
    parser = argparse.ArgumentParser(description="Kill an `up`, and let the next one converge.")
    parser.add_argument(
        "--after", type=int, metavar="WRITES", help="kill after this number of writes; default: random"
    )
    after = parser.parse_args().after
    if after is None:
        after = random.randint(1, RESOURCES - 1)  # noqa: S311 - not for secrecy
    return ended(lambda: run(after))


def run(after: int) -> None:
    engine = provide_engine(progress=progress_on(sys.stderr))
    # Pulumi writes the metadata file in place, so a kill may leave it empty. Run without it.
    with stage("crash", engine, backend="?metadata=skip") as story:
        story.crash(after)
        story.repair()
        story.clean_up()
    heading("Killed, continued, and destroyed without leftovers")
    say(f"Repeat it at the same moment: .venv/bin/python stacks/quickstart/crash.py --after {after}")


if __name__ == "__main__":
    sys.exit(main())
