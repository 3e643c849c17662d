"""What policies found, as a section and as one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from atlan_pulumi.printable import printable
from atlan_pulumi.review._preview import Preview, Violation, described
from atlan_pulumi.review._section import Section
from atlan_pulumi.review._words import counted

_LEVELS = ("mandatory", "remediate", "advisory")


def policies_section(preview: Preview) -> Section:
    """A row for what one rule says of one resource. Of several packs each rule is told with its own."""
    if not preview.tells_policies:
        intro = "What policies found is not in this form of input: give the file of --event-log."
        return Section("Policies", (), [], intro)
    several = len({each.pack for each in preview.violations}) > 1
    descriptions = _descriptions(preview.violations)
    rows: list[tuple[str, ...]] = []
    for _, of_one in groupby(sorted(preview.violations, key=_place), lambda each: _place(each)[:-1]):
        found = list(of_one)
        one = found[0]
        rule = printable(f"{one.policy} ({one.pack})" if several else one.policy)
        said = [_said(each, descriptions) for each in found]
        rows.append((one.level, rule, described(one.urn), "\n".join(said)))
    return Section("Policies", ("Level", "Rule", "Resource", "Message"), rows)


def _place(found: Violation) -> tuple[int, str, str, str, str, str]:
    order = _LEVELS.index(found.level) if found.level in _LEVELS else len(_LEVELS)
    return order, found.level, found.policy, found.pack, found.urn, found.message


def _descriptions(violations: Sequence[Violation]) -> dict[tuple[str, str], str]:
    """The description of each rule. The engine puts it before all that the rule says, or has none."""
    messages: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in violations:
        if each.level != "remediate":
            messages[each.pack, each.policy].append(each.message)
    firsts = {rule: {text.partition("\n")[0] for text in texts} for rule, texts in messages.items()}
    return {rule: next(iter(lines)) for rule, lines in firsts.items() if len(lines) == 1}


def _said(found: Violation, descriptions: dict[tuple[str, str], str]) -> str:
    """What a policy says of a resource, without the description, unless that is all."""
    first, _, rest = found.message.partition("\n")
    return rest if rest and descriptions.get((found.pack, found.policy)) == first else found.message


def verdict_of(preview: Preview) -> str:
    """What policies found, as one line; empty where that is nothing."""
    levels = [each.level for each in preview.violations]
    mandatory, advisory = levels.count("mandatory"), levels.count("advisory")
    mended = len({each.urn for each in preview.violations if each.level == "remediate"})
    told = [
        *([counted(mandatory, "mandatory violation")] if mandatory else []),
        *([counted(advisory, "advisory violation")] if advisory else []),
        *([f"{counted(mended, 'resource')} changed"] if mended else []),
    ]
    return f"Policies: {', '.join(told)}." if told else ""
