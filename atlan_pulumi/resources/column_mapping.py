"""Column mappings: resolved, expanded to column processes, and read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field

from atlan_pulumi.lifecycle import (
    MOST_CHARACTERS,
    UNKNOWN,
    Element,
    EntityKey,
    Props,
    TextElement,
    as_set,
    has_unknown,
    same,
)
from atlan_pulumi.naming import Tables, connection_of, split_column
from atlan_pulumi.text import counted

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

ColumnMap = dict[str, list[str]]
"""Output column -> input columns, all by qualifiedName; sources that are not known are left out."""

BELOW = "column"
"""The names of column processes are `<process>/column/<column>`."""
DEFAULT_NAME = "{inputs} -> {output}"
_OWN_SOURCE = (
    "a column cannot be its own source; where the process reads what it writes (MERGE, INSERT OVERWRITE), "
    "set reads_own_output=True"
)
_FIELDS = {"inputs", "output"}
_MOST_FORMS = 3
"""So many forms of a column are shown at most."""
_FEWEST_SLASHES = 4
"""Three segments of a connection, a table, a column."""
#: What is told of an entity that has to stay in the short form although it is not there.
GONE = {"status": "gone"}
_NOTHING = "(not set)"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Sources = Annotated[list[TextElement], Field(min_length=1), BeforeValidator(_as_list), Element]


def problems(
    columns: Mapping[str, Any], inputs: Tables, outputs: Tables, *, own_sources: bool = False
) -> Iterator[str]:
    """What is wrong with a mapping, one line each.

    Args:
        columns: Output column -> input columns.
        inputs: The tables at one side.
        outputs: The tables at the other.
        own_sources: Whether a column may be its own source.
    """
    first: dict[str, str] = {}
    for target, sources in columns.items():
        found = outputs.find(target)
        if problem := _not_one(target, found, outputs, "output"):
            yield problem
            continue
        if first.setdefault(found[0], target) != target:
            yield f"{target!r} is the same column as {first[found[0]]!r}: give it once, with all its sources"
        for source in [] if sources is UNKNOWN else sources:
            meant = [] if source is UNKNOWN else inputs.find(source)
            if source is not UNKNOWN and (problem := _not_one(source, meant, inputs, "input")):
                yield f"{target!r}: {problem}"
            elif meant == found and not own_sources:
                yield f"{target!r} is also its own source: {_OWN_SOURCE}"


def sql_problems(sql: Mapping[str, Any], columns: Mapping[str, Any], outputs: Tables) -> Iterator[str]:
    """What is wrong with the SQL of the columns of a mapping, one line each."""
    named = {name for target in columns for name in outputs.find(target)}
    first: dict[str, str] = {}
    for target, text in sql.items():
        found = [name for name in outputs.find(target) if name in named]
        if not found:
            yield f"{target!r} is none of the output columns"
        elif len(found) > 1:
            yield _ambiguous(target, found, outputs, "output")
        elif first.setdefault(found[0], target) != target:
            yield f"{target!r} is the same column as {first[found[0]]!r}: give its SQL once"
        if isinstance(text, str) and len(text) > MOST_CHARACTERS:
            yield f"{target!r} is {len(text):,} characters long; Atlan takes {MOST_CHARACTERS:,} at most"


def sql_in_full(sql: Mapping[str, Any], columns: Mapping[str, Any], outputs: Tables) -> dict[str, Any]:
    """The SQL by qualifiedName; `columns` are in full, and there are no problems."""
    return {name: text for target, text in sql.items() for name in outputs.find(target) if name in columns}


def _ambiguous(text: str, found: list[str], tables: Tables, side: str) -> str:
    """Return what is wrong with a column that several tables may have, and how to write it."""
    forms = [repr(_with_table(name, tables)) for name in found[:_MOST_FORMS]]
    rest = len(found) - _MOST_FORMS
    more = f", … ({counted(rest, 'more table')})" if rest > 0 else ""
    return f"{text!r} may be a column of several {side} tables: write {' or '.join(forms)}{more}"


def _with_table(column: str, tables: Tables) -> str:
    """Return the shortest form of a column that begins with its table, and means no other column."""
    parts = column.split("/")
    forms = ("/".join(parts[-length:]) for length in range(2, len(parts)))
    return next((form for form in forms if tables.find(form) == [column]), column)


def _not_one(text: str, found: list[str], tables: Tables, side: str) -> str | None:
    if len(found) == 1 and found[0].count("/") >= _FEWEST_SLASHES:
        return None
    if len(found) > 1:
        return _ambiguous(text, found, tables, side)
    if tables.names:
        return f"{text!r} is a column of none of the {side} tables: {', '.join(map(repr, tables.names))}"
    return (
        f"{text!r} is not a column's qualifiedName, such as "
        f"'default/snowflake/1657025257/DB/SCHEMA/TABLE/COLUMN'; a shorter name needs {side}_tables"
    )


def in_full(columns: Mapping[str, Any], inputs: Tables, outputs: Tables) -> dict[str, Any]:
    """A mapping without problems, by qualifiedNames; what is not known stays `UNKNOWN`."""
    return {
        outputs.find(target)[0]: _each(sources, lambda text: inputs.find(text)[0])
        for target, sources in columns.items()
    }


def shortened(columns: Mapping[str, Any], inputs: Tables, outputs: Tables) -> dict[str, Any]:
    """A mapping in full in short form, in the order of the columns; a single source stands as a text."""
    short = {outputs.shorten(target): _each(sources, inputs.shorten) for target, sources in columns.items()}
    return {target: _one_or_many(short[target]) for target in sorted(short)}


def lengthened(columns: Mapping[str, Any], inputs: Tables, outputs: Tables) -> dict[str, Any]:
    """A mapping in short form in full."""
    return {
        outputs.expand(target): _each(_as_list(sources), inputs.expand) for target, sources in columns.items()
    }


def known(columns: Mapping[str, Any]) -> ColumnMap:
    """The part of a mapping of which all is known."""
    return {target: sources for target, sources in columns.items() if not has_unknown(sources)}


def used_tables(columns: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The tables of the input columns and of the output columns, as far as they are known."""
    sources = [
        text for each in columns.values() if each is not UNKNOWN for text in each if text is not UNKNOWN
    ]
    return {split_column(text)[0] for text in sources}, {split_column(text)[0] for text in columns}


