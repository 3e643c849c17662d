"""TLS, and the environment's proxy and certificate settings."""

from collections.abc import Callable
from pathlib import Path

import pytest
from client.certificates import self_signed, server_context, signed_by_authority
from client.clocks import LeapingClock
from client.forward_proxy import ForwardProxy
from client.scripted_server import ScriptedServer, close, respond
from secrecy.searching import hits_in

from atlan_pulumi.client import AtlanClient, NetworkError, TlsError
from atlan_pulumi.errors import ConfigurationError

FOUND = respond({"entity": {"typeName": "Table", "guid": "g"}})
NewServer = Callable[..., ScriptedServer]
NewClient = Callable[..., AtlanClient]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"))


def test_a_configured_certificate_authority_is_trusted(
    certificate: Path,
    new_server: NewServer,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    api_key: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = new_server(close, FOUND, tls=server_context(certificate))
    assert new_client(server).entities.get("g") is not None
    assert server.received[1].headers["authorization"] == f"Bearer {api_key}"


def test_an_untrusted_certificate_is_an_error_without_retry(
    certificate: Path, new_server: NewServer, new_client: NewClient, clock: LeapingClock
) -> None:
    server = new_server(FOUND, tls=server_context(certificate))
    with pytest.raises(
        TlsError, match=r"TLS failed: the certificate is not trusted \(.*SSL_CERT_FILE"
    ) as caught:
        new_client(server).entities.get("g")
    assert (clock.slept, server.received, caught.value.attempts) == ([], [], 1)


def test_a_server_without_tls_is_an_error_without_retry(
    new_server: NewServer, new_client: NewClient, clock: LeapingClock
) -> None:
    server = new_server(FOUND, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with pytest.raises(TlsError, match=r"TLS failed: this port speaks http, not https .*check the port"):
        new_client(f"https://127.0.0.1:{server.port}").entities.get("g")
    assert (clock.slept, server.received) == ([], [])


# If the peer resets the connection before the handshake, CPython leaves the socket to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_a_connection_closed_in_the_handshake_is_retried(
    certificate: Path, new_server: NewServer, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = new_server(FOUND, tls=server_context(certificate), refused_connections=2)
    assert new_client(server).entities.get("g") is not None


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_unencrypted_requests_bypass_proxies(
    variable: str, new_server: NewServer, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = new_server(FOUND), new_server(FOUND)
    monkeypatch.setenv(variable, proxy.base_url)
    assert new_client(server).entities.get("g") is not None
    assert (len(proxy.received), len(server.received)) == (0, 1)


def test_a_proxy_does_not_see_the_key(
    new_server: NewServer, new_client: NewClient, monkeypatch: pytest.MonkeyPatch, api_key: str
) -> None:
    proxy = new_server(respond("no", 407))
    monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
    with pytest.raises(NetworkError, match=r"the proxy refused the connection \(407.*HTTPS_PROXY.*NO_PROXY"):
        new_client("https://tenant.example").entities.get("g")
    assert proxy.received[0].method == "CONNECT"
    assert proxy.received[0].target == "tenant.example:443"
    assert hits_in(repr(proxy.received), api_key) == []


@pytest.mark.parametrize("login", [("", ""), ("ann", "proxy-password")])
def test_requests_pass_a_forward_proxy_to_a_server_of_a_private_authority(
    login: tuple[str, str],
    tmp_path: Path,
    new_server: NewServer,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    api_key: str,
) -> None:
    """The proxy sees the host, and neither the key nor the request."""
    authority, certificate = signed_by_authority(tmp_path)
    server = new_server(FOUND, tls=server_context(certificate))
    with ForwardProxy(*login) as proxy:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        client = new_client(server)
        assert client.entities.get("g") is not None
        client.close()
    assert proxy.tunnels == [f"127.0.0.1:{server.port}"]
    assert server.received[0].headers["authorization"] == f"Bearer {api_key}"
    assert len(proxy.relayed) > 100
    assert hits_in(repr(bytes(proxy.relayed)), api_key) == []


def test_a_proxy_that_refuses_the_password_is_an_error_without_it(
    new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ForwardProxy("ann", "proxy-password") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("proxy-password", "wrong-password"))
        with pytest.raises(
            NetworkError, match=r"refused the connection \(407.*its user and password"
        ) as caught:
            new_client("https://tenant.example").entities.get("g")
    assert set(proxy.tunnels) == {"tenant.example:443"}
    assert "wrong-password" not in str(caught.value)


def test_no_proxy_is_honored(
    certificate: Path, new_server: NewServer, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = new_server(FOUND), new_server(FOUND, tls=server_context(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert new_client(server).entities.get("g") is not None
    assert (len(proxy.received), len(server.received)) == (0, 1)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "gopher://user:proxy-password@127.0.0.1:1"),
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
    ],
)
def test_invalid_proxy_and_certificate_settings_are_errors(
    variable: str, value: str, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=f"cannot be used.*{variable}") as caught:
        new_client("https://tenant.example")
    assert "proxy-password" not in str(caught.value)
