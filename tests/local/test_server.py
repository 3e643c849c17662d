"""`LocalAtlan`: start, stop, ports, repeated use, and errors."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading

import httpx
import pytest

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local import LocalAtlan


def test_the_server_is_ready_in_the_block():
    with LocalAtlan() as server:
        assert httpx.get(f"{server.base_url}/_local/stats").status_code == 200
        assert server.base_url.startswith("http://127.0.0.1:")
        assert server.api_key == "local"


def test_the_server_is_stopped_after_the_block():
    before = set(threading.enumerate())
    with LocalAtlan() as server:
        base_url = server.base_url
        assert len(set(threading.enumerate()) - before) >= 1
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)
    assert set(threading.enumerate()) <= before


def test_a_server_can_start_again():
    server = LocalAtlan()
    for _ in range(2):
        with server:
            assert httpx.get(f"{server.base_url}/_local/stats").status_code == 200


def test_a_running_server_cannot_start():
    with LocalAtlan() as server, pytest.raises(LocalAtlanError, match="is already running at"):
        server.start()


def test_stopping_a_stopped_server_is_allowed():
    server = LocalAtlan()
    server.stop()
    with server:
        pass
    server.stop()


@pytest.mark.parametrize(
    "use", [lambda one: one.base_url, lambda one: one.stats(), lambda one: one.fault({})]
)
def test_a_stopped_server_is_an_error(use):
    with pytest.raises(LocalAtlanError, match="is not running"):
        use(LocalAtlan())


def test_repr_has_the_url_without_the_key():
    server = LocalAtlan(api_key="secret-key")
    assert repr(server) == "<LocalAtlan stopped>"
    with server:
        assert server.base_url in repr(server)
        assert "secret-key" not in repr(server)


def test_the_port_can_be_chosen():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with LocalAtlan(port=port) as server:
        assert server.base_url == f"http://127.0.0.1:{port}"


def test_a_port_in_use_is_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalAtlanError, match=f"cannot listen on 127.0.0.1:{port}: .*use another port"):
            LocalAtlan(port=port).start()


def test_an_invalid_port_is_an_error():
    with pytest.raises(LocalAtlanError, match="from 0 to 65535"):
        LocalAtlan(port=70_000).start()


def test_an_exception_in_the_block_stops_the_server():
    server = LocalAtlan()
    with pytest.raises(ValueError, match="mine"), server:
        raise ValueError("mine")
    assert repr(server) == "<LocalAtlan stopped>"


def test_stop_ends_open_connections_and_hanging_requests():
    server = LocalAtlan()
    server.start()
    server.fault({"hang": True})
    client = httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer local"}, timeout=20)
    failed = threading.Event()

    def hang():
        try:
            client.get("/api/service/whoami")
        except httpx.HTTPError:
            failed.set()

    waiting = threading.Thread(target=hang)
    with client:
        waiting.start()
        while not server.stats()["requests"]:
            pass
        server.stop()
        waiting.join(timeout=10)
    assert failed.is_set()


def test_several_servers_can_run():
    with LocalAtlan(api_key="one") as one, LocalAtlan(api_key="two") as two:
        headers = {"authorization": "Bearer one"}
        assert httpx.get(f"{one.base_url}/api/service/whoami", headers=headers).status_code == 200
        assert httpx.get(f"{two.base_url}/api/service/whoami", headers=headers).status_code == 401


def test_a_missing_extra_is_an_import_error():
    code = "import sys; sys.modules['uvicorn'] = None\nfrom atlan_pulumi.local import LocalAtlan"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    message = "the local Atlan needs uvicorn, which is not installed: pip install 'atlan-pulumi[local]'"
    assert last == f"ImportError: {message}"


def test_unknown_names_are_attribute_errors():
    from atlan_pulumi import local

    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        local.Nope  # noqa: B018 - the access is the test
    assert local.Seed is not None


def test_connections_are_kept_alive():
    with LocalAtlan() as server:
        client = httpx.Client(base_url=server.base_url, headers={"authorization": "Bearer local"})
        with client:
            ports = {
                client.get("/api/service/whoami").extensions["network_stream"].get_extra_info("client_addr")
                for _ in range(5)
            }
        assert len(ports) == 1