def name_of(template: str | None, target: str, sources: list[str]) -> str:
    """The name of one column process."""
    names = ", ".join(split_column(source)[1] for source in sources)
    return (template or DEFAULT_NAME).format(inputs=names, output=split_column(target)[1])


def template_problem(template: str) -> str | None:
    """What is wrong with a template of names; None where nothing is."""
    try:
        fields = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
    except ValueError as error:
        return f"{template!r} is not a template: {error}"
    if odd := sorted(fields - _FIELDS):
        return f"{{{odd[0]}}} cannot stand in the template; {{inputs}} and {{output}} can"
    try:
        blank = not template.format(inputs="A", output="B").strip()
    except (ValueError, LookupError) as error:  # such as {inputs:x} or {inputs!x}
        return f"{template!r} is not a template: {error}"
    return f"{template!r} makes a blank name" if blank else None


def _reference(qualified_name: str) -> Props:
    """A reference to a column."""
    return {"type_name": "Column", "qualified_name": qualified_name}


def column_process(process: Props, id_: str, target: str, sources: list[str], template: str | None) -> Props:
    """The inputs of the `ColumnProcess` of one output column, with the `qualified_name`.

    Args:
        process: A reference to the process, by qualifiedName.
        id_: The column's id below it.
        target: The output column.
        sources: The input columns.
        template: The template of its name.
    """
    connection = connection_of(process["qualified_name"])
    name = f"{process['qualified_name']}/{BELOW}/{id_}"
    return {
        "name": name_of(template, target, sources),
        "connection": connection,
        "process_id": name[len(connection) + 1 :],
        "process": process,
        "inputs": [_reference(source) for source in sources],
        "outputs": [_reference(target)],
        "qualified_name": name,
    }


