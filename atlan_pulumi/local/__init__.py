"""A local Atlan for trying, testing, and CI.

It implements the part of Atlan's API that lineage needs, based on the public sources of Atlan's metastore
and SDK. Atlan's Python SDK works with it unchanged.

```python
from atlan_pulumi.local import SAMPLE, LocalAtlan

with LocalAtlan(seed=SAMPLE) as server:
    print(server.base_url, server.api_key)
```

`SAMPLE` is the path of the sample catalog, which contains the assets that the examples in the documentation
refer to. On the command line, use `atlan-pulumi local --sample`. In pytest, the fixture `local_atlan`
provides a new server for each test (`atlan_pulumi.local.pytest_plugin`). The page at the base URL shows the
catalog, its lineage, and the stack and resource that manage each asset. `atlan_pulumi.local.seed` describes
seed catalogs.

## Supported API

Below `/api/meta`:

| Endpoint | Support |
|---|---|
| `/entity/bulk` | upsert, read, delete by GUID (`SOFT`, `HARD`, `PURGE`) |
| `/entity/bulk/uniqueAttribute` | read and delete by qualifiedName |
| `/entity/guid/{guid}`, `/entity/uniqueAttribute/type/{type}` | read and delete one; patch by qualifiedName |
| … `/classifications`, `/labels`, `/businessmetadata` | tags, labels, custom metadata of one entity |
| `/entity/bulk/classification` | one tag for several entities, by GUID |
| `/entity/restore/bulk` | does not set `__hasLineage`, as in Atlan |
| `/entity/auditSearch`, `/entity/{guid}/auditSearch` | the activity log |
| `/search/indexsearch` | see below |
| `/lineage/list` | upstream or downstream, page by page |
| `/lineage/{guid}`, `/lineage/getlineage` | the graph; `POST` by GUID is lineage on demand |
| `/lineage/uniqueAttribute/type/{type}` | the graph, by qualifiedName |
| `/relationship`, `/relationship/bulk`, `/relationship/guid/{guid}` | single relationships |
| `/types/typedefs`, `/types/typedef/name/{name}`, … | tags, custom metadata, enumerations |

Also `/api/service` (users, groups, roles, API keys, credentials, and `v1/app`: the workflows of apps and
their runs) and `/events/openlineage/{connector}/api/v1/lineage`.

A crawl publishes a catalog as Atlan's crawlers do: assets are created or updated with the crawl's id in
`lastSyncWorkflowName`, partial assets become full and keep their GUID and lineage, and assets that the
catalog no longer has are archived. Use `atlan-pulumi local crawl CATALOG.yaml`, `LocalAtlan.crawl`, or a run
of a scripted workflow (`workflows` of a seed, `LocalAtlan.add_workflow`).

A write is applied completely or not at all. A reference by qualifiedName refers to an entity from before
the request. To refer to an entity of the same request, use its negative placeholder GUID, in any order. All
relationship attributes in the models of pyatlan 11.6 are known. A reference to a missing entity is refused.

Searches support `bool`, `term`, `terms`, `match`, `match_phrase`, `prefix`, `wildcard`, `regexp`, `exists`,
and `range` (numbers, dates, and expressions such as `now-7d/d`). Aggregations are `terms`, `filter`,
`filters`, `missing`, `top_hits`, `min`, `max`, `sum`, `avg`, `stats`, `value_count`, and `cardinality`,
also within buckets. `from` plus `size` can be at most 10,000.

## Limitations

A passing test proves only what the table above lists. In particular:

- **Errors.** Status, `errorCode`, and `errorMessage` follow the metastore's public error table. The bodies
  of Atlan's gateway (401, 429) and the texts of Elasticsearch errors are invented, since no public source
  has them.
- **Authorization.** Every known API key has all permissions. There are no personas, purposes, or policies.
  A new connection answers 403 only with `connection_delay_ms`.
- **Types.** Only the attributes of `Connection` and processes are checked. Other types accept any
  attribute. Entity, struct, and relationship types cannot be defined. Names of relationship types are
  Atlan's where public sources have them, and invented otherwise. Values of custom metadata and tags are not
  checked against their definitions, nor labels against Atlan's rules for characters.
- **Unknown attributes.** A reference in an attribute that is not a relationship is refused (400
  `ATLAS-400-00-043`). Atlan ignores it.
- **Tags** do not propagate along lineage or hierarchies. Source tags cannot be attached.
- **Deletes** never cascade.
- **Time.** Everything is synchronous, except with `search_lag_ms`, `connection_delay_ms`, or
  `event_delay_ms`.
- **Restores** bring back the inputs and outputs of a process. Other relationships stay as they were before
  the entity was archived. Atlan also restores some that were dropped earlier.
- **Search.** No scores, highlights, `search_after`, scrolling, scripts, or nested fields. Texts are split
  at word boundaries, without further analysis. Fields of custom metadata are returned on request, but
  cannot be searched. The `meanings` of headers do not include glossary terms.
- **Activity log.** One entry for each entity that a write creates, changes, or deletes, and for each change
  of tags, labels, or custom metadata. Neighbors of changed entities have no entry. No aggregations.
- **Lineage.** `lineage/list` walks only between processes and assets: no lineage of connections or data
  products. Lineage graphs are complete (`offset` and `limit` are refused). Lineage on demand supports
  limits by direction, but no `from`.
- **OpenLineage.** The results of events follow Atlan's public documentation and SDK tests. Atlan's own
  processing is not public.
- **Crawls** publish databases, schemas, tables, views, and columns. Whether Atlan archives assets that no
  crawl has published, such as partial ones, is unknown: a crawl leaves them alone unless
  `archive_unpublished` is set. A partial asset of another type than the crawled one stays partial.
- **App workflows** are scripted, run nothing, and are kept in memory. A run ends after a number of status
  requests. The bodies of errors are invented.
- **Not supported:** glossary endpoints, contracts, data products, administration of personas and purposes,
  SQL, files, search logs, tasks, and `admin/` (purge, import, export).

## Endpoints of the local Atlan

These endpoints do not exist in Atlan. They need no API key, and have no latency, rate limit, or faults:

- `GET /_local/stats`: `{"requests": {"POST /api/meta/entity/bulk": n}, "answers": {"200": n},
  "entities_written": n}`. A request without a response counts under `none`.
- `GET /_local/requests`: the last 1,000 API requests with their bodies and users, without API keys.
- `GET /_local/events`: the received OpenLineage events with their `outcome`: what was created, or why the
  event was dropped (null before it is processed). Atlan itself does not report dropped events.
- `POST /_local/reset`: delete all data and apply the seed again. `?seed=false` leaves it empty.
- `POST /_local/crawl`: publish a catalog, a seed with `connections`, as a crawl does.
  `?archive_unpublished=true` also archives assets that no crawl has published.
- `POST /_local/workflows`: add workflows, as `workflows` of a seed, or replace those of the same slug.
- `GET /_local/assets`, `GET /_local/graph`: the data of the page. Each node of a graph has `managedBy`: the
  `stack` and the `resource` in its ownership mark, the `type` and `origin` (empty in marks of earlier
  versions), and the `mark` itself. It is null without a stack's mark.
- `/_local/faults`: fault rules. `POST` adds a rule or a list of rules, `GET` returns all rules with their
  counters, `DELETE` removes all rules. The first rule that fires applies. A rule has these keys:

  | Key | Default | Meaning |
  |---|---|---|
  | `method`, `path` | any | matching requests; `path` is a glob, and a slash at the end is ignored |
  | `contains` | | only requests with this text in the URL or the body, such as a qualifiedName |
  | `nth` | | fires only for the nth matching request: a number or a list of numbers, from 1 |
  | `after` | 0 | skips this number of matching requests |
  | `times` | 1 | fires at most this often; 0 or null: always (also the default with `nth`) |
  | `delay_ms` | 0 | waits first, in milliseconds |
  | `status`, `body` | | the response; a string body is sent as plain text, any other body as JSON |
  | `headers` | | headers of this response; without `status`, they are added to the real response |
  | `commit` | false | executes the request before it sends this response |
  | | | `"half"`: executes only the first half of the entities or GUIDs of a bulk request |
  | `drop` | | closes the connection without a response, `"before"` or `"after"` executing the request |
  | `truncate` | false | sends half of the body with the full Content-Length, then closes the connection |
  | `reset` | false | with `drop` or `truncate`: resets the connection (RST) instead of closing it |
  | `close` | false | closes the connection after the response, without announcing it |
  | `hang` | false | never responds |

Returned rules also have counters: `matched` (matching requests), `hits` (requests for which the rule
fired), and `done` (requests that are executed as far as the rule allows). `LocalAtlan.await_fault` waits
for the first `done` request. At that moment, a test can restart the server or kill a client.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atlan_pulumi.local._server import LocalAtlan
    from atlan_pulumi.local._settings import Seed

__all__ = ["SAMPLE", "LocalAtlan", "Seed"]
SAMPLE = Path(__file__).with_name("sample.yaml")
"""The sample catalog, as a seed."""


def __getattr__(name: str) -> Any:
    """Load the server on first use, since pytest imports this package at every start."""
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


def __dir__() -> list[str]:
    """Return the exported names only, so that an editor offers nothing else."""
    return sorted(__all__)
