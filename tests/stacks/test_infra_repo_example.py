"""The example infra repo: run the scripts of its CI as shell, with a local Atlan.

The tests use a clean clone with this package from a wheel. So they test the wheel, its entry points, and its
policy pack instead of the sources.
"""

from __future__ import annotations

import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyatlan.model.assets import ColumnProcess, Connection, Process
from stacks.infra_repo import EXAMPLE, Finished, Runner, build_wheel
from support.atlan import Witness

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

SHOP = "default/snowflake/1657025257/SHOP"
ETL = "default/airflow/1700000000"
API_KEY = "canary-7f3a"
MARKER = "<!-- atlan-pulumi review -->"
PROCESSES = {
    "stage_orders": ({"RAW/ORDERS"}, "STAGING/ORDERS", 4),
    "stage_customers": ({"RAW/CUSTOMERS"}, "STAGING/CUSTOMERS", 3),
    "revenue": ({"STAGING/ORDERS", "STAGING/CUSTOMERS"}, "MART/REVENUE", 3),
    "customer_value": ({"STAGING/ORDERS", "STAGING/CUSTOMERS"}, "MART/CUSTOMER_VALUE", 3),
    "extract_revenue": ({"MART/REVENUE"}, "BI/REVENUE", 3),
    "extract_customer_value": ({"MART/CUSTOMER_VALUE"}, "BI/CUSTOMER_VALUE", 3),
}
"""The lineage of the example: inputs, output, and number of mapped columns."""
UNKNOWN_RULE = "atlan-pulumi: lineage-policies.json: unknown rule 'layer-oder'; did you mean 'layer-order'?\n"
NETWORK = r"(?i)PIP_|SSL_CERT|REQUESTS_CA|HTTPS?_PROXY|NO_PROXY"
"""The variables with which a machine reaches the package registries."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    catalog = EXAMPLE / "catalog.yaml"
    with LocalAtlan(seed=catalog, api_key=API_KEY, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture(scope="module")
def alice(server: LocalAtlan) -> Iterator[Witness]:
    """Atlan's SDK as another user."""
    witness = Witness(server.base_url, "key-of-alice")
    yield witness
    witness.close()


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory, server: LocalAtlan, wheel: Path) -> Runner:
    """A machine after the setup."""
    runner = Runner(tmp_path_factory.mktemp("runner"), provide_engine(), server)
    runner.install(wheel)
    runner.run("setup.sh").succeeded()
    return runner


@pytest.fixture(scope="module")
def first(runner: Runner) -> Finished:
    """The review of the first pull request."""
    return runner.run("preview.sh")


@pytest.fixture(scope="module")
def deployed(runner: Runner, first: Finished, server: LocalAtlan) -> Finished:
    """The deployment after its merge."""
    assert server.stats()["entities_written"] == 0, "a preview writes nothing"
    runner.on_branch("main")
    return runner.run("deploy.sh").succeeded()


def test_the_wheel_and_its_policy_pack_are_used(runner: Runner) -> None:
    """Without a copy of the pack: `.venv` is first on PATH, as Pulumi requires."""
    where = "python -c 'import atlan_pulumi; print(atlan_pulumi.__file__)'"
    places = runner.ask(f"{where}; command -v atlan-pulumi; atlan-pulumi policy path").splitlines()
    assert len(places) == 3
    for place in places:
        assert Path(place).is_relative_to(runner.clone / ".venv")


def section(review: str, title: str) -> str:
    """Return the section of a review with a heading, or an empty string."""
    return review.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_first_preview_writes_the_review(runner: Runner, first: Finished) -> None:
    first.succeeded()
    assert first.review.startswith(f"{MARKER}\n")
    assert "```mermaid" in first.review
    added = section(first.review, "Added")
    for name in ("Connection etl", "Process revenue", "ColumnLineage revenue-columns", "ProcessSet extracts"):
        assert name in added
    assert section(first.review, "Policies") == ""
    assert "<html" in (runner.clone / "review" / "review.html").read_text()
    picture = ET.parse(runner.clone / "review" / "review.svg").getroot()
    assert picture.tag.endswith("svg")


def test_a_deployment_creates_all_entities(deployed: Finished, alice: Witness) -> None:
    assert "✅ atlan-lineage@" in deployed.output
    assert "11 created" in deployed.output
    assert alice.find(Connection, ETL).name == "shop-etl"
    for process, (inputs, output, columns) in PROCESSES.items():
        name = f"{ETL}/shop_nightly.{process}"
        assert alice.names(Process, name, "inputs") == {f"{SHOP}/{each}" for each in inputs}
        assert alice.names(Process, name, "outputs") == {f"{SHOP}/{output}"}
        assert len(alice.find(Process, name).column_processes) == columns
    column = f"{ETL}/shop_nightly.stage_customers/column/NAME"
    names = {f"{SHOP}/RAW/CUSTOMERS/{name}" for name in ("FIRST_NAME", "LAST_NAME")}
    assert alice.names(ColumnProcess, column, "inputs") == names


