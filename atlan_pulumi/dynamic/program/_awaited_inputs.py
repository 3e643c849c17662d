"""Inputs that are Outputs or awaitables: resolve them before the resource is registered.

Preflight reads each input before Pulumi's SDK serializes it, but an awaitable can be awaited only once. An
Output can be read by both, so each awaitable becomes an Output.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from inspect import isawaitable
from operator import is_
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi import ResourceOptions
from pulumi.output import Unknown

from atlan_pulumi.lifecycle import UNKNOWN
from atlan_pulumi.lifecycle import EntityKey as Key

PLAIN = frozenset({str, int, float, bool, type(None)})
"""The types of values that are no Output, contain none, and cannot be awaited."""
_TAG = "_atlan_name"
_EXPECTED = "_atlan_expected"
_ITEMS = "_atlan_items"
_Init = TypeVar("_Init", bound=Callable[..., None])

# Keyed by the awaitable, since a program may pass the same one to several resources.
_outputs: WeakKeyDictionary[Awaitable[Any], pulumi.Output[Any]] = WeakKeyDictionary()


class NamedResource(Protocol):
    """A resource of this program, and the qualifiedName that it will have."""

    type_name: str

    @property
    def resource(self) -> pulumi.Resource:
        """The resource."""

    def key(self) -> Awaitable[Key | None]:
        """Return the entity's key once the program's own values decide it; None if they do not."""

    def key_now(self) -> Key | None:
        """Return the entity's key if it is known without waiting; else None."""


def tag(output: pulumi.Output[Any], named: NamedResource) -> None:
    """Make a resource's qualifiedName known from its Output before the engine has answered."""
    setattr(output, _TAG, named)


def expect(output: pulumi.Output[Any], value: Any) -> None:
    """Make the value of a resource's Output known before the engine has answered."""
    setattr(output, _EXPECTED, value)


def itemize(output: pulumi.Output[Any], items: Awaitable[list[Any]]) -> None:
    """Make the items of an Output of a list known one by one, each with what it depends on.

    Args:
        output: The Output, which depends on what any item depends on.
        items: The items: plain values, or Outputs.
    """
    setattr(output, _ITEMS, items)


async def items_of(given: Any) -> Any:
    """Return the items of an Output that `itemize` was called for; any other value as it is."""
    items = vars(given).get(_ITEMS) if isinstance(given, pulumi.Output) else None
    return given if items is None else await items


@dataclass
class Resolved:
    """Values resolved to plain data, and what they depend on.

    Attributes:
        created_before: Entities of this program that the values refer to.
        depends_on: Resources that the values depend on.
        secret: Whether any value is secret.
    """

    created_before: set[Key] = field(default_factory=set)
    depends_on: set[pulumi.Resource] = field(default_factory=set)
    secret: bool = False

    async def value(self, given: Any) -> Any:
        """Return a value as plain data, with `UNKNOWN` for unknown values."""
        if isinstance(given, pulumi.Output):
            return await self._output(given)
        if isinstance(given, dict):
            return {
                key: item if type(item) in PLAIN else await self.value(item) for key, item in given.items()
            }
        if isinstance(given, (list, tuple)):
            return [item if type(item) in PLAIN else await self.value(item) for item in given]
        if isawaitable(given):
            return await self.value(await given)
        return UNKNOWN if isinstance(given, Unknown) else given

    async def _output(self, given: pulumi.Output[Any]) -> Any:
        named: NamedResource | None = vars(given).get(_TAG)  # as an attribute it would be lifted
        if named is not None:
            self.depends_on.add(named.resource)
            if key := await named.key():
                self.created_before.add(key)
                return key.qualified_name
        if (expected := vars(given).get(_EXPECTED)) is not None:
            return await self.value(expected)
        self.depends_on |= await given.resources()
        self.secret |= await given.is_secret()
        value = await given.future(with_unknowns=True)
        if value is None and not await given.is_known():
            return UNKNOWN
        if named is not None and isinstance(value, str):
            self.created_before.add(Key(named.type_name, value))
        return await self.value(value)


def known_now(given: Any) -> Any:
    """Return a value as plain data without waiting, with `UNKNOWN` for what is not known yet."""
    if isinstance(given, pulumi.Output):
        return _output_now(given)
    if isinstance(given, dict):
        return {key: known_now(item) for key, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [known_now(item) for item in given]
    return UNKNOWN if isinstance(given, Unknown) or isawaitable(given) else given


def _output_now(given: pulumi.Output[Any]) -> Any:
    named: NamedResource | None = vars(given).get(_TAG)
    if named is not None and (key := named.key_now()):
        return key.qualified_name
    if (expected := vars(given).get(_EXPECTED)) is not None:
        return known_now(expected)
    if not is_settled(given):
        return UNKNOWN
    data = vars(given)["_data"].result()
    return UNKNOWN if data.value is None and not data.is_known else known_now(data.value)


def is_settled(output: pulumi.Output[Any]) -> bool:
    """Return whether an Output is resolved, to a value or to unknown."""
    data = vars(output).get("_data")  # Pulumi has no public way to ask without waiting
    if not isinstance(data, asyncio.Future) or not data.done() or data.cancelled():
        return False
    return data.exception() is None


def is_plain(value: Any) -> bool:
    """Return whether a value is plain data: it contains no Output, and nothing to wait for."""
    if type(value) is dict:
        value = value.values()
    elif type(value) is not list:
        return type(value) in PLAIN
    return all(type(item) in PLAIN or is_plain(item) for item in value)


def shared(value: Any) -> Any:
    """Replace each awaitable in an input, at any depth, by an Output; return other inputs as they are."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, dict):
        items = {key: shared(item) for key, item in value.items()}
        return items if _differ(items.values(), value.values()) else value
    if type(value) in (list, tuple, set, frozenset):
        elements = [shared(item) for item in value]
        return elements if _differ(elements, value) else value
    if isinstance(value, ResourceOptions):
        return _shared_options(value)
    if isawaitable(value) and not isinstance(value, pulumi.Output):
        if value not in _outputs:
            _outputs[value] = pulumi.Output.from_input(value)
        return _outputs[value]
    return value


def _differ(these: Iterable[Any], those: Iterable[Any]) -> bool:
    return not all(map(is_, these, those))


def _shared_options(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    if not isinstance(opts.depends_on, (list, tuple)):
        return opts  # Pulumi awaits an awaitable list itself
    depends_on = shared(opts.depends_on)
    if depends_on is opts.depends_on:
        return opts
    copied = pulumi.ResourceOptions.merge(opts, None)
    copied.depends_on = depends_on
    return copied


def accepting_awaitables(init: _Init) -> _Init:
    """Make a resource's `__init__` accept awaitables as inputs, at any depth."""

    @functools.wraps(init)
    def wrapped(self: object, *args: Any, **kwargs: Any) -> None:
        init(self, *map(shared, args), **{name: shared(given) for name, given in kwargs.items()})

    return wrapped  # type: ignore[return-value]
