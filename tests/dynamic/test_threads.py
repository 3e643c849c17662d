"""Pulumi's provider process runs four threads; what they need is imported before they start."""

from __future__ import annotations

import subprocess
import sys

import pytest

# As Pulumi does: load and configure under one lock, then use the provider from several threads.
PROCESS = """
import sys, threading
from types import SimpleNamespace
from atlan_pulumi.dynamic.loader import load_provider

lock, barrier, wrong = threading.Lock(), threading.Barrier(6), []
request = SimpleNamespace(config=SimpleNamespace(get={"atlan:previewChecks": "false"}.get))

def work(kind):
    barrier.wait()
    try:
        with lock:
            provider = load_provider(kind, 1)
            provider.configure(request)
        before = set(sys.modules)
        provider.check({}, {})
        late = {name for name in set(sys.modules) - before if name.startswith(("atlan_pulumi", "httpx"))}
        if late:
            wrong.append(late)
    except BaseException as error:
        wrong.append(error)

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
