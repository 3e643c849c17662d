"""The example repo's `ci/comment.py` with servers that behave like GitHub's and GitLab's APIs."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

SCRIPT = Path(__file__).parents[2] / "stacks" / "infra_repo_example" / "ci" / "comment.py"
MARKER = "<!-- atlan-pulumi review -->"
REVIEW = f"{MARKER}\n## Lineage\n\n2 added\n"
TOKEN = "canary-7f3a"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PAGE = 2
"""Comments per page: few, to get several pages."""


class Forge:
    """The comments of a pull request, and the requests."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.refuses = ""
        self.sends_to = ""
        """The target of redirects."""
        self.raw: bytes | None = None
        """A response other than JSON."""
        self.base_url = ""

    def add(self, body: str, *, ours: bool) -> dict[str, Any]:
        user = {"type": "Bot" if ours else "User"}
        made = {"id": len(self.comments) + 100, "body": body, "user": user, "author": {"id": int(ours)}}
        self.comments.append(made)
        return made

    @property
    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    def answer(self, method: str, path: str, page: int, body: str) -> tuple[int, Any, str]:
        """Return the status, the response, and the URL of the next page."""
        if method == self.refuses:
            return 403, {"message": "Resource not accessible by integration"}, ""
        if path == "/user":
            return 200, {"id": 1}, ""
        if method == "GET":
            more = f"{self.base_url}{path}?page={page + 1}" if page * PAGE < len(self.comments) else ""
            return 200, self.comments[(page - 1) * PAGE : page * PAGE], more
        if method == "POST":
            return 201, self.add(body, ours=True), ""
        (found,) = (each for each in self.comments if path.endswith(f"/{each['id']}"))
        found["body"] = body
        return 200, found, ""


@contextmanager
def served(forge: Forge) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            url = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            forge.asked.append(f"{self.command} {url.path}")
            page = int(parse_qs(url.query).get("page", ["1"])[0])
            token = (self.headers.get("authorization", ""), self.headers.get("private-token", ""))
            assert token in ((f"Bearer {TOKEN}", ""), ("", TOKEN))
            body = json.loads(sent)["body"] if sent else ""
            status, answer, more = forge.answer(self.command, url.path, page, body)
            self.send_response(307 if forge.sends_to else status)
            if forge.sends_to:
                self.send_header("location", f"{forge.sends_to}{url.path}")
            if more:
                self.send_header("link", f'<{more}>; rel="next", <{more}>; rel="last"')
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode() if forge.raw is None else forge.raw)

        do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815 - as the base class calls them

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        forge.base_url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


def github(url: str) -> dict[str, str]:
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": url,
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_RUN_ID": "12",
        "GITHUB_TOKEN": TOKEN,
        "PULL_REQUEST": "7",
        "COMMIT": COMMIT,
    }


def gitlab(url: str) -> dict[str, str]:
    return {
        "CI_API_V4_URL": url,
        "CI_MERGE_REQUEST_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PIPELINE_URL": "https://gitlab.com/acme/shop/-/pipelines/12",
        "CI_COMMIT_SHA": COMMIT,
        "GITLAB_TOKEN": TOKEN,
    }


