"""client.events: OpenLineage run events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.client._calls import Call, quote_segment
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AuthenticationError, EventsNotConfiguredError

_NOT_CONFIGURED = "url path not configured to receive data"


class EventClient:
    """Sends run events to Atlan, which processes them after its response (about half a minute)."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def emit(self, connector: str, event: Mapping[str, Any]) -> None:
        """Send an event.

        Args:
            connector: The connector of the connection that accepts the event, such as `spark`.
            event: A run event in OpenLineage's format.

        Raises:
            EventsNotConfiguredError: No connection of that kind accepts events.
            AtlanRequestError: Atlan gave no usable response.
        """
        path = f"/events/openlineage/{quote_segment(connector)}/api/v1/lineage"
        try:
            self._transport.send(Call("POST", path, body=dict(event), expects_json=False))
        except AuthenticationError as error:
            if _NOT_CONFIGURED not in error.reason:
                raise
            raise EventsNotConfiguredError(
                f"POST {path}: Atlan does not accept OpenLineage events of {connector!r} (request id "
                f"{error.request_id}); create an OpenLineage connection with that connector first",
                status=error.status,
                reason=error.reason,
                request_id=error.request_id,
                attempts=error.attempts,
            ) from None
