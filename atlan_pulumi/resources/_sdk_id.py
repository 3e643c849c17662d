"""The id that Atlan's own SDK derives for a process that is given none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def sdk_process_id(
    name: str,
    connection_qualified_name: str,
    *,
    inputs: Iterable[str | None],
    outputs: Iterable[str | None],
    parent: str | None = None,
    extra_hash_params: Iterable[str] = (),
) -> str:
    """Derive the `process_id` that Atlan's Python SDK would, to adopt what it made.

    It is not this package's default, for it changes with every input and output (so that a process which
    changes becomes another one, and leaves a ghost), depends on their order, and ignores references by
    qualifiedName altogether: all processes of one name between such references are one.

    Args:
        name: The process's name.
        connection_qualified_name: The qualifiedName of its connection.
        inputs: The GUIDs of the inputs, in the order in which the SDK was given them; None for a reference
            by qualifiedName.
        outputs: The GUIDs of the outputs, likewise.
        parent: The GUID of the parent process, if one was given by GUID.
        extra_hash_params: What else the SDK was given to hash. With two or more, the SDK's own order is not
            the same in each of its runs.

    Returns:
        32 hexadecimal digits: the MD5 of all of these put together without separators.

    Source: pyatlan 11.6.0, `Process.Attributes.generate_qualified_name`.

    Example:
        >>> first, second = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
        >>> sdk_process_id("A -> B", "default/snowflake/1657025257", inputs=[first], outputs=[second])
        'a0427209221340a5e997701256e982ea'
    """
    parts = [name, connection_qualified_name, parent, *inputs, *outputs, *extra_hash_params]
    text = "".join(part for part in parts if part)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