PLACES = {"github": github, "gitlab": gitlab}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def forge() -> Iterator[Forge]:
    forge = Forge()
    with served(forge):
        yield forge


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("infra_repo_comment", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Run = Callable[..., object]


@pytest.fixture
def run(script: ModuleType, forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the script, and return None or its error message."""

    def call(
        place: str, review: str | Path | None = REVIEW, *, without: str = "", **variables: str
    ) -> object:
        file = tmp_path / "review.md"
        file.unlink(missing_ok=True)
        if isinstance(review, str):
            file.write_text(review, encoding="utf-8")
        env = {**PLACES[place](forge.base_url), "STACK": "prod", "NO_PROXY": "127.0.0.1", **variables}
        env.pop(without, None)
        monkeypatch.setattr("os.environ", env)
        monkeypatch.setattr("sys.argv", [str(SCRIPT), str(review if isinstance(review, Path) else file)])
        try:
            script.main()
        except SystemExit as end:
            return end.code
        return None

    return call


def test_the_first_review_creates_a_comment(forge: Forge, place: str, run: Run) -> None:
    forge.add("Looks good to me", ours=False)
    assert run(place) is None
    _, made = forge.bodies
    assert made.startswith(f"{MARKER}\n<!-- prod -->\n## Lineage\n\n2 added\n")
    assert re.search(r"\n\n\[01234567: the whole review\]\(https://.*12\)\n$", made)


def test_the_next_review_updates_the_comment_on_any_page(forge: Forge, place: str, run: Run) -> None:
    for number in range(PAGE):
        forge.add(f"Comment {number}", ours=number % 2 == 0)
    run(place)
    forge.add("Please explain", ours=False)
    run(place, REVIEW.replace("2 added", "1 removed"))
    assert len(forge.comments) == PAGE + 2
    assert "1 removed" in forge.bodies[PAGE]
    assert "2 added" not in "".join(forge.bodies)
    assert forge.asked[-1].split()[0] == {"github": "PATCH", "gitlab": "PUT"}[place]


def test_comments_of_other_users_are_not_changed(forge: Forge, place: str, run: Run) -> None:
    """Its author could change the review in it."""
    theirs = forge.add(f"{MARKER}\n<!-- prod -->\nAll is well", ours=False)["body"]
    run(place)
    assert forge.bodies[0] == theirs
    assert "2 added" in forge.bodies[1]


def test_each_stack_has_its_own_comment(forge: Forge, place: str, run: Run) -> None:
    for stack in ("prod", "dev", "prod", "dev"):
        run(place, f"{REVIEW}in {stack}\n", STACK=stack)
    assert len(forge.comments) == 2
    assert ["in prod" in body for body in forge.bodies] == [True, False]


def test_a_missing_review_replaces_the_last_one(forge: Forge, place: str, run: Run) -> None:
    run(place)
    run(place, None)
    (body,) = forge.bodies
    assert "No review of this commit" in body
    assert "2 added" not in body


def test_comments_without_author_or_text_are_skipped(forge: Forge, place: str, run: Run) -> None:
    orphan = forge.add(f"{MARKER}\n<!-- prod -->\nOf old", ours=False)
    orphan |= {"user": None, "author": None}
    forge.add("", ours=True)["body"] = None
    assert run(place) is None
    assert orphan["body"].endswith("Of old")
    assert "2 added" in forge.bodies[2]


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_symbolic_link_is_refused_as_a_review(
    forge: Forge, place: str, run: Run, tmp_path: Path, linked: str
) -> None:
    """The job that writes the review runs the branch's program, which could create a link to the token."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "review.md").write_text(f"PRIVATE={TOKEN}")
    review = tmp_path / "review"
    if linked == "folder":
        review.symlink_to(folder)
    else:
        review.mkdir()
        (review / "review.md").symlink_to(folder / "review.md")
    assert run(place, review / "review.md") is None
    (body,) = forge.bodies
    assert "No review of this commit" in body
    assert TOKEN not in body


def test_no_line_of_a_review_is_a_quick_action(forge: Forge, place: str, run: Run) -> None:
    """GitLab executes lines that start with a slash."""
    run(place, f"{REVIEW}/close\n  /assign me\nRAW/ORDERS\n")
    (body,) = forge.bodies
    assert not re.search(r"(?m)^\s*/", body)
    assert "RAW/ORDERS" in body


def test_the_comment_script_needs_only_the_standard_library() -> None:
    """So that it runs with any Python, even if the setup failed."""
    imported = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text())):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            imported.add(node.module.split(".")[0])
    assert "urllib" in imported
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 9), (3, 12)])
def test_the_comment_script_runs_on_older_pythons(version: tuple[int, int]) -> None:
    ast.parse(SCRIPT.read_text(), feature_version=version)


