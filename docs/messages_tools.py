"""Messages about settings, the connection to Atlan, and the commands of `atlan-pulumi`."""

from __future__ import annotations

from message_row import message

SETTINGS = (
    message(
        "No Atlan base URL (atlan:baseUrl): …",
        "No Atlan API key (atlan:apiKey): …",
        cause="The setting is missing in the stack's configuration and in the environment.",
        fix="Run the command in the message, in the folder of the Pulumi project.",
    ),
    message(
        "…:… is set, which is not a setting.",
        "…:… is not a setting, and has no effect…",
        "the environment variable … has no effect; did you mean …?",
        cause="The name of a setting is misspelled.",
        fix="Use a name of the [configuration page](reference/configuration.md).",
    ),
    message(
        "… (or …) must be one of …, not …",
        cause="The value of the setting is not allowed.",
        fix="Use one of the listed values.",
    ),
    message(
        "… is stored in plain text, in the stack's configuration and in its state: …",
        cause="The API key was set without `--secret`.",
        fix="Create a new key, run the command in the message, deploy, and delete the old key in Atlan.",
    ),
    message(
        "atlan:baseUrl (or ATLAN_BASE_URL) has more than the tenant's address, and the rest is ignored: …",
        cause="The URL has a path, such as one that was copied from the browser.",
        fix="Set it to `https://TENANT.atlan.com`.",
    ),
    message(
        "The Atlan base URL (atlan:baseUrl or ATLAN_BASE_URL)",
        "… is not a URL such as https://TENANT.atlan.com",
        "… must not hold a user or password before the host: …",
        "… is plain http to …, which would show the API key to the network: …",
        cause="The base URL is not an https URL of a host without user and password.",
        fix="Set `atlan:baseUrl` to `https://TENANT.atlan.com`.",
    ),
    message(
        "The Atlan API key (atlan:apiKey or ATLAN_API_KEY) is not the bare key: …",
        cause="The key contains blanks or other characters, such as `Bearer ` before the key.",
        fix="Set the key alone, as Atlan shows it.",
    ),
    message(
        "The rate (atlan:requestsPerMinute or ATLAN_REQUESTS_PER_MINUTE) must be a whole number …",
        "… must be seconds, more than 0, not …",
        "… must be more than 0 seconds, not …",
        cause="The value is not a number in the allowed range.",
        fix="Correct it, or remove the setting to use the default.",
    ),
    message(
        "AtlanClient holds an API key and cannot be pickled",
        "ClientSettings hold an API key and cannot be pickled",
        cause="A closure or a process pool in your code would copy the API key.",
        fix="Create the client where it is used.",
    ),
    message(
        "The environment's proxy or certificate settings cannot be used (…): …",
        cause="`HTTPS_PROXY` or `ALL_PROXY` is not a URL, or the file of `SSL_CERT_FILE` or `SSL_CERT_DIR` "
        "cannot be read.",
        fix="Correct the variable.",
    ),
)

