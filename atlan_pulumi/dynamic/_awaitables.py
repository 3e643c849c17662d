"""Inputs that are awaitables: a coroutine can be awaited once, and is needed twice.

The preview checks read each input before Pulumi's SDK serializes it. An Output does for both: Pulumi awaits
what it was made of once, and keeps the value.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi import ResourceOptions

_Init = TypeVar("_Init", bound=Callable[..., None])

# By the awaitable itself: a program may give the same one to several resources.
_outputs: WeakKeyDictionary[Awaitable[Any], pulumi.Output[Any]] = WeakKeyDictionary()


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
