"""The message from the program to the provider: the preflight findings about one declared resource.

It is sent as JSON in the hidden input `findings`, which the provider's check removes. Both sides are the same
installation, so one version is enough; any other is refused.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import InputProblem, Origins

#: The version of the message. Increase it with every change that the other side must support.
VERSION = 1


_NOT_SENT = frozenset({"warnings", "remarks"})


@dataclass
class Findings:
    """The preflight findings about one declared resource. Only the state shows whether the resource is new.

    Attributes:
        problems: Problems that refuse the resource in any case.
        problems_if_new: Problems that refuse its creation.
        notes_if_new: Notes to print if the resource is created.
        secret: Names of the properties whose values must not be printed.
        warnings: Warnings, which the program prints. They are not sent.
        problems_if_changed: Problems that refuse an update, by the ownership mark that the entity has now. A
            mark that is also in the state is no problem.
        problems_if_written: Problems that refuse it unless their property is unchanged.
        existing: The existing entity, live or archived, as Atlan's REST API returns it, without the
            attributes that are not needed here. Empty if there is none.
        adoption: What adopting the existing entity changes. Empty if the resource does not set `adopt`.
        refused_beside: Problems of other refused resources of the same batch: resource name, URN, URNs of
            everything that it depends on, and the reason. Nothing is written if one of them is part of the
            operation. A refused resource reports them as well, since the engine stops there.
        more_refused: The number of further such problems.
        only_quotes: Whether these problems do not hold the resource back, since this is a preview.
        refers_to: URNs of the program's resources that each property refers to.
        previews: Whether this is a preview.
        looked_at: A digest of each property that preflight checked. Empty if it checked none.
        waits_for_others: Whether the resource depends on resources of other packages, which may create what
            it refers to.
        defaults: Names of the properties that default to the resource's name.
        declared_later: Entities below this resource's that resources checked later declare: pairs of type and
            qualifiedName, by the ownership mark of the later resource.
        named: GUIDs of the entities whose takeover or restoration a note has named.
        notes: Notes to print in any case.
        placeholders: Inputs and outputs that are missing or archived and will be placeholders, restored, or
            waited for, and those that are placeholders: pairs of type and qualifiedName.
        missing: How many of these do not exist, by property.
        brought_about: The assets that resources of other packages bring about: pairs of type and
            qualifiedName.
        names_every_maker: Whether no other input depends on resources of other packages.
        remarks: Lines about the whole program, which the program prints. They are not sent.
        lenient: Whether a missing asset is only a warning, since the resource `waits_for_others`. Bulk
            resources only.
        origins: The lines of derived columns by their names, by the file or the process with the SQL. Only in
            a preview.
        new_connections: The qualifiedNames of the connections that the program creates before the resource,
            and that Atlan does not have yet. Bulk resources only.
        deploys: Whether this is a deployment of a bulk resource, whose checks the write itself repeats.
        reached: Whether the tenant has answered the program.
    """

    problems: list[InputProblem] = field(default_factory=list)
    problems_if_new: list[InputProblem] = field(default_factory=list)
    notes_if_new: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems_if_changed: dict[str, InputProblem] = field(default_factory=dict)
    problems_if_written: list[InputProblem] = field(default_factory=list)
    existing: dict[str, Any] = field(default_factory=dict)
    adoption: str = ""
    refused_beside: list[tuple[str, str, list[str], str]] = field(default_factory=list)
    more_refused: int = 0
    only_quotes: bool = False
    refers_to: dict[str, list[str]] = field(default_factory=dict)
    previews: bool = False
    looked_at: dict[str, str] = field(default_factory=dict)
    waits_for_others: bool = False
    defaults: list[str] = field(default_factory=list)
    declared_later: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    placeholders: list[tuple[str, str]] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)
    brought_about: list[tuple[str, str]] = field(default_factory=list)
    names_every_maker: bool = False
    remarks: list[str] = field(default_factory=list)
    lenient: bool = False
    new_connections: list[str] = field(default_factory=list)
    origins: Origins = field(default_factory=dict)
    deploys: bool = False
    reached: bool = False

    def to_text(self) -> str | None:
        """Return the message as JSON; None if there is nothing to send."""
        sent = {name: value for name, value in asdict(self).items() if value and name not in _NOT_SENT}
        return json.dumps({"version": VERSION, **sent}) if sent else None

    @classmethod
    def from_text(cls, text: str | None) -> Findings:
        """Return the findings in a message of `to_text`.

        Raises:
            ConfigurationError: The message has another version: the two processes run different installations
                of this package.
        """
        if not text:
            return cls()
        sent = json.loads(text)
        if (version := sent.pop("version", None)) != VERSION:
            raise ConfigurationError(
                f"the program sent preflight findings of version {version}, but this provider expects "
                f"{VERSION}: run both with the same installation of atlan-pulumi"
            )
        return cls(**{name: _decoded(name, value) for name, value in sent.items()})


def _decoded(name: str, value: Any) -> Any:
    """Return the value of a field as it was before the conversion to JSON, which has no tuples."""
    if name in {"problems", "problems_if_new", "problems_if_written"}:
        return [InputProblem(*each) for each in value]
    if name == "problems_if_changed":
        return {mark: InputProblem(*each) for mark, each in value.items()}
    if name in {"refused_beside", "placeholders", "brought_about"}:
        return [tuple(each) for each in value]
    if name == "declared_later":
        return {mark: [tuple(key) for key in keys] for mark, keys in value.items()}
    return value