NETWORK = (
    message(
        "check atlan:apiKey (or ATLAN_API_KEY): it may have expired",
        cause="401: the key is wrong, expired, or of another tenant.",
        fix="Create an API token in Atlan, and run `pulumi config set --secret atlan:apiKey KEY`.",
    ),
    message(
        "ask an administrator to give the API key's persona access",
        cause="403: the persona of the key does not allow the request.",
        fix="Ask an admin of the connection to extend the persona.",
    ),
    message(
        "create the referenced asset first, or correct its type and qualifiedName",
        "check the type's name",
        cause="404 or 400: Atlan does not know an asset or a type in the request.",
        fix="Correct the reference. With preview checks, the preview finds this first.",
    ),
    message(
        "run it again",
        cause="409: another request changed the entity at the same time.",
        fix="Run the command again.",
    ),
    message(
        "lower atlan:requestsPerMinute, or try again when the tenant is less busy",
        cause="429: too many requests for a long time, also from other programs.",
        fix="Lower `atlan:requestsPerMinute`, or run it later.",
    ),
    message(
        "try again later; if it persists, give Atlan support the request id",
        cause="5xx: Atlan failed, and retries did not help.",
        fix="Run it later. For Atlan's support, note the request id of the message.",
    ),
    message(
        "check that the base URL (atlan:baseUrl or ATLAN_BASE_URL) is an Atlan tenant's",
        "set atlan:baseUrl (or ATLAN_BASE_URL) to the tenant's own address",
        "redirects to …, which is not followed",
        cause="The base URL is not the tenant's final URL: the server redirects, or does not know Atlan's "
        "API.",
        fix="Use the URL that the browser shows when you are logged in.",
    ),
    message(
        "a proxy or firewall answered instead of Atlan (…)",
        "a login page or proxy answered instead of Atlan (…)",
        "a page titled …",
        "ask the administrators of your network's proxy or firewall to allow HTTPS to the tenant's host",
        "try again later; if it persists, ask the administrators of your network's proxy, or Atlan support",
        "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), and any proxy in front of Atlan",
        cause="A web page came instead of JSON, from a proxy, a firewall, or a login page.",
        fix="Ask the administrators of your network to allow HTTPS to the tenant's host; after a 502 or "
        "503, try again later.",
    ),
    message(
        "the proxy refused the connection (…)",
        "check HTTPS_PROXY (or ALL_PROXY) with its user and password, …",
        cause="The proxy requires a user and a password (407), or does not allow the host.",
        fix="Set `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`, or `NO_PROXY=TENANT.atlan.com`.",
    ),
    message(
        "TLS failed: this port speaks http, not https",
        "check the port in atlan:baseUrl (or ATLAN_BASE_URL); for a local Atlan, use http://",
        cause="The port belongs to a server without TLS.",
        fix="Correct the port; for a local Atlan, use `http://127.0.0.1:PORT`.",
    ),
    message(
        "TLS failed: …",
        "the certificate is not trusted (…)",
        "check the base URL; for a company's own certificate authority, set SSL_CERT_FILE",
        cause="A proxy of your company re-signs traffic, or the tenant has a private certificate authority.",
        fix="Set `SSL_CERT_FILE` to the PEM file of that authority.",
    ),
    message(
        "no connection",
        "no connection (…)",
        "no connection in time",
        "no free connection in time",
        "no response in time",
        "the connection broke",
        "the connection broke (…)",
        "too slow",
        "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), the network and any proxy (HTTPS_PROXY)",
        cause="The host does not exist or does not answer, or the network is interrupted.",
        fix="Check the base URL, the network, and `HTTPS_PROXY`. If Atlan is slow, raise "
        "`atlan:readTimeoutSeconds`.",
    ),
    message(
        "the response is empty",
        "the response is nested too deeply",
        "the response was truncated",
        "the response is not JSON: …",
        "…: the response has another shape than Atlan's: … (request id …); check the base URL, or update "
        "atlan-pulumi",
        "POST …: the pages of the response are not in the requested order",
        cause="The response is not what Atlan's API documents, for example because of a proxy.",
        fix="Check the base URL and any proxy. If it persists, update atlan-pulumi, and report the request "
        "id.",
    ),
    message(
        "a name in the request is too long for a URL",
        cause="A qualifiedName or GUID is longer than a URL may be.",
        fix="Correct the name.",
    ),
    message(
        "tried … times in … s,",
        "… (…request id …)…",
        "no address",
        "error id …",
        cause="Details in each message about a request: attempts, Atlan's error id, and the request id.",
        fix="Note the ids for Atlan's support.",
    ),
)

