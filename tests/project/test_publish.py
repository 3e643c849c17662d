"""`pulumi policy publish` accepts the pack, with a stand-in for Pulumi's service."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import atlan_pulumi.policies
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.policies import RULES

pytestmark = [pytest.mark.engine, pytest.mark.soak]
PACK = Path(atlan_pulumi.policies.__file__).parent / "pack"


class Service(ThreadingHTTPServer):
    """The part of Pulumi's service that `policy publish` calls."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[str] = []
        self.declared: dict[str, object] = {}
        self.archive = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.requests.append(f"{self.command} {self.path}")
        response: dict[str, object] = {}
        if self.path.startswith("/api/user"):
            response = {"githubLogin": "alice", "name": "Alice", "organizations": [{"githubLogin": "acme"}]}
        elif self.command == "PUT":
            self.server.archive = body
        elif self.path.endswith("/policypacks"):
            self.server.declared = json.loads(body)
            response = {"version": 1, "uploadURI": f"{self.server.url}/upload"}
        content = json.dumps(response).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


def test_the_published_pack_has_its_policies_and_files(service: Service, tmp_path: Path) -> None:
    path = [str(provide_engine().folder), str(Path(sys.executable).parent), os.environ["PATH"]]
    done = subprocess.run(
        ["pulumi", "policy", "publish", "acme"],
        cwd=PACK,
        env={
            "HOME": str(tmp_path),
            "PATH": os.pathsep.join(path),
            "PULUMI_BACKEND_URL": service.url,
            "PULUMI_ACCESS_TOKEN": "pul-any",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_HOME": str(tmp_path / ".pulumi"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    declared = service.declared
    assert (declared["name"], declared["runtime"]) == ("atlan-lineage", "python")
    assert [policy["name"] for policy in declared["policies"]] == [rule.name for rule in RULES]  # type: ignore[attr-defined]
    with tarfile.open(fileobj=io.BytesIO(service.archive)) as archive:
        names = {name for name in archive.getnames() if "__pycache__" not in name}
    assert names >= {f"package/{name}" for name in ("PulumiPolicy.yaml", "__main__.py", "requirements.txt")}
    # A newer engine reads the published version afterwards.
    completed = [each for each in service.requests if each.endswith("/complete")]
    assert len(completed) == 1
    assert completed[0].startswith("POST /api/orgs/acme/policypacks/atlan-lineage/versions/")
