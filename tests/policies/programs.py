"""Return the resources of a program as a policy sees them: after Pulumi's SDK and the providers' checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from policies.harness import Resource, as_engine
from support.recorder import Recorder, declared

from atlan_pulumi.declared import resource_kind
from atlan_pulumi.lifecycle._registry import lifecycle_of


class Checking(Recorder):
    """A mock engine that returns checked inputs, as a preview does."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        super().new_resource(args)
        kind = resource_kind(args.typ)
        if kind is None:
            return args.name, dict(args.inputs)
        given = {key: value for key, value in args.inputs.items() if not key.startswith("__")}
        given.pop("findings", None)
        checked = lifecycle_of(kind, 1).check({}, given)
        assert not checked.problems, checked.problems
        args.inputs = checked.inputs
        return str(checked.inputs["qualified_name"]), {**checked.inputs, "guid": "g"}

    def answer(self, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if token == "atlan:index:getConnection":
            return {"qualified_name": f"default/{arguments['connector']}/1700000000", "guid": "g"}
        return super().answer(token, arguments)


def resources_of(program: str, file: Path = Path("__main__.py")) -> list[Resource]:
    """Return the resources of this package that a program in a file declares."""
    recorder = Checking()
    code = compile(program, "<program>", "exec")
    seen = declared(lambda: exec(code, {"__name__": "__main__", "__file__": str(file)}), recorder)
    return [
        Resource(kind, name, as_engine(dict(args.inputs)), name in recorder.protected)
        for name, args in seen.items()
        if (kind := resource_kind(args.typ)) is not None
    ]
