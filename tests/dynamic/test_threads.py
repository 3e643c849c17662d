"""Pulumi's provider process runs four threads; everything they need is imported before they start."""

from __future__ import annotations

import subprocess
import sys

import pytest

# As Pulumi does: load and configure under one lock, then use the provider from several threads.
PROCESS = """
import sys, threading
from types import SimpleNamespace
from atlan_pulumi.dynamic.loader import load_provider

lock, barrier, wrong, holder = threading.Lock(), threading.Barrier(6), [], [None]
request = SimpleNamespace(config=SimpleNamespace(get={"atlan:previewChecks": "false"}.get))

class Watch:  # sees each import: those of this package have to happen under the lock

    def find_spec(self, name, path=None, target=None):
        if name.startswith(("atlan_pulumi", "httpx")) and holder[0] != threading.get_ident():
            wrong.append(name)

def work(kind):
    barrier.wait()
    try:
        with lock:
            holder[0] = threading.get_ident()
            provider = load_provider(kind, 1)
            provider.configure(request)
            holder[0] = None
        provider.check({}, {})
    except BaseException as error:
        wrong.append(error)

sys.meta_path.insert(0, Watch())
kinds = ["Process", "ColumnProcess", "Connection"] * 2
threads = [threading.Thread(target=work, args=[kind]) for kind in kinds]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(wrong)
"""


@pytest.mark.parametrize("attempt", range(3))
def test_threads_that_start_together_find_everything_imported(attempt: int) -> None:
    code = f"import sys; sys.setswitchinterval(1e-6)\n{PROCESS}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
