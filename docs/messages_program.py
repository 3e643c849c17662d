"""Messages about a program: the properties of its resources, and what these refer to."""

from __future__ import annotations

from message_row import message

REFERENCES = (
    message(
        "Atlan has no …",
        "Atlan has no … …",
        "Atlan has no ……",
        cause="The asset, connection, or role does not exist in the tenant, or has another name or type.",
        fix="Use the name that the message suggests. Otherwise check the qualifiedName, the tenant "
        "(`atlan:baseUrl`), and whether the crawler has run.",
    ),
    message(
        "…names are case-sensitive: use …",
        cause="An asset has this name in other case.",
        fix="Use the name as the message shows it.",
    ),
    message(
        "…there is a … of that name: refer to it as asset(…, …)",
        "… is a …, not a …: refer to it as asset(…, …)",
        cause="The asset exists, but has another type, such as `View` instead of `Table`.",
        fix='Refer to it with its type: `atlan.asset("View", …)`, or `atlan.view(…)`.',
    ),
    message(
        "…of this connector it has …",
        cause="No connection has this name. The message lists those of the same connector.",
        fix="Use the connection of this tenant; see [Several environments](environments.md).",
    ),
    message(
        "…the program creates its connection: set missing_assets='partial', which creates a placeholder",
        cause="The program creates the connection of the asset. No crawl has published anything in it yet.",
        fix="Set `missing_assets`; see "
        "[A connection of the same program](tables-and-lineage.md#a-connection-of-the-same-program).",
    ),
    message(
        "…it must exist when this is deployed",
        cause="The asset does not exist yet, but the resource depends on a resource of another provider, "
        "which may create it.",
        fix="Nothing, if that resource creates it. Otherwise correct the name.",
    ),
    message(
        "is archived in Atlan (…); …",
        "restore it first",
        "restore it, leave it out, or set missing_assets to 'partial' or 'wait'",
        cause="The asset was archived (soft deleted). Atlan would link lineage to an invisible asset.",
        fix="Restore the asset in Atlan, or refer to another one. For an input or output, see "
        "[Deploy tables and lineage together](tables-and-lineage.md).",
    ),
    message(
        "…: …; nothing is written, since … did not change",
        "an asset is archived in Atlan",
        cause="An input or output was archived, such as a table that was dropped, and the resource refers "
        "to it as before.",
        fix="Leave the asset out, or let it be restored. Until then, a change of that property is refused.",
    ),
    message(
        "… will be created by … of this program: refer to that resource rather than to its name, so that "
        "it is created first",
        cause="The program declares the asset, but refers to it by its name. Pulumi does not know the "
        "order then.",
        fix="Pass the resource itself, or its output `qualified_name`.",
    ),
    message(
        "… is not a reference to an asset in Atlan",
        "use atlan.…(…), or atlan.asset(TYPE, qualified_name=…) for another type",
        "use atlan.asset(…, qualified_name=…)",
        "give the Process itself, or its qualifiedName",
        cause="The value is not what the functions for references return.",
        fix="Use `atlan.table(…)`, `atlan.column(…)`, or the function that the message shows.",
    ),
    message(
        "must be a list of references…",
        cause="The property needs a list, but got a single reference or a text.",
        fix="Write `inputs=[atlan.table(…)]`.",
    ),
    message(
        "…: give exactly one of qualified_name and guid",
        "asset() takes exactly one of qualified_name and guid",
        "a reference to a … needs a guid or a qualified_name",
        cause="The reference has both a qualifiedName and a GUID, or neither.",
        fix="Remove one of them, or set one.",
    ),
    message(
        "…: a … is not allowed here, expected a ……",
        cause="The asset has a type that the property does not accept, such as a `Process` as an input.",
        fix="Refer to an asset of the expected type.",
    ),
    message(
        "… is not allowed here: declare its lineage with a …",
        cause="Tables and columns have separate lineage: a `Process` links tables, a `ColumnProcess` links "
        "columns.",
        fix="Use the resource that the message names.",
    ),
    message(
        "… is not a GUID, such as …",
        cause="The GUID is malformed.",
        fix="Copy the GUID from the asset's URL in Atlan.",
    ),
    message(
        "… is not an Atlan type, such as 'Table' (case-sensitive)…",
        "… is not an Atlan type such as 'Table' (case-sensitive)…",
        cause="Atlan has no type of this name.",
        fix="Use the suggested type, or the `typeName` that Atlan's API returns for the asset.",
    ),
    message(
        "… … with a blank; remove it",
        cause="The qualifiedName starts or ends with white space.",
        fix="Remove it.",
    ),
    message(
        "… is not a connection's qualifiedName…",
        cause="The name does not have the form `default/snowflake/1657025257`.",
        fix="Copy the connection's qualifiedName from Atlan, or use the output `qualified_name` of a "
        "`Connection`.",
    ),
    message(
        "… is not an asset's qualifiedName…",
        cause="An asset's name starts with that of its connection, which has three segments.",
        fix="Copy the whole qualifiedName from Atlan.",
    ),
)

