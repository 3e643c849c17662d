"""Concurrent requests: readers see complete writes only."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

CONNECTION = "default/snowflake/1657025257"


def test_readers_see_complete_requests(atlan):
    names = ("one", "two", "three")
    guids = [atlan.create(atlan.process(name, description="0")) for name in names]
    done = threading.Event()

    def write():
        for turn in range(1, 40):
            atlan.save(*(atlan.process(name, description=str(turn)) for name in names))
        done.set()

    def read():
        seen = set()
        while not done.is_set():
            answer = atlan.ok(atlan.raw.get("/api/meta/entity/bulk", params={"guid": guids}))
            texts = {one["attributes"]["description"] for one in answer["entities"]}
            assert len(texts) == 1, "a reader saw half of a request"
            seen |= texts
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        pool.submit(write).result()
        seen = set().union(*(one.result() for one in readers))
    assert len(seen) > 1


def test_concurrent_creates_make_one_entity(atlan):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: atlan.save(atlan.process("same", guid="-1")), range(24)))
    assert len({answer["guidAssignments"]["-1"] for answer in answers}) == 1
    assert sum("CREATE" in answer.get("mutatedEntities", {}) for answer in answers) == 1


def test_concurrent_replacements_leave_one_of_the_lists(atlan):
    guid = atlan.create(atlan.process(inputs="A"))
    lists = ("A B", "C D", "E")
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: atlan.save(atlan.process(inputs=lists[number % 3])), range(30)))
    left = atlan.active_names(guid, "inputs")
    assert " ".join(left) in lists
    for name in "ABCDE":
        stubs = atlan.seeded(name)["relationshipAttributes"]["inputToProcesses"]
        assert (name in left) == any(one["relationshipStatus"] == "ACTIVE" for one in stubs)


def test_refused_writes_do_not_affect_other_writes(atlan):
    good = [atlan.process(f"good{number}") for number in range(20)]
    bad = [atlan.process(f"bad{number}", inputs="NOPE") for number in range(20)]
    both = [one for pair in zip(good, bad, strict=True) for one in pair]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda one: atlan.post(one).status_code, both))
    assert statuses == [200, 404] * 20
    names = [one["name"] for one in atlan.raw.get("/_local/assets?type=Process").json()["assets"]]
    assert sorted(names) == sorted(f"good{number}" for number in range(20))
    assert atlan.server.stats()["entities_written"] == 20
