"""OpenLineage events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.client._calls import Call, segment
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AuthenticationError, EventsNotConfiguredError

_NOT_CONFIGURED = "url path not configured to receive data"


class Events:
    """Sends run events to Atlan, which works them in after it answered (about half a minute)."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def emit(self, connector: str, event: Mapping[str, Any]) -> None:
        """Send an event.

        Args:
            connector: The kind of the connection that takes it, such as `spark`.
            event: A run event as OpenLineage defines it.

        Raises:
            EventsNotConfiguredError: No connection of that kind takes events.
            AtlanRequestError: There is no usable answer.
        """
        path = f"/events/openlineage/{segment(connector)}/api/v1/lineage"
        try:
            self._transport.send(Call("POST", path, body=dict(event), json_answer=False))
        except AuthenticationError as error:
            if _NOT_CONFIGURED not in error.reason:
                raise
            raise EventsNotConfiguredError(
                f"POST {path}: Atlan takes no OpenLineage events of {connector!r} (request id "
                f"{error.request_id}); create an OpenLineage connection of that connector first",
                status=error.status,
                reason=error.reason,
                request_id=error.request_id,
                attempts=error.attempts,
            ) from None
