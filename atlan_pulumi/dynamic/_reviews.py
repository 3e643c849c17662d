"""The reviews of a program: one for each tenant that it works on."""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop
from typing import TYPE_CHECKING, get_args
from weakref import WeakKeyDictionary

import pulumi

from atlan_pulumi.dynamic._tenant import Tenant
from atlan_pulumi.dynamic._waves import Waves
from atlan_pulumi.errors import AtlanError, ConfigurationError
from atlan_pulumi.lifecycle import Mistake
from atlan_pulumi.preflight import Declaration, Findings, Key, Level, Review
from atlan_pulumi.settings import OFF

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.dynamic._options import Option


class Reviews:
    """The review of what a program declares in one tenant, wave by wave."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._review: Review | None = None
        self.waves: Waves[Declaration, Findings] = Waves(self._findings)

    def existing(self, key: Key) -> Entity | None:
        """The live entity of that name, as far as it was looked up."""
        return self._review.existing(key) if self._review else None

    def _findings(self, wave: list[Declaration]) -> list[Findings]:
        try:
            lookups = self._tenant.lookups()
        except AtlanError:  # the provider meets the same trouble, and tells it on the resource
            lookups = None
        if lookups is None:
            return [Findings() for _ in wave]
        try:
            self._review = self._review or _new_review(lookups(), self._tenant)
            found = self._review.findings(wave)
        except AtlanError as error:
            return [Findings([Mistake("", f"the look-ups before it failed: {error}")]) for _ in wave]
        return found if pulumi.runtime.is_dry_run() else _all_or_nothing(wave, found)


def _all_or_nothing(wave: list[Declaration], found: list[Findings]) -> list[Findings]:
    """Where one of them is refused, nothing of the wave is written: also when no preview came before."""
    refused = [(each, findings) for each, findings in zip(wave, found, strict=True) if findings.mistakes]
    if refused:
        culprit, (first, *_) = refused[0][0], refused[0][1].mistakes
        reason = f"not written, since {culprit.resource_name!r} is refused: {first.property}: {first.reason}"
        for findings in found:
            findings.mistakes = findings.mistakes or [Mistake("", reason)]
    return found


def _new_review(client: AtlanClient, tenant: Tenant) -> Review:
    return Review(
        client,
        stray_columns=_level(tenant, "strayColumns", "warning"),
        repeated_lineage=_level(tenant, "repeatedLineage", "error"),
    )


def _level(tenant: Tenant, name: str, default: Level) -> Level:
    given = tenant.setting(name, default).lower()
    allowed: tuple[Level, ...] = get_args(Level)
    for level in allowed:
        if given == level or (level == "off" and given in OFF):
            return level
    raise ConfigurationError(f"atlan:{name} must be one of {', '.join(allowed)}, not {given!r}")


# By event loop, since a process may run several programs, one after the other (Pulumi's Automation API).
_reviews: WeakKeyDictionary[AbstractEventLoop, dict[AtlanClient, Reviews]] = WeakKeyDictionary()


def reviews_for(option: Option) -> Reviews | None:
    """The reviews of the tenant that these settings name; None where nothing is looked up."""
    tenant = Tenant(option)
    try:
        if tenant.lookups_are_off:
            return None
        client = tenant.client()
    except AtlanError:  # told by the provider, on the resource
        return None
    of_this_run = _reviews.setdefault(get_running_loop(), {})
    if client not in of_this_run:
        of_this_run[client] = Reviews(tenant)
    return of_this_run[client]
