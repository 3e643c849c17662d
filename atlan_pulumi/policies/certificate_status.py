"""`certificate-status`: certificates have an allowed status and, where required, a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pulumi_policy import Severity
from pydantic import Field, ValidationInfo, field_validator

from atlan_pulumi.declared import UNKNOWN, Declared
from atlan_pulumi.policies._attribute_rule import AttributeRule, AttributeSettings, with_attributes

Status = Literal["DRAFT", "VERIFIED", "DEPRECATED"]
_STATUSES: tuple[Status, ...] = ("DRAFT", "VERIFIED", "DEPRECATED")
_NEEDS_MESSAGE: tuple[Status, ...] = ("DEPRECATED",)
_STATUS = "certificate_status"
_MESSAGE = "certificate_status_message"


class CertificateStatusSettings(AttributeSettings):
    """The settings of `certificate-status`."""

    allowed: Annotated[list[Status], Field(min_length=1, description="Allowed certificate statuses.")] = (
        Field(default_factory=lambda: list(_STATUSES))
    )
    required: Annotated[bool, Field(description="Whether a certificate is required.")] = False
    message_for: Annotated[
        list[Status], Field(description="Statuses that need a `certificate_status_message`.")
    ] = Field(default_factory=lambda: list(_NEEDS_MESSAGE))
    default: Annotated[
        Status | None,
        Field(description="Status that the level `remediate` sets if there is none, such as `DRAFT`."),
    ] = None

    @field_validator("default")
    @classmethod
    def _is_allowed(cls, value: Status | None, info: ValidationInfo) -> Status | None:
        allowed = info.data.get("allowed", _STATUSES)
        if value is not None and value not in allowed:
            raise ValueError(f"must be an allowed status: {', '.join(allowed)}")
        return value


class CertificateStatus(AttributeRule[CertificateStatusSettings]):
    """A certificate has an allowed status; a warning has a message.

    Why: a certificate tells users whether they can rely on an asset. A status that their teams do not use
    means nothing to them, and `DEPRECATED` without a message does not say what to use instead.

    At the level `remediate`, entities without a certificate get the `default`. Pulumi then manages it: a
    later deployment resets a certificate that users set in Atlan. The rule skips `OpenLineageJob` and the
    column processes of a `ColumnLineage` or a `ProcessSet`, which have no certificates.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            certificate_status="DEPRECATED",
            certificate_status_message="Ends in May: use MART.PUBLIC.SALES instead.",
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            certificate_status="DEPRECATED",
        )
        ```

    Configuration:
        ```json
        {
          "certificate-status": {
            "enforcementLevel": "remediate",
            "required": true,
            "messageFor": ["DEPRECATED"],
            "default": "DRAFT"
          }
        }
        ```
    """

    settings = CertificateStatusSettings
    description = "Certificates must have an allowed status and, where required, a message."
    severity = Severity.LOW

    def check(self, resource: Declared, settings: CertificateStatusSettings) -> Iterator[str]:
        """Yield each missing certificate, each status that is not allowed, and each missing message."""
        for label, props in with_attributes(resource, settings):
            for problem in _problems(props, settings):
                yield f"{label}: {problem}"

    def remediated_props(
        self, props: Mapping[str, Any], settings: CertificateStatusSettings
    ) -> dict[str, Any]:
        """Return the default status if there is none."""
        return {_STATUS: settings.default} if settings.default and props.get(_STATUS) is None else {}


certificate_status = CertificateStatus()


def _problems(props: Mapping[str, Any], settings: CertificateStatusSettings) -> Iterator[str]:
    status, message = props.get(_STATUS), props.get(_MESSAGE)
    if status is UNKNOWN:
        return
    if status is None:
        if settings.required:
            yield f"{_STATUS}: is missing: set one of {', '.join(settings.allowed)}"
        return
    if status not in settings.allowed:
        yield f"{_STATUS}: {status!r} is not allowed: set one of {', '.join(settings.allowed)}"
    if status in settings.message_for and message is not UNKNOWN and not str(message or "").strip():
        yield f"{_MESSAGE}: is missing, but {status} needs one: say why, and what to do"
