"""The fixture `local_atlan`."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest


def total(server):
    return httpx.get(f"{server.base_url}/_local/assets").json()["total"]


def test_the_fixture_starts_empty(local_atlan):
    assert total(local_atlan) == 0
    assert local_atlan.api_key == "local"


@pytest.mark.local_atlan(seed=[{"typeName": "Table", "qualifiedName": "a/b"}], api_key="other")
def test_the_marker_accepts_settings(local_atlan):
    assert total(local_atlan) == 1
    assert local_atlan.api_key == "other"


def test_each_test_has_its_own_server(tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "import httpx, pytest\n"
        "@pytest.mark.parametrize('turn', [1, 2])\n"
        "def test_empty(local_atlan, turn):\n"
        "    assert httpx.get(local_atlan.base_url + '/_local/assets').json()['total'] == 0\n"
        "    table = {'typeName': 'Table', 'attributes': {'name': 'x', 'qualifiedName': 'x'}}\n"
        "    headers = {'authorization': 'Bearer ' + local_atlan.api_key}\n"
        "    url = local_atlan.base_url + '/api/meta/entity/bulk'\n"
        "    assert httpx.post(url, json={'entities': [table]}, headers=headers).status_code == 200\n"
    )
    options = ["-q", "-W", "error", "--strict-markers", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_loading_the_plugin_loads_no_server():
    code = (
        "import sys, atlan_pulumi.local.pytest_plugin\n"
        "print([name for name in ('uvicorn', 'starlette', 'h11', 'sqlite3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
