"""`certificate-status`: certificates are those that are agreed on, and say why where they have to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pulumi_policy import Severity
from pydantic import Field, ValidationInfo, field_validator

from atlan_pulumi.declared import UNKNOWN, Declared
from atlan_pulumi.policies._described import DescribedSettings, MendingRule, described

Status = Literal["DRAFT", "VERIFIED", "DEPRECATED"]
_EVERY: tuple[Status, ...] = ("DRAFT", "VERIFIED", "DEPRECATED")
_WARNING: tuple[Status, ...] = ("DEPRECATED",)
_STATUS = "certificate_status"
_MESSAGE = "certificate_status_message"


class CertificateStatusSettings(DescribedSettings):
    """The settings of `certificate-status`."""

    allowed: Annotated[
        list[Status], Field(min_length=1, description="The certificates that may be given.")
    ] = Field(default_factory=lambda: list(_EVERY))
    required: Annotated[bool, Field(description="Whether there has to be one.")] = False
    message_for: Annotated[
        list[Status], Field(description="The certificates that have to say why, in their message.")
    ] = Field(default_factory=lambda: list(_WARNING))
    default: Annotated[
        Status | None,
        Field(description="What the level `remediate` gives to what has none, such as `DRAFT`."),
    ] = None

    @field_validator("default")
    @classmethod
    def _is_allowed(cls, value: Status | None, info: ValidationInfo) -> Status | None:
        allowed = info.data.get("allowed", _EVERY)
        if value is not None and value not in allowed:
            raise ValueError(f"must be one of those that are allowed: {', '.join(allowed)}")
        return value


class CertificateStatus(MendingRule[CertificateStatusSettings]):
    """A certificate is one of those that are agreed on; one that warns says why.

    Why: a certificate tells people whether to build on what they found. One that the teams do not use means
    nothing to them, and one that only says `DEPRECATED` leaves them without the way out.

    At the level `remediate` what has no certificate gets the `default`. What is given is managed: a
    certificate that people set in Atlan is then set back.
    `OpenLineageJob`s and the column processes of a `ColumnLineage` or a `ProcessSet` have none, and are
    passed over.

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
            certificate_status_message="Ends in May: MART.PUBLIC.SALES takes its place.",
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
    description = "A certificate is one of those that are agreed on, and says why where it has to."
    severity = Severity.LOW

    def check(self, resource: Declared, settings: CertificateStatusSettings) -> Iterator[str]:
        """What has another certificate, none at all, or one that does not say why."""
        for label, props in described(resource, settings):
            for reason in _objections(props, settings):
                yield f"{label}: {reason}"

    def mended(self, props: Mapping[str, Any], settings: CertificateStatusSettings) -> dict[str, Any]:
        """The default one where there is none."""
        return {_STATUS: settings.default} if settings.default and props.get(_STATUS) is None else {}


certificate_status = CertificateStatus()


def _objections(props: Mapping[str, Any], settings: CertificateStatusSettings) -> Iterator[str]:
    given, message = props.get(_STATUS), props.get(_MESSAGE)
    if given is UNKNOWN:
        return
    if given is None:
        if settings.required:
            yield f"{_STATUS}: there is none: give one of {', '.join(settings.allowed)}"
        return
    if given not in settings.allowed:
        yield f"{_STATUS}: {given!r} is not allowed: give one of {', '.join(settings.allowed)}"
    if given in settings.message_for and message is not UNKNOWN and not str(message or "").strip():
        yield f"{_MESSAGE}: is missing, which a {given} one needs: say why, and what to do"
