"""The exceptions of this package.

```
AtlanError
├── ConfigurationError      a setting is missing or not valid (base URL, key, rate)
├── EngineError             the Pulumi engine was not found, or cannot be installed
├── DriftError              drift cannot be determined (`atlan_pulumi.drift`)
├── ImporterError           the import is not possible (`atlan_pulumi.importer`)
├── LineageDataError        lineage cannot be read from plain data (`atlan_pulumi.lineage_data`)
├── LocalAtlanError         the local Atlan cannot start, or a catalog cannot be read
├── OpenLineageError        events cannot be read, or Atlan would drop them (`atlan_pulumi.openlineage`)
├── PolicyError             a rule, its enforcement level, or its settings are not valid
│                           (`atlan_pulumi.policies`)
├── ResourceError           a resource cannot be created, read, updated, or deleted as declared
│   └── PartlyCreatedError  a part of it was created, and belongs in the state
├── ReviewError             the output of a preview cannot be read (`atlan_pulumi.review`)
├── ScaffoldError           a new repository cannot be written (`atlan_pulumi.scaffold`)
├── UnreadableError         a state was written by another version (`atlan_pulumi.declared`)
└── RequestError            a request to Atlan got no usable response (`atlan_pulumi.client.errors`)
```

Every message is one line: what failed, on what, why, and what to do.
"""

from __future__ import annotations

from typing import Any


class AtlanError(Exception):
    """Base class of this package's exceptions; `str(error)` is one line for the user."""


class ConfigurationError(AtlanError):
    """A setting is missing or not valid."""


class EngineError(AtlanError):
    """The Pulumi engine was not found, or cannot be installed."""


class LocalAtlanError(AtlanError):
    """The local Atlan cannot start, or a catalog cannot be read."""


class ResourceError(AtlanError):
    """A resource cannot be created, read, updated, or deleted as declared."""


class PartlyCreatedError(ResourceError):
    """A resource cannot be created as declared; the part that was created belongs in the state."""

    def __init__(self, message: str, outputs: dict[str, Any]) -> None:
        """Store the outputs.

        Args:
            message: What failed.
            outputs: The outputs of the created part.
        """
        super().__init__(message)
        self.outputs = outputs


class RequestError(AtlanError):
    """A request to Atlan got no usable response."""


class UnreadableError(AtlanError):
    """This version does not know the properties of a resource."""


class DriftError(AtlanError):
    """Drift cannot be determined: Pulumi failed, or a resource could not be read."""


class ImporterError(AtlanError):
    """The import is not possible."""


class OpenLineageError(AtlanError):
    """An event is not valid, or Atlan would drop it."""


class PolicyError(AtlanError):
    """A rule, its enforcement level, or its settings are not valid."""


class ReviewError(AtlanError):
    """The output of a preview cannot be read."""


class LineageDataError(AtlanError):
    """Lineage cannot be read from the given data; the message contains the location, and what to do."""


class ScaffoldError(AtlanError):
    """A new repository cannot be written."""
