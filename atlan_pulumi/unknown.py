"""The lifecycle core's own mark for a value that a preview does not know yet."""

from __future__ import annotations

from typing import Any, Final, final


@final
class Unknown:
    """The type of `UNKNOWN`; there is exactly one instance."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; compare with `is UNKNOWN`")


UNKNOWN: Final = Unknown()


def is_known(value: object) -> bool:
    """Whether a value is known as a whole; what a model declares as `str` may be `UNKNOWN` all the same."""
    return value is not UNKNOWN


def has_unknown(value: Any) -> bool:
    """Whether `value`, or anything nested in its lists and dicts, is `UNKNOWN`."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN
