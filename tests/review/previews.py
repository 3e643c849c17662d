"""Build the output of `pulumi preview` in code, in the formats of the engine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.review import Preview, Review, parse, review

Props = dict[str, Any]
Event = dict[str, Any]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MAY_MERGE = "This pull request may be merged."
MAY_MERGE_UNLESS = (
    "This pull request may be merged, unless a policy forbids it: the policy results are not known."
)
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def secret() -> Props:
    """Return a secret as in the event log."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}


def urn(kind: str, name: str) -> str:
    token = kind if ":" in kind else f"pulumi-python:dynamic/atlan:{kind}"
    return f"urn:pulumi:dev::shop::{token}::{name}"


def tables(*numbers: int | str) -> list[Props]:
    names = [table_name(each) if isinstance(each, int) else each for each in numbers]
    return [{"qualified_name": name, "type_name": "Table"} for name in names]


def columns(*paths: str) -> list[Props]:
    """Return columns of the seed's tables, such as `T0/A`."""
    return [{"qualified_name": f"{WAREHOUSE}/DB/S/{path}", "type_name": "Column"} for path in paths]


def process(name: str, inputs: Iterable[int | str], outputs: Iterable[int | str], **more: Any) -> Props:
    """Return the inputs of a `Process`."""
    id_ = more.pop("process_id", name)
    return {
        "__provider": "gASVRAAA",
        "connection": WAREHOUSE,
        "inputs": tables(*inputs),
        "managed_by": f"pulumi:shop/dev#{name}",
        "name": name.title(),
        "outputs": tables(*outputs),
        "process_id": id_,
        "qualified_name": f"{WAREHOUSE}/{id_}",
        **more,
    }


def process_set(processes: Props, **more: Any) -> Props:
    """Return the inputs of a `ProcessSet`, in short form."""
    return {
        "base": f"{WAREHOUSE}/DB/S",
        "connection": WAREHOUSE,
        "managed_by": "pulumi:shop/dev#set",
        "processes": processes,
        "qualified_name": WAREHOUSE,
        **more,
    }


def column_lineage(of: str, mapping: Props, source: int = 0, target: int = 1, **more: Any) -> Props:
    """Return the inputs of a `ColumnLineage` of a process of the warehouse."""
    return {
        "columns": mapping,
        "input_tables": [table_name(source)],
        "output_tables": [table_name(target)],
        "managed_by": "pulumi:shop/dev#cols",
        "process": {"qualified_name": f"{WAREHOUSE}/{of}", "type_name": "Process"},
        "qualified_name": f"{WAREHOUSE}/{of}/column",
        **more,
    }


def job(inputs: Iterable[str], outputs: Iterable[str], **more: Any) -> Props:
    """Return the inputs of an `OpenLineageJob`."""
    return {
        "connection": "default/spark/1657025300",
        "job_name": "nightly",
        "inputs": [{"name": name, "namespace": "snowflake://abc"} for name in inputs],
        "outputs": [{"name": name, "namespace": "snowflake://abc"} for name in outputs],
        "qualified_name": "default/spark/1657025300/nightly/process",
        **more,
    }


def step(
    op: str,
    kind: str,
    name: str,
    old: Props | None = None,
    new: Props | None = None,
    *,
    keys: Iterable[str] = (),
    planning: bool = True,
    after: Props | None = None,
    **about: Any,
) -> Event:
    """Return a step on a resource. `about` applies to both sides, such as `protect`; `after` to the new."""
    of = urn(kind, name)
    sides = {
        side: None if props is None else {"custom": True, "id": "", "inputs": props, "outputs": {}, **more}
        for side, props, more in (("old", old, about), ("new", new, about | (after or {})))
    }
    metadata = {"op": op, "urn": of, "type": kind, **sides, "detailedDiff": None}
    keyed = {"keys": list(keys)} if keys else {}
    return {"resourcePreEvent": {"metadata": {**metadata, **keyed}, "planning": planning}}


