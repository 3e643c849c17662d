"""A local Atlan in a separate process, to measure its processor time separately."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import processes

API_KEY = "local"
_BULK = "POST /api/meta/entity/bulk"


@dataclass(frozen=True)
class Counters:
    """Counters of a local Atlan, absolute or between two readings."""

    reads: int
    writes: int
    entities: int
    refused: int
    processor_seconds: float

    def since(self, before: Counters) -> Counters:
        """Return the difference to earlier counters."""
        return Counters(
            self.reads - before.reads,
            self.writes - before.writes,
            self.entities - before.entities,
            self.refused - before.refused,
            self.processor_seconds - before.processor_seconds,
        )


class Server:
    """Serve during a with block.

    Args:
        seed: The initial catalog.
        latency_ms: The delay of each request.
        rate: Accepted requests per minute.
    """

    def __init__(self, seed: Path, latency_ms: float, rate: int) -> None:
        options = {"--port": 0, "--seed": seed, "--latency-ms": latency_ms, "--rate-limit": rate}
        words = [str(word) for option in options.items() for word in option]
        command = Path(sys.executable).with_name("atlan-pulumi")
        self._process = subprocess.Popen(
            [str(command), "local", "--api-key", API_KEY, *words], stdout=subprocess.PIPE, text=True
        )
        self.base_url = self._read_base_url()
        self._client = httpx.Client(base_url=self.base_url, trust_env=False, timeout=60)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._process.terminate()
        self._process.communicate()

    def counters(self) -> Counters:
        """Return the current counters."""
        stats = self._client.get("/_local/stats").raise_for_status().json()
        counts = stats["requests"]
        writes = sum(count for endpoint, count in counts.items() if _writes(endpoint))
        return Counters(
            reads=sum(counts.values()) - writes,
            writes=writes,
            entities=stats["entities_written"],
            refused=stats["answers"].get("429", 0),
            processor_seconds=processes.processor_seconds(self._process.pid),
        )

    def refuse_once(self, nth: int, seconds: int) -> None:
        """Answer the nth bulk write from now with 429 and a block."""
        rule: dict[str, Any] = {"method": "POST", "path": "/api/meta/entity/bulk", "nth": nth, "times": 1}
        answer = {"status": 429, "headers": {"Retry-After": str(seconds)}, "body": {"message": "too many"}}
        self._client.post("/_local/faults", json={**rule, **answer}).raise_for_status()

    def _read_base_url(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "base URL" in line:
                return line.split()[-1]
        raise processes.CommandError("the local Atlan did not start")


def _writes(endpoint: str) -> bool:
    method, path = endpoint.split(" ", 1)
    return method in ("PUT", "DELETE") or (
        method == "POST" and not path.startswith(("/api/meta/search", "/api/meta/lineage"))
    )
