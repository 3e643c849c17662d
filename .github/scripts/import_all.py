"""Import every module of the package; CI does so where the engine's tests do not run."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import atlan_pulumi

#: Parts of the package that only run with Pulumi's own process around them.
SKIPPED = ("atlan_pulumi.policies.pack",)


def main() -> None:
    """Import all modules, and say how many they were."""
    found = [each.name for each in pkgutil.walk_packages(atlan_pulumi.__path__, "atlan_pulumi.")]
    names = [name for name in found if not name.startswith(SKIPPED) and not name.endswith("__main__")]
    for name in names:
        importlib.import_module(name)
    sys.stdout.write(f"{len(names)} modules imported on {sys.platform}\n")


if __name__ == "__main__":
    main()
