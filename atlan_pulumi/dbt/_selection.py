"""Select nodes as dbt does: `tag:nightly`, `models/staging`, `+orders`, `source:erp+`.

Source: dbt's documentation of node selection (methods, graph operators, set operators).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from atlan_pulumi.dbt._artifacts import Node, Project
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.text import did_you_mean

Selection = str | Sequence[str] | None
_TERM = re.compile(
    r"(?P<at>@)?(?:(?P<up>\d*)\+)?(?:(?P<method>[a-z_]+(?:\.[\w.]+)?):)?(?P<value>.+?)(?:\+(?P<down>\d*))?"
)


def select_nodes(project: Project, select: Selection = None, exclude: Selection = None) -> list[Node]:
    """Return the selected nodes of a project, sorted by id.

    Args:
        project: The project.
        select: What to select: terms that are separated by blanks or in a list are united, those that are
            separated by commas intersected. Default: all nodes.
        exclude: What to leave out, in the same form.

    Raises:
        LineageDataError: A term is invalid, or selects nothing.
    """
    graph = _Graph(project)
    found = set(project.nodes) if select is None else graph.union(select)
    if exclude is not None:
        found -= graph.union(exclude)
    return [node for unique_id, node in project.nodes.items() if unique_id in found]


class _Graph:
    """The nodes of a project, with the edges in both directions."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._parents = {unique_id: node.parents for unique_id, node in project.nodes.items()}
        children = defaultdict(list)
        for unique_id, parents in self._parents.items():
            for parent in parents:
                children[parent].append(unique_id)
        self._children: Mapping[str, Sequence[str]] = children

    def union(self, selection: str | Sequence[str]) -> set[str]:
        """Return the ids of the nodes that any of several terms selects."""
        terms = [selection] if isinstance(selection, str) else selection
        found: set[str] = set()
        for each in " ".join(terms).split():
            found |= set.intersection(*(self._selected(term) for term in each.split(",")))
        return found

    def _selected(self, text: str) -> set[str]:
        term = _TERM.fullmatch(text)
        if term is None:
            raise LineageDataError(
                f"select {text!r} is not a dbt selector, such as 'tag:nightly' or '+orders'"
            )
        matches = _matcher(term["method"], term["value"], self._project)
        named = {unique_id for unique_id, node in self._project.nodes.items() if matches(node)}
        if not named:
            raise LineageDataError(f"select {text!r} matches nothing in the dbt project{self._near(term)}")
        if term["at"]:
            below = named | self._reached(named, self._children, None)
            return below | self._reached(below, self._parents, None)
        found = set(named)
        if term["up"] is not None:
            found |= self._reached(named, self._parents, int(term["up"] or 0) or None)
        if term["down"] is not None:
            found |= self._reached(named, self._children, int(term["down"] or 0) or None)
        return found

    def _near(self, term: re.Match[str]) -> str:
        if term["method"] not in (None, "fqn"):
            return ""
        return did_you_mean(term["value"], sorted({node.name for node in self._project.nodes.values()}))

    def _reached(
        self, start: Iterable[str], edges: Mapping[str, Sequence[str]], steps: int | None
    ) -> set[str]:
        """Return what can be reached from some nodes, in at most some steps."""
        found: set[str] = set()
        border = set(start)
        while border and steps != 0:
            border = {each for node in border for each in edges.get(node, ())} - found
            border &= self._project.nodes.keys()
            found |= border
            steps = None if steps is None else steps - 1
        return found


def _matcher(method: str | None, value: str, project: Project) -> Callable[[Node], bool]:
    """Return the condition of a method; without one, a path, a file, or a name, as in dbt."""
    if method is None:
        method = "path" if "/" in value else "file" if PurePosixPath(value).suffix in _SUFFIXES else "fqn"
    name, _, detail = method.partition(".")
    if name == "config" and detail:
        return lambda node: node.resource_type != "exposure" and _matches_config(node.config, detail, value)
    if name == "package" and value == "this":
        value = project.name
    if detail or name not in _METHODS:
        near = did_you_mean(name, list(_METHODS))
        known = ", ".join(("config.<key>", *_METHODS))
        raise LineageDataError(f"unknown selection method {method!r}{near}; use {known}")
    matches = _METHODS[name]
    return lambda node: matches(node, value)


def _matches_config(config: Mapping[str, Any], detail: str, value: str) -> bool:
    found: Any = config
    for key in detail.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    values = found if isinstance(found, (list, tuple)) else [found]
    return any(fnmatchcase(_config_text(each), value) for each in values if each is not None)


def _config_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _matches_fqn(node: Node, value: str) -> bool:
    """Return whether a value is the name, or the beginning of the name with the folders above."""
    if fnmatchcase(node.name, value) or fnmatchcase(".".join(node.fqn), value):
        return True
    parts = value.split(".")
    return any(_begins(names, parts) for names in (node.fqn, node.fqn[1:])) or _are(node.fqn[-2:], parts)


def _begins(names: Sequence[str], parts: Sequence[str]) -> bool:
    return len(parts) <= len(names) and all(map(fnmatchcase, names, parts))


def _are(names: Sequence[str], parts: Sequence[str]) -> bool:
    return len(parts) == len(names) and _begins(names, parts)


def _matches_path(node: Node, value: str) -> bool:
    wanted = PurePosixPath(value).as_posix()
    path = PurePosixPath(node.file)
    return any(fnmatchcase(each.as_posix(), wanted) for each in (path, *path.parents))


def _matches_file(node: Node, value: str) -> bool:
    name = PurePosixPath(node.file).name
    return fnmatchcase(name, value) or fnmatchcase(PurePosixPath(name).stem, value)


def _matches_source(node: Node, value: str) -> bool:
    if node.resource_type != "source":
        return False
    source, table = node.name.split(".", 1)
    parts = value.split(".")
    return any(_are(names, parts) for names in ((source,), (source, table), (node.package, source, table)))


def _matches_exposure(node: Node, value: str) -> bool:
    names = (node.name, f"{node.package}.{node.name}")
    return node.resource_type == "exposure" and any(fnmatchcase(each, value) for each in names)


_SUFFIXES = {".sql", ".py", ".csv", ".yml", ".yaml"}
_METHODS: Mapping[str, Callable[[Node, str], bool]] = {
    "exposure": _matches_exposure,
    "file": _matches_file,
    "fqn": _matches_fqn,
    "group": lambda node, value: fnmatchcase(str(node.config.get("group") or ""), value),
    "package": lambda node, value: fnmatchcase(node.package, value),
    "path": _matches_path,
    "resource_type": lambda node, value: node.resource_type == value,
    "source": _matches_source,
    "tag": lambda node, value: any(fnmatchcase(tag, value) for tag in node.tags),
}
