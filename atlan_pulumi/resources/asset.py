"""`Asset`: an asset that no crawler sees, such as a file, an API, or a custom application."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from typing_extensions import Unpack

from atlan_pulumi.dynamic.program import AtlanResource
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    UNKNOWN,
    AssetInputs,
    Checked,
    EntityLifecycle,
    InputProblem,
    InvalidInputError,
    Props,
    ReferenceInputs,
    has_unknown,
    is_known,
    is_live,
    observe_attribute,
    observe_references,
    to_wire,
)
from atlan_pulumi.naming import AssetName, ConnectionName, asset_types, connection_of, connector_of
from atlan_pulumi.naming.relationships import container_attribute, contents_attributes
from atlan_pulumi.resources._arguments import AssetArgs, accept
from atlan_pulumi.resources.asset_checks import (
    attribute_problem,
    normalized,
    not_a_container_reason,
    unknown_type_reason,
)
from atlan_pulumi.resources.asset_containers import container_names
from atlan_pulumi.resources.literals import DeleteType
from atlan_pulumi.resources.references import AssetReference, qualified_name_of, reference

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Reference

_SIDES = ("inputToProcesses", "outputFromProcesses")


class UnknownTypeError(ResourceError, pulumi.RunError):
    """An asset has no such type. Pulumi prints the text of a `RunError`, without a traceback."""


class DeclaredAssetInputs(AssetInputs):
    """The validated inputs of an `Asset`."""

    kinds: ClassVar[dict[str, str]] = {"parent": "Catalog"}
    references: ClassVar[frozenset[str]] = frozenset(kinds)
    settings: ClassVar[frozenset[str]] = AssetInputs.settings | {"connection", "qualified_name"}

    connection: ConnectionName | None = None
    qualified_name: AssetName | None = None
    parent: ReferenceInputs | None = None
    attributes: dict[str, Any] | None = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems between properties: where the asset is must be given once."""
        yield from super().contradictions()
        if isinstance(self.parent, ReferenceInputs):
            yield from self.parent.problems("parent", "Catalog")
            if self.parent.guid is not None:
                yield InputProblem("parent", "give its qualified_name: the name of the asset contains it")
        if all(given is None for given in (self.connection, self.parent, self.qualified_name)):
            yield InputProblem("connection", "is required, or parent, which is in one")