def test_the_comment_script_runs_without_packages(forge: Forge, place: str, tmp_path: Path) -> None:
    """Without installed packages, in a folder without a setup."""
    env = {**PLACES[place](forge.base_url), "STACK": "prod", "NO_PROXY": "127.0.0.1"}
    bare = [sys.executable, "-I", "-S", str(SCRIPT), "review/review.md"]
    done = subprocess.run(bare, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (body,) = forge.bodies
    assert "No review of this commit" in body


def test_the_token_is_not_sent_to_another_host(forge: Forge, place: str, run: Run) -> None:
    other = Forge()
    with served(other):
        forge.sends_to = other.base_url
        said = str(run(place))
    assert re.fullmatch(r"comment: GET \S+ was answered with 307", said)
    assert other.asked == []


def test_the_next_page_is_read_only_from_the_api(
    forge: Forge, place: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(PAGE + 1):
        forge.add(f"Comment {number}", ours=False)
    real, forge_url = forge.answer, forge.base_url
    other = Forge()
    with served(other):

        def answer(*asked: Any) -> tuple[int, Any, str]:
            status, found, more = real(*asked)
            return status, found, more.replace(forge_url, other.base_url)

        monkeypatch.setattr(forge, "answer", answer)
        assert run(place) is None
    assert other.asked == []
    assert [asked.split()[0] for asked in forge.asked] == ["GET", "GET", "POST"]


def test_a_response_that_is_not_json_is_reported_in_one_line(forge: Forge, place: str, run: Run) -> None:
    forge.raw = b"<html>Log in"
    said = str(run(place))
    assert re.fullmatch(r"comment: GET \S+: the token is not one line, or the answer is not JSON", said)


@pytest.mark.parametrize(("place", "name"), [("github", "GITHUB_TOKEN"), ("gitlab", "GITLAB_TOKEN")])
def test_an_invalid_token_is_not_shown(forge: Forge, run: Run, place: str, name: str) -> None:
    said = str(run(place, **{name: f"{TOKEN}\nmore"}))
    assert re.fullmatch(r"comment: GET \S+: the token is not one line, .+", said)
    assert forge.asked == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_reported_in_one_line_without_the_token(
    forge: Forge, place: str, run: Run, method: str
) -> None:
    forge.refuses = method
    said = str(run(place))
    assert re.fullmatch(rf"comment: {method} http://127\.0\.0\.1:\S+ was answered with 403", said)
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("github", "PULL_REQUEST"),
        ("github", "STACK"),
        ("gitlab", "CI_MERGE_REQUEST_IID"),
    ],
    indirect=["place"],
)
def test_a_missing_variable_is_named(forge: Forge, place: str, run: Run, name: str) -> None:
    assert run(place, without=name) == f"comment: the variable '{name}' is not set"
    assert forge.asked == []


TOKENS = {"github": "GITHUB_TOKEN", "gitlab": "GITLAB_TOKEN"}
NO_TOKEN = {
    "github": "comment: GitHub Actions: there is no token: give this step "
    "`GITHUB_TOKEN: ${{ github.token }}`, and its job `pull-requests: write`",
    "gitlab": "comment: GitLab CI: there is no token: add a project access token with the scope `api` as the "
    "CI/CD variable GITLAB_TOKEN",
}


@pytest.mark.parametrize("given", [None, "", " \n"])
def test_a_missing_token_is_reported_with_advice_for_the_ci_system(
    forge: Forge, place: str, run: Run, given: str | None
) -> None:
    name = TOKENS[place]
    variables = {} if given is None else {name: given}
    assert run(place, without=name if given is None else "", **variables) == NO_TOKEN[place]
    assert forge.asked == []


@pytest.mark.parametrize(
    ("variables", "system"),
    [
        ({"TF_BUILD": "True"}, "Azure Pipelines: "),
        ({"BITBUCKET_BUILD_NUMBER": "1"}, "Bitbucket Pipelines: "),
        ({"BUILDKITE": "true"}, "Buildkite: "),
        ({"CIRCLECI": "true"}, "CircleCI: "),
        ({"JENKINS_URL": "https://ci.example.com"}, "Jenkins: "),
        ({"GITEA_ACTIONS": "true", "GITHUB_ACTIONS": "true"}, "Gitea Actions: "),
        ({}, ""),
    ],
)
def test_an_unsupported_ci_system_is_reported(
    script: ModuleType, tmp_path: Path, variables: dict[str, str], system: str
) -> None:
    file = tmp_path / "review.md"
    what = "there is no token of GitHub Actions or GitLab CI, the two that this script can write on"
    assert script.no_token(variables, file) == f"{system}{what}: post {file} in another way"


def test_an_unresponsive_server_is_reported_in_one_line(forge: Forge, run: Run) -> None:
    with served(forge):
        pass  # the address is closed now
    assert re.fullmatch(r"comment: .+", str(run("gitlab")))
