"""A local Atlan: the embedded default for trying, testing and CI.

It implements the part of Atlan's API that lineage needs, after the public sources of Atlan's metastore and
SDK. Atlan's own Python SDK runs against it without a change.

```python
from atlan_pulumi.local import LocalAtlan

with LocalAtlan(seed="catalog.yaml") as server:
    print(server.base_url, server.api_key)
```

In pytest the fixture `local_atlan` gives a fresh one to each test (`atlan_pulumi.local.pytest_plugin`);
on the command line it is `atlan-pulumi local`. The page at its base URL shows what it holds. The shape of a
seed catalog is described in `atlan_pulumi.local.seed`.

## What it serves

Below `/api/meta`:

| Endpoint | |
|---|---|
| `/entity/bulk` | upsert, read, delete by GUID (`SOFT`, `HARD`, `PURGE`) |
| `/entity/bulk/uniqueAttribute` | read and delete by qualifiedName |
| `/entity/guid/{guid}`, `/entity/uniqueAttribute/type/{type}` | read and delete one; patch by qualifiedName |
| … `/classifications`, `/labels`, `/businessmetadata` | tags, labels, custom metadata of one entity |
| `/entity/bulk/classification` | one tag for several entities, by GUID |
| `/entity/restore/bulk` | sets no `__hasLineage`, as in Atlan |
| `/entity/auditSearch`, `/entity/{guid}/auditSearch` | the activity log |
| `/search/indexsearch` | see below |
| `/lineage/list` | up- or downstream, page by page |
| `/lineage/{guid}`, `/lineage/getlineage` | the graph; `POST` by GUID is lineage on demand |
| `/lineage/uniqueAttribute/type/{type}` | the graph, by qualifiedName |
| `/relationship`, `/relationship/bulk`, `/relationship/guid/{guid}` | single relationships |
| `/types/typedefs`, `/types/typedef/name/{name}`, … | tags, custom metadata, enumerations |

Also `/api/service` (users, groups, roles, API keys, credentials) and
`/events/openlineage/{connector}/api/v1/lineage`.

Writes are all or nothing. A reference by qualifiedName means an entity that was there before the request.
An entity of the same request is referenced by its negative placeholder GUID, in any order. A reference that
leads nowhere is refused for every relationship attribute that the models of pyatlan 11.6 have.

Searches take `bool`, `term`, `terms`, `match`, `match_phrase`, `prefix`, `wildcard`, `regexp`, `exists`, and
`range` (numbers, dates, and expressions such as `now-7d/d`). Aggregations are `terms`, `filter`, `filters`,
`missing`, `top_hits`, `min`, `max`, `sum`, `avg`, `stats`, `value_count`, and `cardinality`, also within
buckets. `from` and `size` together reach 10,000.

## What it does not do

A test that passes here proves what the table above says, and no more. In particular:

- **Errors.** Status, `errorCode`, and `errorMessage` follow the metastore's public error table.
  Bodies of Atlan's gateway (401, 429) and texts of Elasticsearch's errors are made up: no public source has
  them.
- **Authorization.** Any known key may do anything: no personas, purposes, or policies. A fresh connection
  answers 403 only for `connection_delay_ms`.
- **Types.** Only attributes of `Connection` and processes are checked; other types keep what they get.
  Entities, structs, and relationships cannot be defined. Names of relationship types are Atlan's where public
  sources name them, and made up elsewhere. Values of custom metadata and tags are not checked against their
  definitions, and labels not against Atlan's rules for characters.
- **Unknown attributes.** References by an attribute that is no relationship are refused (400
  `ATLAS-400-00-043`); Atlan ignores them.
- **Tags** do not propagate along lineage or hierarchies, and source tags cannot be attached.
- **Deleting** never cascades.
- **Time.** Nothing is asynchronous unless `search_lag_ms`, `connection_delay_ms`, or `event_delay_ms` asks
  for it.
- **Restoring** brings back the inputs and outputs of a process. Other relationships stay as they were before
  the entity was archived; Atlan also brings back some that were dropped earlier.
- **Search.** No scores, highlights, `search_after`, scrolling, scripts, or nested fields. Texts are split at
  word boundaries, and not analyzed further. Fields of custom metadata are shown on request, but not
  searched. Glossary terms are not counted in `meanings` of headers.
- **Activity log.** One entry for each entity that a write creates, changes, or deletes, and for each tag,
  label, or set of custom metadata. Neighbors of changed entities have none. No aggregations.
- **Lineage.** `lineage/list` walks from process to asset only: no lineage of connections or data products.
  Lineage graphs come as a whole (`offset` and `limit` are refused), and lineage on demand knows limits by
  direction, but no `from`.
- **OpenLineage.** What becomes of events follows Atlan's public documentation and SDK tests; Atlan's own
  processing is not public.
- **Not there at all:** glossaries' own endpoints, contracts, data products, persona and purpose
  administration, workflows, SQL, files, search logs, tasks, and `admin/` (purge, import, export).

## What exists only here

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
