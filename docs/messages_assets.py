"""Messages about assets that a program declares."""

from __future__ import annotations

from message_row import message

ASSETS = (
    message(
        "a … has no such attribute…",
        cause="`attributes` has a name that assets of this type do not have in Atlan. Names are as in Atlan, "
        "such as `fileType`.",
        fix="Use the name that the message suggests.",
    ),
    message(
        "must be …, not …",
        "true or false",
        "an integer",
        "a list of texts",
        cause="The attribute has a value of another kind in Atlan.",
        fix="Give a value of the kind that the message names.",
    ),
    message(
        "set … instead",
        cause="`attributes` has an attribute that another argument sets, or that follows from one.",
        fix="Use the argument that the message names.",
    ),
    message(
        "is a relationship: only parent can be set",
        cause="`attributes` has a relationship. An asset declares only the asset that contains it.",
        fix="Use `parent`, and leave other relationships out.",
    ),
    message(
        "a … is not below a … in Atlan…",
        "; set qualified_name instead",
        cause="An asset of this type cannot be contained in one of that type.",
        fix="Use a parent of a type that the message names; without any, give `qualified_name`.",
    ),
    message(
        "give its qualified_name: the name of the asset contains it",
        cause="`parent` is a reference by GUID, from which no name follows.",
        fix="Refer to it by its qualifiedName.",
    ),
    message(
        "is required, or parent, which is in one",
        cause="Neither `connection` nor `parent` nor `qualified_name` says where the asset is.",
        fix="Give one of them.",
    ),
    message(
        "… is not in the connection …",
        cause="`connection`, `parent`, and `qualified_name` contradict each other.",
        fix="Leave `connection` out, or give that of the parent.",
    ),
    message(
        "type_name: a … is not an asset of a source, such as a Table or a File",
        cause="This is a type of processes or connections, or one without assets of its own.",
        fix="Use `Process`, `Connection`, or a more specific type.",
    ),
    message(
        "… was left in Atlan: its crawler, …, owns it now",
        "its crawler, …, owns it now",
        cause="A crawler found the asset, too, and has written to it since the last deployment.",
        fix="Nothing. Refer to the asset with `table()` or `asset()`, since the crawler maintains it.",
    ),
    message(
        "follows from the other inputs: leave it out",
        cause="`attributes` has an attribute that `parent` sets, such as `schemaName`, or `isPartial`.",
        fix="Leave it out.",
    ),
    message(
        "must be at most …: Pulumi rounds larger numbers",
        cause="Pulumi passes numbers on as floats, which are exact up to this number only.",
        fix="Leave the attribute to another tool.",
    ),
    message(
        "must not be empty, and must not end with a slash",
        cause="The name of the asset, which is a part of its qualifiedName, is empty or ends with a slash.",
        fix="Give a name, or a `qualified_name`.",
    ),
    message(
        "connection: the crawler … publishes assets to …, such as … …, and owns what it finds there: declare "
        "only what it does not see (… in this program)",
        cause="The connection has a crawler. It overwrites and archives the assets that it sees.",
        fix="Declare an asset in a connection of its own, or leave it to the crawler and refer to it.",
    ),
)
