"""What pulumi-policy hands to a rule, as plain data: values that are not known yet do not stop a rule.

pulumi-policy raises where a policy touches an unknown value, and the whole policy is then passed over for
that resource, mandatory or not. Here each unknown value is `UNKNOWN`, so that a rule goes on with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

from atlan_pulumi.declared import SECRET, Declared, from_engine, kind_of
from atlan_pulumi.unknown import UNKNOWN

_last: dict[str, Declared] = {}
"""The resources as they were seen last: pulumi-policy hands each of them to one policy after another."""


def declared(resource: ResourceValidationArgs | PolicyResource) -> Declared | None:
    """The resource as plain data; None for those that are not of this package, or that are refused anyway.

    The engine also asks about inputs that the provider's check has refused: those lack what it adds.
    """
    kind = kind_of(resource.resource_type)
    if kind is None or "qualified_name" not in set(resource.props):  # an unknown one is there, and raises
        return None
    found = Declared(resource.urn, kind, from_engine(_plain(resource.props)), resource.opts.protect)
    last = _last.get(found.urn)
    if last == found:  # with its edges, which each rule would work out anew
        return last
    _last[found.urn] = found
    return found


def declared_all(resources: Iterable[PolicyResource]) -> list[Declared]:
    """Those of the resources that are of this package, in the order of their URNs."""
    found = (declared(resource) for resource in resources)
    return sorted((each for each in found if each is not None), key=lambda each: each.urn)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return UNKNOWN if value == SECRET else value  # where a state is analysed: it cannot be judged


def _item(container: Any, key: Any) -> Any:
    try:
        return _plain(container[key])
    except UnknownValueError:
        return UNKNOWN
