"""A process that sends concurrently with others: `sender.py URL KEY PER_MINUTE THREADS REQUESTS`.

It prints the time of each request in the machine's monotonic clock.
"""

from __future__ import annotations

import sys
import threading
import time

from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings


def main(url: str, key: str, per_minute: str, threads: str, requests: str) -> None:
    settings = ClientSettings(url, SecretStr(key), requests_per_minute=int(per_minute))
    with AtlanClient(settings) as client:

        def work() -> None:
            for _ in range(int(requests)):
                client.ping()
                print(f"{time.monotonic()}\n", end="", flush=True)

        started = [threading.Thread(target=work) for _ in range(int(threads))]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
