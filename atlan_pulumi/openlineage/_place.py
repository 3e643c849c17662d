"""Where a job's events go: whether they are taken, and which datasets Atlan knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from atlan_pulumi.openlineage._datasets import asset_path, flat

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100


def credential_for_events(client: AtlanClient, connection: Entity) -> dict[str, Any] | None:
    """The credential that opens a connection to events; None where there is none.

    It is empty where the key may not see credentials: then the connection is taken to be open.
    """
    from atlan_pulumi.client import PermissionDeniedError  # noqa: PLC0415 - programs that only declare need none

    guid = connection.attributes.get("defaultCredentialGuid")
    try:
        credential = client.credentials.get(guid) if guid else None
    except PermissionDeniedError:
        return {}
    if credential is None or "events.urlPath" not in (credential.get("extra") or {}):
        return None
    return credential


def makes_partial_assets(credential: Mapping[str, Any]) -> bool:
    """Whether Atlan makes partial assets of datasets that it does not know."""
    return bool((credential.get("extra") or {}).get("events.enable-partial-assets"))


def unknown_names(client: AtlanClient, names: Iterable[str]) -> set[str]:
    """The names of datasets for which Atlan has no live asset, in whatever connection."""
    wanted = {name: flat(name) for name in names}
    last = sorted({path.rpartition("/")[2] for path in wanted.values()})
    known: set[str] = set()
    for start in range(0, len(last), _BATCH):
        named = {"terms": {"name.keyword": last[start : start + _BATCH]}}
        for entity in client.search.live(named, attributes=["qualifiedName"]):
            known.add(flat(asset_path(entity.qualified_name)))
    return {name for name, path in wanted.items() if path not in known}