INPUTS = (
    message(
        "is required",
        "is required where process is given by its GUID",
        "must not be blank",
        "must not be empty",
        cause="The property is not set, or has no content.",
        fix="Set it.",
    ),
    message(
        "unknown property…",
        "…() got an unexpected keyword argument …",
        cause="The resource has no such argument.",
        fix="Use the suggested name, or see the resource's [reference page](reference/README.md).",
    ),
    message(
        "must be",
        cause="The value has the wrong type or is out of range, such as `must be a valid integer`.",
        fix="Correct it; the resource's [reference page](reference/README.md) describes the arguments.",
    ),
    message(
        "must be one of ……",
        cause="The value is not one of the allowed values.",
        fix="Use one of the values that the message lists. A type checker shows them, too.",
    ),
    message(
        "must be a list: put the value in one",
        cause="The property needs a list.",
        fix="Write `[value]`.",
    ),
    message(
        "must not start or end with white space…",
        "remove the blank at its beginning or end",
        cause="The value has white space (or, for `job_name`, a slash) at an end.",
        fix="Remove it.",
    ),
    message(
        "is … characters long",
        "… is … characters long; Atlan takes … at most",
        "…; Atlan takes … at most",
        cause="Atlan rejects a longer text.",
        fix="Shorten the text, such as SQL; link to the full text with `source_url`.",
    ),
    message(
        "needs certificate_status",
        "needs announcement_type",
        cause="A message without a status or type is not shown in Atlan.",
        fix="Set `certificate_status` or `announcement_type`, or remove the message.",
    ),
    message(
        "Atlan has no user",
        "use the user name",
        cause="No user of the tenant has this name. Atlan would store it without an error.",
        fix="Use the user name, not the email address or the displayed name.",
    ),
    message(
        "Atlan has no group",
        "use its internal name",
        cause="No group of the tenant has this internal name, which differs from the displayed name.",
        fix="Use the internal name, which Atlan's API returns as `name`.",
    ),
    message(
        "has an Output in a key",
        "contains an Output as text",
        "… (for example, from an f-string or str()): …",
        "use pulumi.Output.concat(…) or .apply(…)",
        "a key cannot be an Output…",
        cause="An `Output` was formatted as text before its value was known.",
        fix='Use `pulumi.Output.concat("prefix/", output)` or `output.apply(lambda value: '
        'f"prefix/{value}")`. For a key, build the whole mapping in `.apply`.',
    ),
    message(
        "contains a … object as text: …",
        "is the resource …, where text is expected: …",
        "use one of its outputs, alone, in pulumi.Output.concat(…) or in .apply(…)",
        "the resource … is not a reference to an asset in Atlan",
        "[not text: the resource … '…']",
        "the name of the resource …",
        cause="A resource or another object was passed where text is expected.",
        fix="Pass an output of the resource, such as `connection.qualified_name`.",
    ),
    message(
        "the resource … has the type …, whose assets are not known; register them with "
        "atlan.register_asset_type(…), or refer to the asset by its name with atlan.table(…)",
        "the resource … is a … in Atlan, which has no columns",
        "asset_of, table_of, and column_of take a resource, not …; "
        "to refer to an asset by its name, use atlan.table(…)",
        cause="`asset_of`, `table_of`, and `column_of` know the assets of some providers' resources only.",
        fix="Register your own resources and components with `atlan.register_asset_type`, or use the name.",
    ),
    message(
        "Atlan has … named ……: …; …",
        "to use one of them, write its qualifiedName instead",
        "Atlan has no … named ………",
        "of the connector …",
        "; there is …",
        cause="`get_connection` or `find_asset` found no such connection or asset in the tenant, or several.",
        fix="Correct the name, whose case counts, or write the qualifiedName of the right one.",
    ),
    message(
        "its value, a secret, is not valid",
        "its reason contains a secret, and is not shown",
        "its inputs are not valid",
        cause="The value is not valid. The reason is not shown because it would show a secret.",
        fix="Check the value against the resource's [reference page](reference/README.md).",
    ),
    message(
        "cannot be set: … make it …",
        "…: …: cannot be set for a single process",
        cause="The property follows from others, or applies to the whole resource.",
        fix="Remove it; for a bulk resource, set it on the resource instead of a process.",
    ),
    message(
        "parts must be a whole number of 1 or more, not …",
        "shards must be a whole number of 1 or more, not …",
        cause="The argument is not a positive whole number.",
        fix="Set 1 or more.",
    ),
    message(
        "an unknown value is neither true nor false; compare with `is UNKNOWN`",
        cause="Code of yours, such as a custom rule, uses a value that is not known in a preview.",
        fix="Check `value is UNKNOWN` first.",
    ),
    message(
        "module … has no attribute …",
        cause="The package has no such name.",
        fix="Check the spelling against the [reference](reference/README.md).",
    ),
)

