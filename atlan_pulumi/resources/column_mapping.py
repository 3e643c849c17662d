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
    own_source_reason,
    same,
)
from atlan_pulumi.naming import Tables, connection_of, split_column
from atlan_pulumi.text import counted

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

ColumnMap = dict[str, list[str]]
"""Output column -> input columns, all by qualifiedName, without unknown sources."""

BELOW = "column"
"""The names of column processes are `<process>/column/<column>`."""
DEFAULT_NAME = "{inputs} -> {output}"
_FIELDS = {"inputs", "output"}
_MOST_FORMS = 3
"""The maximum number of suggested forms of a column."""
_FEWEST_SLASHES = 4
"""Three segments of a connection, a table, a column."""
#: The drift of a missing entity that stays in the short form.
GONE = {"status": "gone"}
_NOTHING = "(not set)"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Sources = Annotated[list[TextElement], Field(min_length=1), BeforeValidator(_as_list), Element]


def problems(
    columns: Mapping[str, Any], inputs: Tables, outputs: Tables, *, own_sources: bool = False
) -> Iterator[str]:
    """Yield the problems of a mapping, one line each.

    Args:
        columns: Output column -> input columns.
        inputs: The input tables.
        outputs: The output tables.
        own_sources: Whether a column may be its own source.
    """
    first: dict[str, str] = {}
    for target, sources in columns.items():
        found = outputs.find(target)
        if problem := _not_one(target, found, outputs, "output"):
            yield problem
            continue
        if first.setdefault(found[0], target) != target:
            yield f"{target!r} is the same column as {first[found[0]]!r}: declare it once, with all sources"
        for source in [] if sources is UNKNOWN else sources:
            meant = [] if source is UNKNOWN else inputs.find(source)
            if source is not UNKNOWN and (problem := _not_one(source, meant, inputs, "input")):
                yield f"{target!r}: {problem}"
            elif meant == found and not own_sources:
                yield f"{target!r} is also its own source: {own_source_reason('a column')}"


def sql_problems(sql: Mapping[str, Any], columns: Mapping[str, Any], outputs: Tables) -> Iterator[str]:
    """Yield the problems of the SQL of a mapping's columns, one line each."""
    named = {name for target in columns for name in outputs.find(target)}
    first: dict[str, str] = {}
    for target, text in sql.items():
        found = [name for name in outputs.find(target) if name in named]
        if not found:
            yield f"{target!r} is not an output column"
        elif len(found) > 1:
            yield _ambiguous(target, found, outputs, "output")
        elif first.setdefault(found[0], target) != target:
            yield f"{target!r} is the same column as {first[found[0]]!r}: set its SQL once"
        if isinstance(text, str) and len(text) > MOST_CHARACTERS:
            yield f"{target!r} is {len(text):,} characters long; Atlan takes {MOST_CHARACTERS:,} at most"


def resolve_sql(sql: Mapping[str, Any], columns: Mapping[str, Any], outputs: Tables) -> dict[str, Any]:
    """Return the SQL by qualifiedName. `columns` are resolved, and there are no problems."""
    return {name: text for target, text in sql.items() for name in outputs.find(target) if name in columns}


def _ambiguous(text: str, found: list[str], tables: Tables, side: str) -> str:
    """Return the problem of a column that several tables may have, with unambiguous forms."""
    forms = [repr(_with_table(name, tables)) for name in found[:_MOST_FORMS]]
    rest = len(found) - _MOST_FORMS
    more = f", … ({counted(rest, 'more table')})" if rest > 0 else ""
    return f"{text!r} may be a column of several {side} tables: write {' or '.join(forms)}{more}"


def _with_table(column: str, tables: Tables) -> str:
    """Return the shortest form of a column that begins with its table, and matches no other column."""
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


def resolve_columns(columns: Mapping[str, Any], inputs: Tables, outputs: Tables) -> dict[str, Any]:
    """Return a mapping without problems by qualifiedNames. Unknown values stay `UNKNOWN`."""
    return {
        outputs.find(target)[0]: _each(sources, lambda text: inputs.find(text)[0])
        for target, sources in columns.items()
    }


def shorten_columns(columns: Mapping[str, Any], inputs: Tables, outputs: Tables) -> dict[str, Any]:
    """Return a resolved mapping in short form, sorted. A single source is a text."""
    short = {outputs.shorten(target): _each(sources, inputs.shorten) for target, sources in columns.items()}
    return {target: _one_or_many(short[target]) for target in sorted(short)}


def expand_columns(columns: Mapping[str, Any], inputs: Tables, outputs: Tables) -> dict[str, Any]:
    """Return a mapping in short form by qualifiedNames."""
    return {
        outputs.expand(target): _each(_as_list(sources), inputs.expand) for target, sources in columns.items()
    }


def known_columns(columns: Mapping[str, Any]) -> ColumnMap:
    """Return the fully known part of a mapping."""
    return {target: sources for target, sources in columns.items() if not has_unknown(sources)}


