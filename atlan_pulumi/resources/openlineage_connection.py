"""`OpenLineageConnection`: a connection that accepts OpenLineage events, and its credential."""

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
from atlan_pulumi.resources.literals import DeleteType

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_OF_CREDENTIAL = ("partial_assets", "events_path")


_UNSEEN: dict[str, Any] = {}
"""A credential that the API key may not read."""


class OpenLineageConnectionInputs(ConnectionInputs):
    """The validated inputs of an `OpenLineageConnection`."""

    settings: ClassVar[frozenset[str]] = ConnectionInputs.settings | set(_OF_CREDENTIAL)

    partial_assets: bool = True
    events_path: str | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield further problems: the credential cannot be set, since the resource creates it."""
        yield from super().contradictions()
        if self.default_credential_guid is not None:
            yield InputProblem(
                "default_credential_guid", "cannot be set: this resource creates the credential"
            )


class OpenLineageConnectionLifecycle(ConnectionLifecycle):
    """The lifecycle of an `OpenLineageConnection`. The credential is created first and deleted last."""

    model = OpenLineageConnectionInputs

    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the properties as for a `Connection`, and the path for events."""
        connector = declared["connector"]
        path = UNKNOWN if connector is UNKNOWN else _events_path(connector)
        return super().identify(declared, olds, tenant) | {"events_path": path}

    def implied_by_program(self, declared: Props) -> Props:
        """Return the properties as for a `Connection`, and the path for events."""
        connector = declared.get("connector", UNKNOWN)
        path = UNKNOWN if connector is UNKNOWN else _events_path(connector)
        return super().implied_by_program(declared) | {"events_path": path}

    def also_unique(self, declared: Props) -> tuple[str, ...] | None:
        """Return the name, by which events refer to a connection."""
        named = declared["connector"], declared["name"]
        return None if UNKNOWN in named else named

    def adoption_side_effects(self, entity: Entity, declared: Props) -> list[str]:
        """Return that a credential for other purposes is replaced by one for events."""
        return [] if declared.get("qualified_name") is UNKNOWN else _replaced_credential(entity)

    def verify(self, client: AtlanClient, declared: Props, changed: Sequence[str]) -> Iterator[InputProblem]:
        """Yield further problems: events refer to a connection by its name, so the name must be unique."""
        yield from super().verify(client, declared, changed)
        name, connector = declared["name"], declared["connector"]
        if "name" in changed and name is not UNKNOWN and connector is not UNKNOWN:
            for other in _namesakes(client, name, connector):
                if other.qualified_name != declared["qualified_name"]:
                    what = (
                        f"the {connector} connection {other.qualified_name!r} already has the name {name!r}"
                    )
                    yield InputProblem(
                        "name", f"{what}: events cannot distinguish the two; choose another name"
                    )
                    return

    def prepare(self, client: AtlanClient, declared: Props, current: Entity | None) -> Prepared:
        """Return the credential: the resource's own, the connection's, or a new one."""
        wanted = _credential_to_create(declared)
        guid = current.attributes.get("defaultCredentialGuid") if current else None
        found = _find_credential(client, wanted["name"])
        if found is None and guid:
            seen = _read_credential(client, guid)
            if seen == _UNSEEN:  # it cannot be read, so it must not be replaced
                return Prepared({}, {"credential_guid": guid})
            found = _if_for_events(seen, declared["connector"])
        found = found or _create_credential(client, wanted)
        if not _matches(found, wanted):
            extra = {**(found.get("extra") or {}), **wanted["extra"]}
            client.credentials.update(found["id"], {"extra": extra})
        attributes = {} if found["id"] == guid else {"defaultCredentialGuid": found["id"]}
        return Prepared(attributes, {"credential_guid": found["id"]})

    def rollback(self, client: AtlanClient, prepared: Prepared, error: AtlanError) -> AtlanError:
        """Delete the new credential if Atlan rejected the connection; otherwise keep it for the next run."""
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
        """Return the observed connection. A missing or changed credential shows as `events_path`."""
        seen = super().read(client, id_, props)
        if not seen.outputs:
            return _missing_connection(client, seen, props.get("credential_guid"))
        current = client.entities.get_by_qualified_name(self.type_name, id_)
        guid = current.attributes.get("defaultCredentialGuid") if current else None
        credential = _read_credential(client, guid) if guid else None
        another = {} if guid == props.get("credential_guid") else {"events_path": ""}
        shown = _observed_properties(credential, props) | another
        drifted = [name for name in _OF_CREDENTIAL if name in props and shown[name] != props[name]]
        notes = [_credential_drift_note(id_, guid, drifted)] if drifted else []
        own = {"credential_guid": props.get("credential_guid")}
        return Observed(merged(seen.outputs, shown | own), merged(seen.inputs, shown), [*seen.notes, *notes])

    def delete(self, client: AtlanClient, props: Props) -> list[str]:
        """Delete the connection, then its credential. If the connection is left in Atlan, so are both."""
        notes = super().delete(client, props)
        if not notes and props.get("credential_guid"):
            client.credentials.delete(props["credential_guid"])
        return notes


