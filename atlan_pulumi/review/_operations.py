"""What the engine would do to a resource: its steps, in fewer words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._preview import State, Step, described

#: `replace`: made anew under another name, or after it was removed.
Operation = Literal["create", "update", "replace", "delete", "import", "same"]

_OPERATIONS: dict[str, Operation | None] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "import": "import",
    "same": "same",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
    # What follows changes nothing in Atlan.
    "diff": None,
    "discard": None,
    "discard-replaced": None,
    "read": None,
    "read-discard": None,
    "read-replacement": None,
    "refresh": None,
    "remove-pending-replace": None,
}


def joined(steps: Sequence[Step]) -> Iterator[tuple[Operation, Step]]:
    """The steps, with those that together are one replacement joined.

    What is left of a replacement that was interrupted earlier is removed, whatever happens besides.
    """
    replacing = []
    for step in steps:
        operation = _operation(step)
        if operation == "replace":
            replacing.append(step)
        elif operation:
            yield operation, step
    made = [step for step in replacing if step.new]
    old = next((step.old for step in [*made, *replacing] if step.old), None)
    if made:
        yield "replace", made[0].model_copy(update={"old": old})
    yield from (("delete", step) for step in replacing if not made or _is_left_over(step, old))


def _is_left_over(step: Step, old: State | None) -> bool:
    """Whether a step of a replacement removes something else than what is replaced now."""
    gone = step.old if step.op == "delete-replaced" else None
    return gone is not None and old is not None and gone.inputs != old.inputs


def _operation(step: Step) -> Operation | None:
    if step.op not in _OPERATIONS:
        raise ReviewError(
            f"this atlan-pulumi does not know the operation {step.op!r} on {described(step.urn)}: upgrade it"
        )
    return _OPERATIONS[step.op]