class AssetLifecycle(EntityLifecycle):
    """The lifecycle of an `Asset` of one type, which a subclass has as `type_name`."""

    type_name = "Asset"
    model = DeclaredAssetInputs
    identity = ("connection", "parent", "qualified_name")
    named_by = ("connection", "parent", "qualified_name", "name")

    @classmethod
    def of_kind(cls, kind: str) -> AssetLifecycle:
        """Return the lifecycle of assets of a type."""
        return _lifecycle_class(kind)()

    def validate(self, news: Props) -> Checked:
        """Validate also what depends on the type of the asset."""
        checked = super().validate(news)
        if checked.problems:
            return checked
        inputs = dict(checked.inputs)
        if isinstance(given := inputs.get("attributes"), Mapping):
            inputs["attributes"] = normalized(self.type_name, given)
        return Checked(inputs, list(self._problems(inputs)))

    def _problems(self, declared: Props) -> Iterator[InputProblem]:
        """Yield the problems that depend on the type: its attributes, and what can contain it."""
        parent = declared.get("parent")
        kind: Any = parent["type_name"] if isinstance(parent, Mapping) else UNKNOWN
        if is_known(kind) and container_attribute(self.type_name, kind) is None:
            yield InputProblem("parent", not_a_container_reason(self.type_name, kind))
        given = declared.get("attributes")
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if (reason := attribute_problem(self.type_name, name, value)) is not None:
                yield InputProblem("attributes", f"attributes.{name}: {reason}")

    def identify(self, declared: Props, _olds: Props, _tenant: Callable[[], AtlanClient] | None) -> Props:
        """Return the given qualifiedName, else the name below the parent or the connection."""
        name, parent = declared.get("qualified_name"), declared.get("parent")
        place = UNKNOWN if has_unknown(parent) else parent and parent["qualified_name"]
        if name is None:
            last, above = declared["name"], declared.get("connection") if place is None else place
            name = UNKNOWN if UNKNOWN in (last, above) else f"{above}/{last}"
        if isinstance(name, str) and name.endswith("/"):
            raise InvalidInputError("name", "must not be empty, and must not end with a slash")
        connection = declared.get("connection", UNKNOWN)
        for property_, named in (("parent", place), ("qualified_name", name)):
            if isinstance(named, str):
                if isinstance(connection, str) and connection_of(named) != connection:
                    raise InvalidInputError(property_, f"{named!r} is not in the connection {connection!r}")
                connection = connection_of(named)
        return {"connection": connection, "qualified_name": name}

    def fixed_attributes(self, declared: Props) -> dict[str, Any]:
        """Return the connection, and that the asset is not partial."""
        connection = declared["connection"]
        fixed = {"connectionQualifiedName": connection, "connectorName": connector_of(connection)}
        return {**fixed, "isPartial": False}

    def to_attributes(
        self, client: AtlanClient, declared: Props, names: Collection[str], former: Props
    ) -> dict[str, Any]:
        """Return properties as attributes. An attribute that is no longer declared is cleared."""
        own = [name for name in names if name not in ("attributes", "parent")]
        sent = super().to_attributes(client, declared, own, former)
        if "attributes" in names:
            sent |= dict.fromkeys(former.get("attributes") or {})
            sent |= normalized(self.type_name, declared.get("attributes") or {})
        if "parent" in names:
            sent |= dict.fromkeys(self._place(former.get("parent")))
            sent |= self._place(declared.get("parent"))
        return sent

    def _place(self, parent: Props | None) -> dict[str, Any]:
        """Return the attributes that show where the asset is: its parent, and the names of its containers."""
        if not parent:
            return {}
        names = container_names(self.type_name, parent["type_name"], parent["qualified_name"])
        return {self._parent_attribute(parent): to_wire(parent), **names}

    def observe(self, client: AtlanClient, entity: Entity, name: str, declared: Any) -> Any:
        """Return the observed value; of `attributes`, those that are declared."""
        if name == "attributes":
            seen = {key: observe_attribute(entity, key, value) for key, value in declared.items()}
            return {key: value for key, value in seen.items() if value is not None}
        if name == "parent":
            return observe_references(entity, self._parent_attribute(declared), declared)
        return super().observe(client, entity, name, declared)

    def _parent_attribute(self, parent: Props) -> str:
        return container_attribute(self.type_name, parent["type_name"]) or ""

    def dependents_of(self, client: AtlanClient, entity: Entity) -> list[Entity]:
        """Return the assets in it, at any depth, and the processes that read or write any of them."""
        found: dict[str, Entity] = {}
        new = [entity]
        while new:
            guids = {guid for each in new for guid in _contained(each)} - {entity.guid, *found}
            new = [each for each in client.entities.get_many(sorted(guids)).values() if is_live(each)]
            found |= {str(each.guid): each for each in new}
        edges = {edge.guid for each in (entity, *found.values()) for edge in _edges(each) if edge.guid}
        processes = client.entities.get_many(sorted(edges), relationships=False).values()
        return [*filter(is_live, processes), *found.values()]


def _contained(entity: Entity) -> Iterator[str]:
    """Yield the GUIDs of the assets that refer to an asset as their container."""
    for attribute in contents_attributes(entity.type_name):
        for each in entity.related(attribute, drop_archived=True):
            if each.guid:
                yield each.guid


def _edges(entity: Entity) -> Iterator[Reference]:
    for side in _SIDES:
        yield from entity.related(side, drop_archived=True)


@functools.cache
def _lifecycle_class(type_name: str) -> type[AssetLifecycle]:
    return type(f"{type_name}Lifecycle", (AssetLifecycle,), {"type_name": type_name})


