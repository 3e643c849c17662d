"""The API key is a canary: from preview to destroy, however it is configured, it is shown nowhere."""

from __future__ import annotations

import base64
import json
import pickletools
import re
import subprocess
from dataclasses import dataclass, field

import httpx
import pytest
from secrecy.command_lines import CommandLines
from secrecy.conftest import enclosed
from secrecy.searching import CANARY, hits_below, hits_in
from support.atlan import table_name
from support.command import ATLAN_PULUMI
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("secrecy")]

LOUD = ("-v=9", "--logtostderr", "--logflow")
SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
#: The connection has no name, so that a name is reserved in the user's files.
PROGRAM = f"""
etl = atlan.Connection("etl", name="etl", connector="airflow", admin_roles=["$admin"], opts=OPTS)
atlan.Process("in-etl", name="In etl", connection=etl, {SIDES}, opts=OPTS)
load = atlan.Process("load", name="Load", connection=WAREHOUSE, {SIDES}, sql="select 1", opts=OPTS)
atlan.ColumnProcess("load-a", name="a", process=load, opts=OPTS,
    inputs=[atlan.column({table_name(0) + "/A"!r})], outputs=[atlan.column({table_name(1) + "/A"!r})])
pulumi.export("guid", load.guid)
"""
DEFAULT = "OPTS = None\n"
EXPLICIT = (
    'KEY = pulumi.Config("keys").require_secret("atlan")\n'
    'SECOND = atlan.AtlanProvider("second", base_url={url!r}, api_key=KEY)\n'
    "OPTS = pulumi.ResourceOptions(provider=SECOND)\n"
)
KEY_SOURCES = ("configuration", "environment", "explicit provider")