LINEAGE = (
    message(
        "… is also an output: …",
        "… cannot be its own source; if the … reads what it writes (MERGE, INSERT OVERWRITE), set "
        "reads_own_output=True",
        "inputs[…]: … is also an output",
        "… is also its own source: …",
        cause="The same asset is an input and an output.",
        fix="Remove it from one side, or set `reads_own_output=True` if the job really reads what it writes.",
    ),
    message(
        "… declares the same inputs and outputs",
        "…, with the same code: remove one of the two",
        cause="Two resources declare the same lineage, which Atlan would show twice.",
        fix="Remove one. If both are intended, set `atlan:repeatedLineage` to `warning` or `off`.",
    ),
    message(
        "… is declared by … already; the later would overwrite the earlier…",
        "declare it in one of the two",
        "another id",
        "another name",
        cause="Two resources of the program have the same qualifiedName in Atlan.",
        fix="Give one of them another `process_id`, or declare the entity only once.",
    ),
    message(
        "… is the name of … already: events of one would reach the other",
        "…; choose another name",
        cause="Two OpenLineage connections of the program have the same name and connector.",
        fix="Choose another name for one of them.",
    ),
    message(
        "… is not a column of any of the … of …",
        cause="The parent process does not link the column's table, so Atlan would not show the column's "
        "lineage.",
        fix="Add the table to the process, or correct the column. `atlan:strayColumns` sets how this is "
        "reported.",
    ),
    message(
        "… is the same column as …: declare it once, with all sources",
        "… is the same column as …: set its SQL once",
        cause="Two keys of the mapping mean the same column, such as a short and a full name.",
        fix="Merge them into one.",
    ),
    message(
        "… is not an output column",
        cause="`sql` names a column that `columns` does not have.",
        fix="Add the column to `columns`, or correct the name.",
    ),
    message(
        "… may be a column of several … tables: write ……",
        cause="The short name fits columns of several tables.",
        fix="Use one of the longer forms that the message shows.",
    ),
    message(
        "… is a column of none of the … tables: …",
        cause="The full name belongs to a table that the resource does not list.",
        fix="Correct the name, or add the table to the inputs or outputs.",
    ),
    message(
        "… is not a column's qualifiedName, …",
        cause="A short column name needs the tables that it belongs to.",
        fix="Set `input_tables` and `output_tables`, or write the whole qualifiedName.",
    ),
    message(
        "… is not a template: …",
        "{…} is not allowed in the template; use {inputs} and {output}",
        "… results in a blank name",
        cause="`name` of a `ColumnLineage` is a template with the fields `{inputs}` and `{output}`.",
        fix="Use only these fields; write a brace as `{{` or `}}`.",
    ),
    message(
        "use its qualifiedName, which is the prefix of the column processes' names",
        cause="A `ColumnLineage` names its column processes after the process, and a GUID contains no name.",
        fix="Pass the `Process`, or its qualifiedName.",
    ),
    message(
        "must not be empty: declare at least one output column, …",
        "must not be empty: adopt=True takes over the column processes of declared columns only; …",
        cause="The mapping declares no column.",
        fix="Declare a column, or remove the resource. To adopt what exists, run `atlan-pulumi import`.",
    ),
)

