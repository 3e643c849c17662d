"""Deploys a stack of this folder by Pulumi's Automation API; `ci/deploy.sh` calls it."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path
from typing import Any

from pulumi import automation as auto

HERE = Path(__file__).parent


def deploy(name: str, *, policy_pack: str, refresh: bool) -> None:
    """Bring Atlan to what the program declares; the stack is made where there is none of that name.

    The preview is for the policies about the whole stack: only there are they asked before anything is
    written.
    """
    stack = auto.create_or_select_stack(name, work_dir=str(HERE))
    checked: dict[str, Any] = {
        "policy_packs": [policy_pack],
        "policy_pack_configs": [str(HERE / "lineage-policies.json")],
        "refresh": refresh,
        "color": "never",
        "on_output": functools.partial(print, flush=True),
        "on_error": functools.partial(print, flush=True, file=sys.stderr),
    }
    stack.preview(**checked)
    stack.up(**checked, show_secrets=False)


def reason(error: auto.CommandError) -> str:
    """What Pulumi said last of what went wrong, in a line."""
    said = [line.partition("error: ")[2] for line in str(error).splitlines() if "error: " in line]
    return said[-1] if said else "what Pulumi says above is why"


def main() -> None:
    parser = argparse.ArgumentParser(description="Deploy a stack.")
    parser.add_argument("stack", help="the stack's name, such as prod")
    parser.add_argument("--policy-pack", required=True, help="the folder of the policy pack")
    parser.add_argument("--refresh", action="store_true", help="also put back what was changed in Atlan")
    given = parser.parse_args()
    try:
        deploy(given.stack, policy_pack=given.policy_pack, refresh=given.refresh)
    except auto.ConcurrentUpdateError:
        sys.exit(f"deploy: another run is deploying {given.stack}; try again when it is done")
    except auto.CommandError as error:
        sys.exit(f"deploy: {given.stack} was not deployed: {reason(error)}")
    except OSError as error:  # there is no `pulumi` on PATH
        sys.exit(f"deploy: {given.stack} was not deployed: {error}")


if __name__ == "__main__":
    main()
