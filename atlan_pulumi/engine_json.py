"""What the engine's JSON is read by: a state, the events, what a policy is told."""

from __future__ import annotations

#: What a resource's type begins with when it is of this package.
OURS = "pulumi-python:dynamic/atlan:"
#: The key by which the engine marks an encoded value, and the mark of a secret among them.
#: Source: the Pulumi SDK, `pulumi.runtime.rpc`.
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark that every Pulumi state holds, not a secret
