"""Post a review as one comment on the pull request or merge request, and update the comment at each push.

    python3 ci/comment.py review/review.md

This script uses only the standard library. It also runs if the setup failed, and then says that there is no
review.

It needs `STACK`. On GitHub Actions it also needs `GITHUB_TOKEN`, `PULL_REQUEST`, and `COMMIT`. On GitLab CI
it needs `GITLAB_TOKEN`, a project access token with the scope `api`. GitHub and GitLab set all other
variables.
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

#: The first line of a review, which is hidden. It identifies the comment.
MARKER = "<!-- atlan-pulumi review -->"
NOTHING = f"{MARKER}\n**No review of this commit**: its job ended before the review was created.\n"


class RefusedError(Exception):
    """A request to the API failed. The message says why."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Refuse redirects, so that the token is not sent to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


class Place:
    """The API of the comments."""

    update: str  #: the method that updates a comment
    all: str  #: the URL of all comments
    one: str  #: the URL of a comment, without its id
    run: str  #: the page with the whole review
    commit: str
    headers: dict[str, str]
    opener = urllib.request.build_opener(NoRedirects)

    def is_ours(self, comment: dict[str, Any]) -> bool:
        raise NotImplementedError

    def ask(self, method: str, url: str, text: str | None = None) -> tuple[Any, str]:
        """Send a request. Return the response and its pagination links."""
        asked = f"{method} {url}"
        body = None if text is None else json.dumps({"body": text}).encode()
        headers = {**self.headers, "content-type": "application/json"}
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return json.load(answer), answer.headers.get("link", "")
        except urllib.error.HTTPError as error:
            error.close()
            raise RefusedError(f"{asked} was answered with {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise RefusedError(f"{asked}: {getattr(error, 'reason', error)}") from None
        except ValueError:  # the error text may contain the token
            raise RefusedError(f"{asked}: the token is not one line, or the answer is not JSON") from None


class GitHub(Place):
    """The comments of a pull request. `GITHUB_TOKEN` writes as a bot, which users cannot do."""

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
    """The notes of a merge request. Only the author of a note can change it."""

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
    """Yield all comments, page by page. URLs in responses are not followed."""
    page, links = 1, 'rel="next"'
    while 'rel="next"' in links:
        found, links = place.ask("GET", f"{place.all}?per_page=100&page={page}")
        yield from found
        page += 1


def read(file: Path) -> str:
    """Return the review, or a text that there is none.

    The file comes from a job that ran the program of the branch. A symbolic link could point to the token,
    and GitLab would run a line that begins with a slash as a command.
    """
    if file.parent.is_symlink() or file.is_symlink() or not file.is_file():
        return NOTHING
    return re.sub(r"(?m)^(\s*)/", r"\1\\/", file.read_text(encoding="utf-8", errors="replace"))


def post(place: Place, review: str, stack: str) -> None:
    """Update the comment of the stack, or create it."""
    head = f"{MARKER}\n<!-- {stack} -->\n"
    foot = f"[{place.commit[:8]}: the whole review]({place.run})"
    text = f"{head}{review.removeprefix(MARKER).strip()}\n\n{foot}\n"
    for comment in comments(place):
        if (comment.get("body") or "").startswith(head) and place.is_ours(comment):
            place.ask(place.update, f"{place.one}/{comment['id']}", text)
            return
    place.ask("POST", place.all, text)


#: Variables that identify unsupported CI systems, and the names of the systems.
OTHERS = {
    "TF_BUILD": "Azure Pipelines",
    "BITBUCKET_BUILD_NUMBER": "Bitbucket Pipelines",
    "BUILDKITE": "Buildkite",
    "CIRCLECI": "CircleCI",
    "JENKINS_URL": "Jenkins",
    "GITEA_ACTIONS": "Gitea Actions",
}


def no_token(env: Mapping[str, str], file: Path) -> str:
    """Return why there is no token, in the terms of the CI system, or an empty text if there is one."""
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
