"""A client for Atlan's REST API, as far as lineage needs it.

```python
from atlan_pulumi.client import AtlanClient, ClientSettings

with AtlanClient(ClientSettings.resolve()) as client:  # ATLAN_BASE_URL, ATLAN_API_KEY
    process = client.entities.get_by_qualified_name("Process", "default/airflow/1657025257/load-orders")
    print(process.related("inputs") if process else "not found")
```

It does not depend on Pulumi. Each attempt is logged to `atlan_pulumi.client` at level DEBUG.
"""

from __future__ import annotations

from atlan_pulumi.client._apps import Workflow, WorkflowRun
from atlan_pulumi.client._bulk import Outcome
from atlan_pulumi.client._client import AtlanClient
from atlan_pulumi.client._models import DeleteType, Entity, MutationResult, Reference
from atlan_pulumi.client._rate_limit import Clock
from atlan_pulumi.client._settings import ClientSettings, normalize_base_url
from atlan_pulumi.client._tenant import Tenant
from atlan_pulumi.client._workers import WorkerPool, run_all
from atlan_pulumi.client.errors import (
    AtlanRequestError,
    AuthenticationError,
    ConflictError,
    EventsNotConfiguredError,
    InvalidAnswerError,
    NetworkError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RedirectRefusedError,
    RejectedError,
    RequestTimeoutError,
    ServerError,
    TlsError,
)

__all__ = [
    "AtlanClient",
    "AtlanRequestError",
    "AuthenticationError",
    "ClientSettings",
    "Clock",
    "ConflictError",
    "DeleteType",
    "Entity",
    "EventsNotConfiguredError",
    "InvalidAnswerError",
    "MutationResult",
    "NetworkError",
    "NotFoundError",
    "Outcome",
    "PermissionDeniedError",
    "RateLimitedError",
    "RedirectRefusedError",
    "Reference",
    "RejectedError",
    "RequestTimeoutError",
    "ServerError",
    "Tenant",
    "TlsError",
    "WorkerPool",
    "Workflow",
    "WorkflowRun",
    "normalize_base_url",
    "run_all",
]