CONNECTIONS = (
    message(
        "is required with adopt=True, since a new connection would be created otherwise: …",
        cause="Without a `qualified_name`, it is unknown which connection to adopt.",
        fix="Set `qualified_name` to that of the existing connection, or remove `adopt=True`.",
    ),
    message(
        "set at least one of admin_roles, admin_groups, and admin_users",
        cause="Atlan requires an administrator for each connection.",
        fix='Set one of them, such as `admin_roles=["$admin"]`.',
    ),
    message(
        "Atlan has no role ……",
        cause="The tenant has no role of this name.",
        fix="Use the suggested name. The roles of Atlan start with `$`, such as `$admin`.",
    ),
    message(
        "names the connector …, but connector is …",
        cause="The second segment of the `qualified_name` is another connector.",
        fix="Correct `connector` or `qualified_name`.",
    ),
    message(
        "… is not a connector that Atlan knows… (…)",
        "a custom connector shows a gear icon; set a category to use one",
        cause="The connector is misspelled, or is a custom one.",
        fix="Use the suggested name. For a custom connector, set `category`.",
    ),
    message(
        "Connection … does not exist",
        "Connection … does not exist; nothing was written",
        "… … does not exist, so it cannot have column lineage; nothing was written",
        cause="The parent was removed from Atlan after the preview, or the preview checks are off.",
        fix="Restore the connection or the process, or run `pulumi up --refresh` if this stack declares it.",
    ),
)

