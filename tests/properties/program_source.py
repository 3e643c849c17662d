"""Convert a program to Python source for the real engine."""

from __future__ import annotations

from typing import Any

from properties.programs import Of, Program


def program_source(program: Program) -> str:
    """Return the body of `__main__.py`, with a variable for each resource."""
    return "\n".join(
        f"{name} = {_call(name, declared.kind, declared.props)}" for name, declared in program.items()
    )


def _call(name: str, kind: str, props: dict[str, Any]) -> str:
    # The time in the default name of a connection is no argument.
    given = {key: value for key, value in props.items() if key != "epoch"}
    arguments = "".join(f", {key}={_value(value)}" for key, value in given.items())
    return f"atlan.{kind}({name!r}{arguments})"


def _value(value: Any) -> str:
    return value.resource if isinstance(value, Of) else ascii(value)
