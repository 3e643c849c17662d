"""The site built from docs/: strict, complete, and without external resources."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from project.workflows import ROOT

pytestmark = pytest.mark.soak


def build(folder: Path, config: Path) -> subprocess.CompletedProcess[str]:
    options = ["--config-file", config, "--site-dir", folder]
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *options],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(folder, ROOT / "mkdocs.yml")
    assert done.returncode == 0, done.stderr
    return folder


def test_no_page_loads_external_resources(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    loading = re.compile(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"([^\"]+)\"|<link\b([^>]*)>")
    found = set()
    for page in pages:
        text = page.read_text("utf-8")
        for source, link in loading.findall(text):
            target = source or "".join(re.findall(r'href="([^"]+)"', link))
            if re.match(r"(https?:)?//", target):
                found.add(target)
        assert 'data-md-component="source"' not in text  # it would call GitHub's API
    assert found == set()


def test_the_search_finds_every_page(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text())
    places = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert places >= {"", "quickstart/", "tutorial/", "ownership/", "reference/process/", "design/"}


def test_a_link_out_of_docs_leads_to_the_repository(site: Path) -> None:
    text = (site / "ci/index.html").read_text()
    assert 'atlan-pulumi/blob/main/stacks/infra_repo_example/README.md"' in text
    assert 'href="../stacks' not in text


def test_the_site_does_not_contain_its_sources(site: Path) -> None:
    assert list(site.rglob("*.py")) == []
    assert not (site / "theme").exists()


@pytest.mark.parametrize("link", ["none.md", "quickstart.md#none", "../none.txt"])
def test_a_broken_link_fails_the_build(tmp_path: Path, link: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(f"# Home\n\n[broken]({link}) [fine](quickstart.md)\n")
    (docs / "quickstart.md").write_text("# Quickstart\n")
    text = (ROOT / "mkdocs.yml").read_text().partition("\nnav:")[0]
    text = text.replace("docs/site_links.py", str(ROOT / "docs/site_links.py"))
    (tmp_path / "mkdocs.yml").write_text(text.replace("docs/theme", str(ROOT / "docs/theme")))

    done = build(tmp_path / "site", tmp_path / "mkdocs.yml")

    assert done.returncode == 1
    assert re.search(r"Aborted with [12] warnings in strict mode", done.stdout + done.stderr)
    assert link.partition("#")[0] in done.stderr