INIT = (
    message(
        "Atlan's base URL, such as https://acme.atlan.com",
        "The connection with the tables: …",
        "its number, or its qualifiedName",
        "its qualifiedName, such as …",
        "Connections of …:",
        cause="A question. The connections are listed if `ATLAN_API_KEY` is set.",
        fix="Answer it, or set `--base-url` and `--connection`.",
    ),
    message(
        "The connections cannot be listed: …",
        cause="The tenant did not respond, or refused the key in `ATLAN_API_KEY`.",
        fix="Enter the qualifiedName of the connection, or stop with Ctrl-C and see the reason.",
    ),
    message(
        "there is no terminal to ask on: set …",
        "--base-url https://TENANT.atlan.com (or ATLAN_BASE_URL)",
        "--connection QN, such as …",
        cause="The command needs an answer, and its input is no terminal.",
        fix="Set the options that the message names.",
    ),
    message(
        "Atlan has no connection ……",
        "… is not a connection's qualifiedName, …",
        cause="The tenant has no connection with this qualifiedName, or it is none.",
        fix="Copy the qualifiedName from Atlan.",
    ),
    message(
        "… … in …; nothing was written: use another folder, or move … away",
        "… is a file: use the path of a folder",
        "cannot write …: …; nothing was written",
        cause="Existing files are never replaced, or the folder cannot be written to.",
        fix="Use another folder, or move the files that the message names.",
    ),
    message(
        "--from-dbt …: has no manifest.json; …",
        "run `dbt docs generate` first",
        cause="The folder is not the folder `target` of a dbt project, or dbt has not written it yet.",
        fix="See the message.",
    ),
    message(
        "--name …: use up to 100 letters, digits, hyphens, underscores, and periods",
        "--name …: the settings …:… are not the project's; use another name",
        cause="Pulumi accepts no such name of a project, or the settings of the project would be others.",
        fix="Use another name.",
    ),
    message(
        "--from-sql and --from-dbt exclude each other",
        "--local and --base-url exclude each other",
        "--dialect, --default-database, --default-schema, and --offline need --from-sql",
        cause="The options do not fit together.",
        fix="See `atlan-pulumi init --help`.",
    ),
)

DERIVE = (
    message(
        "… without lineage; nothing was written",
        cause="The lines above it say what cannot be decided, with the place in the file.",
        fix="Correct the SQL or the options, or leave the file out.",
    ),
    message(
        "… is not current: run `atlan-pulumi derive` without --check, and commit it",
        cause="The SQL, or the columns in Atlan, have changed since the file was written.",
        fix="Run the command without `--check`, and review the difference.",
    ),
    message(
        "… files have the process id …: …; …",
        "pass a folder that contains them",
        "rename one, or name each file once",
        "… has no .sql files",
        "…, line …: not UTF-8; save the file as UTF-8",
        "cannot write …: …",
        "--out …: the file name must end in .yaml or .yml",
        "--check and --json exclude each other",
        cause="A file cannot be read or written, two of them are one process, or the options do not fit.",
        fix="See the message.",
    ),
)

IMPORT = (
    message(
        "nothing selected: set --connection, --process, --name-prefix, or --asset",
        "--as … concerns column processes: remove --no-columns",
        "… is not a form of lineage: use one of …",
        cause="The options do not fit together, or select nothing.",
        fix="See `atlan-pulumi import --help`.",
    ),
    message(
        "Atlan has no active process that matches the selection; nothing was written",
        "Atlan has no connection ……",
        "Atlan has no asset …: use its full qualifiedName (case-sensitive)",
        "Atlan has no active process …: use its full qualifiedName (case-sensitive)",
        "such as default/snowflake/1657025257",
        "… is not a connection's qualifiedName, …",
        cause="Nothing in the tenant has this qualifiedName, or it is archived.",
        fix="Copy the qualifiedName from Atlan.",
    ),
    message(
        "the connection … is archived in Atlan: restore it first",
        cause="An archived connection cannot be managed.",
        fix="Restore it in Atlan, or select processes with `--process`.",
    ),
    message(
        "atlan-pulumi: none of it can be imported; nothing was written",
        "this package has no resource for a …",
        "…: … … is archived",
        "… (of columns of …)",
        "custom metadata …",
        cause="The report of an import: what cannot be declared, or what a resource does not manage.",
        fix="Nothing: it stays unchanged in Atlan. See [Import existing lineage](import.md).",
    ),
    message(
        "… cannot be both the code and the import file: use two paths",
        "… is a folder: use the path of a file",
        "… already exists: use another file, or --force to overwrite it",
        "… cannot be written: no permission in …",
        "… cannot be written: …",
        cause="The command cannot write an output file.",
        fix="Use another path, or `--force`.",
    ),
    message(
        "unknown project of the stack …: set --stack PROJECT/…, or use a folder with a Pulumi.yaml (…)",
        cause="An ownership mark has the form `PROJECT/STACK`, and no `Pulumi.yaml` names the project.",
        fix="Set `--stack PROJECT/STACK`, or run the command in the project's folder.",
    ),
)