def _each(sources: Any, change: Any) -> Any:
    if sources is UNKNOWN:
        return UNKNOWN
    changed = [text if text is UNKNOWN else change(text) for text in sources]
    return as_set([text for text in changed if text is not UNKNOWN]) + [t for t in changed if t is UNKNOWN]


def _one_or_many(sources: Any) -> Any:
    return sources[0] if isinstance(sources, list) and len(sources) == 1 else sources


class Shown(NamedTuple):
    """The columns of a process as Atlan shows them, by qualifiedName."""

    columns: dict[str, list[str]]
    sql: dict[str, str]
    drifted: Props
    """What these two do not tell, by the ids of the column processes."""


def columns_shown(edges: Mapping[str, tuple[Props, Props | None]], template: str | None) -> Shown:
    """The columns that are there; and of those that are gone each that others share a name with.

    The names of these are longer because of it: without it their own would be other ones.

    Args:
        edges: Output column -> what is declared of its column process, and what that shows.
        template: The template of the names.
    """
    columns, sql, drifted = {}, {}, {}
    stay = {split_column(target)[1] for target, (_, seen) in edges.items() if seen is not None}
    for target, (declared, seen) in edges.items():
        if seen is None and split_column(target)[1] not in stay:
            continue
        shown = declared if seen is None else seen
        columns[target] = sources_shown(declared, shown)
        if "sql" in declared:
            sql[target] = shown.get("sql") or ""
        named = {**declared, "name": name_of(template, target, columns[target])}
        if odd := GONE if seen is None else what_drifted(named, seen, told_else={"sql"}):
            drifted[declared["process_id"]] = odd
    return Shown(columns, sql, drifted)


def sources_shown(declared: Props, seen: Props) -> list[str]:
    """The input columns that a column process shows; where they are not all columns, those declared."""
    inputs = seen["inputs"]
    odd = not inputs or any(each["type_name"] != "Column" or "qualified_name" not in each for each in inputs)
    return sorted(each["qualified_name"] for each in (declared["inputs"] if odd else inputs))


def what_drifted(declared: Props, seen: Props, told_else: Collection[str] = ()) -> dict[str, str]:
    """The properties that an entity shows otherwise than declared, in words.

    Args:
        declared: What is declared of it.
        seen: What it shows.
        told_else: Properties that the short form tells; it tells input columns, where there are some.
    """
    told = {*told_else, "inputs"} if sources_shown({"inputs": []}, seen) else {*told_else}
    return {
        name: _words(value)
        for name, value in seen.items()
        if name not in told and not same(declared.get(name), value)
    }


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or _NOTHING
    if isinstance(value, dict):
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return _NOTHING if value in (None, "") else str(value)


def children_of(process: Entity | None) -> list[str]:
    """The qualifiedNames of the column processes that a process shows, which was read with relationships."""
    stubs = process.related("columnProcesses", drop_archived=True) if process else []
    return [stub.qualified_name for stub in stubs if stub.qualified_name]


def columns_below(
    client: AtlanClient, processes: Iterable[Entity], settled: Collection[EntityKey]
) -> list[Entity]:
    """The live column processes of these processes, but for those of which all is known."""
    children = dict.fromkeys(child for process in processes for child in children_of(process))
    return live_columns(
        client, [name for name in children if EntityKey("ColumnProcess", name) not in settled]
    )


def live_columns(client: AtlanClient, names: Iterable[str]) -> list[Entity]:
    """The column processes of these names that are there: what shows them may be behind."""
    listed = list(names)
    found = client.entities.get_many_by_qualified_name("ColumnProcess", listed) if listed else {}
    return [each for each in found.values() if each.status == "ACTIVE"]
