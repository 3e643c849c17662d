"""What a resource does about inputs and outputs that Atlan does not have, or has as placeholders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._missing_assets import provide_assets
from atlan_pulumi.lifecycle._placeholder_removal import Leaving, remove_unused, still_used
from atlan_pulumi.lifecycle._placeholders import Placeholders
from atlan_pulumi.lifecycle._sought_assets import WAIT_SECONDS, Needs, Sought, SoughtAssets

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

Props = dict[str, Any]
"""Properties as plain data, in snake_case."""
Log = Callable[[str], None]
"""Prints a line."""


class AssetUser:
    """A resource that has inputs and outputs, as far as they may be missing."""

    def __init__(self) -> None:
        self.log: Log = _ignore
        """Prints progress and notes. The adapter sets it."""
        self.missing_assets = "error"
        """What to do about missing inputs and outputs where a resource does not say. The adapter sets it."""
        self.sought = SoughtAssets()
        """The missing assets and placeholders of the operation's resources. Shared by all of them."""

    @property
    def asset_properties(self) -> frozenset[str]:
        """The properties that name the inputs and outputs."""
        return frozenset({"inputs", "outputs"})

    def assets_of(self, _inputs: Props, _names: Collection[str] | None = None) -> Iterable[EntityKey | str]:
        """Return the known inputs and outputs that a resource refers to: their keys, or their GUIDs.

        Args:
            _inputs: The inputs as declared.
            _names: The properties to read; None for all.
        """
        return []

    def provide(
        self, client: AtlanClient, olds: Props, news: Props, sent: Collection[str] | None = None
    ) -> Placeholders:
        """Write placeholders for missing assets, or wait for them, before a resource is written.

        Args:
            client: The tenant.
            olds: The state; empty before the first deployment.
            news: The inputs as declared.
            sent: The properties that will be sent; None for all.

        Returns:
            The placeholders that the resource uses.

        Raises:
            ResourceError: An asset is still missing after `wait_seconds`.
            RequestError: Atlan refused, or could not be reached.
        """
        handling = news.get("missing_assets") or self.missing_assets
        former = Placeholders.from_state(olds)
        sought = self.sought.of(type(self).__name__, news)
        checked = sought is not None
        if sought is None:  # preview checks are off
            named = () if handling == "error" else self.assets_of(news)
            sought = Sought([each for each in named if isinstance(each, EntityKey)], former.hidden)
        needed = set(sought.keys)
        if sent is not None:
            needed.intersection_update(self.assets_of(news, sent))
        mark, wait_seconds = news.get("managed_by"), news.get("wait_seconds") or WAIT_SECONDS
        needs = Needs(sorted(needed), handling, mark, wait_seconds, sought.hidden, checked)
        used: set[str] = set()
        waited = False
        if needed:
            used, waited = provide_assets(client, needs, self.sought.waits, self.log)
        if rest := set(former.guids) - used:
            used |= still_used(client, rest, set(self.assets_of(news)))
        return Placeholders(used, sought.hidden, waited)

    def let_go(self, client: AtlanClient, props: Props, used: Collection[str] = ()) -> None:
        """Remove the placeholders in a state that nothing uses any more.

        Args:
            client: The tenant.
            props: The state.
            used: The GUIDs of placeholders that the resource still uses.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        former = Placeholders.from_state(props)
        if rest := set(former.guids).difference(used):
            delete_type = props.get("delete_type") or "PURGE"
            leaving = Leaving(props.get("managed_by"), delete_type, self.sought.keys)
            remove_unused(client, Placeholders(rest, former.hidden), leaving, self.log)


def _ignore(_line: str) -> None:
    pass
