"""`Connection`: a system that contains data or runs processes."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import pulumi
from pydantic import Field
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.lifecycle import (
    UNKNOWN,
    AssetInputs,
    EntityLifecycle,
    InputProblem,
    InvalidInputError,
    Props,
    TextElement,
    is_known,
    takeover_note,
)
from atlan_pulumi.naming import CATEGORIES, CONNECTOR_CATEGORIES, ConnectionName, connector_of
from atlan_pulumi.resources import _admins, _reserved_names
from atlan_pulumi.resources._arguments import AssetArgs, accept
from atlan_pulumi.resources.literals import ConnectionCategory, DeleteType, QueryUsernameStrategy
from atlan_pulumi.text import did_you_mean

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

Users = list[TextElement]
Seconds = Annotated[int, Field(ge=0)]
_NOTHING_TO_ADOPT = (
    "is required with adopt=True, since a new connection would be created otherwise: set it, such as "
    "'default/{}/1657025300', or remove adopt=True"
)


class ConnectionArgs(AssetArgs, total=False):
    """Optional keyword arguments of `Connection`."""

    viewer_users: pulumi.Input[Sequence[pulumi.Input[str]]]
    """User names of the viewers; a set."""
    viewer_groups: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Internal names of the viewer groups; a set."""
    category: pulumi.Input[ConnectionCategory]
    """`warehouse`, `bi`, `elt`, `lake`, `database`, … Default: the connector's category in Atlan."""
    sub_category: pulumi.Input[str]
    """Subcategory, as text."""
    host: pulumi.Input[str]
    """The system's host name."""
    port: pulumi.Input[int]
    """The system's port, 0 to 65535."""
    allow_query: pulumi.Input[bool]
    """Whether the connection can be queried from Atlan."""
    allow_query_preview: pulumi.Input[bool]
    """Whether sample data can be previewed in Atlan."""
    query_preview_config: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Configuration of previews, per type of asset."""
    query_config: pulumi.Input[str]
    """Configuration of queries, as text."""
    query_username_strategy: pulumi.Input[QueryUsernameStrategy]
    """`connectionUsername` or `atlanUsername`."""
    query_timeout: pulumi.Input[int]
    """Maximum time of a query, in seconds."""
    row_limit: pulumi.Input[int]
    """Maximum number of rows that a query returns."""
    credential_strategy: pulumi.Input[str]
    """The strategy for choosing the credentials of queries."""
    preview_credential_strategy: pulumi.Input[str]
    """The strategy for choosing the credentials of previews."""
    policy_strategy: pulumi.Input[str]
    """The strategy for enforcing policies on queries."""
    policy_strategy_for_sample_preview: pulumi.Input[str]
    """The strategy for enforcing policies on previews."""
    default_credential_guid: pulumi.Input[str]
    """GUID of the connection's credential."""
    connection_sso_credential_guid: pulumi.Input[str]
    """GUID of the credential for single sign-on."""
    connector_icon: pulumi.Input[str]
    """URL of an icon."""
    connector_image: pulumi.Input[str]
    """URL of an image."""
    source_logo: pulumi.Input[str]
    """URL of a logo."""
    is_sample_data_preview_enabled: pulumi.Input[bool]
    """Whether sample data is shown."""
    has_popularity_insights: pulumi.Input[bool]
    """Whether popularity is computed."""
    popularity_insights_timeframe: pulumi.Input[int]
    """The number of days over which popularity is computed."""
    use_object_storage: pulumi.Input[bool]
    """Whether large results use object storage."""
    object_storage_upload_threshold: pulumi.Input[int]
    """The number of rows from which results use object storage."""
    connection_dbt_environments: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Names of the dbt environments; a set."""
    connection_workflow_configuration: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Configuration of the connection's workflows, per workflow."""
    connection_source_account_identifier: pulumi.Input[str]
    """The account in the source system, such as Snowflake's account identifier."""
    connection_reverse_sync_strategy: pulumi.Input[str]
    """The strategy for synchronizing changes in Atlan back to the source."""
    connection_is_dq_enabled: pulumi.Input[bool]
    """Whether data quality is measured."""
    vector_embeddings_enabled: pulumi.Input[bool]
    """Whether embeddings are computed."""


