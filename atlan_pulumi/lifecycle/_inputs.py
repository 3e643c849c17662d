"""Input models: validation errors in plain words, asset attributes, references.

Source: the metastore's `Asset` and `Referenceable` type definitions, as Atlan's SDK models them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from atlan_pulumi.lifecycle import _ownership as ownership
from atlan_pulumi.lifecycle._values import UNKNOWN, has_unknown, is_known
from atlan_pulumi.naming import AssetName, asset_types
from atlan_pulumi.not_text import given_resource
from atlan_pulumi.text import did_you_mean

_LONGEST = 80
"""A problem does not show a longer value."""
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


_REASONS = {
    "missing": "is required",
    "string_too_short": "must not be blank",
    "string_pattern_mismatch": "must not be blank",
    "too_short": "must not be empty",
}
CertificateStatus = Literal["DRAFT", "VERIFIED", "DEPRECATED"]
AnnouncementType = Literal["information", "warning", "issue"]
Deletion = Literal["PURGE", "HARD", "SOFT"]
#: The longest text of an attribute; Atlan responds with 500 to a longer one (source: its metastore).
MOST_CHARACTERS = 100_000
Milliseconds = Annotated[int, Field(ge=0)]
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _pass_unknown(value: Any, handler: Any) -> Any:
    return value if value is UNKNOWN else handler(value)


#: An element of a list that may be unknown. A whole property may be unknown too (see `Inputs`).
Element = WrapValidator(_pass_unknown)
TextElement = Annotated[Text, Element]


class Inputs(BaseModel):
    """Base of the inputs models: properties in snake_case, with Atlan's attribute names as aliases.

    A property that a preview does not know yet is `UNKNOWN`, whatever its declared type, and is not
    validated. Undeclared properties are problems.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        alias_generator=AliasGenerator(serialization_alias=to_camel),
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _leave_unknown(cls, value: Any, handler: Any) -> Any:
        return _pass_unknown(value, handler)


class InputProblem(NamedTuple):
    """A problem in the inputs of a resource."""

    property: str
    """The top-level property, in snake_case; `""` for the resource as a whole."""
    reason: str
    """The reason and the remedy, in one line."""


class InvalidInputError(Exception):
    """Inputs are valid one by one, but contradict each other."""

    def __init__(self, property_: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = InputProblem(property_, reason)


def problems_of(error: ValidationError, model: type[Inputs]) -> list[InputProblem]:
    """Return every problem that pydantic found, one line each, on the resource's properties."""
    return [_problem(detail, model) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, model: type[Inputs]) -> InputProblem:
    location = [part for part in detail["loc"] if not str(part).startswith("function-")]
    name = str(location[0]) if location else ""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location[1:])
    return InputProblem(name, (f"{name}{place}: " if place else "") + _reason(detail, name, model))


