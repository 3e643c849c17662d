"""Run a program under Pulumi's mocks, and print what it registers with Atlan: `run_mocked.py PROGRAM`."""

from __future__ import annotations

import json
import runpy
import sys
from typing import Any

import pulumi

#: What the providers compute, by the end of the type token.
_COMPUTED = {
    "s3/bucket:Bucket": lambda given: {"arn": f"arn:aws:s3:::{given['bucket']}"},
    "s3/bucketObjectv2:BucketObjectv2": lambda given: {
        "arn": f"arn:aws:s3:::{given['bucket']}/{given['key']}"
    },
}
_registered: dict[str, dict[str, Any]] = {}


class _Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        given = dict(args.inputs)
        if "dynamic/atlan:" in args.typ:
            sides = {side: given[side] for side in ("inputs", "outputs")}
            _registered[args.name] = {**sides, "sql": given.get("sql")}
        elif args.typ.startswith("snowflake:"):
            parts = [given[name] for name in ("database", "schema", "name") if name in given]
            given["fullyQualifiedName"] = ".".join(f'"{part}"' for part in parts)
        for end, computed in _COMPUTED.items():
            if args.typ.endswith(end):
                given |= computed(given)
        return f"{args.name}-id", given

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        raise NotImplementedError(args.token)


@pulumi.runtime.test
def _run(program: str) -> None:
    runpy.run_path(program)


if __name__ == "__main__":
    pulumi.runtime.set_mocks(_Mocks(), project="shop", stack="prod", preview=False)
    _run(sys.argv[1])
    print(json.dumps(_registered))
