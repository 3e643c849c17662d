"""Plays faults: deploy, edit, let things go wrong, deploy again, look, remove everything."""

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

from faults.fault import IN_A_MOMENT, Act, Fault, Play, Rule
from faults.world import Edge, Reader, World, program
from support.atlan import SEED, WAREHOUSE, table_name
from support.stack import Run, Stack

from atlan_pulumi.local import LocalAtlan

API_KEY = "canary-5f0c9d1e-key"
ANOTHER_KEY = "canary-77ab21c4-key"
WITNESS = "key-of-the-witness"

#: Retries as ever, but none later than this, and no longer a wait for an answer; seconds.
QUICK = {"ATLAN_DEADLINE_SECONDS": "6", "ATLAN_READ_TIMEOUT_SECONDS": "1"}

_COMMANDS = {
    "up": ("up", "--yes", "--skip-preview", "--continue-on-error"),
    "preview": ("preview", "--diff"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview", "--continue-on-error"),
}

#: After these, what an act declares is there when it ends.
_DEPLOYING = ("up", "destroy")


@dataclass(frozen=True)
class Seen:
    """What was seen of an act.

    Attributes:
        start: Atlan before anything went wrong.
        run: The command during which it did.
        hits: How often each rule of each row fired.
        between: Atlan after that.
        state: The stack's state after that: qualifiedNames by resource name.
        declared: What the program declares at that time.
        repaired: The next `up`, and Atlan after it; None where none was due yet.
    """

    start: World
    run: Run
    hits: Mapping[str, list[int]]
    between: World
    state: Mapping[str, str]
    declared: tuple[Edge, ...]
    repaired: tuple[Run, World] | None


@dataclass(frozen=True)
class Outcome:
    """What was seen of a play.

    Attributes:
        acts: What was seen of each act.
        declared: What the program declares in the end.
        end: Atlan after the last `up`.
        look: A preview with a refresh after that.
        left: Atlan after the `destroy` that follows.
        runs: The commands of that end.
    """

    acts: tuple[Seen, ...]
    declared: tuple[Edge, ...]
    end: World
    look: Run
    left: World
    runs: tuple[Run, ...]


class Scene:
    """A server and a stack for one play."""

    def __init__(self, play: Play, folder: Path, engine: Mapping[str, str]) -> None:
        self._play = play
        users = {ANOTHER_KEY: "bob", WITNESS: "witness"}
        settings = {"seed": SEED, "api_key": API_KEY, "users": users, "db": folder / "atlan.db"}
        self._settings = {**settings, **play.acts[0].first.server}
        self._server = LocalAtlan(**self._settings)
        self._server.start()
        self._settings["port"] = int(self._server.base_url.rpartition(":")[2])
        self._reader = Reader(self._server.base_url, WITNESS)
        self._declared = {"neighbour": _edge("neighbour", "at first")}
        self._declared |= {
            fault.resource: _edge(fault.resource, "at first")
            for fault in play.faults
            if fault.edit != "create"
        }
        tenant = {"ATLAN_BASE_URL": self._server.base_url, "ATLAN_API_KEY": API_KEY, **QUICK}
        self.stack = Stack(folder / "project", engine, program(self._edges), environ=tenant)

    def close(self) -> None:
        """Stop the server."""
        self._reader.close()
        self._server.stop()

    def play(self) -> Outcome:
        """Everything, in order."""
        self.stack.up()
        acts = tuple(self._perform(number, act) for number, act in enumerate(self._play.acts))
        last = self._play.acts[-1].first.next_environ
        runs = [] if self._play.acts[-1].first.operation in _DEPLOYING else [self._run("up", last)]
        end = self._reader.world()
        look = self.stack.operate("preview", "--refresh", "--diff", environ=last)
        runs += [look, self._run("destroy", last)]
        return Outcome(acts, self._edges, end, look, self._reader.world(), tuple(runs))

    @property
    def _edges(self) -> tuple[Edge, ...]:
        return tuple(self._declared.values())

    def _perform(self, number: int, act: Act) -> Seen:
        first, start = act.first, self._reader.world()
        self._edit(number, act)
        run, hits = self._go_wrong(act)
        between, state = self._reader.world(), self._state()
        repaired = None
        if first.operation == "destroy" or (first.operation == "up" and first.expect == "fails"):
            repaired = self._run("up", first.next_environ), self._reader.world()
        return Seen(start, run, hits, between, state, self._edges, repaired)

    def _edit(self, number: int, act: Act) -> None:
        if len(act.faults) > 1:  # it would wait out a block of the tenant, which a single row can cause
            self._declared["neighbour"] = _edge("neighbour", f"in act {number}")
        for fault in act.faults:
            if fault.edit == "delete":
                del self._declared[fault.resource]
            elif fault.edit != "none":
                self._declared[fault.resource] = _edge(fault.resource, "edited")
        self.stack.write(program(self._edges))

    def _run(self, operation: str, environ: Mapping[str, str]) -> Run:
        return self.stack.operate(*_COMMANDS[operation], environ=environ)

    def _go_wrong(self, act: Act) -> tuple[Run, dict[str, list[int]]]:
        first = act.first
        rules = {fault.name: self._aimed(fault) for fault in act.faults}
        self._server.fault(*(rule for aimed in rules.values() for rule in aimed))
        with self._happening(first.event):
            run = self._run(first.operation, first.environ)
        fired = iter([] if first.event else [rule["hits"] for rule in self._reader.faults()])
        hits = {name: [next(fired) for _ in aimed] for name, aimed in rules.items() if not first.event}
        self._server.clear_faults()
        return run, hits

    def _aimed(self, fault: Fault) -> list[Rule]:
        """The rules of a row, aimed at its resource: by its GUID where it is removed, else by its name."""
        found = []
        for rule in fault.rules:
            removes = rule.get("method") == "DELETE"
            target = self._state("guid")[fault.resource] if removes else f"{WAREHOUSE}/{fault.resource}"
            headers = {name: _moment(value) for name, value in rule.get("headers", {}).items()}
            found.append({"contains": target, **rule, "headers": headers})
        return found

    def _state(self, output: str = "qualified_name") -> dict[str, str]:
        """One output of each resource, by the resource's name, as the stack's state has it in its file."""
        (file,) = (self.stack.folder / "state" / ".pulumi" / "stacks").rglob("*.json")
        deployment = json.loads(file.read_text())["checkpoint"]["latest"]
        assert not deployment.get("pending_operations"), deployment["pending_operations"]
        found: list[dict[str, Any]] = deployment.get("resources") or []
        own = (item for item in found if "dynamic/atlan:" in item["type"])
        return {item["urn"].rpartition("::")[2]: item["outputs"][output] for item in own}

    @contextmanager
    def _happening(self, event: str) -> Iterator[None]:
        """The server is down, or restarts on its port and its data, while a command runs."""
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


def _moment(header: str) -> str:
    return formatdate(time() + 4, usegmt=True) if header == IN_A_MOMENT else header
