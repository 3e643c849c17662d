"""Faults that end an `up` with a message on the resource; the next `up` converges."""

from __future__ import annotations

from faults.fault import Edit, Fault
from faults.requests import (
    ANY,
    HTML,
    LOGIN_PAGE,
    LOOK_UP,
    PERMANENT,
    REMOVE,
    WRITE,
    atlas,
    gateway,
    page,
)

_REFERENCE = "Referenced entity AtlasObjectId{typeName='Table'} is not found"
_NO_JSON = "response is not JSON"


def refused(name: str, response: dict[str, object], message: str) -> Fault:
    """Return a write that is refused in a shared request and alone."""
    return Fault(name, ({**WRITE, **response, **PERMANENT},), "fails", message)


def permanent(name: str, rule: dict[str, object], message: str, edit: Edit = "create") -> Fault:
    """Return a fault that lasts until the deadline."""
    rules, soon = ({**rule, **PERMANENT},), {"ATLAN_DEADLINE_SECONDS": "2"}
    return Fault(name, rules, "fails", message, edit=edit, environ=soon, group="outages")


#: On a busy machine, the response may time out before the connection breaks, here and with the 500s.
_NO_RESPONSE = r"(connection broke|no response in time).*tried \d+ times"

REFUSALS = [
    refused(
        "400",
        atlas(400, "ATLAS-400-00-01A", "invalid parameters: x"),
        "400 ATLAS-400-00-01A.*invalid parameters",
    ),
    refused("permanent 403", atlas(403, "ATLAS-403-00-001", "bob is not authorized"), "403 .*persona"),
    refused(
        "404 on a reference",
        atlas(404, "ATLAS-404-00-00A", _REFERENCE),
        "404 .*create the referenced asset first",
    ),
    refused("404 from a server that is not Atlan", page(404, "Not Found"), "404.*check that the base URL"),
    refused("408", page(408, "Request Timeout"), "408.*Request Timeout"),
    refused("409", atlas(409, "ATLAS-409-00-001", "given type exists"), "409 .*run it again"),
    refused("413", page(413, "Request Entity Too Large"), "413.*Too Large"),
    refused("414", page(414, "Request-URI Too Large"), "414.*Too Large"),
    refused("422", gateway(422, "cannot be processed"), "422.*cannot be processed"),
    refused("501", page(501, "Not Implemented"), "501.*Not Implemented"),
    refused(
        "login page instead of a response",
        {"status": 200, "headers": HTML, "body": LOGIN_PAGE},
        "login page.*Sign in",
    ),
    refused("empty response", {"status": 200, "body": ""}, "the response is empty"),
    refused(
        "empty response, write done", {"status": 200, "body": "", "commit": True}, "the response is empty"
    ),
    refused("204", {"status": 204, "body": ""}, "the response is empty"),
    refused("response that is not JSON", {"status": 200, "body": "upstream says hello"}, _NO_JSON),
    refused("unexpected JSON", {"status": 200, "body": ["ok"]}, "another shape than"),
    refused("success without a write", {"status": 200, "body": {}}, "cannot be found after it was written"),
    refused(
        "redirect on the same host",
        {"status": 302, "headers": {"Location": "/login?next=x"}, "body": ""},
        "redirects to /login, which is not followed",
    ),
    refused(
        "redirect to another host",
        {"status": 307, "headers": {"Location": "https://sso.example.com/x"}, "body": ""},
        "redirects to https://sso.example.com/x, which is not followed",
    ),
    Fault(
        "404 to a look-up from a server that is not Atlan",
        ({**LOOK_UP, **page(404, "Not Found")},),
        "fails",
        "404.*check that the base URL",
    ),
    Fault(
        "login page instead of a look-up",
        ({**LOOK_UP, "status": 200, "headers": HTML, "body": LOGIN_PAGE},),
        "fails",
        "login page",
    ),
    Fault(
        "unexpected JSON for a look-up",
        ({**LOOK_UP, "status": 200, "body": {"entities": []}},),
        "fails",
        "another shape than",
    ),
    Fault(
        "update refused",
        ({**WRITE, **atlas(403, "ATLAS-403-00-001", "bob may not"), **PERMANENT},),
        "fails",
        "403 .*bob may not",
        edit="update",
    ),
    Fault(
        "removal refused",
        ({**REMOVE, **atlas(403, "ATLAS-403-00-001", "bob may not")},),
        "fails",
        "403 .*bob may not",
        edit="delete",
    ),
]

OUTAGES = [
    permanent(
        "permanent 500",
        {**WRITE, **page(500, "Internal Server Error")},
        r"(500|no response in time).*tried \d+ times in \d+ s",
    ),
    permanent(
        "permanent 502, writes done",
        {**WRITE, **page(502, "Bad Gateway"), "commit": True},
        r"(502|no response in time).*tried \d+ times",
    ),
    permanent("connection always closed, writes done", {**WRITE, "drop": "after"}, _NO_RESPONSE),
    permanent("connection always closed, no write done", {**WRITE, "drop": "before"}, _NO_RESPONSE),
    permanent(
        # How often it is tried within the deadline depends on the machine.
        "never a response, writes done",
        {**WRITE, "hang": True, "commit": True},
        "no response in time",
    ),
    permanent("response always truncated", {**WRITE, "truncate": True}, "tried"),
    permanent("never a response, updates done", {**WRITE, "drop": "after"}, _NO_RESPONSE, "update"),
    permanent("never a response, removals done", {**REMOVE, "drop": "after"}, _NO_RESPONSE, "delete"),
    permanent(
        "permanent 500 for removals",
        {**REMOVE, **page(500, "Internal Server Error")},
        "(500|no response in time).*tried",
        "delete",
    ),
]

TENANT = [
    Fault(
        "429 without Retry-After, no time to wait",
        ({**WRITE, **gateway(429, "API rate limit exceeded")},),
        "fails",
        "429: API rate limit exceeded.*lower atlan:requestsPerMinute",
        group="429 absent",
    ),
    Fault(
        "429 with an invalid Retry-After",
        ({**WRITE, **gateway(429, "API rate limit exceeded", **{"Retry-After": "soon"})},),
        "fails",
        "429: API rate limit exceeded.*lower atlan:requestsPerMinute",
        group="429 nonsense",
    ),
    Fault(
        "key refused from the start",
        (),
        "fails",
        "401.*check atlan:apiKey",
        anywhere=True,
        environ={"ATLAN_API_KEY": "canary-5f0c9d1e-key-retired"},
        group="wrong key",
    ),
    Fault(
        "key revoked during the run, new key afterwards",
        ({**ANY, **WRITE, **gateway(401, "the token has been revoked"), **PERMANENT},),
        "fails",
        "401: the token has been revoked.*check atlan:apiKey",
        next_environ={"ATLAN_API_KEY": "canary-77ab21c4-key"},
        group="retired key",
    ),
    Fault("server down", (), "fails", "no connection .*refused", anywhere=True, event="down", group="down"),
    Fault("server restarts", ({**WRITE, "hang": True},), event="restarts", group="restart before"),
    Fault(
        "server restarts, write done",
        ({**WRITE, "hang": True, "commit": True},),
        event="restarts",
        group="restart after",
    ),
]
