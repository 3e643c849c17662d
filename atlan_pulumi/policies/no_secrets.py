"""`no-secrets`: no text that goes into the catalog holds a password, a key or a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import KEYED, Declared
from atlan_pulumi.errors import PolicyError
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Regex, Settings

if TYPE_CHECKING:
    from atlan_pulumi.leaks import Leak

_NEEDED = (
    "the rule 'no-secrets' needs detect-secrets, which is not installed: pip install 'atlan-pulumi[policy]'"
)
_ADVICE = "take it out, or put <redacted> in its place; whoever sees it in Atlan could read it"


class NoSecretsSettings(Settings):
    """The settings of `no-secrets`."""

    ignore: Annotated[
        list[Regex],
        Field(
            description="Regular expressions of what is no secret, each of which has to match all of it; "
            "beside placeholders such as `<redacted>`, `***`, `${VAR}` and `{{ var }}`."
        ),
    ] = Field(default_factory=list)


class NoSecrets(ResourceRule[NoSecretsSettings]):
    """No text of a resource holds a secret: no SQL, no URL, no description, no facet, nor any other.

    Why: whoever may see the process in Atlan reads its SQL and its URLs; the secret also lies in Pulumi's
    state, and in the history of the program. Passwords in URLs, keys of clouds, tokens of the usual services,
    JSON web tokens, private keys, signed URLs, and what is assigned to a name such as `password` or
    `AWS_SECRET_KEY` are found. A message tells where a secret is and of which kind, but never the secret.

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
            sql="copy into MART.PUBLIC.ORDERS from 's3://lake' storage_integration = lake",
            source_url="https://orchestrator.example.com/dags/123",
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
            sql="copy into MART.PUBLIC.ORDERS from 's3://lake' credentials=(aws_secret_key='wJal7M')",
            source_url="https://robot:hunter2@orchestrator.example.com/dags/123",
        )
        ```

    Configuration:
        ```json
        {
          "no-secrets": {
            "enforcementLevel": "mandatory",
            "ignore": ["example-[a-z]+"]
          }
        }
        ```
    """

    settings = NoSecretsSettings
    description = "No text that goes into the catalog holds a password, a key or a token."
    severity = Severity.CRITICAL

    def check(self, resource: Declared, settings: NoSecretsSettings) -> Iterator[str]:
        """Each line of each text that holds what looks like a secret.

        Raises:
            PolicyError: detect-secrets is not installed.
        """
        # A name may hold one, too.
        label = resource.kind if _leaks(str(resource), settings) else str(resource)
        for place, text in _texts(resource.props, settings):
            for leak in _leaks(text, settings):
                what = f"line {leak.line} holds what looks like a secret ({leak.kinds})"
                yield f"{label}: {place}: {what}: {_ADVICE}"


no_secrets = NoSecrets()


def _leaks(text: str, settings: NoSecretsSettings) -> list[Leak]:
    try:
        from atlan_pulumi.leaks import leaks  # noqa: PLC0415 - it may not be installed
    except ImportError:
        raise PolicyError(_NEEDED) from None
    try:
        return leaks(text, settings.ignore)
    except Exception as error:  # noqa: BLE001 - whatever it is, its message may hold the text
        raise PolicyError(f"the rule 'no-secrets' failed on a text ({type(error).__name__})") from None


def _texts(props: Mapping[str, Any], settings: NoSecretsSettings) -> Iterator[tuple[str, str]]:
    """Every text, and every key within a property, with its place."""
    for name in sorted(props):
        yield from _within(props[name], name, settings, with_keys=name in KEYED)


def _within(
    value: Any, place: str, settings: NoSecretsSettings, *, with_keys: bool
) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(item, f"{place}[{index}]", settings, with_keys=with_keys)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            below = f"{place}[{'…' if _leaks(key, settings) else key!r}]"
            item = value[key]
            if isinstance(item, str) and with_keys and "\n" not in item:
                item = f'{key}: "{item}"'  # read as an assignment
            else:
                yield below, key
            yield from _within(item, below, settings, with_keys=with_keys)
