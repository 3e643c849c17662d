"""The official download, through Pulumi's own SDK."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from atlan_pulumi.engine._host import missing_executables
from atlan_pulumi.engine._progress import Progress
from atlan_pulumi.engine._step import failed, run_step

#: Seconds to wait for the first answer of the download's server: whoever cannot reach it is told soon.
REACHED_WITHIN = 10.0
#: Seconds the download itself may take.
DONE_WITHIN = 900.0

# In processes of their own: the SDK sets no time limit, and nothing else ends the look-up of a host's name.
_REACH = "import urllib.request as r; r.urlopen('https://get.pulumi.com/install.sh', timeout=5).close()"
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


def download(version: str, work: Path, progress: Progress) -> Path:
    """Download the official engine into the folder `work` and return its root there, ready to be moved.

    Raises:
        EngineError: Pulumi's download server cannot be reached, or what it gave is not a whole engine.
    """
    root = work / "engine"
    with progress.step(name := "reach Pulumi's download server"):
        run_step(name, [sys.executable, "-c", _REACH], seconds=REACHED_WITHIN)
    with progress.step(name := f"download Pulumi {version}"):
        environment = {**os.environ, "PULUMI_HOME": str(work / "home")}
        run_step(
            name,
            [sys.executable, "-c", _INSTALL, root, version],
            environment=environment,
            seconds=DONE_WITHIN,
        )
    if missing := missing_executables(root / "bin"):
        raise failed(name, f"it came without {' and '.join(missing)}")
    return root
