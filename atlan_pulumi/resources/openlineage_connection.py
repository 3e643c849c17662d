"""`OpenLineageConnection`: a connection that takes OpenLineage events in, and its credential."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.errors import AtlanError, ResourceError
from atlan_pulumi.lifecycle import UNKNOWN, InputProblem, Observed, Prepared, Props, merged
from atlan_pulumi.resources.connection import (
    ConnectionArgs,
    ConnectionInputs,
    ConnectionLifecycle,
    connection_props,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_OF_CREDENTIAL = ("partial_assets", "events_path")


_UNSEEN: dict[str, Any] = {}
"""Stands for a credential that the key may not see."""


class OpenLineageConnectionInputs(ConnectionInputs):
    """The inputs of an `OpenLineageConnection`, validated."""

    settings: ClassVar[frozenset[str]] = ConnectionInputs.settings | set(_OF_CREDENTIAL)

    partial_assets: bool = True
    events_path: str | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Also: the credential is this resource's own."""
        yield from super().contradictions()
        if self.default_credential_guid is not None:
            yield InputProblem(
                "default_credential_guid", "cannot be given: this resource makes the credential"
            )


class OpenLineageConnectionLifecycle(ConnectionLifecycle):
    """The lifecycle of an `OpenLineageConnection`: the credential comes first, and goes last."""

    model = OpenLineageConnectionInputs

    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """As for a `Connection`; and the path that events will come by."""
        connector = declared["connector"]
        path = UNKNOWN if connector is UNKNOWN else _path(connector)
        return super().identify(declared, olds, tenant) | {"events_path": path}

    def implied_by_program(self, declared: Props) -> Props:
        """Also the path."""
        connector = declared.get("connector", UNKNOWN)
        path = UNKNOWN if connector is UNKNOWN else _path(connector)
        return super().implied_by_program(declared) | {"events_path": path}

    def also_unique(self, declared: Props) -> tuple[str, ...] | None:
        """Events name a connection by its name."""
        named = declared["connector"], declared["name"]
        return None if UNKNOWN in named else named

    def changed_beside(self, entity: Entity, declared: Props) -> list[str]:
        """A credential that is not for events gives way to one that is."""
        return [] if declared.get("qualified_name") is UNKNOWN else _other_credential(entity)

    def verify(self, client: AtlanClient, declared: Props, changed: Sequence[str]) -> Iterator[InputProblem]:
        """Also: events name a connection by its name, so that there must be one of that name only."""
        yield from super().verify(client, declared, changed)
        name, connector = declared["name"], declared["connector"]
        if "name" in changed and name is not UNKNOWN and connector is not UNKNOWN:
            for other in _namesakes(client, name, connector):
                if other.qualified_name != declared["qualified_name"]:
                    what = (
                        f"the {connector} connection {other.qualified_name!r} has the name {name!r} already"
                    )
                    yield InputProblem(
                        "name", f"{what}: events could not tell the two apart; choose another name"
                    )
                    return

    def prepare(self, client: AtlanClient, declared: Props, current: Entity | None) -> Prepared:
        """The credential: the own one, also of a run that was cut off; the connection's; or a new one."""
        wanted = _credential(declared)
        guid = current.attributes.get("defaultCredentialGuid") if current else None
        found = _only_one(client, wanted["name"])
        if found is None and guid:
            seen = _seen(client, guid)
            if seen == _UNSEEN:  # it is not to be judged, and so not to be replaced
                return Prepared({}, {"credential_guid": guid})
            found = _for_events(seen, declared["connector"])
        found = found or _made(client, wanted)
        if not _fits(found, wanted):
            extra = {**(found.get("extra") or {}), **wanted["extra"]}
            client.credentials.update(found["id"], {"extra": extra})
        attributes = {} if found["id"] == guid else {"defaultCredentialGuid": found["id"]}
        return Prepared(attributes, {"credential_guid": found["id"]})

    def rollback(self, client: AtlanClient, prepared: Prepared, error: AtlanError) -> AtlanError:
        """Where Atlan refused the connection, the credential goes again; else the next run takes it up."""
        from atlan_pulumi.client.errors import (  # noqa: PLC0415 - programs that only declare need none
            RejectedError,
        )

        guid = prepared.outputs["credential_guid"]
        if not isinstance(error, RejectedError) or not prepared.attributes:
            return ResourceError(f"{error}; the credential {guid} was kept for the next `pulumi up`")
        try:
            client.credentials.delete(guid)
        except AtlanError as another:
            return ResourceError(f"{error}; and the credential {guid} could not be removed: {another}")
        return error

    def read(self, client: AtlanClient, id_: str, props: Props) -> Observed:
        """As for a `Connection`; a credential that is gone or was changed shows as `events_path`."""
        seen = super().read(client, id_, props)
        if not seen.outputs:
            return _without(client, seen, props.get("credential_guid"))
        current = client.entities.get_by_qualified_name(self.type_name, id_)
        guid = current.attributes.get("defaultCredentialGuid") if current else None
        credential = _seen(client, guid) if guid else None
        another = {} if guid == props.get("credential_guid") else {"events_path": ""}
        shown = _shown(credential, props) | another
        drifted = [name for name in _OF_CREDENTIAL if name in props and shown[name] != props[name]]
        notes = [_note(id_, guid, drifted)] if drifted else []
        own = {"credential_guid": props.get("credential_guid")}
        return Observed(merged(seen.outputs, shown | own), merged(seen.inputs, shown), [*seen.notes, *notes])

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """The connection, then its credential; that of a connection which was left to others stays."""
        notes = super().delete(client, props)
        if not notes and props.get("credential_guid"):
            client.credentials.delete(props["credential_guid"])
        return notes