def _namesakes(client: AtlanClient, name: str, connector: str) -> Iterator[Entity]:
    """Return the live connections with a name, case-sensitively; the search index ignores case."""
    kind = {"term": {"__typeName.keyword": "Connection"}}
    named = {"term": {"name.keyword": name}}
    found = client.search.live(kind, named, attributes=["qualifiedName", "name", "connectorName"])
    return (each for each in found if (each.name, each.attributes.get("connectorName")) == (name, connector))


def _read_credential(client: AtlanClient, guid: str) -> dict[str, Any] | None:
    from atlan_pulumi.client.errors import PermissionDeniedError  # noqa: PLC0415 - see above

    try:
        return client.credentials.get(guid)
    except PermissionDeniedError:
        return _UNSEEN


def _missing_connection(client: AtlanClient, seen: Observed, credential: str | None) -> Observed:
    """Return what a refresh shows of a missing connection, with a note if its credential remains."""
    if not credential or not _read_credential(client, credential):
        return seen
    note = f"its credential {credential} still exists: the next deployment will use it"
    return seen._replace(notes=[*seen.notes, note])


def _replaced_credential(entity: Entity) -> list[str]:
    return ["its defaultCredentialGuid"] if entity.attributes.get("defaultCredentialGuid") else []


def _events_path(connector: str) -> str:
    return f"/events/openlineage/{connector}/api/v1/lineage"


def _credential_to_create(declared: Props) -> dict[str, Any]:
    """Return the credential as Atlan's SDK creates it (source: its requests, and Atlan's page on lineage)."""
    connector = declared["connector"]
    return {
        "name": _credential_name(connector, declared),
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


def _credential_name(connector: str, declared: Props) -> str:
    """Return `default-<connector>-<epoch>-0`, as on Atlan's page, always the same for one connection.

    So the credential of an interrupted run is found again. The milliseconds are derived from the owner, so
    that it differs from others that were created in the same second.
    """
    epoch = declared["qualified_name"].rpartition("/")[2]
    if epoch.isdigit():
        whose = f"{declared['qualified_name']} {declared.get('managed_by')}"
        epoch += f"{int(hashlib.sha256(whose.encode()).hexdigest(), 16) % 1000:03}"
    return f"default-{connector}-{epoch}-0"


def _create_credential(client: AtlanClient, wanted: dict[str, Any]) -> dict[str, Any]:
    made = client.credentials.create(wanted)
    return _find_credential(client, wanted["name"]) or made


def _find_credential(client: AtlanClient, name: str) -> dict[str, Any] | None:
    """Return the credential with a name, and delete duplicates that a repeated request may have created."""
    from atlan_pulumi.client.errors import PermissionDeniedError  # noqa: PLC0415 - see above

    try:
        found = client.credentials.find_by_name(name)
    except PermissionDeniedError:  # a key may be allowed to create credentials, but not to list them
        return None
    for double in found[1:]:
        client.credentials.delete(double["id"])
    return found[0] if found else None


def _if_for_events(credential: dict[str, Any] | None, connector: str) -> dict[str, Any] | None:
    """Return a credential if it is one for events, not one of a crawler."""
    if credential is None or credential.get("connector") != connector:
        return None
    return credential if "events.urlPath" in (credential.get("extra") or {}) else None


def _matches(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    extra = found.get("extra") or {}
    return all(extra.get(name) == value for name, value in wanted["extra"].items())


def _observed_properties(credential: Mapping[str, Any] | None, props: Props) -> Props:
    """Return the observed credential in the form of the inputs. A missing one shows no other properties."""
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


def _credential_drift_note(name: str, guid: str | None, drifted: list[str]) -> str:
    return f"the credential {guid} of Connection {name!r} was changed in Atlan: {', '.join(drifted)}"


class OpenLineageConnection(AtlanResource):
    """A connection that accepts OpenLineage events, with its credential.

    The events may come from Spark, Airflow, and other systems, or from an `OpenLineageJob`. They are sent to
    `/events/openlineage/<connector>/api/v1/lineage`. The namespace of a job is the connection's `name`.

    Args:
        resource_name: The resource's name in the stack.
        name: Display name. It is also the namespace of the jobs in the connection, so it must be unique.
        connector: The kind of system that sends events: `spark` (default), `generic-openlineage`, `airflow`,
            … An `OpenLineageJob` needs one of the first two. Changing this forces replacement.
        partial_assets: Whether Atlan creates partial assets for unknown datasets. Default: true.
        qualified_name: As for a `Connection`.
        admin_roles: As for a `Connection`; at least one of the three is required.
        admin_groups: As for a `Connection`.
        admin_users: As for a `Connection`.
        adopt: Adopt an existing connection with the same qualifiedName. Without it, an existing connection is
            an error. A new resource with `adopt` must set `qualified_name`.
        delete_type: As for a `Connection`. The credential is always deleted.
        force_destroy: Delete the connection together with every asset in it: jobs, and partial assets of
            events. Without it, such assets are an error that lists them.
        opts: Resource options.
        **attributes: See `ConnectionArgs` and `AssetArgs`; managed as for a `Process`.

    Attributes:
        qualified_name: `default/<connector>/<id>`; also the Pulumi id.
        guid: The GUID in Atlan.
        credential_guid: The GUID of the credential.
        managed_by: The ownership mark in Atlan; see `docs/ownership.md`.

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
        delete_type: pulumi.Input[DeleteType] | None = None,
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
