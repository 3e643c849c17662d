"""Resolves a resource's props before it is registered; names of this program's own resources at once."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Protocol

import pulumi
from pulumi.output import Unknown

from atlan_pulumi.preflight import Key
from atlan_pulumi.unknown import UNKNOWN

_TAG = "_atlan_name"
_EXPECTED = "_atlan_expected"


class Named(Protocol):
    """A resource of this program, and the name that it will have."""

    type_name: str

    @property
    def resource(self) -> pulumi.Resource:
        """The resource."""

    def key(self) -> Awaitable[Key | None]:
        """The entity's name, as soon as the program alone decides it; else None."""


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
