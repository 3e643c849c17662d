"""How the engine writes things: URNs, this package's type tokens, marks of secrets."""

from __future__ import annotations

from atlan_pulumi.text import printable

#: What a resource's type begins with when it is of this package.
OURS = "pulumi-python:dynamic/atlan:"
#: The key by which the engine marks an encoded value, and the mark of a secret among them.
#: Source: the Pulumi SDK, `pulumi.runtime.rpc`.
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark that every Pulumi state holds, not a secret


def is_ours(urn: str) -> bool:
    """Whether a URN is that of a resource of this package; its type may follow those of its parents."""
    return type_token(urn).startswith(OURS)


def type_token(urn: str) -> str:
    """The type in a URN, without those of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def resource_name(urn: str) -> str:
    """The name in a URN."""
    return urn.split("::", 3)[3]


def described(urn: str) -> str:
    """A resource as a person calls it, such as `Process 'load'`."""
    return f"{type_token(urn).rpartition(':')[2]} {resource_name(urn)!r}"


def is_our_urn(urn: str) -> bool:
    """Whether a URN is that of a resource of this package."""
    return is_urn(urn) and type_token(urn).startswith(OURS)


def is_urn(text: str) -> bool:
    """Whether a text is a URN."""
    return text.startswith("urn:pulumi:") and text.count("::") >= 3  # noqa: PLR2004 - stack, project, type, name


def stack_of(urn: str) -> str:
    """The stack that a URN names, as `project/name`."""
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    return f"{project}/{stack}"


def label_of(urn: str) -> str:
    """A resource as a person calls it, such as `Process load`; of other packages with the whole type.

    It is one line, whatever the name holds.

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
    """Whether a URN is that of a stack."""
    return type_token(urn) == "pulumi:pulumi:Stack"
