"""Messages about what exists in Atlan: ownership, removals, previews as a whole, and refreshes."""

from __future__ import annotations

from message_row import message

PLACEHOLDERS = (
    message(
        "not in Atlan yet",
        "…: … (…); a crawl makes …",
        "a placeholder will be created",
        "placeholders will be created",
        "it a full asset",
        "them full assets",
        "…: the deployment waits up to … seconds for … (…)",
        cause="Inputs or outputs do not exist in Atlan, and `missing_assets` says what to do about them.",
        fix="Check the names in the line. See [Deploy tables and lineage together](tables-and-lineage.md).",
    ),
    message(
        "…; check the spelling of …, since the table is crawled already",
        cause="A column does not exist in Atlan, but its table does. The column is new, or misspelled.",
        fix="Correct the name. If the column is new, nothing.",
    ),
    message(
        "… archived in Atlan (…): writing the inputs or outputs of … …",
        "waits up to … seconds for …",
        cause="Inputs or outputs are archived, such as a table that was dropped. The line names the "
        "resources that use them.",
        fix="Leave the assets out of the lineage, unless they come back.",
    ),
    message(
        "…: … not written, since … did not change: …",
        "run `pulumi up --refresh`",
        "the missing asset is",
        "the … missing assets are",
        cause="Others have removed placeholders of this resource, and no refresh has shown it yet.",
        fix="Run `pulumi up --refresh`, which writes them again.",
    ),
    message(
        "waits for …, … more seconds at most",
        "Atlan still has no … after … seconds: run the crawler, then `pulumi up` again; or set "
        "missing_assets='partial'",
        cause="A resource with `missing_assets='wait'` waits for assets that the crawler has not published.",
        fix="Run the crawler, and check the names.",
    ),
    message(
        "… … now: the crawler owns …",
        "… … now: a program declares …",
        "is a full asset",
        "are full assets",
        cause="A crawl has published the assets of placeholders, or an `Asset` declares them now.",
        fix="Nothing.",
    ),
    message(
        "… … after …: correct the …, or let the crawler include …",
        "is still a placeholder",
        "are still placeholders",
        cause="A line in a preview, a refresh, drift, or a review: no crawl has made the placeholders full "
        "for a week or more.",
        fix="Correct the names, let the crawler include the tables, or look at the crawler's runs.",
    ),
    message(
        "archived in Atlan: …",
        "the placeholder for",
        "no longer in Atlan: …",
        cause="Others have archived or removed placeholders.",
        fix="Run `pulumi up`, which writes them again.",
    ),
    message(
        "… in Atlan: the next `pulumi up` uses them, or `atlan-pulumi orphans` lists them",
        "1 placeholder stays",
        "… placeholders stay",
        cause="A refresh has removed a resource from the state, since others removed its entity. Its "
        "placeholders are left.",
        fix="Run `pulumi up`, which creates the resource again; or remove them with "
        "`atlan-pulumi orphans --delete`.",
    ),
    message(
        "removes … that no process uses any more",
        cause="The last resource that used these placeholders is removed, or refers to other assets.",
        fix="Nothing.",
    ),
    message(
        "leaves …, to which others have added metadata",
        "the ownership mark of … could not be changed: …",
        cause="The last resource that used these placeholders is removed, but somebody has described, "
        "certified, or published them.",
        fix="Nothing, if the assets are wanted. Otherwise remove them in Atlan.",
    ),
    message(
        "the placeholder for … cannot be written: …",
        "the placeholder for a secret … cannot be written",
        "… of that name exists in Atlan: …; nothing was written",
        "refer to it as asset(…, …)",
        cause="Atlan refused the partial asset, or has an asset of another type with the name by now.",
        fix="Correct the reference, or let the crawler run first.",
    ),
)

