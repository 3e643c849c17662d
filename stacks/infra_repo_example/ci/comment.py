"""Posts a review as one comment on the pull request or merge request, and renews that comment at each push.

    .venv/bin/python ci/comment.py review/review.md

GitHub Actions: `GITHUB_TOKEN`, and `PULL_REQUEST` and `COMMIT`, which it is about. GitLab CI: `GITLAB_TOKEN`,
an access token of the project with the scope `api`. And `STACK`. All else both set by themselves.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

#: The line that a review begins with, and by which its comment is found again; nobody sees it.
MARKER = "<!-- atlan-pulumi review -->"
NOTHING = f"{MARKER}\n**No review of this commit**: its preview ended before it could tell what changes.\n"


class GitHub:
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

    def is_ours(self, comment: dict[str, Any], _client: httpx.Client) -> bool:
        return bool(comment["user"]["type"] == "Bot")


class GitLab:
    """A merge request's notes. Only who wrote a note can change it."""

    update = "PUT"

    def __init__(self, env: Mapping[str, str]) -> None:
        self.headers = {"private-token": env["GITLAB_TOKEN"]}
        request = f"{env['CI_MERGE_REQUEST_PROJECT_ID']}/merge_requests/{env['CI_MERGE_REQUEST_IID']}"
        self.all = self.one = f"{env['CI_API_V4_URL']}/projects/{request}/notes"
        self.user = f"{env['CI_API_V4_URL']}/user"
        self.run = env["CI_JOB_URL"]
        self.commit = env["CI_COMMIT_SHA"]

    def is_ours(self, comment: dict[str, Any], client: httpx.Client) -> bool:
        me = client.get(self.user).raise_for_status().json()
        return bool(comment["author"]["id"] == me["id"])


def comments(place: GitHub | GitLab, client: httpx.Client) -> Iterator[dict[str, Any]]:
    """All comments, page by page."""
    url: str | None = f"{place.all}?per_page=100"
    while url:
        page = client.get(url).raise_for_status()
        yield from page.json()
        url = page.links.get("next", {}).get("url")


def post(place: GitHub | GitLab, review: str, stack: str) -> None:
    """Renew the stack's comment where there is one, else make it."""
    head = f"{MARKER}\n<!-- {stack} -->\n"
    foot = f"[{place.commit[:8]}: the whole review]({place.run})"
    text = f"{head}{review.removeprefix(MARKER).strip()}\n\n{foot}\n"
    with httpx.Client(headers=place.headers, timeout=60) as client:
        for comment in comments(place, client):
            if comment["body"].startswith(head) and place.is_ours(comment, client):
                url = f"{place.one}/{comment['id']}"
                client.request(place.update, url, json={"body": text}).raise_for_status()
                return
        client.post(place.all, json={"body": text}).raise_for_status()


def main() -> None:
    file, env = Path(sys.argv[1]), os.environ
    try:
        place = GitHub(env) if "GITHUB_ACTIONS" in env else GitLab(env)
        post(place, file.read_text(encoding="utf-8") if file.exists() else NOTHING, env["STACK"])
    except KeyError as error:
        sys.exit(f"comment: the variable {error} is not set")
    except httpx.HTTPStatusError as error:
        asked = f"{error.request.method} {error.request.url}"
        sys.exit(f"comment: {asked} was answered with {error.response.status_code}")
    except httpx.HTTPError as error:
        sys.exit(f"comment: {error}")


if __name__ == "__main__":
    main()
