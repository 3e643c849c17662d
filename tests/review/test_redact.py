"""A secret anywhere in a plan is in no form of its review, whichever detector finds it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review import previews
from review.previews import section
from support.atlan import WAREHOUSE, seed_of
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import RequestError
from atlan_pulumi.leaks import leaks
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.review import Review, as_markdown, html, mermaid, parse, review, svg
from atlan_pulumi.review._redact import redact

__all__ = ["client"]

# Assembled here, so that this file contains no secret. `{}` is the place of the secret in the text around it.
WORD = "Hunter2-7f3a"
PART = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()).decode().rstrip("=")
SECRETS: dict[str, tuple[str, str]] = {
    "AWS Access Key": ("{}", "AKIA" + "IOSFODNN7EXAMPLE"),
    "AWS secret": ("aws_secret_key = '{}'", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    "Password": ("alter user jane set password = '{}'", WORD),
    "Quoted quote": ("create user jane identified by '{}'", "Hunter2''s7f3a"),
    "Dollars": ("alter user jane set password = $${}$$", WORD),
    "Key": ('api_key = "{}"', "abcd1234abcd1234"),
    "JSON": ('{{"user": "jane", "password": "{}"}}', WORD),
    "Parameter": ("jdbc:snowflake://abc/?user=jane&password={}&warehouse=w", WORD),
    "Escaped parameter": ("https://x.example.com/b?sv=1&sig={}", "abcd1234%3D%2Fef56"),
    "Shell": ("export SNOWFLAKE_PASSWORD={}", WORD),
    "curl": ("curl -s -u jane:{} https://example.com", WORD),
    "Header": ("X-Api-Key: {}", "abcd1234abcd"),
    "Authorization": ("Authorization: Bearer {}", "abcd1234abcd.ef=="),
    "Basic auth": ("https://jane:{}@example.com/dags", WORD),
    "At sign": ("https://jane:{}@example.com/dags", "Hunter2@7f3a"),
    "Oracle": ("jdbc:oracle:thin:scott/{}@//db:1521/x", WORD),
    "Azure": ("AccountName=a;{}", f"AccountKey={'a1B/' * 21}aa=="),
    "GitHub": ("{}", f"ghp_{'a1B2' * 9}"),
    "GitHub, longer": ("{}", f"ghp_{'a1B2' * 12}"),
    "GitHub fine": ("{}", f"github_pat_{'a1B2' * 20}"),
    "GitLab": ("{}", f"glpat-{'a1B2' * 5}"),
    "JWT": ("{}", f"{PART}.{PART}.{'s7' * 20}"),
    "Mailchimp": ("{}", f"{'0a1b' * 8}-us1"),
    "NPM": ("//registry.example.com/:_authToken={}", f"npm_{'a1B2' * 9}"),
    "OpenAI": ("{}", f"sk-{'a1B2' * 5}T3BlbkFJ{'a1B2' * 5}"),
    "Databricks": ("{}", f"dapi{'0a1b' * 8}"),
    "Google": ("{}", f"AIza{'a1B2_' * 7}"),
    "Private key": (
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
        "MIIBOgIBAAJBAKj34GkxFhD90\nvcNLYLInFEX6Ppy1tPf9Cnzj4",
    ),
    "Private key, incomplete": ("-----BEGIN OPENSSH PRIVATE KEY-----\n{}", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"),
    "PuTTY": ("PuTTY-User-Key-File-2: ssh-rsa\n{}", "AAAAB3NzaC1yc2EAAAABJQ"),
    "PyPI": ("{}", f"pypi-AgEIcHlwaS5vcmc{'a1B2' * 20}"),
    "SendGrid": ("{}", f"SG.{'a' * 22}.{'b' * 43}"),
    "Slack": ("{}", f"xoxb-{123}-{456}-abcdef"),
    "Slack hook": ("{}", "https://hooks.slack.com/services/" + "T0000/B0000/abcd1234"),
    "Square": ("{}", f"sq0csp-{'a1B' * 14}a"),
    "Stripe": ("{}", f"sk_live_{'a1B2' * 6}"),
    "Telegram": ("{}", f"{'123456789'}:{'a' * 35}"),
}
KINDS = st.sampled_from(sorted(SECRETS))


LOAD = previews.process("load", [0], [1])
OF = previews.urn("Process", "load")
CONNECTION = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}
JOB = previews.job(["A.B.C"], ["D.E.F"])
X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}}


def load(**new: Any) -> list[previews.Event]:
    return [previews.update("Process", "load", LOAD, {**LOAD, **new})]


def connection(**new: Any) -> list[previews.Event]:
    return [previews.update("Connection", "c", CONNECTION, {**CONNECTION, **new})]


def table(text: str) -> list[previews.Props]:
    return previews.tables(f"{WAREHOUSE}/DB/S/{text}")


def said(text: str, severity: str, of: str = OF) -> list[previews.Event]:
    return [previews.message(text, of, severity), previews.create("Process", "load", LOAD)]


def named(name: str) -> list[previews.Event]:
    return [previews.create("Process", name, LOAD), previews.message(name, OF)]


def of_set(**x: Any) -> list[previews.Event]:
    new = previews.process_set({"x": {**X, **x}})
    return [previews.update("ProcessSet", "set", previews.process_set({"x": X}), new)]


def of_job(**facet: Any) -> list[previews.Event]:
    return [previews.update("OpenLineageJob", "j", JOB, {**JOB, "job_facets": facet})]


#: The places of a text in a plan: the events of a plan that contains it there.
PLACES: dict[str, Callable[[str], list[previews.Event]]] = {
    "sql": lambda text: load(sql=text),
    "source_url": lambda text: load(source_url=text),
    "description": lambda text: load(description=text),
    "name": lambda text: load(name=text),
    "unknown property": lambda text: load(other={"a": [text]}),
    "input": lambda text: load(inputs=table(text)),
    "output": lambda text: load(outputs=table(text)),
    "process id": lambda text: previews.replace(
        "Process", "load", LOAD, previews.process("load", [0], [1], process_id=text), "process_id"
    ),
    "resource name": named,
    "name of a child": lambda text: named(f"parent-{text}"),
    "key of a mapping": lambda text: connection(query_preview_config={text: "1"}),
    "value of a mapping": lambda text: connection(query_preview_config={"a": text}),
    "note": lambda text: said(text, "info"),
    "warning": lambda text: said(text, "warning"),
    "error": lambda text: said(text, "error"),
    "error of the program": lambda text: said(text, "error", previews.STACK),
    "policy": lambda text: [previews.violation("r", OF, f"It is so.\n{text}", "mandatory")],
    "name of a policy": lambda text: [
        previews.violation(text, OF, "bad", pack=text),
        previews.violation("r", OF, "bad", pack="other"),
    ],
    "remediation": lambda text: [previews.remediation("r", OF, {text: "1"}, {text: "2"})],
    "removed": lambda text: [
        previews.delete("Process", "load", {**LOAD, "name": text, "inputs": table(text)})
    ],
    "replaced": lambda text: previews.replace(
        "Process", "load", {**LOAD, "sql": text}, {**LOAD, "sql": f"{text} limit 1"}, "sql"
    ),
    "moved": lambda text: [
        previews.delete("Process", text, LOAD),
        previews.create("Process", f"{text} 2", {**LOAD, "sql": text}),
    ],
    "column": lambda text: of_set(columns={text: "A"}),
    "sql of a column": lambda text: of_set(column_sql={"A": text}),
    "facet": lambda text: of_job(env={"value": text}),
    "key of a facet": lambda text: of_job(**{text: "1"}),
    "connection": lambda text: [previews.create("Connection", "c", {**CONNECTION, "name": text})],
    "title": lambda text: [previews.create("Process", "load", LOAD)],
}


def given_away(kind: str) -> str:
    form, secret = SECRETS[kind]
    return form.format(secret)


def lines_of(kind: str) -> list[str]:
    """Return the lines of a secret."""
    return [line for line in SECRETS[kind][1].splitlines() if line]


def outputs(made: Review) -> dict[str, str]:
    """Return all output of a review, in each of its forms."""
    graph, sections = made.graph, made.sections
    return {
        "markdown": as_markdown(made),
        "html": html(made.title, made.summary, graph, sections),
        "svg": svg(graph),
        "mermaid": mermaid(graph),
        "tables": json.dumps([[each.title, each.rows, each.intro] for each in sections], ensure_ascii=False),
        "summary": "\n".join([made.title, *made.summary]),
        "everything": repr(made),
    }


def assert_nowhere(kind: str, made: Review) -> None:
    for form, text in outputs(made).items():
        for line in lines_of(kind):
            assert line not in text, (form, kind)
            assert "".join(f"#{ord(each)};" if not each.isalnum() else each for each in line) not in text


@pytest.mark.parametrize("kind", SECRETS)
def test_each_secret_is_known_to_a_detector(kind: str) -> None:
    assert leaks(given_away(kind))


@pytest.mark.parametrize("place", PLACES)
def test_a_password_in_any_place_is_in_no_output(place: str) -> None:
    events = PLACES[place](given_away("Password"))
    made = previews.review_of(*events, title=given_away("Password") if place == "title" else "")
    assert_nowhere("Password", made)
    if place not in ("remediation",):
        assert any("<redacted>" in text for text in outputs(made).values()), "it is replaced, not left out"


@settings(max_examples=3 * settings().max_examples, deadline=None)
@given(
    st.lists(st.tuples(KINDS, st.sampled_from(sorted(PLACES))), min_size=1, max_size=3),
    st.sampled_from(["{}", "select 1; {}", "-- {}\nselect 1", "{} {}"]),
)
def test_a_secret_in_any_place_is_in_no_output(plants: list[tuple[str, str]], around: str) -> None:
    texts = [(kind, place, around.format(given_away(kind), given_away(kind))) for kind, place in plants]
    events = [event for _, place, text in texts for event in PLACES[place](text)]
    title = next((text for _, place, text in texts if place == "title"), "")
    for read in (previews.log, previews.digest):
        if read is previews.digest:
            events = [event for event in events if "resourcePreEvent" in event]
        made = review(parse(read(*events), "x"), title=title)
        for kind, *_ in texts:
            assert_nowhere(kind, made)


def test_a_value_with_a_secret_key_is_redacted() -> None:
    job = previews.job(["A.B.C"], ["D.E.F"])
    new = {**job, "job_facets": {"conn": {"password": "orders", "user": "jane"}}}
    made = previews.review_of(previews.update("OpenLineageJob", "j", job, new))
    text = as_markdown(made)
    assert "orders" not in text
    assert '"jane"' in text
    later = {**job, "job_facets": {"conn": {"password": previews.UNKNOWN}}}
    assert "(known after apply)" in as_markdown(
        previews.review_of(previews.update("OpenLineageJob", "j", job, later))
    )


def test_column_names_are_not_redacted() -> None:
    mapping = {"PASSWORD": "PASSWORD_HASH", "API_TOKEN": "TOKEN_0123456789ABCDEF"}
    made = previews.review_of(
        previews.create("ColumnLineage", "cols", previews.column_lineage("load", mapping))
    )
    ((_, flows),) = section(made, "Added")
    assert flows.splitlines() == [
        "DB/S/T0/PASSWORD_HASH → DB/S/T1/PASSWORD",
        "DB/S/T0/TOKEN_0123456789ABCDEF → DB/S/T1/API_TOKEN",
    ] or flows.splitlines() == [
        "DB/S/T0/TOKEN_0123456789ABCDEF → DB/S/T1/API_TOKEN",
        "DB/S/T0/PASSWORD_HASH → DB/S/T1/PASSWORD",
    ]


def sql(password: str) -> previews.Props:
    return previews.process("load", [0], [1], sql=f"alter user jane set password = '{password}'")


def test_a_secret_that_changes_is_still_a_change() -> None:
    made = previews.review_of(previews.update("Process", "load", sql("Hunter2-old"), sql("Hunter2-new")))
    ((_, name, change),) = section(made, "Changed")
    assert name == "sql"
    assert change.count("<redacted>") == change.count("<redacted-2>") == 1
    same = previews.review_of(previews.update("Process", "load", sql("Hunter2-old"), sql("Hunter2-old")))
    assert section(same, "Changed") == [("Process load", "", "no visible change")]


def test_two_resources_that_differ_in_a_secret_remain_two() -> None:
    names = [f"load password='Hunter2-{each}'" for each in "ab"]
    made = previews.review_of(
        *(
            previews.create("Process", name, previews.process(f"p{place}", [0], [1]))
            for place, name in enumerate(names)
        )
    )
    assert sorted(name for name, _ in section(made, "Added")) == [
        "Process load password='<redacted-2>'",
        "Process load password='<redacted>'",
    ]


def test_the_marks_do_not_depend_on_the_order_of_the_events() -> None:
    old = previews.process("load", [0], [1])
    events = [previews.update("Process", f"p{each}", old, sql(f"Hunter2-{each}")) for each in "abcdef"]
    assert as_markdown(previews.review_of(*events)) == as_markdown(previews.review_of(*reversed(events)))


def test_a_known_secret_is_redacted_in_messages_even_if_truncated() -> None:
    of = previews.urn("Process", "load")
    made = previews.review_of(
        previews.update("Process", "load", previews.process("load", [0], [1]), sql(WORD)),
        previews.message(f"jane cannot log in with {WORD}.", of, "error"),
        previews.message(f"sql: 'alter user jane set password = '{WORD[:8]}…", of),
    )
    text = as_markdown(made)
    assert WORD[:8] not in text
    assert section(made, "Errors") == [("Process load", "jane cannot log in with <redacted>.")]


@pytest.mark.parametrize(
    "cut",
    [
        f"'…{WORD[-8:]} in every' -> 'x'",
        f"'…{WORD[2:-2]}…' -> 'x'",
        f"'…{WORD[-8:]} and {WORD[:8]}…' -> 'x'",
        f"'…{WORD}…' -> 'x'",
    ],
)
def test_a_secret_that_is_truncated_at_either_end_is_redacted(cut: str) -> None:
    change = previews.update("Process", "load", previews.process("load", [0], [1]), sql(WORD))
    made = previews.review_of(
        change, previews.message(f"this changes sql: {cut}", previews.urn("Process", "load"))
    )
    ((_, note),) = section(made, "Notes")
    assert note.startswith("this changes sql: '…<redacted>")
    assert not any(WORD[at : at + 4] in as_markdown(made) for at in range(len(WORD) - 3))


def test_a_common_word_as_password_is_redacted_only_there() -> None:
    made = previews.review_of(
        previews.create("Process", "orders", previews.process("orders", [0], [1])),
        previews.update("Process", "load", previews.process("load", [0], [1]), sql("orders")),
    )
    assert ("Process orders", "DB/S/T0 → DB/S/T1") in section(made, "Added")


def test_an_entity_with_a_secret_in_its_name_is_not_checked() -> None:
    """It cannot be looked up by its name."""
    props = previews.process("load", [0], [1], process_id=f"x password='{WORD}'")
    made = previews.review_of(previews.delete("Process", "load", props), tenant=lambda: pytest.fail("asked"))
    assert (made.impact.open, made.impact.sure) == (1, False)


# -- responses of Atlan -----------------------------------------------------------------------------------

SECRET_TABLE = f"T password='{WORD}'"


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=seed_of([{"name": name} for name in ("T0", "T1", SECRET_TABLE)])) as server:
        yield server


def test_names_from_atlan_are_redacted(client: AtlanClient) -> None:
    names = [f"{WAREHOUSE}/DB/S/{name}" for name in ("T0", "T1", SECRET_TABLE)]
    ends = [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": name}} for name in names]
    for number, id_ in enumerate(("load", "next")):
        sides = {"inputs": [ends[number]], "outputs": [ends[number + 1]]}
        attributes = {"qualifiedName": f"{WAREHOUSE}/{id_}", "name": id_, **sides}
        client.entities.upsert([Entity(type_name="Process", guid="-1", attributes=attributes)])
    made = previews.review_of(
        previews.delete("Process", "load", previews.process("load", [0], [1])), tenant=lambda: client
    )
    assert_nowhere("Password", made)
    assert section(made, "Impact downstream") == [
        ("Process load", "2 tables lose their lineage", "DB/S/T password='<redacted>'\nDB/S/T1")
    ]


def test_a_secret_in_an_error_of_atlan_is_not_shown() -> None:
    def tenant() -> AtlanClient:
        raise RequestError(f"refused: password='{WORD}'")

    made = previews.review_of(
        previews.delete("Process", "load", previews.process("load", [0], [1])), tenant=tenant
    )
    assert "password='<redacted>'" in made.impact.note
    assert WORD not in as_markdown(made)


# -- the engine's output ----------------------------------------------------------------------------------


def nested(levels: int, *, in_lists: bool) -> Any:
    """Return a text in nested containers."""
    value: Any = "text"
    for _ in range(levels):
        value = [value] if in_lists else {"a": value}
    return value


def innermost(value: Any) -> Any:
    while value and not isinstance(value, str):
        (value,) = value if isinstance(value, list) else value.values()
    return value


@pytest.mark.parametrize("side", ["old", "new", "oldState", "newState"])
def test_only_the_relevant_parts_of_a_state_are_read(side: str) -> None:
    inputs = {"name": "load", "sql": previews.UNKNOWN, "secret": previews.secret(), "__findings": "{}"}
    outputs = {"guid": "g", "own_mark": "m", "__guids": "x", "name": "load", "error": WORD}
    state = {"protect": True, "retainOnDelete": False, "urn": OF, "inputs": inputs, "outputs": outputs}
    document = {"metadata": {"op": "update", "urn": OF, side: state, "other": {"outputs": {"a": 1}}}}
    ((found,), _) = redact([document])
    read = {
        "protect": True,
        "retainOnDelete": False,
        "inputs": {name: inputs[name] for name in ("name", "sql", "secret")},
        "outputs": {"guid": "g", "own_mark": "m", "__guids": "x"},
    }
    assert found == {"metadata": {"op": "update", "urn": OF, side: read, "other": {"outputs": {"a": 1}}}}
    assert redact([{side: {"inputs": None, "outputs": []}}])[0] == [{side: {}}]


@pytest.mark.parametrize("in_lists", [True, False])
@pytest.mark.parametrize(("levels", "is_read"), [(101, True), (102, False), (400, False)])
def test_deep_nesting_is_left_out_and_marked(levels: int, is_read: bool, in_lists: bool) -> None:
    deep = nested(levels, in_lists=in_lists)
    inputs = {"name": "load", "is_pass_through": True, "deep": deep, "tags": ["a"]}
    ((found,), _) = redact([{"new": {"inputs": inputs}, "beside": deep}])
    plain = {"name": "load", "is_pass_through": True}
    assert found["new"] == ({"inputs": inputs} if is_read else {"inputs": plain, "tooDeep": True})
    assert innermost(found["beside"]) == ("text" if is_read else None)


def test_a_redacted_urn_remains_a_urn() -> None:
    secret = given_away("GitHub")
    ((found,), _) = redact(
        [{"urn": previews.urn("Process", secret), previews.urn("Process", secret): secret}]
    )
    (urn, key), value = [*found][:2], found["urn"]
    assert (urn, key) == ("urn", value)
    assert value.rpartition("::")[0] == OF.rpartition("::")[0]
    assert value.rpartition("::")[2] == found[key] != secret