def tables_in(columns: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Return the tables of the input columns and of the output columns, as far as they are known."""
    sources = [
        text for each in columns.values() if each is not UNKNOWN for text in each if text is not UNKNOWN
    ]
    return {split_column(text)[0] for text in sources}, {split_column(text)[0] for text in columns}


def column_process_name(template: str | None, target: str, sources: list[str]) -> str:
    """Return the display name of a column process."""
    names = ", ".join(split_column(source)[1] for source in sources)
    return (template or DEFAULT_NAME).format(inputs=names, output=split_column(target)[1])


def template_problem(template: str) -> str | None:
    """Return what is wrong with a template of names; None if nothing is."""
    try:
        fields = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
    except ValueError as error:
        return f"{template!r} is not a template: {error}"
    if odd := sorted(fields - _FIELDS):
        return f"{{{odd[0]}}} is not allowed in the template; use {{inputs}} and {{output}}"
    try:
        blank = not template.format(inputs="A", output="B").strip()
    except (ValueError, LookupError) as error:  # such as {inputs:x} or {inputs!x}
        return f"{template!r} is not a template: {error}"
    return f"{template!r} results in a blank name" if blank else None


def _reference(qualified_name: str) -> Props:
    """Return a reference to a column."""
    return {"type_name": "Column", "qualified_name": qualified_name}


def column_process(process: Props, id_: str, target: str, sources: list[str], template: str | None) -> Props:
    """Return the inputs of the `ColumnProcess` of one output column, with the `qualified_name`.

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
        "name": column_process_name(template, target, sources),
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


class ObservedColumns(NamedTuple):
    """The observed columns of a process, by qualifiedName."""

    columns: dict[str, list[str]]
    sql: dict[str, str]
    drifted: Props
    """Drift that the other fields cannot express, by the ids of the column processes."""


def observed_columns(
    edges: Mapping[str, tuple[Props, Props | None]], template: str | None
) -> ObservedColumns:
    """Return the existing columns, and missing ones that share a name with an existing one.

    Such columns have longer names. Without the missing one, the name of the other would change.

    Args:
        edges: Output column -> the declaration of its column process, and the observed properties.
        template: The template of the names.
    """
    columns, sql, drifted = {}, {}, {}
    stay = {split_column(target)[1] for target, (_, seen) in edges.items() if seen is not None}
    for target, (declared, seen) in edges.items():
        if seen is None and split_column(target)[1] not in stay:
            continue
        shown = declared if seen is None else seen
        columns[target] = observed_sources(declared, shown)
        if "sql" in declared:
            sql[target] = shown.get("sql") or ""
        named = {**declared, "name": column_process_name(template, target, columns[target])}
        if odd := GONE if seen is None else drifted_properties(named, seen, shown_elsewhere={"sql"}):
            drifted[declared["process_id"]] = odd
    return ObservedColumns(columns, sql, drifted)


def observed_sources(declared: Props, seen: Props) -> list[str]:
    """Return the observed input columns of a column process; the declared ones if some are no columns."""
    inputs = seen["inputs"]
    odd = not inputs or any(each["type_name"] != "Column" or "qualified_name" not in each for each in inputs)
    return sorted(each["qualified_name"] for each in (declared["inputs"] if odd else inputs))


def drifted_properties(declared: Props, seen: Props, shown_elsewhere: Collection[str] = ()) -> dict[str, str]:
    """Return the properties that differ from the declaration, with their values in words.

    Args:
        declared: The declaration of the entity.
        seen: The observed properties.
        shown_elsewhere: Properties that the short form contains. It also contains input columns, if there are
            any.
    """
    elsewhere = {*shown_elsewhere, "inputs"} if observed_sources({"inputs": []}, seen) else {*shown_elsewhere}
    return {
        name: _words(value)
        for name, value in seen.items()
        if name not in elsewhere and not same(declared.get(name), value)
    }


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or _NOTHING
    if isinstance(value, dict):
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return _NOTHING if value in (None, "") else str(value)


def column_process_names(process: Entity | None) -> list[str]:
    """Return the qualifiedNames of the column processes of a process that was read with relationships."""
    stubs = process.related("columnProcesses", drop_archived=True) if process else []
    return [stub.qualified_name for stub in stubs if stub.qualified_name]


def columns_below(
    client: AtlanClient, processes: Iterable[Entity], decided: Collection[EntityKey]
) -> list[Entity]:
    """Return the live column processes of these processes, except those that are decided."""
    children = dict.fromkeys(child for process in processes for child in column_process_names(process))
    return live_columns(
        client, [name for name in children if EntityKey("ColumnProcess", name) not in decided]
    )


def live_columns(client: AtlanClient, names: Iterable[str]) -> list[Entity]:
    """Return the live column processes with these names. Listings may be outdated."""
    listed = list(names)
    found = client.entities.get_many_by_qualified_name("ColumnProcess", listed) if listed else {}
    return [each for each in found.values() if each.status == "ACTIVE"]
