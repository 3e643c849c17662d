"""Inputs that are outputs or awaitables: what is known of them before the resource is registered.

The preview checks read each input before Pulumi's SDK serializes it. An Output does for both: Pulumi awaits
what it was made of once, and keeps the value.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi import ResourceOptions
from pulumi.output import Unknown

from atlan_pulumi.lifecycle import UNKNOWN
from atlan_pulumi.lifecycle import EntityKey as Key

_TAG = "_atlan_name"
_EXPECTED = "_atlan_expected"
_Init = TypeVar("_Init", bound=Callable[..., None])

# By the awaitable itself: a program may give the same one to several resources.
_outputs: WeakKeyDictionary[Awaitable[Any], pulumi.Output[Any]] = WeakKeyDictionary()


class Named(Protocol):
    """A resource of this program, and the name that it will have."""

    type_name: str

    @property
    def resource(self) -> pulumi.Resource:
        """The resource."""

    def key(self) -> Awaitable[Key | None]:
        """The entity's name, as soon as the program alone decides it; else None."""

    def key_now(self) -> Key | None:
        """Return the entity's name, as far as it is known without waiting; else None."""


def tag(output: pulumi.Output[Any], named: Named) -> None:
    """Let the Output of a resource's qualifiedName tell it before the engine has answered."""
    setattr(output, _TAG, named)


def expect(output: pulumi.Output[Any], value: Any) -> None:
    """Let an Output of a resource stand for what the program gives it, before the engine has answered."""
    setattr(output, _EXPECTED, value)


@dataclass
class Resolved:
    """What was met on the way.

    Attributes:
        made_before: The entities of this program that the values name.
        depends_on: The resources that they depend on.
        secret: Whether a value is secret.
    """

    made_before: set[Key] = field(default_factory=set)
    depends_on: set[pulumi.Resource] = field(default_factory=set)
    secret: bool = False

    async def value(self, given: Any) -> Any:
        """Plain data; what is not known is `UNKNOWN`."""
        if isinstance(given, pulumi.Output):
            return await self._output(given)
        if isawaitable(given):
            return await self.value(await given)
        if isinstance(given, dict):
            return {key: await self.value(item) for key, item in given.items()}
        if isinstance(given, (list, tuple)):
            return [await self.value(item) for item in given]
        return UNKNOWN if isinstance(given, Unknown) else given

    async def _output(self, given: pulumi.Output[Any]) -> Any:
        named: Named | None = vars(given).get(_TAG)  # as an attribute it would be lifted
        if named is not None:
            self.depends_on.add(named.resource)
            if key := await named.key():
                self.made_before.add(key)
                return key.qualified_name
        if (expected := vars(given).get(_EXPECTED)) is not None:
            return await self.value(expected)
        self.depends_on |= await given.resources()
        self.secret |= await given.is_secret()
        value = await given.future(with_unknowns=True)
        if value is None and not await given.is_known():
            return UNKNOWN
        if named is not None and isinstance(value, str):
            self.made_before.add(Key(named.type_name, value))
        return await self.value(value)


def known_now(given: Any) -> Any:
    """Return plain data without waiting; what is not known yet is `UNKNOWN`."""
    if isinstance(given, pulumi.Output):
        return _output_now(given)
    if isinstance(given, dict):
        return {key: known_now(item) for key, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [known_now(item) for item in given]
    return UNKNOWN if isinstance(given, Unknown) or isawaitable(given) else given


def _output_now(given: pulumi.Output[Any]) -> Any:
    named: Named | None = vars(given).get(_TAG)
    if named is not None and (key := named.key_now()):
        return key.qualified_name
    if (expected := vars(given).get(_EXPECTED)) is not None:
        return known_now(expected)
    if not is_settled(given):
        return UNKNOWN
    data = vars(given)["_data"].result()
    return UNKNOWN if data.value is None and not data.is_known else known_now(data.value)


def is_settled(output: pulumi.Output[Any]) -> bool:
    """Return whether an Output has its value, or is known to have none in this preview."""
    data = vars(output).get("_data")  # Pulumi has no way to ask without waiting
    if not isinstance(data, asyncio.Future) or not data.done() or data.cancelled():
        return False
    return data.exception() is None


def shared(value: Any) -> Any:
    """Return an input with an Output for each awaitable in it, at any depth; where it has none, itself."""
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
    return any(one is not other for one, other in zip(these, those, strict=True))


def _shared_options(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    if not isinstance(opts.depends_on, (list, tuple)):
        return opts  # Pulumi itself awaits what is given for the list, and takes no coroutine there
    depends_on = shared(opts.depends_on)
    if depends_on is opts.depends_on:
        return opts
    copied = pulumi.ResourceOptions.merge(opts, None)
    copied.depends_on = depends_on
    return copied


def accepting_awaitables(init: _Init) -> _Init:
    """Let a resource's `__init__` take awaitables as inputs, at any depth."""

    @functools.wraps(init)
    def wrapped(self: object, *args: Any, **kwargs: Any) -> None:
        init(self, *map(shared, args), **{name: shared(given) for name, given in kwargs.items()})

    return wrapped  # type: ignore[return-value]
