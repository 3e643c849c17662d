"""Checks of registered inputs, which may differ from those that the program declares.

A transform changes inputs on their way to the engine, and `ignore_changes` replaces them with those in the
state. The program sees neither, so the provider checks such inputs again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle import (
    EntityKey as Key,
)
from atlan_pulumi.lifecycle import (
    ManyLifecycle,
    Props,
    ResourceLifecycle,
    has_unknown,
)
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._ownership_checks import declared_by
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.preflight._unready_assets import connection_key

if TYPE_CHECKING:
    from atlan_pulumi.preflight._preflight import Preflight

_IN_MANY = frozenset({"connection", "process", "qualified_name"})
"""The properties of a bulk resource that preflight checks. The children are checked in the provider."""
_BESIDES = frozenset(
    {"qualified_name", "connection", "sql", "code", "adopt", "missing_assets", "wait_seconds"}
)
_NOTHING = {"qualified_name": ""}
_OF_THE_PROGRAM = (
    "secret",
    "deploys",
    "refused_beside",
    "more_refused",
    "refers_to",
    "previews",
    "looked_at",
    "waits_for_others",
    "brought_about",
    "names_every_maker",
    "new_connections",
)
"""The findings that only the program can provide."""
_UNKNOWN = "?"


def digests(lifecycle: ResourceLifecycle, declared: Props | None) -> dict[str, str]:
    """Return a digest of each property that preflight checks; None stands for invalid inputs."""
    if declared is None:
        return _NOTHING
    every = {name: declared.get(name) for name in sorted(_looked_at(lifecycle))}
    return {name: _digest(value) for name, value in every.items() if value is not None}


def differing(lifecycle: ResourceLifecycle, inputs: Props, looked_at: Mapping[str, str]) -> set[str]:
    """Return the properties that differ from those that the program checked, as far as both are known."""
    registered = digests(lifecycle, inputs)
    pairs = {name: {looked_at.get(name), registered.get(name)} for name in {*looked_at, *registered}}
    return {name for name, pair in pairs.items() if len(pair) > 1 and _UNKNOWN not in pair}


def check_again(
    declaration: Declaration,
    olds: Props,
    findings: Findings,
    preflight: Preflight,
    elsewhere: Callable[[Iterable[Key]], Mapping[Key, str]],
) -> Findings:
    """Return the findings about the registered inputs.

    Values that are already in the state are not written, and are no problem.

    Args:
        declaration: The resource as it is registered.
        olds: The inputs of the last deployment; empty before the first.
        findings: The findings of the program.
        preflight: A preflight without other declarations.
        elsewhere: Returns the keys that another resource of the program has, with its URN.
    """
    keys = [reference.key for reference in declaration.references() if reference.key]
    keys += {connection_key(key) for key in keys}
    own = sorted(declaration.creates)
    before = elsewhere([*keys, *own])
    known = Declaration(
        declaration.resource_name,
        declaration.lifecycle,
        declaration.inputs,
        frozenset(before),
        frozenset(findings.secret),
        waits_for_others=findings.waits_for_others,
        brought_about=frozenset(Key(*each) for each in findings.brought_about),
        names_every_maker=findings.names_every_maker,
    )
    (fresh,) = preflight.findings([known])
    changed = differing(declaration.lifecycle, declaration.inputs, findings.looked_at)
    kept = {name for name in changed if olds.get(name) == declaration.inputs.get(name)}
    fresh.problems = [each for each in fresh.problems if each.property not in kept]
    if names := {key: before[key].rpartition("::")[2] for key in own if key in before}:
        fresh.problems.append(
            declared_by(declaration.lifecycle, declaration.inputs.get("qualified_name"), names)
        )
    fresh.notes += [*fresh.warnings, *fresh.remarks]
    for name in _OF_THE_PROGRAM:
        setattr(fresh, name, getattr(findings, name))
    return fresh


def _looked_at(lifecycle: ResourceLifecycle) -> frozenset[str]:
    if isinstance(lifecycle, ManyLifecycle):
        return _IN_MANY
    return _BESIDES | frozenset(lifecycle.identity) | frozenset(lifecycle.model.references)


def _digest(value: Any) -> str:
    if has_unknown(value):
        return _UNKNOWN
    text = json.dumps(_plain(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    """Return a value in one form: the engine sends numbers as floats, and omits None."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
