"""The files of the page."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import httpx

from atlan_pulumi.local import LocalAtlan

PAGE = Path(__file__).parents[3] / "atlan_pulumi/local/page"
VENDOR = PAGE / "vendor"
SOURCES = [path for path in PAGE.rglob("*") if path.is_file() and VENDOR not in path.parents]


def imports(path):
    return re.findall(r'^(?:import .*|}) from "(\.[^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE)


def test_third_party_files_match_the_readme():
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    assert named == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}


def test_third_party_files_have_a_license_and_no_urls():
    for path in VENDOR.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert "http" not in text
        assert "sourceMappingURL" not in text
        licence = VENDOR / f"{path.name.split('.')[0]}.LICENSE.txt"
        assert "Permission is hereby granted" in licence.read_text(encoding="utf-8")


def test_every_imported_file_exists():
    scripts = [path for path in SOURCES if path.suffix == ".js"]
    named = [(path.parent / target).resolve() for path in scripts for target in imports(path)]
    assert len(named) > len(scripts)
    assert [path for path in named if not path.is_file()] == []


def test_the_page_has_no_inline_script_style_or_handler():
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert "<style" not in html
    assert re.findall(r"\s(?:on\w+|style)=", html) == []


def test_the_page_refers_to_no_other_host():
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    addresses = {url for text in texts for url in re.findall(r"https?://[\w.]+", text)}
    assert addresses == {"http://www.w3.org"}, "the name of SVG, which is never asked for"


def test_all_files_are_served_with_their_content_type():
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
    with LocalAtlan() as server, httpx.Client(base_url=server.base_url) as client:
        for path in SOURCES:
            answer = client.get(f"/_local/static/{path.relative_to(PAGE).as_posix()}")
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(types[path.suffix])
        assert client.get("/").text == (PAGE / "index.html").read_text(encoding="utf-8")
