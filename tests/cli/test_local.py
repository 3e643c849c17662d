"""`atlan-pulumi local`: output, stop, options, and errors."""

from __future__ import annotations

import signal
import socket
import subprocess

import httpx
import pytest
from support.command import ATLAN_PULUMI

COMMAND = [ATLAN_PULUMI, "local"]


def start(*arguments):
    child = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    lines = {}
    for line in child.stdout:
        name, _, value = line.strip().rpartition("  ")
        lines[name.strip()] = value.strip()
        if line.strip().startswith("export"):
            break
    return child, lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_stopped(number):
    child, lines = start("--port", "0")
    with child:
        assert httpx.get(f"{lines['base URL']}/_local/stats").status_code == 200
        assert lines["page"] == f"{lines['base URL']}/"
        assert lines["API key"] == "local"
        child.send_signal(number)
        out, err = child.communicate(timeout=20)
    assert (child.returncode, out, err) == (0, "", "")


def test_options_set_the_settings(tmp_path):
    seed = tmp_path / "catalog.yaml"
    seed.write_text("entities: [{typeName: Table, qualifiedName: a/b}]")
    database = tmp_path / "atlan.db"
    options = (
        "--seed",
        str(seed),
        "--db",
        str(database),
        "--api-key",
        "k",
        "--latency-ms",
        "1",
        "--rate-limit",
        "2",
    )
    child, lines = start("--port", "0", *options)
    with child:
        headers = {"authorization": "Bearer k"}
        base_url = lines["base URL"]
        assert httpx.get(f"{base_url}/_local/assets").json()["total"] == 1
        statuses = [
            httpx.get(f"{base_url}/api/service/whoami", headers=headers).status_code for _ in range(3)
        ]
        assert statuses == [200, 200, 429]
        child.terminate()
        child.communicate(timeout=20)
    assert child.returncode == 0
    assert database.exists()


def run(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_a_port_in_use_is_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"atlan-pulumi: cannot listen on 127.0.0.1:{port}")


def test_an_invalid_seed_is_an_error(tmp_path):
    seed = tmp_path / "catalog.yaml"
    seed.write_text("connections: [{name: x}]")
    done = run("--port", "0", "--seed", str(seed))
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "connections[0].connector: is missing" in line


def test_the_sample_is_the_catalog_of_the_examples():
    child, lines = start("--port", "0", "--sample")
    with child:
        found = httpx.get(f"{lines['base URL']}/_local/assets?query=ORDERS").json()
        child.terminate()
        child.communicate(timeout=20)
    assert "default/snowflake/1657025257/RAW/PUBLIC/ORDERS" in str(found)


def test_a_seed_and_the_sample_are_an_error(tmp_path):
    done = run("--port", "0", "--sample", "--seed", str(tmp_path / "catalog.yaml"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == "atlan-pulumi: set --seed or --sample, not both"


CRAWLED = """
connections:
  - {name: warehouse, connector: snowflake, qualified_name: default/snowflake/1657025257,
     databases: [{name: RAW, schemas: [{name: PUBLIC, tables: [{name: ORDERS}]}]}]}
"""


def test_a_catalog_is_crawled_into_a_running_server(tmp_path):
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text(CRAWLED)
    child, lines = start("--port", "0")
    with child:
        done = run("crawl", str(catalog), "--url", lines["base URL"])
        again = run("crawl", str(catalog), "--url", lines["base URL"], "--archive-unpublished")
        child.terminate()
        child.communicate(timeout=20)
    assert done.stdout == "Published 4 assets: 4 created, 0 promoted, 0 restored, 0 archived.\n"
    assert again.stdout == "Published 4 assets: 0 created, 0 promoted, 0 restored, 0 archived.\n"


def test_a_crawl_without_a_server_or_a_catalog_is_one_line(tmp_path):
    catalog = tmp_path / "catalog.yaml"
    catalog.write_text(CRAWLED)
    done = run("crawl", str(catalog), "--url", "http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "atlan-pulumi: no local Atlan answers at http://127.0.0.1:9: start one with `atlan-pulumi local`"
    )
    catalog.write_text("connections: [{name: x}]")
    assert run("crawl", str(catalog)).stderr.strip() == (
        f"atlan-pulumi: cannot crawl from {catalog}: connections[0].connector: is missing"
    )


def test_help_lists_the_options():
    done = run("--help")
    assert done.returncode == 0
    for option in ("--port", "--db", "--seed", "--sample", "--api-key", "--latency-ms", "--rate-limit"):
        assert option in done.stdout
