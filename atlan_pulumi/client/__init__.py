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

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
#: The module that defines each name. Only what is used is imported: most needs httpx.
_DEFINED_IN = {
    "AtlanClient": "_client",
    "AtlanRequestError": "errors",
    "AuthenticationError": "errors",
    "ClientSettings": "_settings",
    "Clock": "_rate_limit",
    "ConflictError": "errors",
    "DeleteType": "_models",
    "Entity": "_models",
    "EventsNotConfiguredError": "errors",
    "InvalidAnswerError": "errors",
    "MutationResult": "_models",
    "NetworkError": "errors",
    "NotFoundError": "errors",
    "Outcome": "_bulk",
    "PermissionDeniedError": "errors",
    "RateLimitedError": "errors",
    "RedirectRefusedError": "errors",
    "Reference": "_models",
    "RejectedError": "errors",
    "RequestTimeoutError": "errors",
    "ServerError": "errors",
    "Tenant": "_tenant",
    "TlsError": "errors",
    "WorkerPool": "_workers",
    "Workflow": "_apps",
    "WorkflowRun": "_apps",
    "normalize_base_url": "_settings",
    "run_all": "_workers",
}


def __getattr__(name: str) -> Any:
    """Import the module of a name when it is first used."""
    if name not in _DEFINED_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"atlan_pulumi.client.{_DEFINED_IN[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the exported names only."""
    return sorted(__all__)
