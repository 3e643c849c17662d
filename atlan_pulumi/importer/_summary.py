"""Summarize an import for the user."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.lifecycle import parse_mark
from atlan_pulumi.text import printable

_MOST = 20
_MARKED = "With ownership marks in Atlan; the first preview shows the marks that change to this stack's:"
_OTHER_ORIGIN = (
    "Created by a stack {0!r} in another backend or with an earlier state; "
    "import these only if that state is lost:"
)
_NOUNS = {
    "Connection": ("connection", "connections"),
    "Asset": ("asset", "assets"),
    "Process": ("process", "processes"),
    "ColumnProcess": ("column process", "column processes"),
    "ColumnLineage": ("column lineage", "column lineages"),
    "ProcessSet": ("process set", "process sets"),
    "LineageMap": ("lineage map", "lineage maps"),
    "OpenLineageConnection": ("OpenLineage connection", "OpenLineage connections"),
    "OpenLineageJob": ("OpenLineage job", "OpenLineage jobs"),
}


def amounts(plan: ImportPlan) -> str:
    """Return the number of resources of each kind, in words."""
    texts = []
    for kind, count in _counted(plan).items():
        one, many = _NOUNS.get(kind, (kind, f"{kind}s"))
        texts.append(f"{count:,} {one if count == 1 else many}")
    return ", ".join(texts) or "nothing"


def _counted(plan: ImportPlan) -> dict[str, int]:
    """Count the resources of each kind. Assets of all types are one kind."""
    return dict(Counter("Asset" if each.declared.kind.is_asset else each.kind for each in plan.resources))


def report(plan: ImportPlan, stack: str | None = None, origin: str | None = None) -> Iterator[str]:
    """Yield the lines of a report on an import. Each line is printable.

    Args:
        plan: The import.
        stack: The stack that it is for, such as `shop/prod`, or None if unknown.
        origin: The origin in the stack's marks, or None if unknown.
    """
    yield from _paragraph("Not imported, and unchanged in Atlan:", _unsupported(plan))
    yield from _paragraph("Not managed by the imported resources:", _left_out(plan))
    yield from _paragraph(_MARKED, _marks(plan, stack))
    yield from _paragraph(_OTHER_ORIGIN.format(stack), _of_other_origins(plan, stack, origin))


def _paragraph(title: str, lines: Iterator[str]) -> Iterator[str]:
    texts = [printable(line) for line in lines]
    if texts:
        yield title
        yield from (f"  {line}" for line in texts[:_MOST])
        if len(texts) > _MOST:
            yield f"  … and {len(texts) - _MOST:,} more: the code lists all of them"
        yield ""


def _unsupported(plan: ImportPlan) -> Iterator[str]:
    for type_name, name, reason in plan.unsupported:
        yield f"{type_name} {name!r}: {reason}"


def _left_out(plan: ImportPlan) -> Iterator[str]:
    counted = Counter(what for resource in plan.resources for what in resource.declared.left_out)
    for what, count in counted.most_common():
        yield f"{what} ({count:,} resource{'s' if count > 1 else ''})"


def _marks(plan: ImportPlan, stack: str | None) -> Iterator[str]:
    """Yield the resources of other owners by mark. Those of this stack are left out."""
    by_mark: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in plan.resources:
        if resource.inputs.get("managed_by") and (stack is None or resource.stack != stack):
            by_mark[_owner(resource)].append(resource)
    for owner, resources in sorted(by_mark.items()):
        yield f"{owner}: {_names(resources)}"


def _of_other_origins(plan: ImportPlan, stack: str | None, origin: str | None) -> Iterator[str]:
    """Yield the resources of a stack with the same name, whose state may still exist."""
    theirs = []
    for resource in plan.resources:
        mark = parse_mark(resource.declared.mark)
        if origin and mark and mark.stack == stack and mark.origin and mark.origin != origin:
            theirs.append(resource)
    if theirs:
        yield _names(theirs)


def _owner(resource: Resource) -> str:
    if resource.stack is not None:
        return f"the stack {resource.stack!r}"
    return f"the workflow {resource.inputs['managed_by']!r}"


def _names(resources: Sequence[Resource]) -> str:
    names = ", ".join(f"{each.kind} {each.name!r}" for each in resources[:3])
    return names if len(resources) <= 3 else f"{names} and {len(resources) - 3:,} more"  # noqa: PLR2004
