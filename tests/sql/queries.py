"""Random queries over three small tables. Every query is valid in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

TABLES = {"t": ["a", "b", "c", "d"], "u": ["a", "e", "f"], "w": ["g", "h", "b"]}
_DEEPEST = 3


class Source(NamedTuple):
    """What FROM can refer to: its text with an alias, the alias, and its columns."""

    text: str
    alias: str
    columns: list[str]


class Query(NamedTuple):
    """A query, and the names of its columns."""

    text: str
    columns: list[str]


class Queries:
    """Makes random queries."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._ctes: dict[str, list[str]] = {}
        self._number = 0

    def query(self, depth: int = 0, width: int | None = None) -> Query:
        """Return a query, with common table expressions at the top.

        Args:
            depth: The number of queries around it.
            width: The number of its columns; None for any.
        """
        kinds: list[Callable[[int, int | None], Query]] = [self._select] * 4
        if depth < _DEEPEST:
            kinds += [self._union, self._with, self._grouped, self._star]
        return self._random.choice(kinds)(depth, width)

    def _name(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}{self._number}"

    def _with(self, depth: int, width: int | None) -> Query:
        name = self._name("cte")
        inner = self.query(depth + 1)
        outer_ctes = dict(self._ctes)
        self._ctes[name] = inner.columns
        outer = self._select(depth + 1, width)
        self._ctes = outer_ctes
        return Query(f"with {name} as ({inner.text}) {outer.text}", outer.columns)

    def _union(self, depth: int, width: int | None) -> Query:
        left = self.query(depth + 1, width)
        right = self.query(depth + 1, len(left.columns))
        operator = self._random.choice(["union all", "union", "except", "intersect"])
        text = f"select * from ({left.text}) {operator} select * from ({right.text})"
        return Query(text, left.columns)

    def _star(self, depth: int, width: int | None) -> Query:
        source = self._source(depth)
        count = width or self._random.randint(1, len(source.columns) + 1)
        kept = source.columns[: max(count, 1)]
        left_out = [name for name in source.columns if name not in kept]
        text = f"{source.alias}.*" + (f" exclude ({', '.join(left_out)})" if left_out else "")
        names = list(kept)
        while len(names) < count:
            name = self._name("x")
            text += f", {self._expression([source], depth)} as {name}"
            names.append(name)
        return Query(f"select {text} from {source.text}", names)

    def _grouped(self, depth: int, width: int | None) -> Query:
        sources = self._sources(depth)
        key, name = self._expression(sources, _DEEPEST), self._name("k")
        count = (width or self._random.randint(1, 3)) - 1
        parts, names = [f"{key} as {name}"], [name]
        for _ in range(count):
            function = self._random.choice(["sum", "min", "max", "count"])
            alias = self._name("n")
            condition = f" filter (where {self._condition(sources)})" if self._random.random() < 0.2 else ""
            parts.append(f"{function}({self._expression(sources, _DEEPEST)}){condition} as {alias}")
            names.append(alias)
        having = f" having count(*) > {self._random.randint(0, 2)}" if self._random.random() < 0.2 else ""
        text = f"select {', '.join(parts)} {self._from(sources)} group by {name}{having}"
        return Query(text, names)

    def _select(self, depth: int, width: int | None) -> Query:
        sources = self._sources(depth)
        parts, names, plain = [], [], []
        for _ in range(width or self._random.randint(1, 4)):
            name = self._name("x")
            # An earlier column of the same list, by its alias. DuckDB allows no subquery in it.
            lateral = plain and self._random.random() < 0.15
            value = f"{self._random.choice(plain)} + 1" if lateral else self._expression(sources, depth)
            parts.append(f"{value} as {name}")
            names.append(name)
            plain += [] if "select" in value or "over" in value else [name]
        where = f" where {self._condition(sources)}" if self._random.random() < 0.3 else ""
        distinct = "distinct " if self._random.random() < 0.1 else ""
        return Query(f"select {distinct}{', '.join(parts)} {self._from(sources)}{where}", names)

    def _sources(self, depth: int) -> list[Source]:
        return [self._source(depth) for _ in range(self._random.choice([1, 1, 2]))]

    def _source(self, depth: int) -> Source:
        alias = self._name("s")
        if depth < _DEEPEST and self._random.random() < 0.3:
            inner = self.query(depth + 1)
            return Source(f"({inner.text}) as {alias}", alias, inner.columns)
        every = {**TABLES, **self._ctes}
        name = self._random.choice(list(every))
        return Source(f"{name} as {alias}", alias, every[name])

    def _from(self, sources: list[Source]) -> str:
        first, *rest = sources
        text = f"from {first.text}"
        for each in rest:
            kind = self._random.choice(["join", "left join", "cross join"])
            sides = (self._column([side], sources) for side in (first, each))
            on = "" if kind == "cross join" else f" on {' = '.join(sides)}"
            text += f" {kind} {each.text}{on}"
        return text

    def _column(self, sources: list[Source], scope: list[Source] | None = None) -> str:
        source = self._random.choice(sources)
        name = self._random.choice(source.columns)
        unique = sum(name in each.columns for each in scope or sources) == 1
        return name if unique and self._random.random() < 0.3 else f"{source.alias}.{name}"

    def _condition(self, sources: list[Source]) -> str:
        operator = self._random.choice(["<", ">", "<>"])
        return f"{self._column(sources)} {operator} {self._random.randint(0, 50)}"

    def _expression(self, sources: list[Source], depth: int) -> str:
        plain = [
            self._column,
            self._column,
            lambda given: f"{self._column(given)} * 2 + {self._column(given)}",
            lambda given: f"coalesce({self._column(given)}, {self._column(given)}, 0)",
            lambda given: f"cast({self._column(given)} as bigint) % 7",
            self._case,
        ]
        nested = [
            lambda given: f"sum({self._column(given)}) over (partition by {self._column(given)} % 3)",
            lambda _: self._scalar(),
            lambda given: f"greatest({self._column(given)}, {self._random.randint(0, 9)})",
        ]
        return self._random.choice(plain + (nested if depth < _DEEPEST else []))(sources)

    def _case(self, sources: list[Source]) -> str:
        condition = self._condition(sources)
        return f"case when {condition} then {self._column(sources)} else {self._column(sources)} end"

    def _scalar(self) -> str:
        inner = self.query(_DEEPEST, 1)
        return f"(select max({inner.columns[0]}) from ({inner.text}) as {self._name('q')})"