CRAWLERS = (
    message(
        "Atlan has no workflow …",
        "Atlan has … workflows named …: use the slug of one, …",
        cause="`workflow` of a `CrawlerRun` names no workflow, or several.",
        fix="Use one of the names or slugs in the message.",
    ),
    message(
        "…: what has a GUID exists already",
        cause="`wait_for` of a `CrawlerRun` contains a reference by GUID.",
        fix="Leave it out, or refer to the asset by its qualifiedName.",
    ),
    message(
        "run … of … is active already: waits for it",
        "run … of …: …",
        "the crawler …",
        "the crawler",
        "run … succeeded: waits for …",
        cause="A `CrawlerRun` follows a run.",
        fix="Nothing.",
    ),
    message(
        "run … of … ended as …: look at its log in Atlan, then run `pulumi up` again",
        cause="The crawler failed, or somebody stopped it.",
        fix="Look at the run in Atlan, and correct its reason.",
    ),
    message(
        "…: run `pulumi up` again",
        "run … of … is no longer in Atlan",
        cause="Somebody removed the run or the crawler.",
        fix="Run `pulumi up` again.",
    ),
    message(
        "run … of … is … after … seconds: it continues in Atlan, and `pulumi up` joins it; or "
        "increase timeout",
        cause="The run took longer than `timeout`.",
        fix="Run `pulumi up` again, or set a longer `timeout`.",
    ),
    message(
        "run … of … succeeded, but Atlan has no … after … seconds: check the names, and what it includes",
        cause="The crawl did not publish an asset of `wait_for`: the name differs, or a filter of the "
        "crawler leaves it out.",
        fix="Correct the name or the crawler's filter.",
    ),
    message(
        "… may have started, but Atlan did not confirm it: …; look at its runs in Atlan before "
        "you run `pulumi up` again",
        cause="The request to start the crawler failed, and no active run was found afterwards. It is sent "
        "only once.",
        fix="Look at the crawler's runs in Atlan.",
    ),
)

OWNERSHIP = (
    message(
        "… exists in Atlan already (…); nothing was written: set adopt=True to take it over, or choose …",
        "last written by …",
        "last written by … at … UTC",
        cause="Another writer, such as a crawler or a user, created an entity with this qualifiedName.",
        fix="Set `adopt=True` to take it over; the preview then shows what changes. Or choose another "
        "`process_id`. See [Ownership](ownership.md#writes).",
    ),
    message(
        "… belongs to … (…); nothing was written: remove it there first, or set adopt=True to take it "
        "over, or choose …",
        "another stack named …, of another backend or an earlier one",
        "it belongs to the stack …,…",
        "it belongs to …, …",
        cause="The entity has the ownership mark of another stack.",
        fix="Remove it from the other stack with `atlan-pulumi release`, then set `adopt=True` here; or "
        "choose another `process_id`. See [Hand lineage over](release.md).",
    ),
    message(
        "… belongs to … now…; nothing was written: take it out of this program, or set adopt=True to take "
        "it back",
        "… belongs to the stack … now (…)",
        "it belongs to the stack … now",
        cause="Another stack took the entity over after the last deployment of this one.",
        fix="Remove it from this program, or set `adopt=True` to take it back.",
    ),
    message(
        "left in Atlan: the resource in the program has the same entities now",
        cause="A replacement that was forced keeps the name, and has taken the entities over. Or deployments "
        "were interrupted between the creation of a replacement and the deletion of what it replaced, and "
        "the change was reverted: the state lists the former resource as well.",
        fix="Nothing.",
    ),
    message(
        "… was removed and created again (…); …",
        "nothing was written: run `pulumi refresh` to see what differs, then `pulumi up`",
        "others removed it and created it again, so that the next `pulumi up` takes it over",
        cause="The entity is not the one in the state: others removed it, and created one with the same "
        "name.",
        fix="Run `pulumi refresh`, review the difference, and run `pulumi up`.",
    ),
    message(
        "… has the name of this …, and Atlan would overwrite it (…); …",
        cause="An entity of a subtype has this qualifiedName, and Atlan does not distinguish the two.",
        fix="Choose another `process_id`, or remove that entity first.",
    ),
    message(
        "… will be taken over (…)",
        "… will be taken over (…): …",
        "… will be taken over from the resource … (…)",
        "… will be taken over by this job's run (…)",
        "it has the ownership mark of this resource, which an interrupted run may have left",
        ": this changes …",
        "this changes …",
        "nothing in it changes",
        ": nothing in it changes",
        cause="A note in the preview: the entity exists, and the deployment writes to it, since "
        "`adopt=True` is set, or since it has this stack's mark.",
        fix="Check the name and the last writer in the note.",
    ),
    message(
        "… is archived in Atlan (…): it will be restored",
        cause="A note in the preview: the entity exists, but is archived.",
        fix="Nothing, if the entity is to be visible again.",
    ),
    message(
        "…; if they are new, the same applies to ……",
        cause="Several resources exist in Atlan already, for example after the stack's state was lost.",
        fix="See [Recover a stack](recovery.md).",
    ),
    message(
        "atlan:ownershipMark must not contain '#', …",
        cause="In an ownership mark, `#` separates the stack from the resource.",
        fix="Choose a text without `#`.",
    ),
)