OPENLINEAGE = (
    message(
        "Connection … accepts no OpenLineage events: …",
        "declare it as an OpenLineageConnection, or configure it for events in Atlan",
        "… accepts no OpenLineage events…",
        cause="The connection has no credential for events, so Atlan would drop the events without an error.",
        fix="Use an `OpenLineageConnection`, or enable OpenLineage for the connection in Atlan.",
    ),
    message(
        "POST …: Atlan does not accept OpenLineage events of … (request id …); create an OpenLineage "
        "connection with that connector first",
        "url path not configured to receive data",
        cause="The tenant has no connection of this connector that accepts events.",
        fix="Create an `OpenLineageConnection` with this connector first.",
    ),
    message(
        "Atlan has no asset for the dataset …, …",
        "Atlan has no column …, …",
        "and the connection creates no partial assets",
        cause="The dataset or column does not exist in Atlan, and the connection does not create it from "
        "events.",
        fix="Correct the name, or set `partial_assets=True` on the `OpenLineageConnection`.",
    ),
    message(
        "Atlan has no column …: …",
        "… … has no such column…",
        "check the columns' names: Atlan adds columns to partial assets only",
        cause="The table exists in Atlan without this column, and events add no columns to it.",
        fix="Correct the column's name, or wait for the crawler.",
    ),
    message(
        "…: …; nothing was sent",
        cause="A dataset or column is missing at the time of the deployment.",
        fix="See the first part of the message. Then run `pulumi up` again.",
    ),
    message(
        "… is not a dataset, such as 's3://bucket/path' or dataset(namespace, name)",
        "an Atlan asset is not allowed here: name it as OpenLineage does, with dataset()",
        "name it as OpenLineage does, with atlan.dataset(NAMESPACE, NAME)",
        "… is not a … dataset name of the form …",
        cause="OpenLineage identifies datasets by namespace and name, not by Atlan's qualifiedName.",
        fix="Use `atlan.dataset(namespace, name)`, in the form that the message shows.",
    ),
    message(
        "…: … do not belong among the …",
        cause="Input facets were set on an output, or output facets on an input.",
        fix="Move the facets, or remove them.",
    ),
    message(
        "…[…]: … is also …[…]",
        "…, written differently or with other facets",
        cause="The same dataset is listed twice with different case or facets.",
        fix="List it once.",
    ),
    message(
        "outputs[…]: set either its facet columnLineage or columns",
        cause="Column lineage is declared twice.",
        fix="Remove the facet, or remove `columns`.",
    ),
    message(
        "duplicate column (… and …); remove one",
        "… has no input columns: add at least one, or remove the column",
        "… is not a column of the … (…)",
        "…: write <dataset name>.<column>",
        "… is ambiguous, since several datasets have this name: write <namespace>/…",
        cause="A key or value of `columns` does not name one column of the job's datasets.",
        fix="Write `<dataset name>.<column>`; with several datasets of this name, `<namespace>/<dataset "
        "name>.<column>`.",
    ),
    message(
        "Atlan creates no column lineage for … in a … connection",
        "…: leave out ….…",
        cause="Atlan documents column lineage of generic connections for relational systems only.",
        fix="Remove these columns, or use a `Process` with a `ColumnLineage`.",
    ),
    message(
        "run_facets['parent']: …: leave it out, …",
        "Atlan does not document how it names the child of another job in this connection",
        cause="With a parent facet, the name of the job in Atlan is unknown for generic connections.",
        fix="Remove the parent facet, or emit the events with `atlan-pulumi openlineage emit`.",
    ),
    message(
        "events of an … connection create an AirflowDag or an AirflowTask in Atlan",
        "…, with undocumented names: …",
        "Atlan does not document what the events of a … connection create: …",
        "declare a Process instead, or send the events with `atlan-pulumi openlineage emit`",
        cause="An `OpenLineageJob` must know what Atlan creates, which is not documented for this connector.",
        fix="Declare a `Process`, or emit the events without a resource: [OpenLineage](openlineage.md).",
    ),
    message(
        "… is not a URI, such as 'https://example.com/dags/1'",
        cause="OpenLineage requires a URI as the producer.",
        fix="Set `producer` to a URI, or remove it.",
    ),
    message(
        "unknown … facet …; did you mean …?",
        "has the wrong type",
        "… is not a …",
        cause="A facet does not have the form that OpenLineage defines.",
        fix="Correct the facet; the message names the field. See [OpenLineage's "
        "facets](https://openlineage.io/docs/spec/facets/).",
    ),
    message(
        "the … connection … already has the name …",
        "…: events cannot distinguish the two; choose another name",
        cause="Events refer to a connection by its name, so Atlan would pick one of the two.",
        fix="Choose another name, or adopt the existing connection with `qualified_name` and `adopt=True`.",
    ),
    message(
        "cannot be set: this resource creates the credential",
        cause="An `OpenLineageConnection` has its own credential.",
        fix="Remove `default_credential_guid`.",
    ),
    message(
        "…; the credential … was kept for the next `pulumi up`",
        cause="The connection could not be written; its credential exists already, and is used again.",
        fix="Correct what the first part of the message says, and run `pulumi up` again.",
    ),
    message(
        "…; and the credential … could not be removed: …",
        cause="Atlan rejected the connection, and the credential that was created for it remains.",
        fix="Correct the error, and run `pulumi up` again, which uses the credential; or delete it in Atlan.",
    ),
    message(
        "Atlan created Process … from the events of job …",
        "…, …: remove the job, and declare a Process instead",
        cause="Your tenant names the process of a job differently than documented, so it cannot be managed.",
        fix="Remove the `OpenLineageJob`, and declare a `Process`. Please report the two names.",
    ),
    message(
        "Atlan accepted the events of job … (run …)",
        "…, but has not processed them after … s (…)",
        "run `pulumi up` again, or raise wait_seconds",
        "unknown datasets require partial_assets on the connection",
        "a run that started later determines the job's lineage",
        "the process does not exist yet",
        "the job shows an earlier run",
        cause="Atlan processes events later. Until then, the result is not known.",
        fix="Run `pulumi up` again, which sends a new run. If the message names datasets or columns, check "
        "their names.",
    ),
    message(
        "waiting for Atlan to process the run: … s so far",
        cause="Progress of a deployment.",
        fix="Nothing.",
    ),
)