@pytest.fixture(scope="module")
def broken(runner: Runner, deployed: Finished) -> Finished:
    """The review of a pull request in which a mart reads raw data."""
    around = {'["STAGING/ORDERS", "STAGING/CUSTOMERS"]': '["STAGING/ORDERS", "RAW/CUSTOMERS"]'}
    runner.on_branch("around-staging", {"__main__.py": around})
    return runner.run("preview.sh")


def test_a_policy_violation_fails_the_preview_and_is_in_the_review(broken: Finished) -> None:
    assert broken.code != 0
    assert broken.review.startswith(f"{MARKER}\n")
    (row,) = re.findall(r".*`Process revenue`.*", section(broken.review, "Policies"))
    advice = "read from the layer 'staging' instead"
    for part in ("mandatory", "layer-order", f"{SHOP}/RAW/CUSTOMERS", advice):
        assert part in row


@pytest.mark.soak
def test_a_policy_violation_fails_the_deployment(
    runner: Runner, broken: Finished, server: LocalAtlan
) -> None:
    before = server.stats()["entities_written"]
    refused = runner.run("deploy.sh")
    assert refused.code == 1
    assert refused.output.splitlines()[-1].startswith("deploy: prod was not deployed: ")
    assert "layer-order" in refused.output
    assert "Traceback" not in refused.output
    assert server.stats()["entities_written"] == before


def test_removed_and_changed_lineage_is_reviewed(runner: Runner, deployed: Finished) -> None:
    program = (EXAMPLE / "__main__.py").read_text()
    gone = program[program.index('step(\n    "customer_value"') : program.index("#: What the dashboards")]
    mapping = {'"COUNTRY": "CUSTOMERS/COUNTRY"': '"COUNTRY": "CUSTOMERS/NAME"'}
    runner.on_branch("fewer", {"__main__.py": {gone: "", **mapping}})
    fewer = runner.run("preview.sh").succeeded()
    assert re.search(r"`Process customer_value`.*MART/CUSTOMER_VALUE", section(fewer.review, "Removed"))
    assert re.search(r"revenue-columns: COUNTRY`.*CUSTOMERS/NAME", section(fewer.review, "Changed"))
    impact = section(fewer.review, "Impact downstream")
    assert re.search(r"`Process customer_value`.*SHOP/BI/CUSTOMER_VALUE", impact)
    assert re.search(r"revenue-columns: COUNTRY`.*SHOP/BI/REVENUE/COUNTRY", impact)


def test_an_unknown_policy_is_reported_in_one_line_before_the_run(runner: Runner) -> None:
    """Pulumi ignores it, so that the intended policy would check nothing."""
    runner.on_branch("slip", {"lineage-policies.json": {'"layer-order"': '"layer-oder"'}})
    assert runner.run("preview.sh") == Finished(1, UNKNOWN_RULE, "")


def test_drift_is_reported_by_property(runner: Runner, deployed: Finished, alice: Witness) -> None:
    runner.on_branch("main")
    assert "No drift: 10 resources" in runner.run("drift.sh").succeeded().output
    name = f"{ETL}/shop_nightly.revenue"
    changed = Process.updater(qualified_name=name, name="Revenue")
    changed.description = "Broken since Monday."
    alice.client.asset.save(changed)
    drifted = runner.run("drift.sh")
    assert drifted.code == 2
    assert re.search(
        r"revenue +description .*Revenue by day.* → .*Broken since Monday.* alice", drifted.output
    )


def test_no_step_prints_a_secret(runner: Runner, deployed: Finished, broken: Finished) -> None:
    kept = [file.read_text() for file in (runner.clone.parent / "tmp").rglob("*") if file.is_file()]
    for text in [*runner.outputs, *kept, broken.review]:
        for secret in (API_KEY, runner.env["PULUMI_CONFIG_PASSPHRASE"]):
            assert secret not in text


@pytest.mark.soak
def test_the_setup_installs_the_wheel_and_packages_from_the_registries(tmp_path: Path, wheel: Path) -> None:
    """The setup creates `.venv`, and pip installs `requirements.txt` with the wheel of this package."""
    with LocalAtlan(seed=EXAMPLE / "catalog.yaml") as server:
        runner = Runner(tmp_path / "runner", provide_engine(), server)
        wanted = f"atlan-pulumi[all] @ {wheel.as_uri()}"
        runner.on_branch("wheel", {"requirements.txt": {"atlan-pulumi[all]": wanted}})
        about_pip = {name: value for name, value in os.environ.items() if re.match(NETWORK, name)}
        python = str(Path(sys.base_prefix) / "bin")
        runner.env |= {**about_pip, "PATH": os.pathsep.join([python, runner.env["PATH"]])}
        for script in ("setup.sh", "preview.sh", "deploy.sh", "drift.sh"):
            runner.run(script).succeeded()
        assert server.stats()["entities_written"] >= len(PROCESSES)
