"""Faults during `pulumi preview`, `refresh`, or `destroy`."""

from __future__ import annotations

from faults.fault import Fault
from faults.requests import (
    ANY,
    HTML,
    LOGIN_PAGE,
    LOOK_UP,
    PERMANENT,
    PING,
    REMOVE,
    atlas,
    gateway,
    page,
)

_ABSENT = atlas(404, "ATLAS-404-00-009", "Instance Process does not exist")
_PAGE = {"status": 200, "headers": HTML, "body": LOGIN_PAGE}


def _preview_fails(name: str, rule: dict[str, object], message: str) -> Fault:
    rules = ({**rule, **PERMANENT},)
    return Fault(name, rules, "fails", message, anywhere=True, operation="preview", group=name)


def _refresh(name: str, rule: dict[str, object]) -> Fault:
    return Fault(name, ({**LOOK_UP, **rule},), edit="none", operation="refresh")


def _refresh_fails(name: str, rule: dict[str, object], message: str) -> Fault:
    rules = ({**LOOK_UP, **rule},)
    return Fault(name, rules, "fails", message, edit="none", operation="refresh", group=name)


PREVIEW = [
    Fault(
        "preview: connection closed once",
        ({**PING, "drop": "before"},),
        operation="preview",
        group="preview closed",
    ),
    Fault(
        "preview: 503 once",
        ({**ANY, **page(503, "Service Unavailable")},),
        operation="preview",
        group="preview 503",
    ),
    Fault(
        "preview: no response to the first request",
        ({**PING, "hang": True},),
        operation="preview",
        group="preview hang",
    ),
    _preview_fails(
        "preview: key refused", {**ANY, **gateway(401, "Unauthorized")}, "401.*check atlan:apiKey"
    ),
    _preview_fails("preview: login page", {**ANY, **_PAGE}, "login page"),
    _preview_fails("preview: connection always closed", {**ANY, "drop": "before"}, "connection broke"),
    Fault(
        "preview: server down",
        (),
        "fails",
        "no connection .*refused",
        anywhere=True,
        operation="preview",
        event="down",
        group="preview down",
    ),
]

REFRESH = [
    _refresh("refresh: connection closed once", {"drop": "before"}),
    _refresh("refresh: connection reset once", {"drop": "before", "reset": True}),
    _refresh("refresh: no response", {"hang": True}),
    _refresh("refresh: response truncated", {"truncate": True}),
    _refresh("refresh: 500 twice", {**page(500, "Internal Server Error"), "times": 2}),
    _refresh("refresh: 502", page(502, "Bad Gateway")),
    _refresh("refresh: 404 for an existing entity", _ABSENT),
    _refresh_fails(
        "refresh: permanent 500", {**page(500, "Internal Server Error"), **PERMANENT}, "500.*tried"
    ),
    _refresh_fails(
        "refresh: 404 from a server that is not Atlan", page(404, "Not Found"), "404.*check that the base URL"
    ),
    _refresh_fails("refresh: login page", _PAGE, "login page"),
    _refresh_fails("refresh: empty response", {"status": 200, "body": ""}, "the response is empty"),
    _refresh_fails("refresh: 403", atlas(403, "ATLAS-403-00-001", "bob may not"), "403 .*bob may not"),
    Fault(
        "refresh: server down",
        (),
        "fails",
        "no connection .*refused",
        anywhere=True,
        edit="none",
        operation="refresh",
        event="down",
        group="refresh down",
    ),
]

DESTROY = [
    Fault(
        "destroy: connection closed after a removal",
        ({**REMOVE, "drop": "after"},),
        edit="none",
        operation="destroy",
    ),
    Fault("destroy: no response to a removal", ({**REMOVE, "hang": True},), edit="none", operation="destroy"),
    Fault(
        "destroy: 504, removal done",
        ({**REMOVE, **page(504, "Gateway Time-out"), "commit": True},),
        edit="none",
        operation="destroy",
    ),
    Fault(
        "destroy: 403",
        ({**REMOVE, **atlas(403, "ATLAS-403-00-001", "bob may not")},),
        "fails",
        "403 .*bob may not",
        edit="none",
        operation="destroy",
    ),
    Fault(
        "destroy: permanent 500 for removals",
        ({**REMOVE, **page(500, "Internal Server Error"), **PERMANENT},),
        "fails",
        "500.*tried",
        edit="none",
        operation="destroy",
    ),
]
