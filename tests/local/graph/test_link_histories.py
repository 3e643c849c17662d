"""Inputs and outputs are sets, after any history of writes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TABLES = st.lists(st.sampled_from("ABCDE"), max_size=5)
STEP = st.tuples(st.sampled_from(["replace", "append", "remove"]), TABLES, TABLES)

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def payload(atlan, mode, inputs, outputs):
    lists = {"inputs": [atlan.ref(one) for one in inputs], "outputs": [atlan.ref(one) for one in outputs]}
    if mode == "replace":
        return atlan.process(inputs=" ".join(inputs), outputs=" ".join(outputs))
    return {**atlan.process(inputs=None, outputs=None), f"{mode}RelationshipAttributes": lists}


def apply_step(mode, current, sent):
    return {"replace": set(sent), "append": current | set(sent), "remove": current - set(sent)}[mode]


@quick
@given(steps=st.lists(STEP, min_size=1, max_size=6))
def test_the_last_write_decides_after_any_history(atlan, steps):
    atlan.raw.post("/_local/reset")
    inputs, outputs = set(), set()
    guid = atlan.create(atlan.process(inputs="", outputs=""))
    for mode, sent_inputs, sent_outputs in steps:
        before = (inputs, outputs)
        answer = atlan.save(payload(atlan, mode, sent_inputs, sent_outputs))
        inputs, outputs = apply_step(mode, inputs, sent_inputs), apply_step(mode, outputs, sent_outputs)
        changed = (inputs ^ before[0]) | (outputs ^ before[1])
        assert set(atlan.names(answer, "UPDATE")) == ({"load"} | changed if changed else set())
        assert set(atlan.active_names(guid, "inputs")) == inputs
        assert set(atlan.active_names(guid, "outputs")) == outputs
    tables = {name: atlan.seeded(name) for name in "ABCDE"}
    for attribute, expected in (("inputToProcesses", inputs), ("outputFromProcesses", outputs)):
        linked = {
            name
            for name, table in tables.items()
            if any(
                one["relationshipStatus"] == "ACTIVE" for one in table["relationshipAttributes"][attribute]
            )
        }
        assert linked == expected
    flagged = {name for name, table in tables.items() if table["attributes"]["__hasLineage"]}
    assert flagged == (inputs | outputs if inputs and outputs else set())


@quick
@given(names=TABLES, again=st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(atlan, names, again):
    atlan.raw.post("/_local/reset")
    first = atlan.save(atlan.process(inputs=" ".join(names), guid="-1"))
    shuffled = [*names, *names]
    again.shuffle(shuffled)
    second = atlan.save(atlan.process(inputs=" ".join(shuffled), guid="-1"))
    assert second == {"guidAssignments": first["guidAssignments"]}
