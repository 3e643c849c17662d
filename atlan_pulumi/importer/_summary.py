"""What an import tells a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.lifecycle import parse_mark
from atlan_pulumi.text import printable

_MOST = 20
_MARKED = "Marked in Atlan; unless the mark is this stack's own, the first preview shows that it becomes so:"
_OTHER_ORIGIN = (
    "Made by a stack {0!r} in another backend, or before it was set up again; "
    "import these only if that state is lost:"
)
_NOUNS = {
    "Connection": ("connection", "connections"),
    "Process": ("process", "processes"),
    "ColumnProcess": ("column process", "column processes"),
    "ColumnLineage": ("column lineage", "column lineages"),
    "ProcessSet": ("process set", "process sets"),
    "LineageMap": ("lineage map", "lineage maps"),
    "OpenLineageConnection": ("OpenLineage connection", "OpenLineage connections"),
    "OpenLineageJob": ("OpenLineage job", "OpenLineage jobs"),
}


def amounts(plan: ImportPlan) -> str:
    """How many resources of each kind, in words."""
    told = []
    for kind, count in plan.count().items():
        one, many = _NOUNS.get(kind, (kind, f"{kind}s"))
        told.append(f"{count:,} {one if count == 1 else many}")
    return ", ".join(told) or "nothing"


def report(plan: ImportPlan, stack: str | None = None, origin: str | None = None) -> Iterator[str]:
    """What a user should know of an import, line by line; each is printable.

    Args:
        plan: The import.
        stack: The stack that it is for, such as `shop/prod`; None where that is not known.
        origin: The origin in the stack's marks; None where that is not known.
    """
    yield from _paragraph("Not imported, and left as it is in Atlan:", _inexpressible(plan))
    yield from _paragraph("Left to others, since the resources do not manage it:", _left_out(plan))
    yield from _paragraph(_MARKED, _marks(plan, stack))
    yield from _paragraph(_OTHER_ORIGIN.format(stack), _of_other_origins(plan, stack, origin))


def _paragraph(title: str, lines: Iterator[str]) -> Iterator[str]:
    shown = [printable(line) for line in lines]
    if shown:
        yield title
        yield from (f"  {line}" for line in shown[:_MOST])
        if len(shown) > _MOST:
            yield f"  … and {len(shown) - _MOST:,} more: the code lists them all"
        yield ""


def _inexpressible(plan: ImportPlan) -> Iterator[str]:
    for type_name, name, reason in plan.inexpressible:
        yield f"{type_name} {name!r}: {reason}"


def _left_out(plan: ImportPlan) -> Iterator[str]:
    counted = Counter(what for resource in plan.resources for what in resource.declared.left_out)
    for what, count in counted.most_common():
        yield f"{what} ({count:,} resource{'s' if count > 1 else ''})"


def _marks(plan: ImportPlan, stack: str | None) -> Iterator[str]:
    """By whose mark they carry; what the stack itself has made needs no word."""
    by_mark: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in plan.resources:
        if resource.inputs.get("managed_by") and (stack is None or resource.stack != stack):
            by_mark[_whose(resource)].append(resource)
    for whose, resources in sorted(by_mark.items()):
        yield f"{whose}: {_named(resources)}"


def _of_other_origins(plan: ImportPlan, stack: str | None, origin: str | None) -> Iterator[str]:
    """What a stack of the very same name has made, whose state may still be there."""
    theirs = []
    for resource in plan.resources:
        mark = parse_mark(resource.declared.mark)
        if origin and mark and mark.stack == stack and mark.origin and mark.origin != origin:
            theirs.append(resource)
    if theirs:
        yield _named(theirs)


def _whose(resource: Resource) -> str:
    if resource.stack is not None:
        return f"the stack {resource.stack!r}"
    return f"the workflow {resource.inputs['managed_by']!r}"


def _named(resources: Sequence[Resource]) -> str:
    names = ", ".join(f"{each.kind} {each.name!r}" for each in resources[:3])
    return names if len(resources) <= 3 else f"{names} and {len(resources) - 3:,} more"  # noqa: PLR2004
