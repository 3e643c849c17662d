"""Deploy a stack of this folder with Pulumi's Automation API. `ci/deploy.sh` calls this script."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path
from typing import Any

from pulumi import automation as auto

HERE = Path(__file__).parent


def deploy(name: str, *, policy_pack: str, refresh: bool) -> None:
    """Deploy the stack, and create it if it does not exist.

    The preview is for the policies on the whole stack: only in a preview do they run before anything is
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
    """Return the last error in Pulumi's output, in one line."""
    said = [line.partition("error: ")[2] for line in str(error).splitlines() if "error: " in line]
    return said[-1] if said else "see the output of Pulumi above"


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
