"""Compare writing processes with this project's client and with Atlan's SDK: `make bench`.

Both write the same processes to separate local Atlans, in turns, several times. The benchmark prints medians
and ratios of a run on one machine, and asserts nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
warnings.simplefilter("ignore")  # the SDK's own

from pyatlan.client.asset import Batch  # noqa: E402
from pyatlan.client.atlan import AtlanClient as Sdk  # noqa: E402
from pyatlan.model.assets import Process, Table  # noqa: E402
from support.atlan import SEED, WAREHOUSE, table_name  # noqa: E402

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity, Reference  # noqa: E402
from atlan_pulumi.local import LocalAtlan  # noqa: E402

ROUNDS = 5


def ours(number: int) -> Entity:
    """Return a process in the form that this project sends."""
    sides = {
        side: [Reference("Table", qualified_name=table_name(n)).to_wire()]
        for side, n in (("inputs", 0), ("outputs", 1))
    }
    named = {"qualifiedName": f"{WAREHOUSE}/p{number}", "name": f"p{number}"}
    return Entity(type_name="Process", attributes={**named, **sides})


def theirs(number: int) -> Process:
    """Return the same process as created with the SDK."""
    return Process.creator(
        name=f"p{number}",
        connection_qualified_name=WAREHOUSE,
        process_id=f"p{number}",
        inputs=[Table.ref_by_qualified_name(table_name(0))],
        outputs=[Table.ref_by_qualified_name(table_name(1))],
    )


def sdk_batch(server: LocalAtlan, count: int) -> None:
    """Write with the SDK's `Batch` of 20, the size in its documentation."""
    client = Sdk(base_url=server.base_url, api_key=server.api_key)
    batch = Batch(client=client, max_size=20)
    for number in range(count):
        batch.add(theirs(number))
    batch.flush()
    client._session.close()


def client_batches(size: int) -> Callable[[LocalAtlan, int], None]:
    """Return a function that writes with this project's client in requests of a size."""

    def write(server: LocalAtlan, count: int) -> None:
        with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
            for start in range(0, count, size):
                client.entities.upsert([ours(number) for number in range(start, min(start + size, count))])

    return write


WAYS = {
    "Atlan's SDK, Batch(20)": sdk_batch,
    "this client, 20 a request": client_batches(20),
    "this client, 50 a request": client_batches(50),
    "this client, 1 a request": client_batches(1),
}


def timed(way: Callable[[LocalAtlan, int], None], count: int, latency_ms: int) -> tuple[float, int]:
    """Return the seconds and requests of one way to write processes to a new local Atlan."""
    with LocalAtlan(seed=SEED, latency_ms=latency_ms) as server:
        begun = time.perf_counter()
        way(server, count)
        spent = time.perf_counter() - begun
        return spent, sum(server.stats()["requests"].values())


def rows(count: int, latency_ms: int) -> Iterator[tuple[str, float, int]]:
    """Yield each way with its median seconds and its requests. The ways take turns."""
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    requests: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, way in WAYS.items():
            spent, requests[name] = timed(way, count, latency_ms)
            taken[name].append(spent)
    for name, seconds in taken.items():
        yield name, statistics.median(seconds), requests[name]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Write processes in several ways, and compare.")
    parser.add_argument("--count", type=int, default=200, help="processes (default: 200)")
    parser.add_argument("--latency-ms", type=int, default=20, help="latency of each request (default: 20)")
    given = parser.parse_args()
    print(f"{given.count} processes, {given.latency_ms} ms a request, median of {ROUNDS} rounds")
    measured = list(rows(given.count, given.latency_ms))
    first = measured[0][1]
    print(f"{'':28}{'seconds':>9}{'requests':>10}{'ratio to the SDK':>18}")
    for name, seconds, requests in measured:
        print(f"{name:28}{seconds:9.2f}{requests:10}{seconds / first:18.2f}")


if __name__ == "__main__":
    main()
