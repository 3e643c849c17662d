"""Whether the engine may get other inputs than a resource is given."""

from __future__ import annotations

import pulumi
from pulumi.runtime.settings import SETTINGS


def may_be_transformed(resource: pulumi.Resource) -> bool:
    """Return whether a program has transforms that may change the inputs of a resource.

    Those of the stack, of a parent, or of the resource itself: Pulumi's SDK keeps the older ones with the
    resource, and the others, which the engine calls, with the server that they are called through.
    """
    callbacks = getattr(SETTINGS, "callbacks", None)
    return bool(getattr(resource, "_transformations", ()) or getattr(callbacks, "_transforms", ()))
