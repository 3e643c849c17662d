"""The reviews of a program: one for each tenant that it works on."""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop
from typing import TYPE_CHECKING, get_args
from weakref import WeakKeyDictionary

import pulumi

from atlan_pulumi.dynamic._parents import urn_of
from atlan_pulumi.dynamic._tenant import Tenant
from atlan_pulumi.dynamic._waves import Waves
from atlan_pulumi.errors import AtlanError, ConfigurationError
from atlan_pulumi.lifecycle import Mistake
from atlan_pulumi.preflight import Declaration, Findings, Key, Level, Review
from atlan_pulumi.settings import OFF

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.dynamic._options import Option
    from atlan_pulumi.dynamic._outlook import Outlook


class Reviews:
    """The review of what a program declares in one tenant, wave by wave."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._review: Review | None = None
        self._outlooks: dict[Declaration, Outlook] = {}
        self.waves: Waves[Declaration, Findings] = Waves(self._findings)

    async def answer(self, declaration: Declaration, outlook: Outlook) -> Findings:
        """What was found out about a declaration, when its wave has been answered."""
        self._outlooks[declaration] = outlook
        return await self.waves.answer(declaration)

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
            self._review = self._review or new_review(lookups(), self._tenant)
            found = self._review.findings(wave)
        except AtlanError as error:
            return [Findings([Mistake("", f"the look-ups before it failed: {error}")]) for _ in wave]
        return found if pulumi.runtime.is_dry_run() else self._all_or_nothing(wave, found)

    def _all_or_nothing(self, wave: list[Declaration], found: list[Findings]) -> list[Findings]:
        """Where one of them is refused, nothing of the wave is written: also when no preview came before.

        Which of them are part of the operation is known to the provider alone. One that may be registered
        with other inputs blocks no other.
        """
        refused = [
            self._refused(each, findings.mistakes[0])
            for each, findings in zip(wave, found, strict=True)
            if findings.mistakes and not self._outlooks[each].uncertain
        ]
        for findings in found:
            findings.refused_beside = [] if findings.mistakes else refused
        return found

    def _refused(self, declaration: Declaration, mistake: Mistake) -> tuple[str, str, list[str], str]:
        outlook = self._outlooks[declaration]
        after = sorted(map(urn_of, outlook.after()))
        reason = f"{mistake.property}: {mistake.reason}"
        return declaration.resource_name, urn_of(outlook.resource), after, reason


def new_review(client: AtlanClient, tenant: Tenant) -> Review:
    """Return a review with the tenant's settings.

    Raises:
        ConfigurationError: A setting is none of the levels.
    """
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
