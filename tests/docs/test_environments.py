"""The page about several environments works as printed: three stacks, two tenants, a key that only reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from docs.examples import ROOT, examples
from pyatlan.model.assets import Process
from support.atlan import Witness
from support.stack import Stack

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import SAMPLE, LocalAtlan

pytestmark = [pytest.mark.engine, pytest.mark.soak]
PAGE = (ROOT / "docs" / "environments.md").read_text("utf-8")
TENANTS = {"https://acme.atlan.com": 0, "https://acme-test.atlan.com": 1}
CHANGED = 'name="Load all orders"'


@pytest.fixture(scope="module")
def tenants() -> Iterator[tuple[LocalAtlan, LocalAtlan]]:
    with LocalAtlan(seed=SAMPLE) as production, LocalAtlan(seed=SAMPLE) as test:
        yield production, test


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tenants: tuple[LocalAtlan, LocalAtlan]) -> Stack:
    """The project of the page, with its three stacks."""
    project = Stack(tmp_path_factory.mktemp("environments") / "project", provide_engine().environment())
    (program,) = [each for each in examples("program") if each.where == "docs/environments.md#0"]
    (project.folder / "__main__.py").write_text(program.text)
    (commands,) = re.findall(r"^```sh\n(pulumi stack init.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for line in filter(None, commands.splitlines()):
        words = [tenants[TENANTS[word]].base_url if word in TENANTS else word for word in line.split()]
        project.run(*words[1:]).check()
    return project


def processes(server: LocalAtlan) -> dict[str, str]:
    """Return the descriptions of the processes of the example, by connection."""
    witness = Witness(server.base_url, server.api_key)
    names = [f"default/snowflake/{number}/shop.load_orders" for number in (1657025257, 1657025258)]
    found = {name.split("/")[2]: witness.find(Process, name) for name in names}
    witness.close()
    return {connection: each.description for connection, each in found.items() if each is not None}


def test_each_stack_deploys_to_its_environment(stack: Stack, tenants: tuple[LocalAtlan, LocalAtlan]) -> None:
    for name in ("prod", "staging", "dev"):
        done = stack.run("up", "--yes", "--stack", name, environ={"ATLAN_API_KEY": "local"})
        assert done.code == 0, done.output
    about = "Net amounts of the orders, in {}."
    production, test = tenants
    assert processes(production) == {"1657025257": about.format("prod")}
    assert processes(test) == {"1657025257": about.format("staging"), "1657025258": about.format("dev")}


def test_a_key_that_only_reads_previews_and_deploys_nothing(
    stack: Stack, tenants: tuple[LocalAtlan, LocalAtlan]
) -> None:
    production, _ = tenants
    program = stack.folder / "__main__.py"
    program.write_text(program.read_text().replace('name="Load orders"', CHANGED))
    for method in ("POST", "DELETE", "PUT"):
        production.fault({"method": method, "path": "/api/meta/entity/*", "status": 403, "times": 100})
    before = processes(production)
    key = {"ATLAN_API_KEY": "local"}
    preview = stack.run("preview", "--refresh", "--stack", "prod", environ=key)
    assert preview.code == 0, preview.output
    assert "1 to update" in preview.output
    done = stack.run("up", "--yes", "--skip-preview", "--stack", "prod", environ=key)
    assert done.code != 0
    assert re.search(r"403.*give the API key's persona access", done.output)
    assert "Traceback" not in done.output
    production.clear_faults()
    assert processes(production) == before


def test_a_connection_of_another_tenant_is_refused_with_those_that_exist(stack: Stack) -> None:
    stack.run("config", "set", "--stack", "dev", "warehouse", "default/snowflake/1657025299").check()
    done = stack.run("preview", "--stack", "dev", environ={"ATLAN_API_KEY": "local"})
    assert done.code != 0
    (printed,) = re.findall(r"^property connection: (Atlan has no Connection .*)$", PAGE, re.MULTILINE)
    assert printed in done.output