def create(kind: str, name: str, new: Props, **about: Any) -> Event:
    return step("create", kind, name, None, new, **about)


def update(kind: str, name: str, old: Props, new: Props, **about: Any) -> Event:
    return step("update", kind, name, old, new, **about)


def delete(kind: str, name: str, old: Props, **about: Any) -> Event:
    return step("delete", kind, name, old, None, **about)


def same(kind: str, name: str, props: Props, **about: Any) -> Event:
    return step("same", kind, name, props, props, **about)


def replace(kind: str, name: str, old: Props, new: Props, *keys: str, **about: Any) -> list[Event]:
    """Return the three steps of a replacement."""
    return [
        step("create-replacement", kind, name, old, new, keys=keys, **about),
        step("replace", kind, name, old, new, keys=keys, **about),
        step("delete-replaced", kind, name, old, None, **about),
    ]


def message(text: str, of: str = "", severity: str = "info", **more: Any) -> Event:
    about = {"urn": of} if of else {}
    prefix = {"prefix": f"{severity}: "} if severity != "info" else {}
    event = {**about, **prefix, "message": f"{text}\n", "color": "never", "severity": severity}
    return {"diagnosticEvent": {**event, **more}}


def violation(
    rule: str, of: str, message: str, level: str = "advisory", pack: str = "atlan", **more: Any
) -> Event:
    """Return a policy violation. `more` may have a `severity`, and the `exceptions` of newer engines."""
    found = {"resourceUrn": of, "message": message, "color": "never", "policyName": rule}
    return {"policyEvent": {**found, "policyPackName": pack, "enforcementLevel": level, **more}}


def remediation(rule: str, of: str, before: Props, after: Props) -> Event:
    found = {"resourceUrn": of, "policyName": rule, "policyPackName": "atlan"}
    return {"policyRemediationEvent": {**found, "before": before, "after": after}}


def summary(result: str | None = "succeeded", *, is_preview: bool = True) -> Event:
    event = {"maybeCorrupt": False, "durationSeconds": 2, "isPreview": is_preview}
    return {"summaryEvent": {**event, **({"result": result} if result else {})}}


def prelude() -> list[Event]:
    return [
        {"preludeEvent": {"config": {"atlan:apiKey": "[secret]"}}},
        step("same", STACK.split("::")[2], "shop-dev"),
    ]


def log(*events: Event, end: Event | None = None) -> str:
    """Return the event log of a complete preview."""
    every = [*prelude(), *events, end or summary(), {"cancelEvent": {}}]
    return lines(every)


def lines(events: Iterable[Event]) -> str:
    numbered = [{"sequence": number, "timestamp": 1795678615, **each} for number, each in enumerate(events)]
    return "".join(f"{json.dumps(event)}\n" for event in numbered)


def digest(*events: Event, diagnostics: Iterable[Props] = ()) -> str:
    """Return the same steps as a `--json` digest."""
    steps = []
    for event in events:
        metadata = event["resourcePreEvent"]["metadata"]
        if metadata["op"] in ("create-replacement", "delete-replaced"):
            continue
        found = {"op": metadata["op"], "urn": metadata["urn"], "detailedDiff": None}
        found |= {"oldState": metadata["old"]} if metadata["old"] else {}
        found |= {"newState": metadata["new"]} if metadata["new"] else {}
        found |= {"replaceReasons": metadata["keys"]} if metadata.get("keys") else {}
        steps.append(found)
    shown = {"steps": steps, "diagnostics": list(diagnostics), "duration": 1307565179, "changeSummary": {}}
    return json.dumps(shown, indent=4)


def preview(*events: Event, end: Event | None = None) -> Preview:
    return parse(log(*events, end=end), "events.jsonl")


def review_of(*events: Event, end: Event | None = None, **options: Any) -> Review:
    return review(preview(*events, end=end), **options)


def section(made: Review, title: str) -> list[tuple[str, ...]]:
    """Return the rows of a section; empty if the section is missing."""
    return next((each.rows for each in made.sections if each.title == title), [])