DRIFT = (
    message(
        "cannot determine drift: the stack changed in the meantime; run it again",
        "cannot determine drift: a deployment is … …, or was interrupted: …",
        cause="A deployment runs, or was interrupted and left pending operations in the state.",
        fix="Wait until it ends, or run `pulumi up`; see [Recover a stack](recovery.md).",
    ),
    message(
        "cannot determine drift: --target selects no resource of this package",
        cause="No resource of the stack has this URN.",
        fix="`pulumi stack --show-urns` lists the URNs.",
    ),
    message(
        "could not read ……: …",
        "cannot determine drift: Pulumi did not read …",
        "cannot determine drift: … (…)",
        "… does not start in …",
        "`pulumi …` failed: …",
        "`pulumi stack export` did not print a state",
        "it did not print JSON",
        "preview failed",
        "update failed",
        "refresh failed",
        "destroy failed",
        cause="A `pulumi` command that atlan-pulumi runs failed, for example since no stack is selected, "
        "the passphrase is missing, or Atlan refused a request.",
        fix="See the reason in the message. Run the same `pulumi` command in the folder for all of its "
        "output.",
    ),
    message(
        "no stack is selected: set --stack, or --mark with the text of its marks",
        cause="The folder has no selected stack.",
        fix="Run `pulumi stack select`, or set `--stack`.",
    ),
    message(
        "give the names of resources to release, or --all for all resources of the stack",
        cause="`atlan-pulumi release` needs names or `--all`, and not both.",
        fix="Set one of them.",
    ),
    message(
        "… depends on …, which cannot be released alone; nothing was released: release …, too",
        cause="The state would contain a resource without its dependency.",
        fix="Give all of the names to one command; see [Hand lineage over](release.md).",
    ),
    message(
        "… is not in the stack …; nothing was released: set --stack",
        "neither the state nor a mark of the stack … in Atlan contains …; nothing was released: …",
        "`pulumi stack --show-urns` lists the resources, `atlan-pulumi orphans` the others. …",
        "it has the mark of another stack with this name (in another backend, or an earlier stack): …",
        cause="The name belongs to another stack, or is misspelled.",
        fix="Follow the advice in the message.",
    ),
)

EMIT = (
    message(
        "…: nothing was sent…",
        "(--allow-drops sends them anyway)",
        cause="At least one event is invalid, or Atlan would drop a part of it. The lines before say which.",
        fix="Correct the events. `--allow-drops` sends valid events of which Atlan drops a part.",
    ),
    message(
        "Atlan has no … connection named …",
        "that accepts events",
        "…, the namespace of the job; nothing was sent",
        cause="The namespace of the job must be the name of a connection that accepts events.",
        fix="Correct the namespace or `--connector`, or create an `OpenLineageConnection`.",
    ),
    message(
        "Atlan has no assets for …, and … does not create partial assets",
        "…; nothing was sent (--allow-drops sends them anyway)",
        cause="The datasets do not exist in Atlan, which would leave them out.",
        fix="Correct the names, or set `partial_assets=True` on the connection.",
    ),
    message(
        "… of … events were sent before",
        cause="A request failed in the middle.",
        fix="Correct the error, and send the remaining events.",
    ),
    message(
        "cannot read events from …: ……",
        "invalid JSON: …",
        "nested too deeply",
        "not UTF-8 text",
        "no events",
        cause="The file is not a JSON event, a list of events, or one event per line.",
        fix="Correct the file at the line in the message.",
    ),
    message(
        "is not a JSON object",
        "is not a run event: …",
        "is not a run event: it has no …",
        "… is not a list",
        "… is missing",
        "expected a dataset with a namespace and a name",
        "… is not an object",
        "is not an object",
        cause="The event does not have the form of an OpenLineage run event.",
        fix="Correct the producer of the event. See [OpenLineage's "
        "specification](https://openlineage.io/docs/spec/object-model/).",
    ),
    message(
        "…: a run has no START event, so Atlan creates no lineage",
        "…: a run has no COMPLETE, FAIL, or ABORT event, so Atlan creates no lineage",
        cause="Atlan creates lineage from runs with a start and an end.",
        fix="Put the missing event into the file, or use `--allow-drops` if it is sent separately.",
    ),
    message(
        "…, output …, column …: …",
        "the schema facet of that output has no such field",
        "it has no input fields",
        "… is not among the inputs of the run",
        "the schema facet of … has no field …",
        cause="Atlan would drop the column lineage of this column.",
        fix="Correct the `columnLineage` facet, or add the input or field.",
    ),
)

