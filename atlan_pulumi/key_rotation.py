"""After a key was rotated: which commands still use the former one, and what to run instead."""

from __future__ import annotations

RUN_PROGRAM = "--run-program"
"""The option of `pulumi refresh` and `pulumi destroy` that gives them the stack's present configuration."""


def advice(command: str) -> str:
    """Return what to do where a command was refused with the key of the last deployment.

    Args:
        command: Pulumi's command, such as `refresh`.
    """
    return (
        f"; if the key was rotated, `pulumi {command}` still uses that of the last deployment: "
        f"run `pulumi {command} {RUN_PROGRAM}`, or `pulumi up` first (see docs/key-rotation.md)"
    )


def is_advised(message: str) -> bool:
    """Return whether a message has that advice."""
    return RUN_PROGRAM in message
