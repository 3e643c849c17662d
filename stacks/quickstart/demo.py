"""The quickstart from end to end, on a local Atlan and with the real Pulumi: `make demo`.

    .venv/bin/python stacks/quickstart/demo.py [--keep]

It logs in nowhere and leaves nothing behind: Atlan, state and settings are its own, and gone when it ends.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from contextlib import suppress

from _demo import Story, ended, heading, say, stage

from atlan_pulumi.engine import progress_on, provide_engine


def main() -> int:
    """Run the demo; 0 if all that it promises held."""
    parser = argparse.ArgumentParser(description="Declare lineage with Pulumi, on a local Atlan.")
    parser.add_argument("--keep", action="store_true", help="pause for a look at the page before cleaning up")
    keep = parser.parse_args().keep
    return ended(lambda: run(keep=keep))


def run(*, keep: bool) -> None:
    began = time.monotonic()
    heading("First, a Pulumi engine")
    engine = provide_engine(progress=progress_on(sys.stderr))
    say(f"Pulumi {engine.version}, from {engine.folder}")
    with stage("demo", engine) as story:
        tell(story, keep=keep)
    say("\nAll of it held. The local Atlan has stopped.")
    if not keep:
        say(f"It took {time.monotonic() - began:.0f} s. To look at the page while the lineage is there:")
        say("  .venv/bin/python stacks/quickstart/demo.py --keep")


def tell(story: Story, *, keep: bool) -> None:
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
    heading(f"Have a look: {address}")
    say("Ctrl-C goes on.")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
