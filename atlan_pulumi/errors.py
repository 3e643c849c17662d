"""The root of this package's one error family.

```
AtlanError
├── ConfigurationError      a setting is missing or cannot be right (base URL, key, rate)
├── EngineError             the Pulumi engine cannot be found or provided
├── DriftError              it cannot be told whether there is drift (`atlan_pulumi.drift`)
├── ImporterError           nothing can be imported as asked (`atlan_pulumi.importer`)
├── LineageDataError        lineage cannot be read from plain data (`atlan_pulumi.lineage_data`)
├── LocalAtlanError         the local Atlan cannot start, or a catalog cannot be read
├── OpenLineageError        events cannot be read, or Atlan would drop them (`atlan_pulumi.openlineage`)
├── PolicyError             a rule, its level or its settings cannot be right (`atlan_pulumi.policies`)
├── ResourceError           a resource cannot be created, read, updated or deleted as declared
│   └── PartlyCreatedError  it cannot be created as declared, and a part of it is in Atlan
├── ReviewError             what a preview told cannot be read (`atlan_pulumi.review`)
├── UnreadableError         a stack holds what another version wrote (`atlan_pulumi.declared`)
└── RequestError            a request to Atlan got no usable answer (its tree: `atlan_pulumi.client.errors`)
```

Every message is one line: what failed, on what, why, and what to do.
"""

from __future__ import annotations

from typing import Any


class AtlanError(Exception):
    """Base of every error that this package raises on purpose; `str(error)` is one line for a person."""


class ConfigurationError(AtlanError):
    """A setting is missing or cannot be right."""


class EngineError(AtlanError):
    """The Pulumi engine cannot be found or provided."""


class LocalAtlanError(AtlanError):
    """The local Atlan cannot start, or a catalog cannot be read."""


class ResourceError(AtlanError):
    """A resource cannot be created, read, updated or deleted as declared."""


class PartlyCreatedError(ResourceError):
    """A resource cannot be created as declared, and a part of it is in Atlan: that belongs in the state."""

    def __init__(self, message: str, outputs: dict[str, Any]) -> None:
        """Set up.

        Args:
            message: What failed.
            outputs: The outputs of the resource, as far as it is there.
        """
        super().__init__(message)
        self.outputs = outputs


class RequestError(AtlanError):
    """A request to Atlan got no usable answer."""


class UnreadableError(AtlanError):
    """A resource's properties are not those that this version knows."""


class DriftError(AtlanError):
    """It could not be told whether there is drift: Pulumi failed, or a resource could not be read."""


class ImporterError(AtlanError):
    """Nothing can be imported as asked."""


class OpenLineageError(AtlanError):
    """An event cannot be made, or would not be worked in by Atlan."""


class PolicyError(AtlanError):
    """A rule, its level or its settings cannot be right."""


class ReviewError(AtlanError):
    """What a preview told cannot be read."""


class LineageDataError(AtlanError):
    """Lineage cannot be read from what was given; the message names the place, and what to do."""
