"""A program as Python source, for the real engine."""

from __future__ import annotations

from typing import Any

from properties.programs import Of, Program


def source_of(program: Program) -> str:
    """The body of `__main__.py`; resources stand in variables of their names."""
    return "\n".join(
        f"{name} = {_call(name, declared.kind, declared.props)}" for name, declared in program.items()
    )


def _call(name: str, kind: str, props: dict[str, Any]) -> str:
    # What the program reserves for a connection without a name is not an author's to give.
    given = {key: value for key, value in props.items() if key != "epoch"}
    arguments = "".join(f", {key}={_value(value)}" for key, value in given.items())
    return f"atlan.{kind}({name!r}{arguments})"


def _value(value: Any) -> str:
    return value.resource if isinstance(value, Of) else ascii(value)
