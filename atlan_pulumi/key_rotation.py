"""After a key rotation: which commands still use the former key, and what to run instead."""

from __future__ import annotations

RUN_PROGRAM = "--run-program"
"""The option with which `pulumi refresh` and `pulumi destroy` use the stack's present configuration."""


def rotation_advice(command: str) -> str:
    """Return what to do if Atlan refused the key of the last deployment.

    Args:
        command: Pulumi's command, such as `refresh`.
    """
    return (
        f"; if the key was rotated, `pulumi {command}` still uses the key of the last deployment: "
        f"run `pulumi {command} {RUN_PROGRAM}`, or `pulumi up` first (see docs/key-rotation.md)"
    )


def is_advised(message: str) -> bool:
    """Return whether a message contains this advice."""
    return RUN_PROGRAM in message