def _reason(detail: ErrorDetails, name: str, model: type[Inputs]) -> str:
    if detail["type"] == "extra_forbidden":
        return f"unknown property{did_you_mean(name, model.model_fields)}"
    if detail["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"must be one of {', '.join(allowed)}{did_you_mean(detail['input'], allowed)}"
    if detail["type"] in _REASONS:
        return _REASONS[detail["type"]]
    kind = getattr(model, "kinds", {}).get(name)
    if detail["type"] == "list_type":
        return _not_a_list(detail["input"], kind, model)
    if kind and detail["type"] == "model_type":
        return f"{_not_a_reference(detail['input'])}: {refer_with(model, kind, detail['input'])}"
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")


def _not_a_list(value: object, kind: str | None, model: type[Inputs]) -> str:
    if kind is None:
        return "must be a list: put the value in one"
    if isinstance(value, Mapping) or given_resource(value):
        return "must be a list of references: put the reference in one"
    return f"must be a list of references: put it in one, and {refer_with(model, kind, value)}"


def _not_a_reference(value: object) -> str:
    if resource := given_resource(value):
        return f"the resource {resource} is not a reference to an asset in Atlan"
    shown = repr(value) if len(repr(value)) <= _LONGEST else f"a {type(value).__name__}"
    return f"{shown} is not a reference to an asset in Atlan"


def refer_with(model: type[Inputs], kind: str, value: object = None) -> str:
    """Return the advice on how to refer to an asset, such as `use atlan.table(…)`.

    Args:
        model: The inputs model of the resource.
        kind: The required type of the asset.
        value: The given value, if any. A text is taken for the qualifiedName.
    """
    name = repr(value) if isinstance(value, str) and not given_resource(value) else "…"
    name = name if len(name) <= _LONGEST else "…"
    if kind == "Catalog":
        function = getattr(model, "refer_with", "table")
        return f"use atlan.{function}({name}), or atlan.asset(TYPE, qualified_name=…) for another type"
    if kind == "dataset":
        return "name it as OpenLineage does, with atlan.dataset(NAMESPACE, NAME)"
    if kind == "Process":
        return "give the Process itself, or its qualifiedName"
    return f"use atlan.asset({kind!r}, qualified_name={name})"


def own_source_reason(what: str, by: str = "process") -> str:
    """Return why something must not be both input and output, and the remedy.

    Args:
        what: What it is, such as `an asset`.
        by: What reads and writes it.
    """
    return (
        f"{what} cannot be its own source; if the {by} reads what it writes (MERGE, INSERT OVERWRITE), "
        "set reads_own_output=True"
    )


class ResourceInputs(Inputs):
    """The validated inputs of every resource. A property that is None is not managed."""

    references: ClassVar[frozenset[str]] = frozenset()
    """The properties that contain references to other assets."""
    kinds: ClassVar[dict[str, str]] = {}
    """The Atlan type that each of them refers to, or a supertype."""
    refer_with: ClassVar[str] = "table"
    """The function that creates a reference to a `Catalog` asset of the usual type."""
    settings: ClassVar[frozenset[str]] = frozenset(
        {"adopt", "delete_type", "force_destroy", "missing_assets", "reads_own_output", "wait_seconds"}
    )
    """The properties that configure this package and are never sent."""

    adopt: bool | None = None
    delete_type: Deletion | None = None
    force_destroy: bool | None = None
    managed_by: Annotated[Text | None, Field(serialization_alias=ownership.OWNERSHIP_ATTRIBUTE)] = None

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems between properties that are valid one by one."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, str) and len(value) > MOST_CHARACTERS:
                length = f"is {len(value):,} characters long"
                yield InputProblem(name, f"{length}; Atlan takes {MOST_CHARACTERS:,} at most")


class WaitingInputs(Inputs):
    """The inputs of a resource whose inputs and outputs Atlan may not have yet."""

    missing_assets: Literal["error", "partial", "wait"] | None = None
    wait_seconds: Annotated[float, Field(gt=0)] | None = None


class AssetInputs(ResourceInputs):
    """The validated attributes of every asset."""

    name: Text
    display_name: str | None = None
    description: str | None = None
    user_description: str | None = None
    owner_users: list[TextElement] | None = None
    owner_groups: list[TextElement] | None = None
    certificate_status: CertificateStatus | None = None
    certificate_status_message: str | None = None
    announcement_type: AnnouncementType | None = None
    announcement_title: str | None = None
    announcement_message: str | None = None
    source_url: Annotated[str | None, Field(serialization_alias="sourceURL")] = None
    source_embed_url: Annotated[str | None, Field(serialization_alias="sourceEmbedURL")] = None
    source_created_by: str | None = None
    source_updated_by: str | None = None
    source_created_at: Milliseconds | None = None
    source_updated_at: Milliseconds | None = None
    source_owners: str | None = None
    sub_type: str | None = None
    lexicographical_sort_order: str | None = None
    is_discoverable: bool | None = None
    is_editable: bool | None = None

    @classmethod
    def holds_many(cls, name: str) -> bool:
        """Return whether a property is a list, which Atlan treats as a set."""
        return "list[" in str(cls.model_fields[name].annotation)

    def contradictions(self) -> Iterator[InputProblem]:
        """Yield the problems between properties that belong together."""
        yield from super().contradictions()
        if self.certificate_status_message is not None and self.certificate_status is None:
            yield InputProblem("certificate_status_message", "needs certificate_status")
        for name in ("announcement_title", "announcement_message"):
            if getattr(self, name) is not None and self.announcement_type is None:
                yield InputProblem(name, "needs announcement_type")


def wire_name(model: type[ResourceInputs], name: str) -> str:
    """Return Atlan's attribute name of a property, such as `sourceURL` for `source_url`."""
    return model.model_fields[name].serialization_alias or name


def managed_properties(model: type[ResourceInputs], declared: dict[str, Any]) -> list[str]:
    """Return the declared properties that describe the asset, in the model's order."""
    return [name for name in model.model_fields if name in declared and name not in model.settings]


def is_guid(value: str) -> bool:
    """Return whether a text has the form of a GUID."""
    return bool(_GUID.fullmatch(value))


def _guid(value: str) -> str:
    if not is_guid(value):
        raise ValueError(f"{value!r} is not a GUID, such as '495b1516-aaaf-4390-8cfd-b11ade7a7799'")
    return value


def _type_name(value: str) -> str:
    if not asset_types.is_asset_type(value):
        near = did_you_mean(value, asset_types.type_names())
        raise ValueError(f"{value!r} is not an Atlan type, such as 'Table' (case-sensitive){near}")
    return value


class ReferenceInputs(Inputs):
    """A validated reference."""

    type_name: Annotated[str, AfterValidator(_type_name)]
    qualified_name: AssetName | None = None
    guid: Annotated[str, AfterValidator(_guid)] | None = None

    def problems(self, place: str, kind: str) -> Iterator[InputProblem]:
        """Yield the problems of the reference as a whole.

        Args:
            place: Its position, such as `inputs[2]`.
            kind: The required type of the asset, or a supertype.
        """
        name = place.partition("[")[0]
        if (self.qualified_name is None) == (self.guid is None):
            yield InputProblem(name, f"{place}: give exactly one of qualified_name and guid")
        if is_known(self.type_name) and not asset_types.is_a(self.type_name, kind):
            advice = f"; {refer_with(type(self), kind)}" if kind == "Catalog" else ""
            yield InputProblem(
                name, f"{place}: a {self.type_name} is not allowed here, expected a {kind}{advice}"
            )


#: A reference as an element of a list, which may be unknown as a whole.
ReferenceElement = Annotated[ReferenceInputs, Element]


def to_wire(reference_: Mapping[str, Any]) -> dict[str, Any]:
    """Return a reference as Atlan's REST API expects it."""
    wire: dict[str, Any] = {"typeName": reference_["type_name"]}
    if reference_.get("guid"):
        return wire | {"guid": reference_["guid"]}
    return wire | {"uniqueAttributes": {"qualifiedName": reference_["qualified_name"]}}


def references_in(value: Any) -> list[dict[str, Any]]:
    """Return the known references in the value of a property, which may be one or a list."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict) and not has_unknown(item)]