def _namesakes(client: AtlanClient, name: str, connector: str) -> Iterator[Entity]:
    """The live connections of that name; the index does not tell cases apart."""
    kind = {"term": {"__typeName.keyword": "Connection"}}
    named = {"term": {"name.keyword": name}}
    found = client.search.live(kind, named, attributes=["qualifiedName", "name", "connectorName"])
    return (each for each in found if (each.name, each.attributes.get("connectorName")) == (name, connector))


def _seen(client: AtlanClient, guid: str) -> dict[str, Any] | None:
    from atlan_pulumi.client.errors import PermissionDeniedError  # noqa: PLC0415 - see above

    try:
        return client.credentials.get(guid)
    except PermissionDeniedError:
        return _UNSEEN


def _without(client: AtlanClient, seen: Observed, credential: str | None) -> Observed:
    """What a refresh tells of a connection that is gone: its credential may be left."""
    if not credential or not _seen(client, credential):
        return seen
    note = f"its credential {credential} is still there: the next deployment of it takes it up"
    return seen._replace(notes=[*seen.notes, note])


def _other_credential(entity: Entity) -> list[str]:
    return ["its defaultCredentialGuid"] if entity.attributes.get("defaultCredentialGuid") else []


def _path(connector: str) -> str:
    return f"/events/openlineage/{connector}/api/v1/lineage"


def _credential(declared: Props) -> dict[str, Any]:
    """The credential as Atlan's own SDK makes it (source: its requests, and Atlan's page on lineage)."""
    connector = declared["connector"]
    return {
        "name": _name(connector, declared),
        "authType": "atlan_api_key",
        "connectorType": "event",
        "connectorConfigName": f"atlan-connectors-{connector}",
        "connector": connector,
        "extra": {
            "events.enable-partial-assets": declared["partial_assets"],
            "events.enabled": True,
            "events.topic": f"openlineage_{connector}",
            "events.urlPath": declared["events_path"],
        },
    }


def _name(connector: str, declared: Props) -> str:
    """`default-<connector>-<epoch>-0`, as Atlan's page wants it, and always the same for one connection.

    So the credential of a run that was cut off is found again. The milliseconds come from whose it is, so
    that it is not another's which was made in the same second.
    """
    epoch = declared["qualified_name"].rpartition("/")[2]
    if epoch.isdigit():
        whose = f"{declared['qualified_name']} {declared.get('managed_by')}"
        epoch += f"{int(hashlib.sha256(whose.encode()).hexdigest(), 16) % 1000:03}"
    return f"default-{connector}-{epoch}-0"


def _made(client: AtlanClient, wanted: dict[str, Any]) -> dict[str, Any]:
    made = client.credentials.create(wanted)
    return _only_one(client, wanted["name"]) or made