class ConnectionInputs(AssetInputs):
    """The validated inputs of a `Connection`."""

    settings: ClassVar[frozenset[str]] = AssetInputs.settings | {"connector", "qualified_name", "epoch"}

    connector: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    qualified_name: ConnectionName | None = None
    epoch: Annotated[int, Field(ge=0)] | None = None  # reserved by the program; see `_reserved_names`
    admin_users: Users | None = None
    admin_groups: Users | None = None
    admin_roles: Users | None = None
    viewer_users: Users | None = None
    viewer_groups: Users | None = None
    category: str | None = None
    sub_category: str | None = None
    host: str | None = None
    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    allow_query: bool | None = None
    allow_query_preview: bool | None = None
    query_preview_config: dict[str, str] | None = None
    query_config: str | None = None
    query_username_strategy: QueryUsernameStrategy | None = None
    query_timeout: Seconds | None = None
    row_limit: Annotated[int, Field(ge=0)] | None = None
    credential_strategy: str | None = None
    preview_credential_strategy: str | None = None
    policy_strategy: str | None = None
    policy_strategy_for_sample_preview: str | None = None
    default_credential_guid: str | None = None
    connection_sso_credential_guid: Annotated[
        str | None, Field(serialization_alias="connectionSSOCredentialGuid")
    ] = None
    connector_icon: str | None = None
    connector_image: str | None = None
    source_logo: str | None = None
    is_sample_data_preview_enabled: bool | None = None
    has_popularity_insights: bool | None = None
    popularity_insights_timeframe: Annotated[int, Field(ge=0)] | None = None
    use_object_storage: bool | None = None
    object_storage_upload_threshold: Annotated[int, Field(ge=0)] | None = None
    connection_dbt_environments: Users | None = None
    connection_workflow_configuration: dict[str, str] | None = None
    connection_source_account_identifier: str | None = None
    connection_reverse_sync_strategy: str | None = None
    connection_is_dq_enabled: Annotated[bool | None, Field(serialization_alias="connectionIsDQEnabled")] = (
        None
    )
    vector_embeddings_enabled: bool | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield further problems: an unknown connector, or no administrators."""
        yield from super().contradictions()
        yield from self._unknown_connector()
        if not any(
            _may_have_any(admins) for admins in (self.admin_users, self.admin_groups, self.admin_roles)
        ):
            yield InputProblem(
                "admin_roles", "set at least one of admin_roles, admin_groups, and admin_users"
            )
        if self.qualified_name and is_known(self.qualified_name) and is_known(self.connector):
            named = connector_of(self.qualified_name)
            if named != self.connector:
                reason = f"names the connector {named!r}, but connector is {self.connector!r}"
                yield InputProblem("qualified_name", reason)

    def _unknown_connector(self) -> Iterator[InputProblem]:
        if self.category is None and is_known(self.connector) and self.connector not in CONNECTOR_CATEGORIES:
            near = did_you_mean(self.connector, CONNECTOR_CATEGORIES)
            advice = "a custom connector shows a gear icon; set a category to use one"
            yield InputProblem(
                "connector", f"{self.connector!r} is not a connector that Atlan knows{near} ({advice})"
            )
        if self.category and is_known(self.category) and self.category not in CATEGORIES:
            known = sorted(CATEGORIES, key=str.lower)
            reason = f"must be one of {', '.join(known)}{did_you_mean(self.category, known)}"
            yield InputProblem("category", reason)


def _may_have_any(admins: list[str] | None) -> bool:
    return not is_known(admins) or bool(admins)


class ConnectionLifecycle(EntityLifecycle):
    """The lifecycle of a `Connection`."""

    type_name = "Connection"
    model = ConnectionInputs
    identity = ("connector", "qualified_name")
    named_by = ("qualified_name",)

    def identify(self, declared: Props, olds: Props, tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the given qualifiedName, otherwise that in the state, otherwise a new one.

        Raises:
            InvalidInputError: `adopt` is set without a qualifiedName.
        """
        connector, epoch = declared["connector"], declared.get("epoch") or int(time.time())
        if "qualified_name" in declared or connector is UNKNOWN:
            name = declared.get("qualified_name", UNKNOWN)
        elif olds.get("connector") == connector and "qualified_name" in olds:
            name = olds["qualified_name"]
        elif declared.get("adopt") is True:
            raise InvalidInputError("qualified_name", _NOTHING_TO_ADOPT.format(connector))
        else:
            mark = declared.get("managed_by")
            name = _reserved_names.free_qualified_name(
                connector,
                epoch,
                tenant,
                mark,
                lambda left: self.name_once(left, takeover_note(left, declared)),
            )
        return {"qualified_name": name, "epoch": None}

    def implied_by_program(self, declared: Props) -> Props:
        """Return the given qualifiedName. The provider chooses any other."""
        return {"qualified_name": declared.get("qualified_name", UNKNOWN)}

    def verify(self, client: AtlanClient, declared: Props, changed: Sequence[str]) -> Iterator[InputProblem]:
        """Yield a problem for each unknown owner or administrator, since Atlan accepts any name."""
        yield from super().verify(client, declared, changed)
        yield from _admins.unknown_principals(client, declared, changed)

    def fixed_attributes(self, declared: Props) -> dict[str, Any]:
        """Return the connector and its category in Atlan."""
        connector = declared["connector"]
        category = CONNECTOR_CATEGORIES.get(connector)
        return {"connectorName": connector} | ({"category": category} if category else {})

    def send(self, client: AtlanClient, name: str, value: Any) -> Any:
        """Return the value to send. Roles are declared by name and sent by GUID."""
        if name == "admin_roles" and value:
            return [_admins.role_guid(client, role) for role in value]
        return super().send(client, name, value)

    def observe(self, client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """Return the observed value. A role's GUID, or the creator as an administrator, is no drift."""
        seen = super().observe(client, entity, name, declared)
        if name == "admin_roles":
            return _admins.role_names(client, seen, declared)
        if name == "admin_users":
            return [user for user in seen if user in declared or user != entity.created_by]
        return seen

    def preserve(self, attributes: dict[str, Any], current: Entity) -> dict[str, Any]:
        """Keep the creator as an administrator, so that this API key keeps its access to the connection."""
        creator = current.created_by
        if "adminUsers" in attributes and creator in (current.attributes.get("adminUsers") or []):
            return {**attributes, "adminUsers": sorted({*(attributes["adminUsers"] or []), creator})}
        return attributes

    def wait_until_ready(self, client: AtlanClient, guid: str) -> None:
        """Wait until the connection can be read. Atlan creates its policies after it has responded."""
        client.entities.get(guid, fresh_connection=True)

    def dependents_of(self, client: AtlanClient, entity: Entity) -> list[Entity]:
        """Return the connection's assets, which Atlan keeps without the connection."""
        within = {"term": {"connectionQualifiedName": entity.qualified_name}}
        listed = defaultdict(list)
        for found in client.search.live(within, attributes=["qualifiedName"]):
            listed[found.type_name].append(found.qualified_name)
        return [
            entity
            for type_name, names in listed.items()
            for entity in _live_entities(client, type_name, names)
        ]


def _live_entities(client: AtlanClient, type_name: str, names: list[str]) -> list[Entity]:
    """Return the live entities. A search index may still list entities that were just removed."""
    found = client.entities.get_many_by_qualified_name(type_name, names)
    return [entity for entity in found.values() if entity.status == "ACTIVE"]


class Connection(AtlanResource):
    """A connection: a warehouse, a database, or an orchestrator.

    Args:
        resource_name: The resource's name in the stack.
        name: Display name.
        connector: The kind of system, such as `snowflake`, `airflow`, or `spark`. Changing this forces
            replacement.
        qualified_name: `default/<connector>/<id>`. Set it if others refer to the connection by name, or if
            the preview and the deployment run on different machines. Changing this forces replacement.
            Default: Atlan's `default/<connector>/<epoch in seconds>`, chosen once and kept.
        admin_roles: Workspace roles that administer the connection, by name (such as `$admin`) or GUID.
        admin_groups: Internal names of the groups that administer the connection.
        admin_users: User names of the administrators. At least one of the three properties is required. Atlan
            adds the user of the API key; this is not reported as drift.
        adopt: Adopt an existing connection with the same qualifiedName. Without it, an existing connection is
            an error. A new resource with `adopt` must set `qualified_name`.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived: the entity
            can be restored, and its name stays taken).
        force_destroy: Delete the connection together with every asset in it. Without it, such assets are an
            error that lists them.
        opts: Resource options.
        **attributes: See `ConnectionArgs` and `AssetArgs`; managed as for a `Process`.

    Attributes:
        qualified_name: `default/<connector>/<id>`; also the Pulumi id.
        guid: The GUID in Atlan.
        managed_by: The ownership mark in Atlan; see `docs/ownership.md`.

    Example:
        ```python
        import atlan_pulumi as atlan

        etl = atlan.Connection(
            "etl",
            name="etl",
            connector="airflow",
            qualified_name="default/airflow/1657025300",
            admin_roles=["$admin"],
        )
        ```
    """

    atlan_type: ClassVar[str] = "Connection"

    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        connector: pulumi.Input[str],
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
            "qualified_name": qualified_name,
            "admin_roles": admin_roles,
            "admin_groups": admin_groups,
            "admin_users": admin_users,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        super().__init__(
            resource_name, connection_props(self.atlan_type, resource_name, given, attributes), opts
        )


def connection_props(
    kind: str, resource_name: str, given: dict[str, Any], attributes: ConnectionArgs
) -> dict[str, Any]:
    """Return the props of a connection, with a reserved epoch if it has no qualifiedName.

    Raises:
        TypeError: An attribute is unknown.
    """
    known = accept(kind, dict(attributes), set(ConnectionArgs.__annotations__))
    pinned = given["qualified_name"] is not None
    epoch = (
        None if pinned else _reserved_names.reserve(pulumi.get_project(), pulumi.get_stack(), resource_name)
    )
    return {**given, "epoch": epoch, **known}
