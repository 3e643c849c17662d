"""Pulumi's provider process starts with the first resource, before anything is registered."""

from __future__ import annotations

import json

import pulumi
import pytest
from support.fixtures import engine, new_stack, server
from support.stack import NewStack

from atlan_pulumi.dynamic.program._provider_start import explicit_provider

__all__ = ["engine", "new_stack", "server"]

pytestmark = pytest.mark.engine

WAITING = """
import asyncio
from pathlib import Path

ENGINE = Path("/proc/self/cmdline").read_bytes().split(b"--engine\\0")[1].split(b"\\0")[0]


def runs(process):
    try:
        command = (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return False
    return b"pulumi.dynamic" in command and ENGINE in command


async def name_once_the_provider_runs():
    for _ in range(600):
        if any(runs(process) for process in Path("/proc").glob("[0-9]*")):
            return "etl"
        await asyncio.sleep(0.05)
    return ""  # refused


atlan.Connection("etl", name=name_once_the_provider_runs(), connector="airflow", admin_roles=["$admin"])
"""
EXPLICIT = """
tenant = atlan.AtlanProvider("tenant", base_url={url!r}, api_key="local")
options = pulumi.ResourceOptions(provider=tenant)
atlan.Connection("etl", name="etl", connector="airflow", admin_roles=["$admin"], opts=options)
"""


def test_the_provider_runs_before_the_first_registration(new_stack: NewStack) -> None:
    stack = new_stack(WAITING)
    assert stack.up().changes == {"create": 1}
    assert not stack.preview().warnings


def test_an_explicit_provider_starts_no_other(new_stack: NewStack) -> None:
    stack = new_stack()
    stack.up(EXPLICIT.format(url=stack.environ["ATLAN_BASE_URL"]))
    state = json.loads(stack.run("stack", "export").check().output)["deployment"]["resources"]
    providers = [each["urn"] for each in state if each["type"].startswith("pulumi:providers:")]
    assert [urn.rpartition("::")[2] for urn in providers] == ["tenant"]


@pytest.mark.parametrize("options", [None, pulumi.ResourceOptions()])
def test_the_default_provider_is_no_explicit_one(options: pulumi.ResourceOptions | None) -> None:
    assert explicit_provider(options) is None
