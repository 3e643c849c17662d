"""Deploy a table with its lineage, then the quickstart, with a local Atlan and the real engine: `make demo`.

    .venv/bin/python stacks/quickstart/demo.py [--keep]

It needs no login and leaves nothing behind: the local Atlan, the state, and the settings are temporary.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from contextlib import suppress

from _demo import FirstDeployment, Story, ended, first_stage, heading, say, stage

from atlan_pulumi.engine import progress_on, provide_engine


def main() -> int:
    """Run the demo. Return 0 if all checks pass."""
    parser = argparse.ArgumentParser(description="Declare lineage with Pulumi in a local Atlan.")
    parser.add_argument(
        "--keep", action="store_true", help="pause before the cleanup, to explore the lineage in the browser"
    )
    keep = parser.parse_args().keep
    return ended(lambda: run(keep=keep))


def run(*, keep: bool) -> None:
    began = time.monotonic()
    heading("Find a Pulumi engine")
    engine = provide_engine(progress=progress_on(sys.stderr))
    say(f"Pulumi {engine.version}, from {engine.folder}")
    with first_stage(engine) as first:
        begin(first)
    with stage("demo", engine) as story:
        play(story, keep=keep)
    say("\nAll checks passed. The local Atlan has stopped.")
    if not keep:
        say(f"Duration: {time.monotonic() - began:.0f} s. To explore the lineage in the browser:")
        say("  .venv/bin/python stacks/quickstart/demo.py --keep")


def begin(first: FirstDeployment) -> None:
    first.preview()
    first.deploy()
    first.crawl()
    first.find_nothing_to_do()
    first.clean_up()


def play(story: Story, *, keep: bool) -> None:
    story.meet_atlan()
    story.preview()
    story.declare()
    story.look()
    story.change_one()
    story.find_nothing_to_do()
    if keep:
        pause(story.address)
    story.clean_up()


def pause(address: str) -> None:
    heading(f"Explore the lineage: {address}")
    say("Press Ctrl-C to continue.")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