DATA = (
    message(
        "cannot read lineage from …: …",
        "cannot read lineage: expected …, got …",
        "cannot read lineage: the path …",
        cause="The beginning of each message about lineage as plain data. The rest has the place and the "
        "reason.",
        fix="See the reason, and [Lineage as plain data](reference/lineage-data.md).",
    ),
    message(
        "expected …, got ……",
        "; quote it",
        "expected a string, got …",
        "expected a mapping of process id to process, got …",
        "expected a mapping with inputs and outputs, got …",
        "expected the name of an attribute, got …",
        "row …: expected a mapping, got …",
        cause="A value has another type. YAML reads unquoted `NO`, `007`, and dates as other types than "
        "text.",
        fix="Correct the value; put text in quotation marks.",
    ),
    message(
        "sql is set as well; remove one",
        "expected the path of a file, got …",
        "cannot read …: …",
        "… is not UTF-8; save the file as UTF-8",
        cause="The file in `sql_file` cannot be used. Its path is relative to the file that names it.",
        fix="Correct the path, or write the SQL in `sql`.",
    ),
    message(
        "unknown key … of a table…",
        "… is missing; set type_name and qualified_name",
        cause="A table is a text, or a mapping with `type_name` and `qualified_name`.",
        fix="Use one of these forms.",
    ),
    message(
        "its table is not one of the … (…); write <table>/<column>…",
        cause="A column's table is not among the tables of the process.",
        fix="Add the table, or correct the name.",
    ),
    message(
        "… is missing; set it to a table or a list of tables",
        "is empty; add at least one table",
        "…[…]: duplicate table …; remove one",
        cause="`inputs` or `outputs` is missing, empty, or repeats a table.",
        fix="List each table once.",
    ),
    message(
        "not an output column in columns (…)…",
        cause="`column_sql` names a column that `columns` does not have.",
        fix="Correct the name.",
    ),
    message(
        "duplicate column …; remove one",
        "duplicate key …; remove one",
        "duplicate of … (…); remove one",
        cause="The same column, key, or row occurs twice, perhaps in two forms.",
        fix="Remove one.",
    ),
    message(
        "has no input columns; add at least one, or remove the column",
        cause="A column is declared without sources.",
        fix="Add sources, or remove the column.",
    ),
    message(
        "unexpected key … next to 'processes'",
        "…; move it into 'processes', or remove it",
        cause="In a file with the key `processes`, all else is inside it.",
        fix="Move the key, or remove it.",
    ),
    message(
        "no processes",
        "no rows",
        "no header",
        "the file is empty",
        cause="The file or table has no content.",
        fix="Add processes, or check the path.",
    ),
    message(
        "unknown attribute ……",
        "unknown column ……",
        "missing column …; … are required",
        "expected a string as the name of column …, got …",
        "column … has no name (an index written by pandas?); name it, or remove it",
        cause="The header has a column that is not known, or lacks one.",
        fix="Use the suggested name; write data frames with `index=False`.",
    ),
    message(
        "is empty, but …_column is not; set both, or neither for table lineage only",
        "needs input_column and output_column in the same row",
        "must not be empty: each row names its process and two tables",
        cause="A row has only a part of an edge.",
        fix="Complete the row.",
    ),
    message(
        "differs from … for …",
        "…; set it once, or to the same value in every row",
        cause="Rows of one process have different values for one attribute.",
        fix="Set the value in one row only, or equally in all.",
    ),
    message(
        "… can also be a column of …",
        "…; such a column cannot be declared here",
        cause="The qualifiedNames of two tables of the process overlap, so that the column is ambiguous.",
        fix="Declare this process in Python, with references.",
    ),
    message(
        "… cells, but … columns in the header",
        "quote cells that contain …",
        "line …: invalid CSV: …",
        cause="The CSV is malformed; often a text with the separator is not quoted.",
        fix="Quote the cell.",
    ),
    message(
        "line …: invalid JSON: …",
        "invalid JSON: …",
        "line …: invalid YAML: …",
        "invalid YAML: ……",
        "nested too deeply",
        "line …: not UTF-8; save the file as UTF-8",
        cause="The file is malformed at this line.",
        fix="Correct the line, or save the file as UTF-8.",
    ),
    message(
        "the file name must end in one of ……",
        cause="The format follows from the end of the file's name.",
        fix="Rename the file.",
    ),
    message(
        "reading YAML requires PyYAML: pip install 'atlan-pulumi[cli]', or use JSON",
        cause="PyYAML is not installed.",
        fix="Run the command in the message.",
    ),
)
