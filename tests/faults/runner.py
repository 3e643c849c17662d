"""Run a scenario: deploy, edit, cause faults, deploy again, preview, and destroy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

from faults.fault import SOON, Fault, Rule, Scenario, Step
from faults.snapshot import Edge, Reader, Snapshot, program
from support.atlan import SEED, WAREHOUSE, table_name
from support.stack import Run, Stack

from atlan_pulumi.local import LocalAtlan

API_KEY = "canary-5f0c9d1e-key"
ANOTHER_KEY = "canary-77ab21c4-key"
WITNESS = "key-of-the-witness"

#: Short deadline and read timeout, in seconds; retries are unchanged.
QUICK = {"ATLAN_DEADLINE_SECONDS": "6", "ATLAN_READ_TIMEOUT_SECONDS": "1"}

_COMMANDS = {
    "up": ("up", "--yes", "--skip-preview", "--continue-on-error"),
    "preview": ("preview", "--diff"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview", "--continue-on-error"),
}

#: Commands after which Atlan has what the step declares.
_DEPLOYING = ("up", "destroy")


@dataclass(frozen=True)
class StepResult:
    """The result of a step.

    Attributes:
        start: Atlan before the faults.
        run: The command during the faults.
        hits: How often each rule of each row fired.
        between: Atlan after that command.
        state: The stack's state after it: qualifiedNames by resource name.
        declared: What the program declares at that time.
        repaired: The next `up`, and Atlan after it; None if none is needed.
    """

    start: Snapshot
    run: Run
    hits: Mapping[str, list[int]]
    between: Snapshot
    state: Mapping[str, str]
    declared: tuple[Edge, ...]
    repaired: tuple[Run, Snapshot] | None


@dataclass(frozen=True)
class ScenarioResult:
    """The result of a scenario.

    Attributes:
        steps: The results of its steps.
        declared: What the program declares at the end.
        end: Atlan after the last `up`.
        preview: A preview with a refresh after it.
        remaining: Atlan after the `destroy` that follows.
        runs: The commands at the end.
    """

    steps: tuple[StepResult, ...]
    declared: tuple[Edge, ...]
    end: Snapshot
    preview: Run
    remaining: Snapshot
    runs: tuple[Run, ...]


class ScenarioRunner:
    """A server and a stack for a scenario."""

    def __init__(self, scenario: Scenario, folder: Path, engine: Mapping[str, str]) -> None:
        self._scenario = scenario
        users = {ANOTHER_KEY: "bob", WITNESS: "witness"}
        settings = {"seed": SEED, "api_key": API_KEY, "users": users, "db": folder / "atlan.db"}
        self._settings = {**settings, **scenario.steps[0].first.server}
        self._server = LocalAtlan(**self._settings)
        self._server.start()
        self._settings["port"] = int(self._server.base_url.rpartition(":")[2])
        self._reader = Reader(self._server.base_url, WITNESS)
        self._declared = {"neighbor": _edge("neighbor", "initial")}
        self._declared |= {
            fault.resource: _edge(fault.resource, "initial")
            for fault in scenario.faults
            if fault.edit != "create"
        }
        tenant = {"ATLAN_BASE_URL": self._server.base_url, "ATLAN_API_KEY": API_KEY, **QUICK}
        self.stack = Stack(folder / "project", engine, program(self._edges), environ=tenant)

    def close(self) -> None:
        """Stop the server."""
        self._reader.close()
        self._server.stop()

    def run(self) -> ScenarioResult:
        """Run the whole scenario."""
        self.stack.up()
        steps = tuple(self._run_step(number, step) for number, step in enumerate(self._scenario.steps))
        last = self._scenario.steps[-1].first.next_environ
        runs = [] if self._scenario.steps[-1].first.operation in _DEPLOYING else [self._run("up", last)]
        end = self._reader.snapshot()
        preview = self.stack.operate("preview", "--refresh", "--diff", environ=last)
        runs += [preview, self._run("destroy", last)]
        return ScenarioResult(steps, self._edges, end, preview, self._reader.snapshot(), tuple(runs))

    @property
    def _edges(self) -> tuple[Edge, ...]:
        return tuple(self._declared.values())

    def _run_step(self, number: int, step: Step) -> StepResult:
        first, start = step.first, self._reader.snapshot()
        self._edit(number, step)
        run, hits = self._run_with_faults(step)
        between, state = self._reader.snapshot(), self._state()
        repaired = None
        if first.operation == "destroy" or (first.operation == "up" and first.expect == "fails"):
            repaired = self._run("up", first.next_environ), self._reader.snapshot()
        return StepResult(start, run, hits, between, state, self._edges, repaired)

    def _edit(self, number: int, step: Step) -> None:
        if len(step.faults) > 1:  # a single row may block the tenant, which would delay it
            self._declared["neighbor"] = _edge("neighbor", f"in step {number}")
        for fault in step.faults:
            if fault.edit == "delete":
                del self._declared[fault.resource]
            elif fault.edit != "none":
                self._declared[fault.resource] = _edge(fault.resource, "edited")
        self.stack.write(program(self._edges))

    def _run(self, operation: str, environ: Mapping[str, str]) -> Run:
        return self.stack.operate(*_COMMANDS[operation], environ=environ)

    def _run_with_faults(self, step: Step) -> tuple[Run, dict[str, list[int]]]:
        first = step.first
        rules = {fault.name: self._targeted(fault) for fault in step.faults}
        self._server.fault(*(rule for targeted in rules.values() for rule in targeted))
        with self._server_event(first.event):
            run = self._run(first.operation, first.environ)
        fired = iter([] if first.event else [rule["hits"] for rule in self._reader.faults()])
        hits = {name: [next(fired) for _ in targeted] for name, targeted in rules.items() if not first.event}
        self._server.clear_faults()
        return run, hits

    def _targeted(self, fault: Fault) -> list[Rule]:
        """Return the rules of a row for its resource: by GUID for a removal, else by name."""
        found = []
        for rule in fault.rules:
            removes = rule.get("method") == "DELETE"
            target = self._state("guid")[fault.resource] if removes else f"{WAREHOUSE}/{fault.resource}"
            headers = {name: _resolve_header(value) for name, value in rule.get("headers", {}).items()}
            found.append({"contains": target, **rule, "headers": headers})
        return found

    def _state(self, output: str = "qualified_name") -> dict[str, str]:
        """Return an output of each resource by the resource's name, from the stack's state file."""
        (file,) = (self.stack.folder / "state" / ".pulumi" / "stacks").rglob("*.json")
        deployment = json.loads(file.read_text())["checkpoint"]["latest"]
        assert not deployment.get("pending_operations"), deployment["pending_operations"]
        found: list[dict[str, Any]] = deployment.get("resources") or []
        own = (item for item in found if "dynamic/atlan:" in item["type"])
        return {item["urn"].rpartition("::")[2]: item["outputs"][output] for item in own}

    @contextmanager
    def _server_event(self, event: str) -> Iterator[None]:
        """Stop the server, or restart it with the same port and data, while a command runs."""
        if event == "down":
            self._server.stop()
            yield
            self._start_again()
        elif event == "restarts":
            with ThreadPoolExecutor(1) as pool:
                restarted = pool.submit(self._restart)
                yield
                restarted.result()
        else:
            yield

    def _restart(self) -> None:
        self._server.await_fault()
        self._server.stop()
        self._start_again()

    def _start_again(self) -> None:
        self._server = LocalAtlan(**self._settings)
        self._server.start()


def _edge(name: str, moment: str) -> Edge:
    sides = ((table_name(0), table_name(1)), (table_name(2),))
    return Edge("Process", name, *sides, sql=f"select '{name} {moment}'")


def _resolve_header(header: str) -> str:
    return formatdate(time() + 4, usegmt=True) if header == SOON else header
