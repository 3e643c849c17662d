"""The generated repositories work as their READMEs print it, with the real engine and a local Atlan."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from support.command import ATLAN_PULUMI
from support.dbt import ARTIFACTS

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.files import cache_folder
from atlan_pulumi.local import SAMPLE, LocalAtlan

pytestmark = pytest.mark.engine
PRINTED_URL = "http://127.0.0.1:8585"
WAREHOUSE = "default/snowflake/1657025257"
#: Answers the prompts of `pulumi`.
READER = """
pulumi() {
    case "$1" in
    up | destroy) command pulumi "$@" --yes ;;
    *) command pulumi "$@" ;;
    esac
}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SAMPLE) as server:
        yield server


class Repository:
    """A new repository, with the tests' Python as its `.venv`."""

    def __init__(self, folder: Path, server: LocalAtlan, *arguments: str) -> None:
        self.folder, self.server = folder / "my-lineage", server
        engine = provide_engine()
        on_path = [str(engine.folder)] if engine.source == "path" else []
        version = {name: os.environ[name] for name in ("ATLAN_PULUMI_ENGINE",) if name in os.environ}
        self.environment = {
            **version,
            "HOME": str(folder),
            "ATLAN_PULUMI_CACHE": str(cache_folder()),
            "PATH": os.pathsep.join([*on_path, str(Path(ATLAN_PULUMI).parent), os.defpath]),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PIP_NO_INDEX": "1",  # everything is installed
        }
        self.shell(f"{ATLAN_PULUMI} init my-lineage {' '.join(arguments)}", cwd=folder)
        (self.folder / ".venv").symlink_to(Path(sys.prefix))
        settings = self.folder / "Pulumi.dev.yaml"
        settings.write_text(settings.read_text().replace(PRINTED_URL, server.base_url))

    def shell(
        self, script: str, code: int = 0, *, cwd: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> str:
        """Run a script, and return its output."""
        done = subprocess.run(
            ["bash", "-e", "-c", READER + script],
            cwd=cwd or self.folder,
            env={**self.environment, **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def printed(self) -> str:
        """Return the commands of the README's first section, without the server, which runs already."""
        section = (self.folder / "README.md").read_text().partition("## Start")[2].partition("\n## ")[0]
        blocks = re.findall(r"^```sh\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
        commands = "".join(each for each in blocks if "atlan-pulumi local" not in each)
        assert "pulumi stack init dev" in commands
        return commands

    def assets(self) -> int:
        """Return the number of entities in Atlan."""
        return int(httpx.get(f"{self.server.base_url}/_local/assets").json()["total"])


SETTLED_AND_REMOVED = "pulumi preview --expect-no-changes\npulumi destroy\n"


def test_the_local_repository_works_as_printed(tmp_path: Path, server: LocalAtlan) -> None:
    repository = Repository(tmp_path, server, "--local")
    before = repository.assets()
    output = repository.shell(
        f"{repository.printed()}\nSTACK=dev ./ci/preview.sh\nSTACK=dev ./ci/drift.sh\n{SETTLED_AND_REMOVED}"
    )
    assert "+ 3 created" in output
    assert "✅ atlan-lineage@" in output
    assert "## Policies" not in (repository.folder / "review" / "review.md").read_text()
    assert "No drift: 2 resources" in output
    assert "- 3 deleted" in output
    assert repository.assets() == before


@pytest.mark.soak
def test_a_repository_of_another_tenant_previews_cleanly(tmp_path: Path, server: LocalAtlan) -> None:
    other = "default/snowflake/1657025258"
    repository = Repository(tmp_path, server, "--base-url", server.base_url, "--connection", other)
    output = repository.shell(repository.printed().replace("pulumi up", "pulumi preview"))
    assert "1 to create" in output  # the stack itself


@pytest.mark.soak
def test_the_lineage_of_sql_files_is_deployed_and_compared(tmp_path: Path, server: LocalAtlan) -> None:
    query = "insert into MART.PUBLIC.ORDERS (ORDER_ID, NET) select ID, AMOUNT from RAW.PUBLIC.ORDERS\n"
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "load_orders.sql").write_text(query)
    arguments = ("--base-url", server.base_url, "--connection", WAREHOUSE, "--from-sql", "sql", "--offline")
    repository = Repository(tmp_path, server, *arguments)
    before = repository.assets()
    start = f"{repository.printed()}\n./ci/derive.sh --check\n"
    output = repository.shell(f"{start}STACK=dev ./ci/preview.sh\n{SETTLED_AND_REMOVED}")
    assert "lineage.yaml is current: 1 process with 2 columns" in output
    assert "- 3 deleted" in output
    assert repository.assets() == before

    (tmp_path / "sql" / "load_orders.sql").write_text(query.replace("AMOUNT", "AMOUNT - DISCOUNT"))
    output = repository.shell("./ci/derive.sh --check", code=2)
    assert re.search(r"^\+ +- DISCOUNT$", output, re.MULTILINE)
    assert "lineage.yaml is not current" in output
    assert "wrote lineage.yaml" in repository.shell("./ci/derive.sh")


@pytest.mark.soak
def test_the_lineage_of_a_dbt_project_is_deployed(tmp_path: Path) -> None:
    with LocalAtlan(seed=ARTIFACTS / "catalog.yaml") as server:
        arguments = ("--base-url", server.base_url, "--connection", "default/postgres/1700000000")
        repository = Repository(tmp_path, server, *arguments, "--from-dbt", str(ARTIFACTS))
        before = repository.assets()
        output = repository.shell(f"{repository.printed()}\n{SETTLED_AND_REMOVED}")
        assert "+ 3 created" in output
        assert "warning" not in output
        assert repository.assets() == before
