"""Valid, readable, and unique names for resources and variables."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count

from atlan_pulumi.importer._declare import ImportedResource
from atlan_pulumi.importer._marks import is_of_a_set
from atlan_pulumi.lifecycle import resource_of
from atlan_pulumi.naming import connection_of, connector_of

_HASH = re.compile(r"[0-9a-f]{32}")
_LONGEST = 60
_RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "atlan", "pulumi"})


#: The mark of a bulk resource cannot name one of its entities.
_SINGLE = {"ColumnLineage": "ColumnProcess", "ProcessSet": "Process"}


class Unique:
    """Hand out unique names."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def take(self, wishes: Iterable[str], joint: str) -> str:
        """Return the first free candidate, or the last one with the first free number.

        Args:
            wishes: Candidates, best first. Blank ones are skipped.
            joint: The separator between name and number.
        """
        wished = [wish for wish in wishes if wish] or ["unnamed"]
        numbered = (f"{wished[-1]}{joint}{number}" for number in count(2))
        free = next(name for name in chain(wished, numbered) if name not in self._taken)
        self._taken.add(free)
        return free

    def reserved(self, name: str | None) -> str | None:
        """Return a name that is not handed out to others; None if it is taken already."""
        if name is None or name in self._taken:
            return None
        self._taken.add(name)
        return name


def resource_names(declared: Iterable[ImportedResource]) -> Iterator[str]:
    """Yield a Pulumi name for each resource, unique within its kind.

    The candidates are the name in the mark, the process id, and names that consist of the display name or of
    the name of the resource that it belongs to.

    Args:
        declared: The resources, parents first.
    """
    every = list(declared)
    marks = Counter((one.kind.name, one.mark) for one in every)
    marks.update((_SINGLE[one.kind.name], one.mark) for one in every if one.kind.name in _SINGLE)
    uniques: dict[str, Unique] = {}
    own: list[str | None] = []
    for one in every:  # first the names in marks: no other resource may get them
        unique = uniques.setdefault(one.kind.name, Unique())
        own.append(unique.reserved(_own_name(one, marks)))
    names: dict[tuple[str, str], str] = {}
    for one, made_as in zip(every, own, strict=True):
        name = made_as or uniques[one.kind.name].take(_wishes(one, names), "-")
        names.setdefault((one.kind.type_name, one.qualified_name), name)
        yield name


def _own_name(one: ImportedResource, marks: Mapping[tuple[str, str | None], int]) -> str | None:
    """Return the name in the mark, if no other resource of the kind has the mark."""
    is_own = marks[one.kind.name, one.mark] == 1 and not one.mixed
    is_own = is_own and (one.kind.name == "ProcessSet" or not is_of_a_set(one.mark))
    return resource_of(one.mark) if is_own else None


def _wishes(one: ImportedResource, names: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield candidates, best first.

    Args:
        one: The resource.
        names: The names of the previous resources, by type and qualifiedName.
    """
    if one.kind.name == "ProcessSet":
        connection = names.get(("Connection", one.qualified_name)) or connector_of(one.qualified_name)
        yield f"{slug(connection)}-lineage"
        return
    if one.kind.is_asset:
        segments = one.qualified_name.split("/")
        yield from (slug("-".join(segments[-count:])) for count in range(1, len(segments)))
        return
    process = _process_of(one, names)
    if one.kind.is_many:
        yield f"{process}-columns"
        return
    id_ = str(one.inputs.get("process_id") or one.inputs.get("job_name") or "")
    is_readable = not _HASH.search(id_)
    if id_ and is_readable and "/column/" not in id_:
        yield slug(id_)
    if process:
        yield from _after(process, one)
    if id_ and is_readable:
        yield slug(id_)
    called = slug(str(one.inputs.get("name") or "")) or slug(one.kind.name)
    yield called
    if not process:
        yield from _after(called, one)


def _process_of(one: ImportedResource, names: Mapping[tuple[str, str], str]) -> str:
    """Return a name for the process that a resource belongs to, or an empty string."""
    if "process" not in one.inputs:
        return ""
    process = one.inputs["process"]
    name = process.get("qualified_name", "")
    id_ = name[len(connection_of(name)) + 1 :]
    readable = "" if _HASH.search(id_) else slug(id_)
    return (
        names.get((process.get("type_name", ""), name)) or readable or slug(str(one.inputs.get("name") or ""))
    )


def _after(above: str, one: ImportedResource) -> Iterator[str]:
    """Yield names that consist of another name and the output of the edge."""
    outputs = one.inputs.get("outputs") or [{}]
    segments = (outputs[0].get("qualified_name") or "").split("/")
    for number in (1, 2):
        last = slug("-".join(segments[-number:]))
        if len(segments) > number and last:
            yield f"{above}-{last}"


def slug(text: str) -> str:
    """Convert a text to a Pulumi name of ASCII letters, digits, `_`, `-`, and `.`, which may be empty."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", _ascii(text))[:_LONGEST].strip("-.")


def identifier(text: str) -> str:
    """Convert a text to a variable name in snake case, which may be empty."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", _ascii(text)).strip("_").lower()[:_LONGEST].rstrip("_")
    return f"_{words}"[1 if not words[:1].isdigit() else 0 :]


def constant(text: str) -> str:
    """Convert a text to a constant name in capitals, which may be empty."""
    return identifier(text).upper()


def variables() -> Unique:
    """Return the names of a module, with Python's reserved names taken."""
    return Unique(_RESERVED)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
