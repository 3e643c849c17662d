"""PreflightQueue: checks resources in batches, with one `Preflight` per tenant.

Declarations whose inputs are resolved at about the same time are looked up in the same requests.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

import pulumi
import pulumi.dynamic

from atlan_pulumi.client import Tenant
from atlan_pulumi.dynamic._quick_import import import_httpx_quickly
from atlan_pulumi.dynamic.program._batch_queue import BatchQueue
from atlan_pulumi.dynamic.program._ownership_mark import urns_of
from atlan_pulumi.dynamic.program._settings import Option
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import InputProblem
from atlan_pulumi.preflight import Declaration, Findings, Preflight, new_preflight

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_MOST_QUOTED = 100
"""The most problems of other resources that a refused resource reports."""
_MOST_NAMED = 3


class Planned(Protocol):
    """The part of a `PlannedResource` that the queue uses."""

    resource: pulumi.dynamic.Resource

    def after(self) -> set[pulumi.Resource]: ...


@dataclass(frozen=True, eq=False)
class Invalid:
    """A resource with invalid inputs. It holds back its batch; its own check reports the problem.

    Attributes:
        resource_name: The resource's name in the stack.
        problems: The problems in its inputs.
        uncertain: Whether it may be registered with other inputs, by a transform or `ignore_changes`.
    """

    resource_name: str
    problems: tuple[InputProblem, ...]
    uncertain: bool


class PreflightQueue:
    """Preflight of everything that a program declares in one tenant, batch by batch."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._preflight: Preflight | None = None
        self._planned: dict[Declaration | Invalid, Planned] = {}
        self.batches: BatchQueue[Declaration | Invalid, Findings] = BatchQueue(self._findings)

    async def answer(self, declaration: Declaration | Invalid, planned: Planned) -> Findings:
        """Wait for the declaration's batch, and return its findings."""
        self._planned[declaration] = planned
        return await self.batches.answer(declaration)

    def existing(self, key: Key) -> Entity | None:
        """Return the live entity with that key; None if preflight found none."""
        return self._preflight.existing(key) if self._preflight else None

    def _findings(self, batch: list[Declaration | Invalid]) -> list[Findings]:
        try:
            lookups = self._tenant.lookups()
        except AtlanError:  # the provider raises the same error, on the resource
            lookups = None
        if lookups is None:
            return [Findings() for _ in batch]
        try:
            self._preflight = self._preflight or new_preflight(lookups(), self._tenant)
            valid = [each for each in batch if isinstance(each, Declaration)]
            of_valid = dict(zip(valid, self._preflight.findings(valid), strict=True))
            found = [of_valid[each] if isinstance(each, Declaration) else Findings() for each in batch]
        except AtlanError as error:
            return [Findings([InputProblem("", f"preview checks failed: {error}")]) for _ in batch]
        for findings in found:
            findings.reached = True
        self._add_refused_beside(batch, found)
        _add_existing_beside(batch, found)
        return found

    def _add_refused_beside(self, batch: list[Declaration | Invalid], found: list[Findings]) -> None:
        """Add the problems of the other resources of the batch.

        The engine stops at the first refused resource, which therefore reports those of the others, up to a
        limit. It may be one that only the provider refuses. In a deployment, each of the others is held back,
        so that nothing is written, also without a preview before. Only the provider knows which resources are
        part of the operation. A resource that may be registered with other inputs is not counted.
        """
        every = list(zip(batch, found, strict=True))
        problems = [(each, _problems(each, findings)) for each, findings in every]
        certain = [(each, own) for each, own in problems if own and not each.uncertain]
        if not certain:
            return
        deploys = not pulumi.runtime.is_dry_run()
        refused = [self._refused(*each) for each in (certain if deploys else certain[: _MOST_QUOTED + 1])]
        quoted = [entry for entries in refused for entry in entries]
        for (declaration, findings), (_, own) in zip(every, problems, strict=True):
            if own or not deploys:
                others = [each for each in quoted if each[0] != declaration.resource_name]
                findings.refused_beside = others[:_MOST_QUOTED]
                total = sum(len(each) for other, each in certain if other is not declaration)
                findings.more_refused = total - len(findings.refused_beside)
                findings.only_quotes = not deploys
            else:
                findings.refused_beside = [entries[0] for entries in refused]

    def _refused(
        self, declaration: Declaration | Invalid, problems: Sequence[InputProblem]
    ) -> list[tuple[str, str, list[str], str]]:
        planned = self._planned[declaration]
        urn, *after = urns_of([planned.resource, *planned.after()])
        return [
            (declaration.resource_name, urn, sorted(after), f"{name}: {reason}" if name else reason)
            for name, reason in problems
        ]


def _add_existing_beside(batch: list[Declaration | Invalid], found: list[Findings]) -> None:
    """Add the names of the other resources whose creation is refused, such as all after a lost state.

    Only the state shows which of them are new, and the engine stops at the first.
    """
    every = zip(batch, found, strict=True)
    refused = {each.resource_name: findings for each, findings in every if findings.problems_if_new}
    names = list(islice(refused, _MOST_NAMED + 1))
    for name, findings in refused.items() if len(refused) > 1 else ():
        others = [repr(other) for other in names if other != name][:_MOST_NAMED]
        more = len(refused) - 1 - len(others)
        rest = f" and {more:,} more" if more else ""
        property_, reason = findings.problems_if_new[0]
        advice = f"{reason}; if they are new, the same applies to {', '.join(others)}{rest}"
        findings.problems_if_new[0] = InputProblem(property_, advice)


def _problems(declaration: Declaration | Invalid, findings: Findings) -> Sequence[InputProblem]:
    """Return the problems of a resource, as others may quote them: a reason may contain a secret."""
    if isinstance(declaration, Invalid):
        return declaration.problems
    if declaration.secret and findings.problems:
        return [InputProblem(findings.problems[0].property, "its inputs are not valid")]
    return findings.problems


# Keyed by event loop: with Pulumi's Automation API, one process runs several programs in turn.
_queues: WeakKeyDictionary[AbstractEventLoop, dict[AtlanClient, PreflightQueue]] = WeakKeyDictionary()


def queue_for(option: Option) -> PreflightQueue | None:
    """Return the queue of the tenant in these settings; None if preview checks are off."""
    tenant = Tenant(option, prepare=import_httpx_quickly)
    try:
        if tenant.lookups_are_off:
            return None
        client = tenant.client()
    except AtlanError:  # reported by the provider, on the resource
        return None
    of_this_run = _queues.setdefault(get_running_loop(), {})
    if client not in of_this_run:
        of_this_run[client] = PreflightQueue(tenant)
    return of_this_run[client]
