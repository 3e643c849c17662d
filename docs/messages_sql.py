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
        "the columns of … are not known, and are named after those of the query",
        "…: list them, or give them in the schema",
        cause="INSERT without a list writes by position, and the order of the table's columns is not known.",
        fix="List the columns in the SQL, let the crawler run first, or give them in `schema`.",
    ),
    message(
        "USE changes what names mean: write whole names instead",
        "SET changes what names mean: write whole names instead",
        "ALTER gives a table another name: declare the lineage by hand",
        "the table that IDENTIFIER names is not known: write its name",
        "TABLE('…') names a table by text: write its name",
        cause="The SQL names a table in a way that is not followed, so that another one might be meant.",
        fix="Write the table's name, with database and schema, where it is used.",
    ),
    message(
        "column … has a slash in its name",
        "…: declare its lineage with a ColumnProcess",
        cause="The short form of a mapping separates table and column by a slash.",
        fix="Declare this column with a `ColumnProcess`.",
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
        "… is a stage or a variable, not a table, and is not read",
        "… moves files, which are not read: …",
        "leave the statement out of the SQL, or declare the lineage by hand",
        cause="A statement reads or writes files, such as those of a stage, or rows of the session.",
        fix="Derive the lineage of the other statements. Declare that of files with a `Process`.",
    ),
    message(
        "column $… is named by its position: write its name",
        cause="In Snowflake, `$1` is the first column, and the columns of the table are not known.",
        fix="Write the column's name, or give the table's columns in `schema`.",
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
    message(
        "its lineage cannot be derived: …",
        "the SQL reads no table: set inputs, or leave the lineage out",
        "the SQL …: set outputs to the one table or view that it defines",
        cause="Inputs or outputs come from `sql`, which does not show all of them.",
        fix="See the reason in the message. Inputs and outputs that you set are not derived.",
    ),
    message(
        "table … has no …: set ……",
        "; Atlan has …",
        "table … has more parts than database, schema, and table, or a slash in one",
        cause="A name in the SQL does not say in which database or schema the table is, or has a server.",
        fix="Set `default_database` and `default_schema` in the `SqlContext`, or write the whole name.",
    ),
    message(
        "* of … cannot be expanded: its columns are not in Atlan",
        cause="`*` stands for all columns of a table whose columns are not known.",
        fix="Let the crawler run first, list the table's resource in the `SqlContext`, or name the columns.",
    ),
    message(
        "the SQL of … …",
        "the SQL of …: …; …",
        "the SQL of …: …",
        "columns without lineage are left out",
        "cannot be derived from the SQL of …: …",
        "cannot be derived from the SQL: …",
        "it copies no column",
        cause="A column, or all of them, cannot be decided from the SQL.",
        fix="See the reason in the message, or set `columns`.",
    ),
    message(
        "derived from …: ……",
        cause="A preview says where in the SQL each new or changed column comes from.",
        fix="Nothing. A review shows the place next to the edge.",
    ),
    message(
        "does not … …, which is declared",
        "also …s …, which is not declared",
        "reads or writes other tables than the declared inputs and outputs; they are not named here, since "
        "the SQL is a secret",
        cause="The inputs or outputs that you set are not those of the SQL. What you set is deployed.",
        fix="Correct them, or leave them out, so that they are derived.",
    ),
    message(
        "the SQL of … is not known yet; the deployment derives its lineage",
        "its columns are derived during the deployment, once its tables are in Atlan",
        cause="The SQL is an Output that a preview does not know, or its tables are awaited.",
        fix="Nothing. The deployment derives the lineage.",
    ),
    message(
        "the SQL is a secret, so that the problem is not shown",
        cause="A problem may quote the SQL.",
        fix="Derive it locally, without the secret, to see the problem.",
    ),
    message(
        "the resource … has the type …, whose SQL is not known: pass sql=…, or register it with "
        "atlan.register_asset_type(…, sql=…)",
        "ColumnLineage …: set columns, or pass a Process of this program with sql",
        "Process …: derive needs sql",
        "OpenLineageJob …: derive needs sql",
        cause="There is no SQL from which lineage can be derived.",
        fix="Pass it, or declare the lineage.",
    ),
    message(
        "…derive: use True, or a SqlContext",
        "SqlContext: tables: put it in a list",
        "SqlContext: tables: … is neither a resource nor a reference: use atlan.table('…')",
        cause="An argument has another type.",
        fix="See the message.",
    ),
)