ENGINE = (
    message(
        "no Pulumi engine… yet: run `atlan-pulumi engine install`",
        "no `pulumi` is on PATH",
        "of version … (…)",
        cause="Pulumi is not installed, or not in the version of `ATLAN_PULUMI_ENGINE`.",
        fix="Run `atlan-pulumi engine install`, or install Pulumi.",
    ),
    message(
        "the `pulumi` in … cannot be used: …",
        "it is version …, not …",
        "version … is older than …",
        "it lacks …",
        cause="The Pulumi on PATH has another version, or is incomplete.",
        fix="Update Pulumi, or run `atlan-pulumi engine install`.",
    ),
    message(
        "the Pulumi engine cannot be provided:",
        "…could not …: …; …",
        "reach Pulumi's download server",
        "download Pulumi …",
        "the download lacks …",
        "… does not start (…)",
        "timed out after … s",
        "… exited with code …",
        "install Pulumi by hand (…) so that `pulumi` is on PATH, …",
        "on machines that reach only package registries, run `make engine` in a checkout of atlan-pulumi",
        cause="The download failed, often since the download server cannot be reached.",
        fix="Install Pulumi yourself; see [Engine](#engine).",
    ),
    message(
        "this command cannot build Pulumi: run `make engine` in a checkout of atlan-pulumi …",
        cause="The command downloads engines only.",
        fix="Run `make engine` in a checkout.",
    ),
    message(
        "cannot write the engine to … (…): …",
        "the policy pack cannot be written to … (…): …",
        cause="The cache folder is not writable.",
        fix="Make it writable, or set `ATLAN_PULUMI_CACHE` to a writable folder.",
    ),
    message(
        "wait for another process that is providing the engine",
        cause="Progress: another process installs the engine.",
        fix="Nothing.",
    ),
)

REVIEW = (
    message(
        "use the file of `PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE`, or the output of "
        "`pulumi preview --json`",
        "… is empty: …",
        "a saved plan (`--save-plan`), which contains neither the current resources nor removals",
        "the state of a stack, not a preview",
        "not the output of a preview",
        "… is the log of a deployment, not of a preview: …",
        "… is the log of a refresh, not of a preview: …",
        "…: line … is not an event of Pulumi's engine",
        cause="The file is not the output of `pulumi preview`.",
        fix="Create it as [Review lineage in CI](ci.md) shows.",
    ),
    message(
        "…: line … is not JSON…",
        ": give the events of `pulumi preview`, or the output of `pulumi preview --json` alone",
        "…: line … is nested too deeply",
        "… is nested too deeply: …",
        "… is not UTF-8 text: …",
        "stdin is not UTF-8 text",
        "… cannot be read: …",
        cause="The file cannot be read, or contains other output too, such as that of a script.",
        fix="Write the output of `pulumi preview --json` alone into the file.",
    ),
    message(
        "…: unknown format of a digest, at …: upgrade atlan-pulumi",
        "unknown format of an event, at …",
        "…: line …: …: upgrade atlan-pulumi",
        "unknown operation … on …: upgrade atlan-pulumi",
        "unknown resource …: upgrade atlan-pulumi",
        "the step … on … has no resource state: upgrade atlan-pulumi",
        cause="A newer version of Pulumi or atlan-pulumi wrote the file.",
        fix="Upgrade atlan-pulumi.",
    ),
    message(
        "Not looked up: ….",
        "set ATLAN_BASE_URL and ATLAN_API_KEY for the review",
        "Unknown, because the request to Atlan failed: …",
        cause="The review cannot look up which assets lose lineage.",
        fix="Set both variables in the CI job, or correct what the message says.",
    ),
    message(
        "cannot draw the picture as PNG: the package resvg_py is not installed: …",
        cause="PNG needs an extra.",
        fix="Run the command in the message, or use `--svg`.",
    ),
)

