"""Posts a review as one comment on the pull request or merge request, and renews that comment at each push.

    python3 ci/comment.py review/review.md

With the standard library alone: it also runs where the set-up failed, and then says that there is no review.

GitHub Actions: `GITHUB_TOKEN`, and `PULL_REQUEST` and `COMMIT`, which it is about. GitLab CI: `GITLAB_TOKEN`,
an access token of the project with the scope `api`. And `STACK`. All else both set by themselves.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

#: The line that a review begins with, and by which its comment is found again; nobody sees it.
MARKER = "<!-- atlan-pulumi review -->"
NOTHING = f"{MARKER}\n**No review of this commit**: its job ended before it could tell what changes.\n"


class RefusedError(Exception):
    """What was asked of the API was not done; the text says why."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Else the token would be sent on, to whatever host an answer names."""

    def redirect_request(self, *_: object) -> None:
        return None


class Place:
    """Where the comments are, and as whom they are written."""

    update: str  #: the method that changes a comment
    all: str  #: the address of all comments
    one: str  #: the address before the id of one
    run: str  #: the page on which the whole review is found
    commit: str
    headers: dict[str, str]
    opener = urllib.request.build_opener(NoRedirects)

    def is_ours(self, comment: dict[str, Any]) -> bool:
        raise NotImplementedError

    def ask(self, method: str, url: str, text: str | None = None) -> tuple[Any, str]:
        """The answer, and the links to more of it."""
        asked = f"{method} {url}"
        body = None if text is None else json.dumps({"body": text}).encode()
        headers = {**self.headers, "content-type": "application/json"}
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - the CI's own API
        try:
            with self.opener.open(request, timeout=60) as answer:
                return json.load(answer), answer.headers.get("link", "")
        except urllib.error.HTTPError as error:
            error.close()
            raise RefusedError(f"{asked} was answered with {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise RefusedError(f"{asked}: {getattr(error, 'reason', error)}") from None
        except ValueError:  # whose text may be the token
            raise RefusedError(f"{asked}: the token is not one line, or the answer is not JSON") from None


class GitHub(Place):
    """A pull request's comments. `GITHUB_TOKEN` writes as a bot, and no outsider can."""

    update = "PATCH"

    def __init__(self, env: Mapping[str, str]) -> None:
        self.headers = {"authorization": f"Bearer {env['GITHUB_TOKEN']}"}
        repository = f"repos/{env['GITHUB_REPOSITORY']}"
        self.all = f"{env['GITHUB_API_URL']}/{repository}/issues/{env['PULL_REQUEST']}/comments"
        self.one = f"{env['GITHUB_API_URL']}/{repository}/issues/comments"
        self.run = (
            f"{env['GITHUB_SERVER_URL']}/{env['GITHUB_REPOSITORY']}/actions/runs/{env['GITHUB_RUN_ID']}"
        )
        self.commit = env["COMMIT"]

    def is_ours(self, comment: dict[str, Any]) -> bool:
        return bool((comment.get("user") or {}).get("type") == "Bot")


class GitLab(Place):
    """A merge request's notes. Only who wrote a note can change it."""

    update = "PUT"

    def __init__(self, env: Mapping[str, str]) -> None:
        self.headers = {"private-token": env["GITLAB_TOKEN"]}
        request = f"{env['CI_MERGE_REQUEST_PROJECT_ID']}/merge_requests/{env['CI_MERGE_REQUEST_IID']}"
        self.all = self.one = f"{env['CI_API_V4_URL']}/projects/{request}/notes"
        self.user = f"{env['CI_API_V4_URL']}/user"
        self.run = env["CI_PIPELINE_URL"]
        self.commit = env["CI_COMMIT_SHA"]

    def is_ours(self, comment: dict[str, Any]) -> bool:
        me, _ = self.ask("GET", self.user)
        return bool((comment.get("author") or {}).get("id") == me["id"])


def comments(place: Place) -> Iterator[dict[str, Any]]:
    """All comments, page by page; never by an address that an answer names."""
    page, links = 1, 'rel="next"'
    while 'rel="next"' in links:
        found, links = place.ask("GET", f"{place.all}?per_page=100&page={page}")
        yield from found
        page += 1


def read(file: Path) -> str:
    """The review, or that there is none.

    It comes from a job that ran the branch's program. A link in its place could lead to the token here; and
    a line that begins with a slash would be a command to GitLab.
    """
    if file.parent.is_symlink() or file.is_symlink() or not file.is_file():
        return NOTHING
    return re.sub(r"(?m)^(\s*)/", r"\1\\/", file.read_text(encoding="utf-8", errors="replace"))


def post(place: Place, review: str, stack: str) -> None:
    """Renew the stack's comment where there is one, else make it."""
    head = f"{MARKER}\n<!-- {stack} -->\n"
    foot = f"[{place.commit[:8]}: the whole review]({place.run})"
    text = f"{head}{review.removeprefix(MARKER).strip()}\n\n{foot}\n"
    for comment in comments(place):
        if (comment.get("body") or "").startswith(head) and place.is_ours(comment):
            place.ask(place.update, f"{place.one}/{comment['id']}", text)
            return
    place.ask("POST", place.all, text)


#: What tells a CI system that this script cannot write on, and what it is called.
OTHERS = {
    "TF_BUILD": "Azure Pipelines",
    "BITBUCKET_BUILD_NUMBER": "Bitbucket Pipelines",
    "BUILDKITE": "Buildkite",
    "CIRCLECI": "CircleCI",
    "JENKINS_URL": "Jenkins",
    "GITEA_ACTIONS": "Gitea Actions",
}


def no_token(env: Mapping[str, str], file: Path) -> str:
    """Why there is no token to write with, in the words of the CI system; empty if there is one."""
    if "GITHUB_ACTIONS" in env and "GITEA_ACTIONS" not in env:
        how = "give this step `GITHUB_TOKEN: ${{ github.token }}`, and its job `pull-requests: write`"
        return "" if env.get("GITHUB_TOKEN", "").strip() else f"GitHub Actions: there is no token: {how}"
    if "GITLAB_CI" in env or "CI_API_V4_URL" in env:
        how = "add a project access token with the scope `api` as the CI/CD variable GITLAB_TOKEN"
        return "" if env.get("GITLAB_TOKEN", "").strip() else f"GitLab CI: there is no token: {how}"
    system = next((f"{name}: " for mark, name in OTHERS.items() if mark in env), "")
    what = "there is no token of GitHub Actions or GitLab CI, the two that this script can write on"
    return f"{system}{what}: post {file} in another way"


def main() -> None:
    file, env = Path(sys.argv[1]), os.environ
    if problem := no_token(env, file):
        sys.exit(f"comment: {problem}")
    try:
        place, stack = GitHub(env) if "GITHUB_ACTIONS" in env else GitLab(env), env["STACK"]
    except KeyError as error:
        sys.exit(f"comment: the variable {error} is not set")
    try:
        post(place, read(file), stack)
    except (RefusedError, OSError) as error:
        sys.exit(f"comment: {error}")


if __name__ == "__main__":
    main()
