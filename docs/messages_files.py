"""Messages about lineage from OpenLineage events and from files of Atlan's Lineage Builder."""

from __future__ import annotations

from message_row import message

FILES = (
    message(
        "lineage_from_openlineage: no paths; pass files or folders with events",
        "the folder has no file that ends in …",
        cause="There are no events to read.",
        fix="Pass files, or folders with files that end in `.json`, `.jsonl`, or `.ndjson`. Paths are "
        "relative to the folder of the program.",
    ),
    message(
        "the event is not a JSON object",
        "not an OpenLineage event: it has no job",
        "must be a string",
        cause="The event at this line is not one of OpenLineage's, or lacks what its specification requires.",
        fix="Correct or remove the event.",
    ),
    message(
        "connections has no connection for …: …",
        "map each to a connection's qualifiedName, or to None to leave its datasets out",
        cause="The events name datasets in systems for which `connections` has no entry.",
        fix="Add each namespace, with the connection whose crawler reads the system; None for systems that "
        "are not in Atlan. A key may end in `*`.",
    ),
    message(
        "connections[…]: … is not the qualifiedName of a connection",
        cause="The value is another text, such as the connection's name.",
        fix="Use its qualifiedName, or `atlan.get_connection(connector=…, name=…)`.",
    ),
    message(
        "… has no … (… names have the form …)",
        "…; in connections, map its namespace to <connection>/<database>",
        cause="The producer names tables of this system without their database.",
        fix="Map the namespace to the qualifiedName of the database, such as "
        "`default/postgres/1657025257/shop`.",
    ),
    message(
        "the root of a file system is not a dataset",
        cause="A job reads or writes `/`.",
        fix="Map the namespace to None, to leave its datasets out.",
    ),
    message(
        "the field … of … can also be one of …",
        "the jobs … would be one process, …",
        cause="Names with slashes are ambiguous: `a/b` and `c` are the same path as `a` and `b/c`.",
        fix="Leave one of the namespaces or files out.",
    ),
    message(
        "…: left out: …",
        "job …: no run that succeeded",
        "only datasets that are left out",
        "… of or from files, objects, or topics",
        "job …: …, which have no columns in Atlan",
        cause="These jobs in the events have no lineage, or lineage that Atlan cannot show. `left_out` of "
        "the result has all of them.",
        fix="Nothing, if that is expected. A job without inputs or outputs often has child jobs with them.",
    ),
    message(
        "a file of Atlan's Lineage Builder, whose connections are names",
        "…; read it with atlan.lineage_from_builder(path)",
        cause="The file names connections by connector and name, which must be looked up.",
        fix="Use `lineage_from_builder`, or pass the path to a `LineageMap`.",
    ),
    message(
        "unknown column …… (attributes: …)",
        cause="The column is neither one of the Lineage Builder's template nor an attribute with one value.",
        fix="Correct its name, or remove it; set attributes with several values, such as owners, in the "
        "program.",
    ),
    message(
        "a row connects two columns, or two other assets, not a … and a …",
        "of a column, it must contain its table: <table>/<column>",
        cause="Lineage of columns belongs to that of their tables. This row does not say which tables.",
        fix="Give both sides of the row the type `Column`, with identities such as `RAW/PUBLIC/ORDERS/ID`; "
        "or neither.",
    ),
    message(
        "… has no processes of the connection …, but of …",
        "… has processes of several connections (…)",
        "…; declare a LineageMap for each, with transformation_connection=…",
        "… has no assets of a connection ……",
        cause="The connection is not one of those in the file; or the file has processes of several "
        "connections, while a `LineageMap` has one.",
        fix="Use a name from the message, as `<connector>/<name>`.",
    ),
)
