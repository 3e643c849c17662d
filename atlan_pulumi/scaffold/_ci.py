"""The files of each CI system.

They are those of the example in `stacks/infra_repo_example`, which `docs/ci.md` explains. A test compares
them.
"""

from __future__ import annotations

from typing import get_args

from atlan_pulumi.scaffold._choices import CiSystem

CI_SYSTEMS: tuple[CiSystem, ...] = get_args(CiSystem)
GITHUB_FILE, GITLAB_FILE = ".github/workflows/lineage.yml", ".gitlab-ci.yml"
_COMMENT = "ci/comment.py"
FILES: dict[CiSystem, tuple[str, ...]] = {
    "github": (_COMMENT, GITHUB_FILE),
    "gitlab": (_COMMENT, GITLAB_FILE),
    "none": (),
}
_PREVIEW = {GITHUB_FILE: "      - name: Preview, policies, review\n", GITLAB_FILE: "    - ./ci/preview.sh\n"}
_CHECK = {
    GITHUB_FILE: """\
      - name: Compare lineage.yaml with the SQL
        run: ./ci/derive.sh --check
        env:
          ATLAN_BASE_URL: ${{ vars.ATLAN_BASE_URL }}
          ATLAN_API_KEY: ${{ secrets.ATLAN_API_KEY }}
""",
    GITLAB_FILE: "    - ./ci/derive.sh --check\n",
}


def with_check(name: str, text: str) -> str:
    """Return a file of a CI system with a step before the preview that compares the lineage with the SQL.

    Args:
        name: The name of the file.
        text: Its text; unchanged if it runs no preview.
    """
    preview = _PREVIEW.get(name)
    return text.replace(preview, f"{_CHECK[name]}{preview}", 1) if preview else text
