"""Random programs as plain data, with strategies to draw and edit them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from support.atlan import WAREHOUSE, seed_of

Props = dict[str, Any]
TABLES = [f"{WAREHOUSE}/DB/S/T{number}" for number in range(4)]
TABLE_COLUMNS = [f"{table}/{column}" for table in TABLES[:2] for column in ("A", "B")]
#: The assets that programs refer to. Small, since everything is read after each step.
SEED = seed_of(
    [
        {"name": "T0", "columns": [{"name": "A"}, {"name": "B"}]},
        {"name": "T1", "columns": [{"name": "A"}, {"name": "B"}]},
        {"name": "T2"},
        {"name": "T3"},
    ]
)
KINDS = ("Connection", "Process", "ColumnProcess")
CONNECTIONS = ("c0", "c1")
PROCESSES = ("p0", "p1", "p2", "p3")
COLUMNS = ("k0", "k1", "k2", "k3")


@dataclass(frozen=True)
class Of:
    """The qualifiedName of another resource of the program."""

    resource: str


@dataclass(frozen=True)
class Declared:
    """A resource of a program."""

    kind: str
    props: Props = field(hash=False)

    @property
    def needs(self) -> set[str]:
        """The resources that this one refers to."""
        return {value.resource for value in self.props.values() if isinstance(value, Of)}


Program = dict[str, Declared]


def complete(program: Program) -> Program:
    """Return the program in creation order, without resources that refer to missing ones."""
    kept: Program = {}
    for kind in KINDS:
        for name, declared in program.items():
            if declared.kind == kind and declared.needs <= kept.keys():
                kept[name] = declared
    return kept


# -- strategies ------------------------------------------------------------------------------------------

#: Any script, quotes, line ends, but no lone surrogates, which JSON cannot encode.
texts = st.one_of(
    st.sampled_from(["a", "b", "ß → 漢字", 'it\'s "quoted"', "line\nline", "tab\tand $HOME {x} %s"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8).filter(
        lambda text: text.strip() != ""
    ),
)
people = st.lists(st.sampled_from(["ann", "bea", "cid"]), max_size=3)


def some(optional: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Props]:
    """Draw any of these properties."""
    return st.fixed_dictionaries({}, optional=optional)


_described = {
    "description": texts,
    "user_description": texts,
    "owner_users": people,
    "is_discoverable": st.booleans(),
    "delete_type": st.sampled_from(["PURGE", "HARD", "SOFT"]),
}
_edges = {
    **_described,
    "sql": texts,
    "source_url": st.just("https://example.com/x?y=1&z=%20"),
    "certificate_status": st.sampled_from(["DRAFT", "VERIFIED"]),
    "source_created_at": st.integers(1, 2**42),
    "is_pass_through": st.booleans(),
}


@st.composite
def connections(draw: st.DrawFn, name: str) -> Declared:
    """Draw a connection with a fixed name or Atlan's default name."""
    connector = draw(st.sampled_from(["airflow", "spark"]))
    number = CONNECTIONS.index(name)
    variant = draw(st.integers(0, 1))
    pinned = {"qualified_name": f"default/{connector}/9{number}{variant}"}
    named = draw(st.sampled_from([pinned, {"epoch": 1_700_000_000 + 1000 * number}]))
    more = draw(
        some({**_described, "host": texts, "row_limit": st.integers(0, 9), "allow_query": st.booleans()})
    )
    return Declared(
        "Connection",
        {"name": draw(texts), "connector": connector, "admin_users": ["jsmith"], **named, **more},
    )


@st.composite
def _sides(draw: st.DrawFn, type_name: str, assets: list[str]) -> Props:
    """Draw inputs and outputs without common assets, in any order."""
    chosen = draw(st.lists(st.sampled_from(assets), min_size=2, unique=True))
    cut = draw(st.integers(1, len(chosen) - 1))
    listed = [{"type_name": type_name, "qualified_name": asset} for asset in chosen]
    return {"inputs": listed[:cut], "outputs": listed[cut:]}


@st.composite
def processes(draw: st.DrawFn, name: str) -> Declared:
    """Draw a process between tables, in the warehouse or in a connection of the program."""
    connection: Any = draw(st.sampled_from([WAREHOUSE, WAREHOUSE, WAREHOUSE, Of("c0"), Of("c1")]))
    process_id = f"{name}-{draw(st.integers(0, 1))}"
    more = draw(some(_edges))
    sides = draw(_sides("Table", TABLES))
    return Declared(
        "Process",
        {"name": draw(texts), "connection": connection, "process_id": process_id, **sides, **more},
    )


@st.composite
def column_processes(draw: st.DrawFn, name: str) -> Declared:
    """Draw a column process of a process in the program."""
    process = draw(st.sampled_from(PROCESSES[:2]))
    more = draw(some(_edges))
    sides = draw(_sides("Column", TABLE_COLUMNS))
    return Declared(
        "ColumnProcess",
        {
            "name": draw(texts),
            "process": Of(process),
            "process_id": f"{name}-{draw(st.integers(0, 1))}",
            **sides,
            **more,
        },
    )


def resources(name: str) -> st.SearchStrategy[Declared]:
    """Return the strategy for a resource with this name."""
    return {"c": connections, "p": processes, "k": column_processes}[name[0]](name)


def named(
    kind: Callable[[str], st.SearchStrategy[Declared]],
) -> Callable[[str], st.SearchStrategy[tuple[str, Declared]]]:
    """Return a function from a name to the strategy for the name and a resource."""
    return lambda name: st.tuples(st.just(name), kind(name))


names = st.sampled_from([*CONNECTIONS, *PROCESSES, *COLUMNS])
declarations = names.flatmap(named(resources))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a program of up to ten resources."""
    chosen = draw(st.lists(names, min_size=3, unique=True))
    return complete({name: draw(resources(name)) for name in chosen})


@st.composite
def edits(draw: st.DrawFn, program: Program) -> Program:
    """Draw the program with a resource added, changed, or removed."""
    name = draw(names)
    edited = dict(program)
    if name in edited and draw(st.booleans()):
        del edited[name]
    elif name in edited and draw(st.booleans()):
        other = draw(resources(name))
        edited[name] = Declared(other.kind, {**edited[name].props, "name": other.props["name"]})
    else:
        edited[name] = draw(resources(name))
    return complete(edited)