@dataclass
class StackRun:
    """A stack from the first preview to destroy, with all output and command lines."""

    key_source: str
    stack: Stack
    server: LocalAtlan
    output: dict[str, str] = field(default_factory=dict)
    command_lines: set[bytes] = field(default_factory=set)

    def run_all(self, program: str) -> None:
        """Run all commands with verbose logs."""
        plan = str(self.stack.folder / "plan.json")
        self.stack.write(program)
        self._run("preview", "--diff", "--save-plan", plan)
        self._run("up", "--yes", "--plan", plan)
        self.output["state"] = self.stack.run("stack", "export").check().output
        self._run("refresh", "--yes", "--diff")
        if self.key_source == "configuration":  # independent of how the key is configured
            self.stack.write(program.replace("select 1", "select 2"))
            self._run("up", "--yes", "--diff")
            self._command("engine", "doctor")
            self._command("drift", "--stack", "test", "--json")
            self._run("config", "--json")
        self._run("destroy", "--yes", "--skip-preview")

    def _run(self, operation: str, *arguments: str) -> None:
        loud = [*arguments, *LOUD]
        if operation in {"preview", "up", "refresh", "destroy"}:
            loud += ["--event-log", str(self.stack.folder / f"events-{len(self.output)}.jsonl")]
        done = self.stack.run(operation, *loud)
        assert done.code == 0, done.output[-3000:]
        self.output[f"{len(self.output)} {operation} {' '.join(arguments[:1])}"] = done.output

    def _command(self, *arguments: str) -> None:
        """Run a command of this package."""
        done = subprocess.run(
            [ATLAN_PULUMI, *arguments],
            cwd=self.stack.folder,
            env=self.stack.environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in {0, 2}, done.stderr
        self.output[f"{len(self.output)} atlan-pulumi {' '.join(arguments)}"] = done.stdout + done.stderr


@pytest.fixture(
    scope="module",
    params=[
        KEY_SOURCES[0],
        *(pytest.param(key_source, marks=pytest.mark.soak) for key_source in KEY_SOURCES[1:]),
    ],
)
def stack_run(
    request: pytest.FixtureRequest,
    guarded: LocalAtlan,
    engine: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> StackRun:
    """Run the stack with the key configured in one way."""
    folder = tmp_path_factory.mktemp("canary") / "project"
    environ = {"ATLAN_API_KEY": CANARY, "ATLAN_BASE_URL": guarded.base_url}
    stack = enclosed(folder, engine, **(environ if request.param == "environment" else {}))
    program = DEFAULT + PROGRAM
    if request.param == "configuration":
        stack.run("config", "set", "atlan:baseUrl", guarded.base_url).check()
        stack.run("config", "set", "--secret", "atlan:apiKey", stdin=CANARY).check()
    if request.param == "explicit provider":
        stack.run("config", "set", "--secret", "keys:atlan", stdin=CANARY).check()
        program = EXPLICIT.format(url=guarded.base_url) + PROGRAM
    stack_run = StackRun(request.param, stack, guarded)
    before = guarded.stats()["requests"].get("POST /api/meta/entity/bulk", 0)
    with CommandLines() as lines:
        stack_run.run_all(program)
    stack_run.command_lines = lines.seen
    assert guarded.stats()["requests"]["POST /api/meta/entity/bulk"] > before, "the key was used"
    assert "401" not in guarded.stats()["answers"]
    return stack_run


#: Messages that the engine logs in clear text with `-v=9` (3.259.0): to provider processes, and from the
#: program. They never contain a key from the environment.
ENGINES_OWN = re.compile(
    r'"msg":"(?:Unm|M)arshaling property for RPC\[(?:'
    r"Provider\[0x\w+\]\.Configure\(\)\.inputs|ResourceMonitor\.RegisterResource\(pulumi:providers:pulumi-python,second\)"
    r")\]: "
)


def test_no_output_contains_the_key(stack_run: StackRun) -> None:
    assert any("eventSink::" in text for text in stack_run.output.values()), "the logs are verbose"
    lines = [
        line for text in stack_run.output.values() for line in text.splitlines() if hits_in(line, CANARY)
    ]
    if stack_run.key_source == "environment":
        assert lines == []
    assert [line for line in lines if not ENGINES_OWN.search(line)] == []


def test_no_file_contains_the_key(stack_run: StackRun) -> None:
    assert list(hits_below(stack_run.stack.folder, CANARY)) == []
    names = {path.name for path in stack_run.stack.folder.rglob("*")}
    assert {"plan.json", "test.json", "reserved-names.json", "Pulumi.yaml", "state"} <= names
    assert any(name.startswith("events-") for name in names)
    assert [path for path in stack_run.stack.folder.rglob("*") if "history" in path.parts and path.is_file()]
    assert list(stack_run.stack.folder.rglob("*.bak")), "the backend keeps backups"


def test_no_command_line_contains_the_key(stack_run: StackRun) -> None:
    lines = stack_run.command_lines
    assert any(b"pulumi.dynamic" in line for line in lines), "the provider process was seen"
    assert [line for line in lines if hits_in(line, CANARY)] == []


def test_the_local_atlan_does_not_show_the_key(stack_run: StackRun) -> None:
    with httpx.Client(base_url=stack_run.server.base_url) as http:
        graph = http.get("/_local/assets").json()["assets"][0]["guid"]
        pages = [
            "/",
            "/_local/requests",
            "/_local/stats",
            "/_local/faults",
            "/_local/events",
            "/_local/assets",
        ]
        shown = {path: http.get(path) for path in [*pages, f"/_local/graph?guid={graph}"]}
    assert {path: answer.status_code for path, answer in shown.items()} == dict.fromkeys(shown, 200)
    for path, answer in shown.items():
        assert hits_in(answer.content, CANARY) == [], path
        assert hits_in(str(answer.headers), CANARY) == [], path
    assert hits_in(repr(stack_run.server), CANARY) == []
    assert len(json.loads(shown["/_local/requests"].content)["requests"]) > 10


def test_the_stored_provider_reference_contains_no_data(stack_run: StackRun) -> None:
    document = json.loads(stack_run.output["state"])
    stored = [
        resource[side]["__provider"]
        for resource in document["deployment"]["resources"]
        for side in ("inputs", "outputs")
        if "dynamic/atlan:" in resource["type"]
    ]
    assert len(stored) == 8
    for pickled in stored:
        operands = {argument for _, argument, _ in pickletools.genops(base64.b64decode(pickled)) if argument}
        strings = {operand for operand in operands if isinstance(operand, str)}
        kinds = {"Connection", "Process", "ColumnProcess"}
        assert strings <= kinds | {"atlan_pulumi.dynamic.loader", "load_provider"}
