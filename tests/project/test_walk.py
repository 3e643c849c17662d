"""The README's first deployment, the quickstart, the tutorial, and the testing page, run as written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from project.workflows import ROOT

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import SAMPLE, LocalAtlan

pytestmark = pytest.mark.engine
README = (ROOT / "README.md").read_text()
QUICKSTART = (ROOT / "docs/quickstart.md").read_text()
TUTORIAL = (ROOT / "docs/tutorial.md").read_text()
TESTING = (ROOT / "docs/testing.md").read_text()
#: Answers the prompts of `pulumi`.
READER = """
pulumi() {
    case "$1 $2" in
    "up "* | "destroy "* | "stack rm") command pulumi "$@" --yes ;;
    *) command pulumi "$@" ;;
    esac
}
"""


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


class Reader:
    """Runs the commands of a page in a folder, against a local Atlan."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = [str(provide_engine().folder), str(Path(sys.executable).parent), os.environ["PATH"]]
        names = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
        self.environment = {
            "HOME": str(folder),
            "PATH": os.pathsep.join(path),
            "PULUMI_HOME": f"{folder}/.pulumi-home",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **{f"GIT_{name}": "reader" for name in names},
        }

    def use(self, server: LocalAtlan) -> None:
        """Set the variables that the quickstart exports, for this server."""
        self.environment |= {
            "ATLAN_BASE_URL": server.base_url,
            "ATLAN_API_KEY": server.api_key,
            "ATLAN_REQUESTS_PER_MINUTE": "0",
            "PULUMI_BACKEND_URL": f"file://{self.folder}/.state",
            "PULUMI_CONFIG_PASSPHRASE": "quickstart",
        }

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def run(self, script: str, code: int = 0) -> str:
        done = subprocess.run(
            ["bash", "-e", "-c", READER + script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    (project,) = blocks(QUICKSTART, "yaml")
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    assert "atlan-pulumi local --sample" in QUICKSTART
    with LocalAtlan(seed=SAMPLE) as server:
        reader = Reader(tmp_path)
        reader.use(server)
        reader.write("Pulumi.yaml", project)
        (program,) = blocks(QUICKSTART, "python")
        reader.write("__main__.py", program)
        yield reader


def test_the_first_deployment_of_the_readme_needs_nothing_else(tmp_path: Path) -> None:
    section = README.partition("## Your first deployment")[2].partition("\n## ")[0]
    create, start, deploy = blocks(section, "sh")
    (program,) = blocks(section, "python")
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    reader = Reader(tmp_path)
    reader.run(next(line for line in create.splitlines() if line.startswith("printf")))
    reader.write("__main__.py", program)
    assert start.splitlines() == [". .venv/bin/activate && atlan-pulumi local --sample"]
    with LocalAtlan(seed=SAMPLE) as server:
        own = {"http://127.0.0.1:8585": server.base_url, "login --local": f"login file://{tmp_path}"}
        for printed, instead in own.items():  # `--local` is the user's home according to the system
            assert printed in deploy
            deploy = deploy.replace(printed, instead)
        output = reader.run(f"{deploy}\npulumi preview --expect-no-changes\npulumi destroy")
    assert "+ 4 created" in output
    assert "- 4 deleted" in output


@pytest.mark.soak
def test_the_tutorial_has_the_documented_results(reader: Reader) -> None:
    deploy = next(block for block in blocks(QUICKSTART, "sh") if "stack init" in block)
    output = reader.run("\n".join(line for line in deploy.splitlines() if not line.startswith("export")))
    assert "+ 4 created" in output

    preview, add, drift, back, repository, change, check, clean = blocks(TUTORIAL, "sh")
    program = (reader.folder / "__main__.py").read_text()
    reader.write("__main__.py", program.replace("RAW/PUBLIC/ORDERS", "RAW/PUBLIC/ORDER"))
    output = reader.run(preview, code=1)
    (error, table) = blocks(TUTORIAL, "console")
    assert " ".join(error.split()) in " ".join(output.split())

    (more,) = blocks(TUTORIAL, "python")
    reader.write("__main__.py", program + "\n" + more)
    assert "5 unchanged" in reader.run(add)
    output = reader.run(drift, code=2)
    assert table.splitlines()[-2] in output.splitlines()
    assert '"Load orders" → "Load orders (old)"' in table
    assert '"Load orders" → "Load orders (old)"' in output
    assert "~ 1 updated" in reader.run(back)

    reader.run(repository)
    reader.write("__main__.py", program)
    reader.run(change)
    summary = re.findall(r"^> (.+)$", TUTORIAL, re.MULTILINE)
    review = (reader.folder / "review/review.md").read_text().splitlines()
    assert len(summary) == 4
    assert [line for line in summary if line not in review] == []
    assert "BI/PUBLIC/ORDERS" in "\n".join(review)

    (rules,) = blocks(TUTORIAL, "json")
    reader.write("lineage-policies.json", rules)
    reader.run(check)
    assert "- 5 deleted" in reader.run(clean)


@pytest.mark.soak
def test_the_examples_of_the_testing_page_pass(reader: Reader) -> None:
    reader.write("test_lineage.py", "\n".join(blocks(TESTING, "python")))
    assert "3 passed" in reader.run("python -m pytest -q -p no:cacheprovider")
