"""The parts: findings on their way, and what they mean for a state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.atlan import WAREHOUSE
from support.declarations import process

from atlan_pulumi.lifecycle import Checked, Mistake, mark
from atlan_pulumi.lifecycle._declared import PartKey as Key
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.preflight import Findings, judge
from atlan_pulumi.resources.process import ProcessLifecycle

LIFECYCLE = ProcessLifecycle()
MISTAKES = st.lists(st.builds(Mistake, st.text(), st.text()))


@given(
    mistakes=MISTAKES,
    if_new=MISTAKES,
    notes=st.lists(st.text()),
    if_changed=st.dictionaries(st.text(), st.builds(Mistake, st.text(), st.text())),
)
def test_findings_arrive_as_they_were_sent(
    mistakes: list[Mistake], if_new: list[Mistake], notes: list[str], if_changed: dict[str, Mistake]
) -> None:
    sent = Findings(mistakes, if_new, notes, mistakes_if_changed=if_changed)
    assert Findings.from_text(sent.to_text()) == sent


def test_nothing_found_is_nothing_sent() -> None:
    assert Findings(warnings=["shown by the program"]).to_text() is None
    assert Findings.from_text(None) == Findings()


FOUND = Findings([Mistake("inputs", "always")], [Mistake("process_id", "if new")], ["a note"])


def checked(**changed: object) -> Checked:
    return Checked({**process().inputs, **changed}, [Mistake("name", "own")])


def test_a_new_resource_hears_all() -> None:
    mistakes, notes = judge(LIFECYCLE, {}, checked(), FOUND)
    assert [mistake.reason for mistake in mistakes] == ["own", "always", "if new"]
    assert notes == ["a note"]


def test_one_that_exists_hears_what_holds_for_it() -> None:
    mistakes, notes = judge(LIFECYCLE, process().inputs, checked(), FOUND)
    assert [mistake.reason for mistake in mistakes] == ["own", "always"]
    assert notes == []


THEIRS = mark("other/dev", "x")
LOST = Findings(mistakes_if_changed={THEIRS: Mistake("process_id", "another's")})


@pytest.mark.parametrize(
    ("olds", "changed", "told"),
    [
        pytest.param({}, {"name": "Other"}, ["own", "another's"], id="changed"),
        pytest.param({}, {}, ["own"], id="as it was: nothing would be written"),
        pytest.param(
            {"managed_by": THEIRS}, {"name": "Other"}, ["own"], id="the state knows, as after an import"
        ),
    ],
)
def test_what_another_stack_took_over_is_told_where_it_is_to_be_changed(
    olds: dict[str, str], changed: dict[str, str], told: list[str]
) -> None:
    mistakes, _ = judge(LIFECYCLE, {**process().inputs, **olds}, checked(**changed), LOST)
    assert [mistake.reason for mistake in mistakes] == told


def test_a_replacement_is_explained() -> None:
    olds = process("old").inputs
    mistakes, notes = judge(LIFECYCLE, olds, checked(), FOUND)
    assert len(mistakes) == 3
    assert notes[-1] == (
        f"process_id changed, and with it the identity: Process '{WAREHOUSE}/load' will be made, "
        f"and then '{WAREHOUSE}/old' removed, unless another resource or stack has it by then"
    )


def test_a_replacement_says_who_declares_the_former_entity_now() -> None:
    lifecycle = type(LIFECYCLE)()
    other = mark("shop/dev", "other")
    lifecycle.declared.add(other, lambda: [Key("Process", f"{WAREHOUSE}/old")])
    _, notes = judge(lifecycle, process("old").inputs, checked(), Findings())
    assert notes[-1].endswith(f"will be made; '{WAREHOUSE}/old' stays: now declared by 'other'")


def test_a_name_that_is_not_known_explains_nothing() -> None:
    _, notes = judge(LIFECYCLE, process("old").inputs, checked(qualified_name=UNKNOWN), Findings())
    assert notes == []
