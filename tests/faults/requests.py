"""The requests that faults apply to, and responses in the formats of Atlan, its gateway, and proxies."""

from __future__ import annotations

from typing import Any

_BULK = "/api/meta/entity/bulk"

WRITE = {"method": "POST", "path": _BULK}
REMOVE = {"method": "DELETE", "path": _BULK}
LOOK_UP = {"method": "GET", "path": "/api/meta/entity/uniqueAttribute/*"}
PING = {"method": "GET", "path": "/api/service/whoami", "contains": ""}
ANY = {"contains": ""}

PERMANENT = {"times": 0}

HTML = {"Content-Type": "text/html"}
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in to Atlan</title></head><body></body></html>"


def page(status: int, title: str) -> dict[str, Any]:
    """Return an HTML page, as proxies and gateways do."""
    body = f"<html><head><title>{status} {title}</title></head><body></body></html>"
    return {"status": status, "headers": HTML, "body": body}


def atlas(status: int, code: str, message: str) -> dict[str, Any]:
    """Return an error in the format of the metastore."""
    return {"status": status, "body": {"errorCode": code, "errorMessage": message}}


def gateway(status: int, message: str, **headers: str) -> dict[str, Any]:
    """Return an error in the format of the gateway."""
    return {"status": status, "headers": headers, "body": {"code": str(status), "message": message}}
