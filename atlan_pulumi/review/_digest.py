"""The digest that `pulumi preview --json` prints in the end. It does not tell what policies found."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, ValidationError

from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._messages import messages_of
from atlan_pulumi.review._preview import Preview, Step, is_stack, ours_of, stack_of
from atlan_pulumi.review._redact import redacted


class _Diagnostic(BaseModel):
    urn: str | None = None
    severity: str
    message: str


class _Digest(BaseModel):
    steps: list[Step] = Field(default_factory=list)
    diagnostics: list[_Diagnostic] = Field(default_factory=list)


def is_digest(document: dict[str, Any]) -> bool:
    """Whether a JSON object looks like a digest."""
    return "changeSummary" in document


def preview_of_digest(document: dict[str, Any], name: str) -> Preview:
    """What a digest tells.

    Args:
        document: The digest.
        name: What the file is called in errors.

    Raises:
        ReviewError: It is of a shape that is not known.
    """
    (readable,), redaction = redacted(
        [{key: document[key] for key in _Digest.model_fields if key in document}]
    )
    try:
        digest = _Digest.model_validate(readable)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        what = f"a digest of a shape that this version does not know, at {place}"
        raise ReviewError(f"{name} is {what}: upgrade atlan-pulumi") from None
    failed = any(said.severity == "error" for said in digest.diagnostics)
    return Preview(
        stack=min((stack_of(step.urn) for step in digest.steps), default=""),
        result="failed" if failed else "succeeded",
        steps=ours_of(digest.steps, name),
        messages=messages_of((said.urn, said.severity, said.message) for said in digest.diagnostics),
        redaction=redaction,
        tells_policies=False,
        # Without --show-sames there is only the stack itself.
        tells_same=any(step.op == "same" and not is_stack(step.urn) for step in digest.steps),
    )
