"""The resources that `--target` and `--exclude` leave in an operation, according to the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from atlan_pulumi.dynamic.provider import _targets
from atlan_pulumi.dynamic.provider._targets import Targets, engine_targets, left_out, targets_in
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Findings

A = "urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:Process::a"
B = "urn:pulumi:dev::shop::my:Part$pulumi-python:dynamic/atlan:Process::b"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("up --yes", Targets()),
        (f"up --target {A} --target={B}", Targets((A, B))),
        (f"up -t {A} -y", Targets((A,))),
        (f"up -t{A}", Targets((A,))),
        (f"up -t={A}", Targets((A,))),
        (f"up -yft {A}", Targets((A,))),
        (f"up --target-replace {A}", Targets((A,))),
        (f"up --target {A} --target-dependents", Targets((A,), with_dependents=True)),
        (f"up --target-dependents=true --target {A}", Targets((A,), with_dependents=True)),
        (f"up --target-dependents=false --target {A}", Targets((A,))),
        (f"up --exclude {A} --exclude={B}", Targets(excludes=(A, B))),
        (f"up --exclude {A} --exclude-dependents", Targets(excludes=(A,), with_dependents=True)),
        *[
            (f"up --target-dependents={no} --target {A}", Targets((A,)))
            for no in ("f", "0", "False", "FALSE")
        ],
        (f"up --exclude-dependents=1 -t {A}", Targets((A,), with_dependents=True)),
        (f"up -m --target --exclude {A}", Targets(excludes=(A,))),
        (f"up --message --target --exclude {A}", Targets(excludes=(A,))),
        ("up --stack dev -s test --parallel 4", Targets()),
        ("up --target", Targets(("",))),
        ("up -t", Targets(("",))),
        ("up --exclude", Targets(excludes=("",))),
        ("up -m", Targets()),
    ],
)
def test_a_command_line(arguments: str, expected: Targets) -> None:
    assert targets_in(arguments.split()) == expected


@pytest.mark.parametrize(
    ("targets", "included"),
    [
        (Targets(), {A, B}),
        (Targets((A,)), {A}),
        (Targets(("**::b",)), {B}),
        (Targets(("urn:pulumi:*::shop::**::a",)), {A}),
        (Targets(("urn:pulumi:*::a",)), set()),  # one star stays within a part
        (Targets(("**",)), {A, B}),
        (Targets(("**.::a",)), set()),  # nothing else is a pattern
        (Targets(excludes=(A,)), {B}),
        (Targets(excludes=("**my:Part**",)), {A}),
        (Targets((A,), with_dependents=True), {A, B}),
        (Targets((B,), with_dependents=True), {B}),
        (Targets(excludes=(A,), with_dependents=True), set()),
    ],
)
def test_what_is_included_where_b_depends_on_a(targets: Targets, included: set[str]) -> None:
    after = {A: [], B: [A]}
    assert {urn for urn in (A, B) if targets.include(urn, after[urn])} == included


SHOW = "from atlan_pulumi.dynamic.provider._targets import engine_targets; print(engine_targets())"


def test_the_engine_is_found_above_its_launcher(tmp_path: Path) -> None:
    """A process of that name starts Python through a shell, as the engine does."""
    engine = tmp_path / "pulumi"
    engine.symlink_to(sys.executable)
    inner = f"import subprocess, sys; subprocess.run(['sh', '-c', {f'{sys.executable} -c {SHOW!r}; :'!r}])"
    done = subprocess.run(
        ["pulumi", "-c", inner, "--target", A], executable=engine, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(Targets((A,)))


def test_without_an_engine_nothing_is_known() -> None:
    assert engine_targets() is None


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (None, None),
        (["pulumi"], Targets()),
        (["pulumi", "-t", A, "up"], Targets((A,))),
        (["pulumi", "up", "--exclude", B], Targets(excludes=(B,))),
    ],
)
def test_the_engines_command_line_says_it(
    monkeypatch: pytest.MonkeyPatch, command: list[str] | None, found: Targets | None
) -> None:
    monkeypatch.setattr(_targets, "engine_command", lambda: command)
    assert engine_targets.__wrapped__() == found


GONE = {"type_name": "Process"}  # what is left of a reference in a deployment


@pytest.mark.parametrize("given", [{"process": UNKNOWN}, {"process": {**GONE, "qualified_name": UNKNOWN}}])
@pytest.mark.parametrize(
    ("targets", "advice"),
    [
        (Targets((B,)), f"add --target '{A}' (or target that one with --target-dependents)"),
        (Targets(excludes=("**::a",)), f"do not exclude '{A}'"),
        (Targets((A,)), None),
        (Targets((B,), with_dependents=True), None),  # it may be a dependent itself
        (Targets(), None),
        (None, None),
    ],
)
def test_what_a_preview_does_not_know(given, targets: Targets | None, advice: str | None) -> None:
    found = left_out(given, Findings(refers_to={"process": [A]}, previews=True), targets)
    assert [each.property for each in found] == (["process"] if advice else [])
    assert all(each.reason.endswith(str(advice)) for each in found)


@pytest.mark.parametrize("given", [{"process": GONE}, {}, {"process": [{**GONE}]}])
@pytest.mark.parametrize("targets", [Targets((B,)), Targets((B,), with_dependents=True), None])
def test_what_a_deployment_lacks(given, targets: Targets | None) -> None:
    (found,) = left_out(given, Findings(refers_to={"process": [A]}), targets)
    assert found.reason.startswith("'a', which it needs, does not exist yet and is not targeted")


@pytest.mark.parametrize(
    "lacking", [GONE, {"c/A": [GONE]}, [{"type_name": "Table", "guid": "g"}, GONE], UNKNOWN]
)
@pytest.mark.parametrize("name", ["process", "connection", "inputs"])
def test_missing_references_are_found_at_any_depth_once(lacking, name: str) -> None:
    found = Findings(refers_to={name: [A, B], "spark_jobs": [A]})
    problems = left_out({name: lacking, "spark_jobs": [GONE]}, found, Targets(("other",)))
    assert [(each.property, A in each.reason) for each in problems] == [(name, True), (name, False)]


@pytest.mark.parametrize(("name", "lacks"), [("process", True), ("connection", True), ("inputs", False)])
def test_required_references_must_exist(name: str, lacks: bool) -> None:
    problems = left_out({}, Findings(refers_to={name: [A]}), Targets((B,)))
    assert [each.property for each in problems] == ([name] if lacks else [])


@pytest.mark.parametrize(
    "given",
    [
        {"process": {**GONE, "guid": "g"}},
        {"process": {**GONE, "qualified_name": "q"}},
        {"process": {**GONE, "qualified_name": "q", "guid": None}},
        {"process": [{**GONE, "guid": "g"}, None]},
        {"process": {"c/A": ["c/B"], "c/C": None}},
        {"process": "q", "sql": None},
    ],
)
def test_existing_references_are_no_problem(given) -> None:
    assert left_out(given, Findings(refers_to={"process": [A], "sql": [A]}), Targets((B,))) == []
