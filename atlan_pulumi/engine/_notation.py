"""The engine's notation: URNs, type tokens of this package, and secret markers."""

from __future__ import annotations

from atlan_pulumi.ownership_mark import DYNAMIC
from atlan_pulumi.text import printable

#: Prefix of the type tokens of this package's resources.
OURS = f"{DYNAMIC}atlan:"
#: The key with which the engine marks an encoded value, and its value for a secret.
#: Source: the Pulumi SDK, `pulumi.runtime.rpc`.
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker in every Pulumi state, not a secret


def is_ours(urn: str) -> bool:
    """Return whether a URN names a resource of this package, also within a component."""
    return type_token(urn).startswith(OURS)


def type_token(urn: str) -> str:
    """Return the type token of a URN, without the types of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def resource_name(urn: str) -> str:
    """Return the resource name in a URN."""
    return urn.split("::", 3)[3]


def described(urn: str) -> str:
    """Return a resource's short label with a quoted name, such as `Process 'load'`."""
    return f"{type_token(urn).rpartition(':')[2]} {resource_name(urn)!r}"


def is_our_urn(urn: str) -> bool:
    """Return whether a text is the URN of a resource of this package."""
    return is_urn(urn) and type_token(urn).startswith(OURS)


def is_urn(text: str) -> bool:
    """Return whether a text is a URN."""
    return text.startswith("urn:pulumi:") and text.count("::") >= 3  # noqa: PLR2004 - stack, project, type, name


def stack_of(urn: str) -> str:
    """Return the stack in a URN, as `project/name`."""
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    return f"{project}/{stack}"


def label_of(urn: str) -> str:
    """Return a resource's label on one line: `Process load`, or the full type for other packages.

    Control characters in the name are escaped.

    Example:
        >>> label_of("urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:Process::load")
        'Process load'
    """
    if not is_urn(urn):
        return printable(urn)
    if is_stack(urn):
        return printable(f"Stack {stack_of(urn)}")
    return printable(f"{type_token(urn).removeprefix(OURS)} {resource_name(urn)}")


def is_stack(urn: str) -> bool:
    """Return whether a URN names a stack."""
    return type_token(urn) == "pulumi:pulumi:Stack"