POLICIES = (
    message(
        "…: unknown rule ……",
        "unknown rule ……",
        "duplicate rule …",
        "unknown environment ……",
        "…: unknown setting…",
        cause="The configuration names a rule, setting, or environment that does not exist, or repeats one.",
        fix="Use the suggested name; see [Policies](reference/policies/README.md).",
    ),
    message(
        "…: …: unknown level …: use one of …",
        "the rule … …: its levels are …",
        "has no level …",
        "cannot remediate",
        cause="The rule does not have this enforcement level.",
        fix="Use one of the listed levels.",
    ),
    message(
        "… cannot be read (…)",
        "… is not JSON (…)",
        "… must be an object with rules by name, such as …",
        cause="The configuration file is missing or malformed.",
        fix="Correct it, and run `atlan-pulumi policy check FILE`.",
    ),
    message(
        "the policy pack … cannot be set up: …",
        "the rule … cannot be set up: …",
        "the rule … has the configuration …: use a level, or a mapping of settings",
        "not a regular expression: …",
        "must be an allowed status: …",
        "must have at least two layers",
        cause="A setting of a rule is not valid.",
        fix="Correct it as the rule's [page](reference/policies/README.md) shows.",
    ),
    message(
        "the rule 'no-secrets' failed on a text (…)",
        cause="The detection of secrets failed. The text is not shown, since it may contain one.",
        fix="Please report it with the name of the error.",
    ),
)

LOCAL = (
    message(
        "set --seed or --sample, not both",
        cause="The two options start with different catalogs.",
        fix="Remove one.",
    ),
    message(
        "cannot …: it must be a list of entities, …",
        "cannot …: it is not UTF-8 text",
        "cannot …: it is not YAML: …",
        "cannot seed …: duplicate …, also at …",
        "… is not a GUID",
        cause="The catalog cannot be read, or an entity in it is not valid.",
        fix="Correct the place in the message; see [Local Atlan](reference/local-atlan.md).",
    ),
    message(
        "cannot listen on …:…: …; use another port, or 0 for a free one",
        "cannot listen on port …: a port must be from 0 to 65535",
        cause="Another program uses the port, or it is not a port.",
        fix="Use another port, or `--port 0`.",
    ),
    message(
        "cannot open the database …: …",
        cause="The file of `--db` cannot be written, or is not a database of this version.",
        fix="Use another path, or delete the file.",
    ),
    message(
        "the local Atlan did not start: …",
        "this local Atlan is already running at …",
        "this local Atlan is not running: call start(), or use it in a `with` block",
        cause="The server is in another state than the call needs.",
        fix="Use `with LocalAtlan() as atlan:`, or call `start()` once.",
    ),
    message(
        "no local Atlan answers at …: start one with `atlan-pulumi local`",
        "the local Atlan answered …",
        cause="`atlan-pulumi local crawl` needs a running local Atlan.",
        fix="Start one, or set `--url` to the base URL that it printed.",
    ),
    message(
        "invalid fault rule: …",
        "no fault rule fired within … seconds",
        "not all events were processed within … seconds",
        cause="A test waits for something that did not happen, or sets an invalid fault.",
        fix="See [Local Atlan](reference/local-atlan.md).",
    ),
)

EXTRAS = (
    message(
        "atlan-pulumi: the command line needs …: pip install 'atlan-pulumi[all]'",
        "… is not installed: pip install 'atlan-pulumi[openlineage]'",
        "an OpenLineageJob requires …, which is not installed",
        "…: pip install 'atlan-pulumi[openlineage]'",
        "lineage from SQL needs …, which is not installed",
        "…: pip install 'atlan-pulumi[sql]'",
        "policies need …, which is not installed",
        "…: pip install 'atlan-pulumi[policy]'",
        "the rule 'no-secrets' needs detect-secrets, which is not installed: …",
        "the local Atlan needs …, which is not installed: pip install 'atlan-pulumi[local]'",
        cause="This part of the package needs an extra.",
        fix="Run the command in the message, in the environment of the program.",
    ),
)
