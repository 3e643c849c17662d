"""Creating type definitions."""

from __future__ import annotations

import uuid
from typing import Any

from atlan_pulumi.local._errors import display_name_taken, invalid_parameters, typedef_taken
from atlan_pulumi.local.store import Definition, Store
from atlan_pulumi.local.types._form import Stamp, internal_name, read, with_named_attributes


def define(store: Store, body: Any, stamp: Stamp) -> list[Definition]:
    """Create the definitions of a request, all or none.

    Tags and custom metadata get internal names of the server's own, attributes included.

    Raises:
        MalformedRequestError: the body is no set of type definitions.
        AtlasError: a name is missing or taken, or the category is not supported here.
    """
    made = [_define(store, one, stamp) for one in read(body)]
    if not made:
        raise invalid_parameters("no type definitions to create")
    return made


def _define(store: Store, sent: Definition, stamp: Stamp) -> Definition:
    shown = sent.get("displayName") or sent.get("name")
    if not shown:
        raise invalid_parameters("a type definition has no name")
    _refuse_double(store, sent["category"], shown)
    times = {"createTime": stamp.now, "updateTime": stamp.now, "version": 1}
    users = {"createdBy": stamp.user, "updatedBy": stamp.user}
    own = {"guid": str(uuid.uuid4()), **times, **users}
    names = {"name": shown} if sent["category"] == "ENUM" else {"name": internal_name(), "displayName": shown}
    definition = with_named_attributes({**sent, **own, **names})
    store.typedefs.put(definition)
    return definition


def _refuse_double(store: Store, category: str, shown: str) -> None:
    if category == "ENUM":
        if store.typedefs.get(shown):
            raise typedef_taken(shown)
    elif any(one.get("displayName") == shown for one in store.typedefs.of(category)):
        raise display_name_taken(shown)
