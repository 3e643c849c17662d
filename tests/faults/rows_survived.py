"""Faults that an `up` survives without a message."""

from __future__ import annotations

from faults.fault import SOON, Fault
from faults.requests import HTML, LOOK_UP, REMOVE, WRITE, atlas, gateway, page

_LATE = {"delay_ms": 1500}  # later than the timeout: the request is carried out after its retry

CONNECTIONS = [
    Fault("connection closed before a write", ({**WRITE, "drop": "before"},)),
    Fault("connection closed after a write", ({**WRITE, "drop": "after"},)),
    Fault("connection closed after a write, three times", ({**WRITE, "drop": "after", "times": 3},)),
    Fault("connection reset before a write", ({**WRITE, "drop": "before", "reset": True},)),
    Fault("connection reset after a write", ({**WRITE, "drop": "after", "reset": True},)),
    Fault("no response, write not done", ({**WRITE, "hang": True},)),
    Fault("no response, write done", ({**WRITE, "hang": True, "commit": True},)),
    Fault("slow write", ({**WRITE, "delay_ms": 600},)),
    Fault("write done after its timeout and retry", ({**WRITE, **_LATE},)),
    Fault("kept-alive connections closed", ({"close": True, "times": 4},)),
    Fault("response to a write truncated", ({**WRITE, "truncate": True},)),
    Fault("response to a write truncated by a reset", ({**WRITE, "truncate": True, "reset": True},)),
    Fault(
        "response truncated, with a matching length",
        ({**WRITE, "status": 200, "body": '{"mutatedEntities": {"CRE'},),
    ),
    Fault("connection closed after an update", ({**WRITE, "drop": "after"},), edit="update"),
    Fault("no response to an update", ({**WRITE, "hang": True, "commit": True},), edit="update"),
    Fault("update done after its timeout and retry", ({**WRITE, **_LATE},), edit="update"),
    Fault("connection closed before a removal", ({**REMOVE, "drop": "before"},), edit="delete"),
    Fault("connection closed after a removal", ({**REMOVE, "drop": "after"},), edit="delete"),
    Fault("no response to a removal", ({**REMOVE, "hang": True, "commit": True},), edit="delete"),
    Fault("removal done after its timeout and retry", ({**REMOVE, **_LATE},), edit="delete"),
    Fault("connection closed at a look-up", ({**LOOK_UP, "drop": "before"},)),
    Fault("response to a look-up truncated", ({**LOOK_UP, "truncate": True},)),
    Fault("no response to a look-up", ({**LOOK_UP, "hang": True},)),
]

RESPONSES = [
    Fault("unexpected content type", ({"headers": {"Content-Type": "text/plain"}, "times": 4},)),
    Fault("invalid gzip encoding", ({**WRITE, "headers": {"Content-Encoding": "gzip"}},)),
    Fault("write done, empty object in response", ({**WRITE, "status": 200, "body": {}, "commit": True},)),
    Fault(
        "removal of a missing entity", ({**REMOVE, "status": 200, "body": {}, "commit": True},), edit="delete"
    ),
    Fault("500, write not done", ({**WRITE, **page(500, "Internal Server Error")},)),
    Fault("500, write done", ({**WRITE, **page(500, "Internal Server Error"), "commit": True},)),
    Fault(
        "500 for a storage conflict",
        ({**WRITE, **atlas(500, "ATLAS-500-00-001", "Vertex was updated by others"), "times": 2},),
    ),
    Fault("502, write not done", ({**WRITE, **page(502, "Bad Gateway")},)),
    Fault("502, write done", ({**WRITE, **page(502, "Bad Gateway"), "commit": True},)),
    Fault("503, write not done", ({**WRITE, **page(503, "Service Unavailable"), "times": 2},)),
    Fault("503, write done", ({**WRITE, **page(503, "Service Unavailable"), "commit": True},)),
    Fault("503 with Retry-After", ({**WRITE, "status": 503, "headers": {"Retry-After": "1"}, "body": ""},)),
    Fault("504, write not done", ({**WRITE, **page(504, "Gateway Time-out")},)),
    Fault("504, write done", ({**WRITE, **page(504, "Gateway Time-out"), "commit": True},)),
    Fault("504, update done", ({**WRITE, **page(504, "Gateway Time-out"), "commit": True},), edit="update"),
    Fault("503, removal not done", ({**REMOVE, "status": 503, "headers": HTML, "body": ""},), edit="delete"),
    Fault("504, removal done", ({**REMOVE, **page(504, "Gateway Time-out"), "commit": True},), edit="delete"),
    Fault("500 at a look-up", ({**LOOK_UP, **page(500, "Internal Server Error")},)),
    Fault(
        "look-up after a write finds nothing",
        (
            {**WRITE, "drop": "after"},
            {**LOOK_UP, **atlas(404, "ATLAS-404-00-009", "Instance Process does not exist"), "nth": [2]},
        ),
    ),
    Fault(
        "update finds no entity",
        ({**LOOK_UP, **atlas(404, "ATLAS-404-00-009", "Instance Process does not exist")},),
        edit="update",
    ),
]

_SLOW_DOWN = "API rate limit exceeded"

RATE_LIMITS = [
    Fault("429 with seconds", ({**WRITE, **gateway(429, _SLOW_DOWN, **{"Retry-After": "1"})},), group="429"),
    Fault(
        "429 with 0 seconds", ({**WRITE, **gateway(429, _SLOW_DOWN, **{"Retry-After": "0"})},), group="429"
    ),
    Fault(
        "429 with a date",
        ({**WRITE, **gateway(429, _SLOW_DOWN, **{"Retry-After": SOON})},),
        group="429",
    ),
    Fault(
        "429 with a date that has passed",
        ({**WRITE, **gateway(429, _SLOW_DOWN, **{"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})},),
        group="429",
    ),
    Fault(
        "429 from the metastore, for one query",
        ({**LOOK_UP, **atlas(429, "ATLAS-400-00-502", "ES query timeout")},),
    ),
    Fault(
        "429 from the tenant's rate limit, with its block",
        server={"rate_limit": 18, "rate_block_seconds": 2},
        group="rate limit",
    ),
    Fault(
        "429 without Retry-After, waited out",
        ({**WRITE, **gateway(429, _SLOW_DOWN)},),
        environ={"ATLAN_DEADLINE_SECONDS": "120"},
        group="block",
        soak=True,
    ),
    Fault("searches lag behind writes", server={"search_lag_ms": 60_000}, group="search lag"),
    Fault("slow responses", server={"latency_ms": 150}, group="latency"),
]