def _only_one(client: AtlanClient, name: str) -> dict[str, Any] | None:
    """The credential of that name; the doubles that a repeated request may have made are removed."""
    from atlan_pulumi.client.errors import PermissionDeniedError  # noqa: PLC0415 - see above

    try:
        found = client.credentials.find_by_name(name)
    except PermissionDeniedError:  # a key may be allowed to make credentials, and not to list them
        return None
    for double in found[1:]:
        client.credentials.delete(double["id"])
    return found[0] if found else None


def _for_events(credential: dict[str, Any] | None, connector: str) -> dict[str, Any] | None:
    """A credential if it is one like ours, rather than one that a crawler uses."""
    if credential is None or credential.get("connector") != connector:
        return None
    return credential if "events.urlPath" in (credential.get("extra") or {}) else None


def _fits(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    extra = found.get("extra") or {}
    return all(extra.get(name) == value for name, value in wanted["extra"].items())


def _shown(credential: Mapping[str, Any] | None, props: Props) -> Props:
    """What the credential says, in the terms of the inputs; what is not there says nothing of its parts."""
    if credential is None:
        return {"partial_assets": props.get("partial_assets"), "events_path": ""}
    if credential == _UNSEEN:
        return {name: props.get(name) for name in _OF_CREDENTIAL}
    extra = credential.get("extra") or {}
    path = str(extra.get("events.urlPath") or "").rstrip("/")
    whole = extra.get("events.enabled") and path == props.get("events_path")
    return {
        "partial_assets": bool(extra.get("events.enable-partial-assets")),
        "events_path": path if whole else "",
    }


def _note(name: str, guid: str | None, drifted: list[str]) -> str:
    return f"the credential {guid} of Connection {name!r} does not show what was made: {', '.join(drifted)}"


class OpenLineageConnection(AtlanResource):
    """A connection that takes OpenLineage events in: those of Spark, Airflow and so on, or of declared jobs.

    It is a `Connection` and the credential that opens it to events, which go to
    `/events/openlineage/<connector>/api/v1/lineage`. The namespace of a job is this connection's `name`.

    Args:
        resource_name: The resource's name in the stack.
        name: What Atlan shows; also the namespace of the jobs in it, so that it should be unique.
        connector: The kind of system that sends events: `spark` (default), `generic-openlineage`, `airflow`,
            … An `OpenLineageJob` needs one of the first two. Changing this forces replacement.
        partial_assets: Whether Atlan makes partial assets of datasets that it does not know. Default: True.
        qualified_name: As for a `Connection`.
        admin_roles: As for a `Connection`; at least one of the three is required.
        admin_groups: As for a `Connection`.
        admin_users: As for a `Connection`.
        adopt: Take over a connection of this qualifiedName that exists already; without it, an error. A new
            resource needs the `qualified_name` with it.
        delete_type: As for a `Connection`; the credential goes in any case.
        force_destroy: Remove every asset in the connection together with it: the jobs and the partial assets
            that events made. Without it, that is an error which lists them.
        opts: Pulumi's options.
        **attributes: See `ConnectionArgs` and `AssetArgs`; what is given is managed, the rest left to others.

    Attributes:
        qualified_name: `default/<connector>/<id>`; also the Pulumi id.
        guid: The GUID that Atlan gave it.
        credential_guid: The GUID of its credential.
        managed_by: The mark of ownership that it carries in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        spark = atlan.OpenLineageConnection(
            "spark",
            name="ol-spark",
            connector="spark",
            qualified_name="default/spark/1657025400",
            admin_roles=["$admin"],
        )
        ```
    """

    atlan_type: ClassVar[str] = "Connection"
    kind: ClassVar[str] = "OpenLineageConnection"
    more_outputs: ClassVar[tuple[str, ...]] = ("credential_guid",)

    credential_guid: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connector: pulumi.Input[str] = "spark",
        partial_assets: pulumi.Input[bool] | None = None,
        qualified_name: pulumi.Input[str] | None = None,
        admin_roles: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        admin_groups: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        admin_users: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[str] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **attributes: Unpack[ConnectionArgs],
    ) -> None:
        given = {
            "name": name,
            "connector": connector,
            "partial_assets": partial_assets,
            "qualified_name": qualified_name,
            "admin_roles": admin_roles,
            "admin_groups": admin_groups,
            "admin_users": admin_users,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        props = connection_props(self.kind, resource_name, given, attributes)
        super().__init__(resource_name, props, opts)