REMOVALS = (
    message(
        "… … was not deleted, since …… …: remove them first, or set force_destroy=True to remove them with "
        "it",
        "still depend on it",
        cause="Others created lineage that depends on the entity, such as column processes of the process.",
        fix="Remove the dependents that the message lists, or set `force_destroy=True`, run `pulumi up`, "
        "and remove the resource then. See [Ownership](ownership.md#removals).",
    ),
    message(
        "… … was not deleted, since …… …, and this program declares them in the resources in brackets: …",
        cause="Other resources of the program declare dependents of the entity.",
        fix="Remove those resources too, or keep this one.",
    ),
    message(
        "… … cannot be replaced, since …… …: remove them first, …",
        cause="The change needs a new entity, and the old one could not be removed because of its "
        "dependents.",
        fix="Remove the dependents first, or set `force_destroy=True` and deploy that before this change.",
    ),
    message(
        "if it is being replaced, leave out delete_before_replace: …",
        cause="With `delete_before_replace`, the old entity is deleted while others depend on it.",
        fix="Remove the option: the replacement is then created first.",
    ),
    message(
        "… changed, and with it the identity: … will be made…",
        ", and then … removed, unless another resource or stack … by then",
        "; … …: now declared by …",
        "lineage that is not known yet",
        cause="A note in the preview: the properties determine the qualifiedName, so the change creates a "
        "new entity and removes the old one.",
        fix="Nothing, if that is intended. To keep the entity, keep the `process_id`; see [Move and rename "
        "resources](moving.md).",
    ),
    message(
        "… will be removed",
        "… will be removed with …",
        "… will be removed with its job (…)",
        "… will be removed (…): …",
        "… will be removed…: no declared column needs it",
        "… will be removed by Atlan if an earlier run of the job made it (…), and stays otherwise",
        "it has the ownership mark of this resource, but neither the state nor the program contains it",
        cause="A note: the deployment removes an entity that is no longer declared, or that depends on a "
        "removed one (`force_destroy=True`).",
        fix="Check the name and the last writer in the note.",
    ),
    message(
        "… stays in Atlan: … declares it now",
        "… was left in Atlan: it is … now",
        "… was left in Atlan: others have it by now",
        "… was left in Atlan: this deployment has just written it",
        "… was left in Atlan: others recreated it (…)",
        "… of the stack …",
        cause="A note: the resource was removed, but its entity belongs to another resource or writer by "
        "now.",
        fix="Nothing.",
    ),
    message(
        "its credential … still exists: the next deployment will use it",
        cause="A note of a refresh: the connection is missing, but the credential that belongs to it is not.",
        fix="Nothing. To remove the connection for good, delete the credential in Atlan too.",
    ),
)

