"""Messages about SQL from which lineage is derived: the `problems` of `derive_lineage`."""

from __future__ import annotations

from message_row import message

SQL = (
    message(
        "line …, column …: …",
        cause="The place of a problem in the SQL.",
        fix="See the message after it.",
    ),
    message(
        "column … may be of any of the tables …: qualify it, or give their columns in the schema",
        "column … of … may be of any of …: qualify it there",
        cause="A query reads several tables whose columns are not known.",
        fix="Write the column with its table, or give the tables' columns in `schema`.",
    ),
    message(
        "column … is ambiguous: it is in …; qualify it",
        cause="Several tables of the query have a column of this name.",
        fix="Write the column with its table.",
    ),
    message(
        "no table of the query has a column …: check the schema",
        "… has no column …: check the schema",
        "there is no table … for ….*",
        cause="The SQL and the schema do not agree.",
        fix="Correct the name, or complete `schema`.",
    ),
    message(
        "* of …, whose columns are not known, cannot be matched by position",
        "…: give the columns in the schema",
        cause="`*` goes into columns by position, and the table's columns are not known.",
        fix="Give the table's columns in `schema`.",
    ),
    message(
        "… columns are written into …",
        "a branch of MERGE writes … values into … columns",
        "the sides of … have … and … columns",
        cause="The numbers of columns differ, so that a database would refuse the statement.",
        fix="Correct the SQL, or the columns in `schema`.",
    ),
    message(
        "this cannot be parsed (…): check the dialect, and that templates are rendered",
        "… is not known to the parser",
        cause="The statement is no valid SQL of the dialect, or the parser does not know it.",
        fix="Set `dialect`. Other statements of the script are analyzed.",
    ),
    message(
        "the SQL is a template: render it first, as dbt does in target/compiled",
        cause="The SQL contains Jinja, such as `{{ ref('orders') }}`.",
        fix="Use the rendered SQL.",
    ),
    message(
        "the SQL has … characters: split it into scripts of … at most",
        "the SQL is nested too deeply to be parsed: simplify its expressions",
        "a statement is nested too deeply to be analyzed: simplify its expressions",
        cause="The SQL is too large to be analyzed in a reasonable time.",
        fix="Split it.",
    ),
    message(
        "… cannot be analyzed: it was left out",
        "a statement cannot be analyzed (…)",
        "…: please report it, with the SQL",
        "… cannot be analyzed: its columns are not known",
        "UNPIVOT cannot be analyzed: its columns are not known",
        "UPDATE of something other than a table cannot be analyzed",
        "MERGE into something other than a table cannot be analyzed",
        "INSERT into something other than a table cannot be analyzed",
        cause="This part of SQL is not analyzed.",
        fix="Declare its lineage by hand.",
    ),
)
