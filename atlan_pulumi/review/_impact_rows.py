"""How the loss of lineage is worded: tables and columns are counted separately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from atlan_pulumi.review._impact import Impact, Loss, LostSource
from atlan_pulumi.review._table_rows import AssetNames, Row, join_limited
from atlan_pulumi.text import counted

_NOUNS = {"Table": "table", "View": "view", "MaterialisedView": "materialized view", "Column": "column"}
_ASSET = "asset"
"""The noun of all other types."""
_ORDER = ("table", "view", "materialized view", _ASSET, "column")
_MAX_ASSETS = 10
_PARTLY = ("loses a source but has others", "lose a source but have others")


def impact_rows(impact: Impact, names: AssetNames) -> Iterator[Row]:
    """Yield the losses of each edge, with a row for each kind of asset."""
    for loss in impact.losses:
        for noun, assets in _by_noun(loss.assets, impact.types):
            effect = _effect(noun, len(assets), ("loses its lineage", "lose their lineage"))
            yield loss.edge, effect, _listed([names.of(asset) for asset in assets])
        yield from _partial_rows(loss, impact.types, names)


def _partial_rows(loss: Loss, types: Mapping[str, str], names: AssetNames) -> Iterator[Row]:
    partly = {each.asset: each for each in loss.partly}
    for noun, assets in _by_noun(partly, types):
        effect = _effect(noun, len(assets), _PARTLY)
        yield loss.edge, effect, _listed([_describe(partly[asset], names) for asset in assets])


def _describe(one: LostSource, names: AssetNames) -> str:
    lost, rest = (join_limited([*map(names.of, side)], _MAX_ASSETS) for side in (one.lost, one.remaining))
    return f"{names.of(one.asset)}: loses {lost}; has {rest}"


def impact_lines(impact: Impact) -> Iterator[str]:
    """Yield the sentences before the table: the losses, and what is not known."""
    if impact.asked:
        yield f"{_losses(impact)}, based on Atlan's current lineage to a depth of {impact.depth}."
    if impact.note:
        yield impact.note


def _losses(impact: Impact) -> str:
    if not impact.losses:  # certain only if everything was checked
        return "No asset loses lineage" if impact.sure else "The checked edges cause no loss of lineage"
    return "; ".join(_sentences(impact, ""))


def impact_summary(impact: Impact) -> list[str]:
    """Return the lines of the summary: how many assets lose their lineage, and how many a source."""
    return [f"{each}." for each in _sentences(impact, " downstream")]


def _sentences(impact: Impact, where: str) -> Iterator[str]:
    for assets, verbs in ((impact.assets, ("loses lineage", "lose lineage")), (impact.partly, _PARTLY)):
        if assets:
            yield f"{_count(assets, impact.types)}{where} {verbs[len(assets) > 1]}"


def _effect(noun: str, count: int, verbs: tuple[str, str]) -> str:
    return f"{counted(count, noun)} {verbs[count > 1]}"


def _count(assets: Iterable[str], types: Mapping[str, str]) -> str:
    """Return how many assets of each kind there are, such as `2 tables, 1 other asset, 2 columns`."""
    groups = _by_noun(assets, types)
    other = f"other {_ASSET}" if len(groups) > 1 else _ASSET
    return ", ".join(counted(len(group), other if noun == _ASSET else noun) for noun, group in groups)


def _by_noun(assets: Iterable[str], types: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for asset in assets:
        groups[_NOUNS.get(types.get(asset, ""), _ASSET)].append(asset)
    return sorted(groups.items(), key=lambda group: _ORDER.index(group[0]))


def _listed(lines: Sequence[str]) -> str:
    """Return lines; of too many, only the first ones."""
    more = len(lines) - _MAX_ASSETS
    shown = lines if more <= 1 else lines[:_MAX_ASSETS]
    return "\n".join([*shown, *([f"and {more:,} more"] if more > 1 else [])])
