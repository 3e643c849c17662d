"""A script of faults: which requests go wrong, and how."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

_KEYS = frozenset(
    (
        *("method", "path", "contains", "nth", "after", "times"),
        *("status", "headers", "body", "delay_ms", "drop", "truncate", "reset", "close", "commit", "hang"),
    )
)


@dataclass(slots=True)
class Rule:
    """One rule of the script; `atlan_pulumi.local` documents its keys."""

    method: str = "*"
    path: str = "*"
    contains: str = ""
    nth: frozenset[int] | None = None
    after: int = 0
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    delay_ms: float = 0
    drop: Literal["before", "after"] | None = None
    truncate: bool = False
    reset: bool = False
    close: bool = False
    commit: bool | Literal["half"] = False
    hang: bool = False
    matched: int = 0
    hits: int = 0
    done: int = 0

    @classmethod
    def parse(cls, raw: Any) -> Rule:
        """Read a rule.

        Raises:
            ValueError: a key is unknown or has a wrong value; the message names it.
        """
        if not isinstance(raw, dict):
            raise ValueError("a rule must be an object")  # noqa: TRY004 - one error type for the caller
        unknown = sorted(raw.keys() - _KEYS)
        if unknown:
            raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
        values = {**raw, "method": str(raw.get("method") or "*").upper()}
        if raw.get("nth") is not None:
            values["nth"] = frozenset(raw["nth"] if isinstance(raw["nth"], list) else [raw["nth"]])
            values.setdefault("times", None)
        rule = cls(**values)
        if rule.drop not in (None, "before", "after"):
            raise ValueError("drop must be 'before' or 'after'")
        if rule.commit not in (False, True, "half"):
            raise ValueError("commit must be true, false or 'half'")
        return rule

    def fires(self, method: str, path: str, text: str) -> bool:
        """Count a request that the rule is about, and say whether it goes wrong."""
        if not self._is_about(method, path, text):
            return False
        self.matched += 1
        spent = self.times is not None and self.times > 0 and self.hits >= self.times
        chosen = self.matched in self.nth if self.nth is not None else self.matched > self.after
        if spent or not chosen:
            return False
        self.hits += 1
        return True

    def _is_about(self, method: str, path: str, text: str) -> bool:
        named = fnmatchcase(path.rstrip("/"), self.path.rstrip("/") or "*")
        return self.method in ("*", method) and named and self.contains in text

    def show(self) -> dict[str, Any]:
        """The rule with how often it matched and fired, and how many of these requests it is done with."""
        shown = {name: getattr(self, name) for name in sorted(_KEYS)}
        nth = None if self.nth is None else sorted(self.nth)
        return {**shown, "nth": nth, "matched": self.matched, "hits": self.hits, "done": self.done}


class Faults:
    """The rules in force; the first one that fires decides."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._rules: list[Rule] = []

    def add(self, raw: Any) -> None:
        """Add a rule or a list of them.

        Raises:
            ValueError: one of them cannot be read; none is added then.
        """
        rules = [Rule.parse(one) for one in (raw if isinstance(raw, Sequence) else [raw])]
        with self._lock:
            self._rules.extend(rules)

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    @property
    def read_requests(self) -> bool:
        """Whether a rule wants to know what is in a request."""
        with self._lock:
            return any(rule.contains for rule in self._rules)

    def pick(self, method: str, path: str, text: str = "") -> Rule | None:
        """The rule that fires for a request.

        Args:
            method: its method.
            path: its path.
            text: what is in it, where `read_requests`.
        """
        with self._lock:
            return next((rule for rule in self._rules if rule.fires(method, path, text)), None)

    def finish(self, rule: Rule) -> None:
        """Count a request that was carried out, as far as its rule wants it; only an answer may be due."""
        with self._lock:
            rule.done += 1
            self._lock.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until any rule is done with a request; False when none is in that time."""
        with self._lock:
            return self._lock.wait_for(lambda: any(rule.done for rule in self._rules), seconds)

    def show(self) -> list[dict[str, Any]]:
        """All rules."""
        with self._lock:
            return [rule.show() for rule in self._rules]
