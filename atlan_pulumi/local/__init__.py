"""A local Atlan: the embedded default for trying, testing and CI.

It behaves as Atlan's API does where lineage is concerned, down to error bodies and delete semantics:

```python
from atlan_pulumi.local import LocalAtlan

with LocalAtlan(seed="catalog.yaml") as server:
    print(server.base_url, server.api_key)
```

In pytest the fixture `local_atlan` gives a fresh one to each test (`atlan_pulumi.local.pytest_plugin`);
on the command line it is `atlan-pulumi local`. The page at its base URL shows what it holds. The shape of a
seed catalogue is told in `atlan_pulumi.local.seed`.

These exist only here, need no key, and are free of latency, rate limit and faults:

- `GET /_local/stats`: `{"requests": {"POST /api/meta/entity/bulk": n}, "answers": {"200": n},
  "entities_written": n}`; a request that got no answer counts under `none`.
- `GET /_local/requests`: the last 1,000 API requests with their bodies and users, without their keys.
- `GET /_local/events`: the OpenLineage events that came in, each with its `outcome`: what was made of it, or
  why it was dropped, of which Atlan itself says nothing; null while it waits to be worked in.
- `POST /_local/reset`: forget everything, plant the seed anew (`?seed=false`: stay empty).
- `GET /_local/assets`, `GET /_local/graph`: what the page shows.
- `/_local/faults`: a script of faults. `POST` adds a rule or a list of rules, `GET` lists them with their
  hits, `DELETE` removes them. The first rule that fires for a request decides. A rule holds:

  | Key | Default | Meaning |
  |---|---|---|
  | `method`, `path` | any | which requests it is about; `path` is a glob, a slash at the end does not count |
  | `contains` | | and only those with this text in their address or body, such as a qualifiedName |
  | `nth` | | fires for the nth of these requests only: a number or a list, from 1 |
  | `after` | 0 | lets so many of these requests through first |
  | `times` | 1 | fires so often; 0 or null: for ever (also the default with `nth`) |
  | `delay_ms` | 0 | waits first, in milliseconds |
  | `status`, `body` | | answers this; a string body goes out as plain text, any other as JSON |
  | `headers` | | headers of that answer; without a status they are put on the real one |
  | `commit` | false | carries the request out before it answers that |
  | | | `"half"`: carries out the first half of a bulk request's entities or GUIDs |
  | `drop` | | closes the connection without an answer, `"before"` or `"after"` carrying the request out |
  | `truncate` | false | sends half of the body under the full Content-Length, then closes |
  | `reset` | false | where `drop` or `truncate` closes the connection, resets it instead (RST) |
  | `close` | false | closes the connection after the answer, without having announced it |
  | `hang` | false | never answers |

  Listed rules also hold `matched` and `hits`, the requests that it is about and that it fired for, and
  `done`: those of the latter that are carried out as far as they ever will be. `LocalAtlan.await_fault` waits
  for the first of these: it is the moment at which a test restarts the server, or kills a client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atlan_pulumi.local._server import LocalAtlan
    from atlan_pulumi.local._settings import Seed

__all__ = ["LocalAtlan", "Seed"]


def __getattr__(name: str) -> Any:
    """Load the server when it is first asked for: pytest imports this package at every start."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from atlan_pulumi.local import _server  # noqa: PLC0415 - see above
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.startswith("atlan_pulumi"):
            raise
        raise ImportError(
            f"the local Atlan needs {missing.name}, which is not installed: pip install 'atlan-pulumi[local]'"
        ) from None
    return getattr(_server, name)
