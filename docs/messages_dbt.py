"""Messages about dbt projects."""

from __future__ import annotations

from message_row import message

DBT = (
    message(
        "cannot read the dbt project …: …",
        "…; `dbt docs generate` writes … and …",
        "… is not in the form of …",
        "it is not a dbt …",
        "not UTF-8",
        "invalid JSON",
        cause="A file in the target folder is missing, or is not what dbt writes.",
        fix="Run `dbt docs generate`, and name the target folder of the project.",
    ),
    message(
        "a dbt project needs dbt-artifacts-parser, which is not installed: pip install 'atlan-pulumi[dbt]'",
        cause="The extra `dbt` is not installed.",
        fix="Install it.",
    ),
    message(
        "select … is not a dbt selector, such as 'tag:nightly' or '+orders'",
        "select … matches nothing in the dbt project…",
        "unknown selection method ……; use …",
        cause="A selector in `select` or `exclude` has a typo, or is one that only dbt itself can decide.",
        fix="Correct the selector. `dbt ls --select` lists what dbt selects with it.",
    ),
    message(
        "no lineage in the dbt project …: no selected model reads a table",
        cause="Only seeds, sources, tests, or models without inputs are selected.",
        fix="Select models or snapshots.",
    ),
    message(
        "the table of … has no database: set default_database",
        cause="The adapter has no databases, but the names of tables in Atlan begin with one.",
        fix="Set `default_database` to the one that Atlan shows.",
    ),
    message(
        "the table of … has a slash in its name, …",
        cause="A slash separates the parts of a qualifiedName.",
        fix="Rename the table, or exclude the model and declare a `Process`.",
    ),
    message(
        "…: the exposure …",
        "…: meta.atlan needs …, as strings",
        "…: meta.atlan: … is not an Atlan type…",
        cause="The `meta` of an exposure does not name an asset.",
        fix="Set `type_name` and `qualified_name` below `meta.atlan`, or remove `atlan`.",
    ),
    message(
        "… has no catalog.json, so that columns have no lineage: run `dbt docs generate`, or pass "
        "derive=True to the LineageMap",
        cause="The columns of tables are not known, so that `*` and names without a table mean nothing.",
        fix="Run `dbt docs generate`, or pass `derive=True`.",
    ),
    message(
        "columns of the dbt project have no lineage: ……",
        "no compiled SQL: run `dbt compile` or `dbt docs generate`",
        "not written in SQL: its columns have no lineage",
        cause="The SQL of a model is missing, or a part of it is not decided. Tables have lineage.",
        fix="See the reason. `atlan-pulumi derive` shows the place of each problem.",
    ),
    message(
        "--select and --exclude need the target folder of a dbt project",
        "… is the target of a dbt project: pass no other path",
        "… is a dbt project, which has its own dialect and schemas",
        cause="Options of `atlan-pulumi derive` do not fit together.",
        fix="Pass either SQL files or one target folder.",
    ),
)
