"""Names for resources and for Python's variables: legal, readable, unique."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, count

from atlan_pulumi.importer._declare import Declared
from atlan_pulumi.lifecycle import resource_of

_HASH = re.compile(r"[0-9a-f]{32}")
_LONGEST = 60
_RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "atlan", "pulumi"})


class Unique:
    """Gives each name once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, wishes: Iterable[str], joint: str) -> str:
        """The first wish that is free; else the last one with the first free number behind it.

        Args:
            wishes: The best first; blank ones are passed over.
            joint: What stands between name and number.
        """
        wished = [wish for wish in wishes if wish] or ["unnamed"]
        numbered = (f"{wished[-1]}{joint}{number}" for number in count(2))
        free = next(name for name in chain(wished, numbered) if name not in self._taken)
        self._taken.add(free)
        return free


def resource_names(declared: Iterable[Declared]) -> Iterator[str]:
    """A Pulumi name for each resource, unique among those of its kind.

    The name that a stack gave it, as its mark tells; else its own id; else what it is called.
    """
    uniques: dict[str, Unique] = {}
    for one in declared:
        unique = uniques.setdefault(one.kind.name, Unique())
        yield unique.take(_wishes(one), "-")


def _wishes(one: Declared) -> Iterator[str]:
    if made_as := resource_of(one.inputs.get("managed_by")):
        yield made_as
    id_ = str(one.inputs.get("process_id") or "")
    if id_ and not _HASH.fullmatch(id_):
        yield slug(id_)
    yield slug(one.inputs["name"]) or slug(one.kind.name)


def slug(text: str) -> str:
    """The text as a Pulumi name: ASCII letters, digits, `_`, `-` and `.`; may be empty."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", _ascii(text))[:_LONGEST].strip("-.")


def identifier(text: str) -> str:
    """The text as a name for a variable, in snake case; may be empty."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", _ascii(text)).strip("_").lower()[:_LONGEST].rstrip("_")
    return f"_{words}"[1 if not words[:1].isdigit() else 0 :]


def constant(text: str) -> str:
    """The text as a name for a constant, in capitals; may be empty."""
    return identifier(text).upper()


def variables() -> Unique:
    """The names of a module, with Python's own taken."""
    return Unique(_RESERVED)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
