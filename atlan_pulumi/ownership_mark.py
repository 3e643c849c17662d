"""The text of an ownership mark.

A mark contains the stack, the resource as in its URN, and the origin, which distinguishes stacks of the same
name: `pulumi:<project>/<stack>#<types>::<resource name>@<origin>`. Earlier versions wrote
`pulumi:<project>/<stack>#[<parent's type>$]<resource name>`, which stays readable.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from atlan_pulumi.errors import ConfigurationError

#: Atlan's attribute that holds the mark: the workflow that last synchronized an asset
#: (source: docs.atlan.com, asset attributes).
OWNERSHIP_ATTRIBUTE = "lastSyncWorkflowName"
#: The prefix of types in URNs, which marks omit: the package and module of dynamic resources.
DYNAMIC = "pulumi-python:dynamic/"
#: What every mark begins with, and no name of a workflow.
PREFIX = "pulumi:"
#: The types end at the first `atlan:<kind>::`: a type cannot contain `::`, and a name can look like a type.
_RESOURCE = re.compile(r"(?P<types>(?:.*?\$)??atlan:\w+)::(?P<name>.+)@(?P<origin>[0-9a-f]{8})", re.DOTALL)


class Mark(NamedTuple):
    """The parts of an ownership mark.

    Attributes:
        stack: The stack, such as `shop/prod`.
        types: The resource's type below its parents' types, as in a URN. In marks of earlier versions, only
            the parent's type; empty for none.
        name: The resource's name.
        origin: 8 hexadecimal digits that distinguish stacks of the same name; empty in marks of earlier
            versions.
    """

    stack: str
    types: str
    name: str
    origin: str

    def __str__(self) -> str:
        if self.origin:
            return f"{stack_prefix(self.stack)}{self.types}::{self.name}@{self.origin}"
        return f"{stack_prefix(self.stack)}{self.types}{'$' if self.types else ''}{self.name}"

    def has_owner_of(self, other: Mark) -> bool:
        """Return whether both marks name one stack.

        A mark without an origin matches every stack of its name.
        """
        return self.stack == other.stack and (
            self.origin == other.origin or not (self.origin and other.origin)
        )

    def is_of_resource(self, other: Mark) -> bool:
        """Return whether both marks name one resource of one stack, whichever versions wrote them."""
        if (self.stack, self.name) != (other.stack, other.name):
            return False
        if bool(self.origin) == bool(other.origin):
            return self.types == other.types
        new, old = (self, other) if self.origin else (other, self)
        parents = new.types.split("$")[:-1]
        return old.types == (parents[-1] if parents else "")


def stack_prefix(stack: str) -> str:
    """Return the beginning of the marks of a stack.

    Example:
        >>> stack_prefix("shop/prod")
        'pulumi:shop/prod#'
    """
    return f"{PREFIX}{stack}#"


def mark(stack: str, resource_name: str, types: str = "atlan:Process", origin: str = "00000000") -> str:
    """Return the mark of a resource.

    Args:
        stack: The stack, such as `shop/prod`.
        resource_name: The resource's name in that stack.
        types: Its type below its parents' types, joined by `$` as in a URN.
        origin: 8 hexadecimal digits that distinguish stacks of the same name.

    Raises:
        ConfigurationError: The stack's text contains `#`, which ends it in a mark.

    Example:
        >>> mark("shop/prod", "load-orders", "shop:pipelines:Nightly$atlan:Process", "3f9c2e1a")
        'pulumi:shop/prod#shop:pipelines:Nightly$atlan:Process::load-orders@3f9c2e1a'
    """
    if problem := ownership_text_problem(stack):
        raise ConfigurationError(problem)
    return str(Mark(stack, types, resource_name, origin))


def ownership_text_problem(stack: str | None) -> str | None:
    """Return why a text cannot name the stack in a mark; None if it can."""
    if stack is None or "#" not in stack:
        return None
    return (
        f"atlan:ownershipMark must not contain '#', which ends the stack in a mark, but is {stack!r}: "
        "choose another text, such as 'team-a/lineage'"
    )


def parse_mark(text: object) -> Mark | None:
    """Return the parts of a stack's mark; None if the text is not one.

    Example:
        >>> parse_mark("pulumi:shop/prod#shop:pipelines:Nightly$load-orders")
        Mark(stack='shop/prod', types='shop:pipelines:Nightly', name='load-orders', origin='')
    """
    if not isinstance(text, str) or not text.startswith(PREFIX):
        return None
    stack, _, resource = text[len(PREFIX) :].partition("#")
    if found := _RESOURCE.fullmatch(resource):
        return Mark(stack, found["types"], found["name"], found["origin"])
    before, _, after = resource.partition("$")
    return Mark(stack, before, after, "") if after else Mark(stack, "", before, "")


def stack_of(mark_: object) -> str | None:
    """Return the stack that a mark names, such as `shop/prod`; None if the text is not a stack's mark.

    Example:
        >>> stack_of("pulumi:shop/prod#atlan:Process::load-orders@3f9c2e1a")
        'shop/prod'
    """
    parsed = parse_mark(mark_)
    return parsed.stack if parsed else None


def resource_of(mark_: object) -> str | None:
    """Return the name of the resource that a mark names; None if the text is not a stack's mark.

    Example:
        >>> resource_of("pulumi:shop/prod#atlan:Process::load-orders@3f9c2e1a")
        'load-orders'
    """
    parsed = parse_mark(mark_)
    return parsed.name if parsed else None


def kind_of(mark_: object) -> str:
    """Return the kind of the resource that a mark names, such as `Process`.

    It is empty if the text is not a stack's mark, or the mark of an earlier version, which contains no kind.

    Example:
        >>> kind_of("pulumi:shop/prod#shop:pipelines:Nightly$atlan:Process::load-orders@3f9c2e1a")
        'Process'
    """
    parsed = parse_mark(mark_)
    return parsed.types.rpartition(":")[2] if parsed and parsed.origin else ""


def same_owner(one: object, other: object) -> bool:
    """Return whether two texts are marks of one stack."""
    first, second = parse_mark(one), parse_mark(other)
    return first is not None and second is not None and first.has_owner_of(second)


def same_resource(one: object, other: object) -> bool:
    """Return whether two texts are marks of one resource, whichever versions wrote them."""
    first, second = parse_mark(one), parse_mark(other)
    return first is not None and second is not None and first.is_of_resource(second)


def continued(old: str | None, new: str | None) -> str | None:
    """Return the mark that a resource keeps: the one in its state, if it still names the resource.

    The origin may differ between two runs of one stack, for example if the backend's URL is written
    differently.
    """
    return old if same_resource(old, new) else new


def is_precise(mark_: object) -> bool:
    """Return whether only one resource can have a mark. Resources may share a mark of an earlier version."""
    parsed = parse_mark(mark_)
    return parsed is not None and bool(parsed.origin)
