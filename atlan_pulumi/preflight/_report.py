"""What was found out about one declared resource."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from atlan_pulumi.lifecycle import InputProblem


@dataclass
class Findings:
    """What was found out about one declared resource; only its state tells whether it is new.

    Attributes:
        problems: What is wrong in any case.
        problems_if_new: What is wrong where the resource is yet to be made.
        notes_if_new: What a person should know where the resource is yet to be made.
        secret: The properties whose values must not be shown.
        warnings: What is doubtful; shown by the program itself.
        problems_if_changed: What is wrong where the resource is there and is to be changed, by the mark that
            the entity bears: one that the state knows of is none.
        existing: An entity of that name, live or archived, as Atlan's REST API shows it, without what is not
            needed here; empty where there is none.
        adoption: What taking it over changes; empty where the resource does not adopt.
        refused_beside: Those of the same batch that are refused: the resource's name, its URN, the URNs of
            all that it depends on, and the reason. Where one of them is part of the operation, nothing is
            written.
        refers_to: The URNs of the program's resources that each property refers to.
        previews: Whether this is a preview.
        looked_at: A digest of each property that was looked at; empty where nothing was.
        waits_for_others: As the declaration has it.
        defaults: The properties that have the resource's name as a default.
        declared_later: What other resources of the program declare that may be checked after this one, and
            lies where this one may remove something: type and qualifiedName, by the mark of that resource.
        named: The GUIDs of entities whose takeover or restoration a note has named.
    """

    problems: list[InputProblem] = field(default_factory=list)
    problems_if_new: list[InputProblem] = field(default_factory=list)
    notes_if_new: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems_if_changed: dict[str, InputProblem] = field(default_factory=dict)
    existing: dict[str, Any] = field(default_factory=dict)
    adoption: str = ""
    refused_beside: list[tuple[str, str, list[str], str]] = field(default_factory=list)
    refers_to: dict[str, list[str]] = field(default_factory=dict)
    previews: bool = False
    looked_at: dict[str, str] = field(default_factory=dict)
    waits_for_others: bool = False
    defaults: list[str] = field(default_factory=list)
    declared_later: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lenient: bool = False
    deploys: bool = False

    def to_text(self) -> str | None:
        """As text for the way to the provider; None where there is nothing that it has to know."""
        told = {name: value for name, value in asdict(self).items() if value and name != "warnings"}
        return json.dumps(told) if told else None

    @classmethod
    def from_text(cls, text: str | None) -> Findings:
        """What `to_text` made text of."""
        told = json.loads(text) if text else {}
        return cls(
            problems=[InputProblem(*each) for each in told.get("problems", [])],
            problems_if_new=[InputProblem(*each) for each in told.get("problems_if_new", [])],
            problems_if_changed={
                mark: InputProblem(*each) for mark, each in told.get("problems_if_changed", {}).items()
            },
            notes_if_new=told.get("notes_if_new", []),
            refused_beside=[tuple(each) for each in told.get("refused_beside", [])],
            refers_to=told.get("refers_to", {}),
            previews=told.get("previews", False),
            looked_at=told.get("looked_at", {}),
            waits_for_others=told.get("waits_for_others", False),
            defaults=told.get("defaults", []),
            declared_later=told.get("declared_later", {}),
            existing=told.get("existing", {}),
            adoption=told.get("adoption", ""),
            secret=told.get("secret", []),
            lenient=told.get("lenient", False),
            deploys=told.get("deploys", False),
        )
