"""`no-secrets`: text in the catalog does not contain passwords, keys, or tokens."""

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
_ADVICE = "remove it, or replace it with <redacted>; everyone who sees the asset in Atlan could read it"


class NoSecretsSettings(Settings):
    """The settings of `no-secrets`."""

    ignore: Annotated[
        list[Regex],
        Field(
            description="Regular expressions of values that are no secrets; each must match the whole value. "
            "Placeholders such as `<redacted>`, `***`, `${VAR}`, and `{{ var }}` are always allowed."
        ),
    ] = Field(default_factory=list)


class NoSecrets(ResourceRule[NoSecretsSettings]):
    """No text of a resource contains a secret: SQL, URLs, descriptions, facets, and all other properties.

    Why: everyone who sees the process in Atlan can read its SQL and its URLs. The secret is also in Pulumi's
    state and in the history of the program. The rule finds passwords in URLs, cloud keys, tokens of common
    services, JSON web tokens, private keys, signed URLs, and values assigned to names such as `password` or
    `AWS_SECRET_KEY`. A message names the place and the type of a secret, but never the secret itself.

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
    description = "Text in the catalog must not contain passwords, keys, or tokens."
    severity = Severity.CRITICAL

    def check(self, resource: Declared, settings: NoSecretsSettings) -> Iterator[str]:
        """Yield each line of text that seems to contain a secret.

        Raises:
            PolicyError: detect-secrets is not installed.
        """
        # The name of a resource may contain a secret, too.
        label = resource.kind if _leaks(str(resource), settings) else str(resource)
        for path, text in _texts(resource.props, settings):
            for leak in _leaks(text, settings):
                what = f"line {leak.line} seems to contain a secret ({leak.kinds})"
                yield f"{label}: {path}: {what}: {_ADVICE}"


no_secrets = NoSecrets()


def _leaks(text: str, settings: NoSecretsSettings) -> list[Leak]:
    try:
        from atlan_pulumi.leaks import leaks  # noqa: PLC0415 - detect-secrets may not be installed
    except ImportError:
        raise PolicyError(_NEEDED) from None
    try:
        return leaks(text, settings.ignore)
    except Exception as error:  # noqa: BLE001 - the message of any error may contain the text
        raise PolicyError(f"the rule 'no-secrets' failed on a text ({type(error).__name__})") from None


def _texts(props: Mapping[str, Any], settings: NoSecretsSettings) -> Iterator[tuple[str, str]]:
    """Yield every text, and every key inside a property, with its path."""
    for name in sorted(props):
        yield from _texts_in(props[name], name, settings, with_keys=name in KEYED)


def _texts_in(
    value: Any, path: str, settings: NoSecretsSettings, *, with_keys: bool
) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_in(item, f"{path}[{index}]", settings, with_keys=with_keys)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            item_path = f"{path}[{'…' if _leaks(key, settings) else key!r}]"
            item = value[key]
            if isinstance(item, str) and with_keys and "\n" not in item:
                item = f'{key}: "{item}"'  # the detectors read it as an assignment
            else:
                yield item_path, key
            yield from _texts_in(item, item_path, settings, with_keys=with_keys)
