"""The message with the findings, and what they mean for a state."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.atlan import WAREHOUSE
from support.declarations import process

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import Checked, InputProblem, mark
from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Findings, merge_report
from atlan_pulumi.resources.process import ProcessLifecycle

LIFECYCLE = ProcessLifecycle()
MISTAKES = st.lists(st.builds(InputProblem, st.text(), st.text()))


@given(
    problems=MISTAKES,
    if_new=MISTAKES,
    notes=st.lists(st.text()),
    if_changed=st.dictionaries(st.text(), st.builds(InputProblem, st.text(), st.text())),
)
def test_findings_are_decoded_unchanged(
    problems: list[InputProblem],
    if_new: list[InputProblem],
    notes: list[str],
    if_changed: dict[str, InputProblem],
) -> None:
    sent = Findings(problems, if_new, notes, problems_if_changed=if_changed)
    assert Findings.from_text(sent.to_text()) == sent


def test_empty_findings_are_not_sent() -> None:
    assert Findings(warnings=["shown by the program"]).to_text() is None
    assert Findings.from_text(None) == Findings()


@pytest.mark.parametrize("text", ['{"version": 2}', '{"notes": []}'])
def test_findings_of_another_version_are_refused(text: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"version (2|None), but this provider expects 1: run both with"
    ):
        Findings.from_text(text)


def test_every_field_except_the_printed_ones_is_sent() -> None:
    """The values keep their types, including tuples."""
    sent = Findings(
        problems=[InputProblem("a", "b")],
        problems_if_new=[InputProblem("c", "d")],
        notes_if_new=["e"],
        secret=["f"],
        problems_if_changed={"pulumi:x/y#z": InputProblem("g", "h")},
        problems_if_written=[InputProblem("k", "l")],
        existing={"guid": "1"},
        adoption="i",
        refused_beside=[("name", "urn", ["urn"], "reason")],
        more_refused=2,
        only_quotes=True,
        refers_to={"inputs": ["urn"]},
        previews=True,
        looked_at={"inputs": "digest"},
        waits_for_others=True,
        defaults=["process_id"],
        declared_later={"pulumi:x/y#z": [("Process", "default/x/1/y")]},
        named=["2"],
        notes=["j"],
        placeholders=[("Table", "default/x/1/t")],
        missing={"inputs": 1},
        brought_about=[("Table", "default/x/1/t")],
        names_every_maker=True,
        lenient=True,
        new_connections=["default/x/1"],
        origins={"sql/load.sql": {"default/x/1/t/ID": 3}},
        deploys=True,
        reached=True,
    )
    printed = {"warnings", "remarks"}
    assert all(value for name, value in asdict(sent).items() if name not in printed), (
        "else a field is not seen"
    )
    assert Findings.from_text(sent.to_text()) == sent


FOUND = Findings([InputProblem("inputs", "always")], [InputProblem("process_id", "if new")], ["a note"])


def checked(**changed: object) -> Checked:
    return Checked({**process().inputs, **changed}, [InputProblem("name", "own")])


def test_new_resources_get_every_finding() -> None:
    problems, notes = merge_report(LIFECYCLE, {}, checked(), FOUND)
    assert [problem.reason for problem in problems] == ["own", "always", "if new"]
    assert notes == ["a note"]


def test_existing_resources_get_only_their_findings() -> None:
    problems, notes = merge_report(LIFECYCLE, process().inputs, checked(), FOUND)
    assert [problem.reason for problem in problems] == ["own", "always"]
    assert notes == []


THEIRS = mark("other/dev", "x")
LOST = Findings(problems_if_changed={THEIRS: InputProblem("process_id", "another's")})


@pytest.mark.parametrize(
    ("olds", "changed", "reported"),
    [
        pytest.param({}, {"name": "Other"}, ["own", "another's"], id="changed"),
        pytest.param({}, {}, ["own"], id="as it was: nothing would be written"),
        pytest.param(
            {"managed_by": THEIRS}, {"name": "Other"}, ["own"], id="the state knows, as after an import"
        ),
    ],
)
def test_takeovers_by_another_stack_are_reported_if_the_resource_changes(
    olds: dict[str, str], changed: dict[str, str], reported: list[str]
) -> None:
    problems, _ = merge_report(LIFECYCLE, {**process().inputs, **olds}, checked(**changed), LOST)
    assert [problem.reason for problem in problems] == reported


def test_a_replacement_is_explained() -> None:
    olds = process("old").inputs
    problems, notes = merge_report(LIFECYCLE, olds, checked(), FOUND)
    assert len(problems) == 3
    assert notes[-1] == (
        f"process_id changed, and with it the identity: Process '{WAREHOUSE}/load' will be made, "
        f"and then '{WAREHOUSE}/old' removed, unless another resource or stack has it by then"
    )


def test_replacements_name_the_new_owner_of_the_former_entity() -> None:
    lifecycle = type(LIFECYCLE)()
    other = mark("shop/dev", "other")
    lifecycle.declared.add(other, lambda: [Key("Process", f"{WAREHOUSE}/old")])
    _, notes = merge_report(lifecycle, process("old").inputs, checked(), Findings())
    assert notes[-1].endswith(f"will be made; '{WAREHOUSE}/old' stays: now declared by 'other'")


def test_unknown_names_have_no_replacement_note() -> None:
    _, notes = merge_report(LIFECYCLE, process("old").inputs, checked(qualified_name=UNKNOWN), Findings())
    assert notes == []