class Asset(AtlanResource):
    """An asset of any type, with the full lifecycle that a `Process` has.

    Declare what no crawler sees: files, APIs, custom applications. What a crawler sees belongs to the
    crawler, which overwrites it; refer to it with `table()`, or with `table_of()` if this program creates it.
    There are shorter forms for common types, such as `S3Object` and `KafkaTopic`.

    Args:
        resource_name: The resource's name in the stack.
        type_name: Atlan's typeName, case-sensitive, such as `QuickSightDataset`. It is a part of Pulumi's
            type token. Changing this forces replacement.
        name: Display name. Without `qualified_name`, changing this forces replacement.
        connection: The connection that the asset is in: a `Connection` or a qualifiedName. Changing this
            forces replacement. Default: the connection of `parent`.
        parent: The asset that contains this one, such as the schema of a table or the bucket of an object: an
            `Asset` or a reference. Changing this forces replacement, unless `qualified_name` is set.
        qualified_name: The asset's qualifiedName. Changing this forces replacement. Default: the name, below
            the qualifiedName of `parent` or of `connection`.
        attributes: More attributes of the type, by Atlan's names, such as `{"fileType": "csv"}`. Attributes
            that are set are managed.
        adopt: Adopt an existing asset with the same qualifiedName. Without it, an existing asset is an error,
            unless it is a placeholder of this stack.
        delete_type: Deletion mode: `PURGE` (permanent, the default), `HARD`, or `SOFT` (archived: the entity
            can be restored, and its name stays taken).
        force_destroy: Delete the asset together with the assets that it contains and the processes that read
            or write any of them. Without it, such assets and processes are an error that lists them.
        opts: Resource options.
        **attributes_of_assets: See `AssetArgs`; managed as for a `Process`.

    Attributes:
        qualified_name: The qualifiedName; also the Pulumi id.
        guid: The GUID in Atlan.
        managed_by: The ownership mark in Atlan; see `docs/ownership.md`.

    Raises:
        UnknownTypeError: Atlan has no such type, or its assets are not in a source.

    Example:
        ```python
        import atlan_pulumi as atlan

        reports = atlan.Asset(
            "reports",
            type_name="QuickSightDataset",
            name="Weekly reports",
            connection="default/snowflake/1657025257",
            attributes={"quickSightDatasetImportMode": "SPICE"},
        )
        ```
    """

    def __new__(cls, *_args: Any, type_name: Any = None, **_kwargs: Any) -> Asset:
        """Create an instance of the class for the type: Pulumi takes the type token from the class."""
        if cls is not Asset or type_name is None:
            return super().__new__(cls)
        if not isinstance(type_name, str) or not asset_types.is_source_type(type_name):
            raise UnknownTypeError(unknown_type_reason(type_name))
        return super().__new__(_resource_class(type_name))

    def __init__(
        self,
        resource_name: str,
        *,
        type_name: str,
        name: pulumi.Input[str],
        connection: AtlanResource | pulumi.Input[str] | None = None,
        parent: AtlanResource | pulumi.Input[AssetReference] | None = None,
        qualified_name: pulumi.Input[str] | None = None,
        attributes: pulumi.Input[Mapping[str, pulumi.Input[Any]]] | None = None,
        adopt: pulumi.Input[bool] | None = None,
        delete_type: pulumi.Input[DeleteType] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **attributes_of_assets: Unpack[AssetArgs],
    ) -> None:
        props = {
            "name": name,
            "connection": None if connection is None else qualified_name_of(connection),
            "parent": None if parent is None else reference(parent),
            "qualified_name": qualified_name,
            "attributes": attributes,
            "adopt": adopt,
            "delete_type": delete_type,
            "force_destroy": force_destroy,
        }
        known = accept(type_name, dict(attributes_of_assets), set(AssetArgs.__annotations__))
        super().__init__(resource_name, {**props, **known}, opts)


@functools.cache
def _resource_class(type_name: str) -> type[Asset]:
    return type(type_name, (Asset,), {"atlan_type": type_name})