PREVIEW = (
    message(
        "also refused: …: …",
        "; the same in …: …",
        "… and {} more, which the next preview reports",
        cause="Pulumi stops at the first refused resource. That one reports the problems of the others "
        "too, one line for each cause.",
        fix="Correct all of them before the next preview.",
    ),
    message(
        "not written, since … is refused: …",
        cause="The resource is valid, but another resource of the program is not, and a deployment writes "
        "all or nothing.",
        fix="Correct the other resource.",
    ),
    message(
        "preview checks failed: …",
        cause="A request of the preview checks failed.",
        fix="See the rest of the message. `atlan:previewChecks` set to `false` runs previews offline.",
    ),
    message(
        "…, which it needs, does not exist yet and is excluded: do not exclude …",
        "…, which it needs, does not exist yet and is not targeted: add --target …",
        cause="`--target` or `--exclude` leaves out a resource that this one refers to.",
        fix="Add the target that the message shows, or deploy without `--target` and `--exclude`.",
    ),
    message(
        "the ownership mark of all … entities changes",
        "… is new",
        "as it was declared",
        "not known yet",
        cause="A note in the preview on the entities of a bulk resource, since Pulumi shows the "
        "declaration only.",
        fix="Nothing.",
    ),
    message(
        "… of … … entities were written",
        "…, then: …: ……; run `pulumi up` again to continue",
        cause="A request failed in the middle of a bulk resource; the rest of the message says why.",
        fix="Correct what the message says, and run `pulumi up` again, which writes the rest.",
    ),
    message(
        "… … cannot be found after it was written; run `pulumi up` again",
        cause="Atlan accepted the entity, but does not return it yet.",
        fix="Run `pulumi up` again: it takes over the entity, which has this stack's mark.",
    ),
    message(
        "this atlan-pulumi does not know … version …: upgrade it",
        "…: another version of atlan-pulumi wrote them",
        "… has properties that this version does not know",
        "the program sent preflight findings of version …, but this provider expects …: run both with the "
        "same installation of atlan-pulumi",
        cause="A newer version wrote the state, or two versions are in use.",
        fix="Upgrade atlan-pulumi in the environment that `Pulumi.yaml` names; see [Upgrade "
        "notes](upgrading.md).",
    ),
    message(
        "the provider was used before it was configured",
        cause="Pulumi called the provider in an unexpected order.",
        fix="Please report it, with the versions of Pulumi and atlan-pulumi.",
    ),
)

REFRESH = (
    message(
        "… … is no longer in Atlan",
        "… … was archived in Atlan; …",
        cause="A note of a refresh: others deleted the entity.",
        fix="`pulumi up` creates or restores it; or remove the resource from the program.",
    ),
    message(
        "was changed in Atlan: …",
        "was recreated in Atlan",
        "the credential … of Connection … was changed in Atlan: …",
        cause="A note of a refresh: others changed these properties, or removed and created the entity "
        "again.",
        fix="`pulumi up --refresh` restores what the program declares; see [Drift](drift.md).",
    ),
    message(
        "; if the key was rotated, `pulumi …` still uses the key of the last deployment: …",
        cause="`pulumi refresh` and `pulumi destroy` do not run the program, so they use the key in the "
        "state.",
        fix="Run the command in the message; see [Rotate the API key](key-rotation.md).",
    ),
)

COMMON = (
    message(
        "; did you mean …?",
        ": did you mean …?",
        "; it has …",
        cause="A name is not known. The message shows similar ones, or those that exist.",
        fix="Use one of these.",
    ),
    message(
        "…(and … more like it)",
        "… and … more like it",
        "… and … more like these",
        "… and … more",
        "and … more",
        "and … more…",
        "; and … more",
        cause="Others have the same problem, and the message shows the first.",
        fix="Correct the first, and check the others.",
    ),
    message(
        "unknown reason",
        "it printed no reason",
        cause="The failed program gave no reason.",
        fix="Run the same command yourself, or set `ATLAN_PULUMI_TRACEBACK=1`.",
    ),
)
