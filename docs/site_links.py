"""Let the pages of the site link to files of the repository that are outside docs/.

On the repository's own pages such a link is relative. The site does not contain the file, so there the link
leads to the repository. A link to a file that does not exist is a warning, which fails the strict build.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BRANCH = "main"
LOG = logging.getLogger("mkdocs.plugins.site_links")

_OUTWARD = re.compile(r"(?<=\]\()(?P<path>\.\./[^)#\s]+)(?P<anchor>#[^)\s]*)?(?=\))")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """Return the page with its outward links led to the repository."""
    source = Path(page.file.abs_src_path)

    def led(found: re.Match[str]) -> str:
        target = (source.parent / found["path"]).resolve()
        if target.is_relative_to(Path(config.docs_dir).resolve()):
            return found[0]
        if not target.is_relative_to(ROOT) or not target.exists():
            LOG.warning("%s links to %s, which does not exist", page.file.src_uri, found["path"])
            return found[0]
        view = "tree" if target.is_dir() else "blob"
        path = target.relative_to(ROOT).as_posix()
        return f"{config.repo_url.rstrip('/')}/{view}/{BRANCH}/{path}{found['anchor'] or ''}"

    return _OUTWARD.sub(led, markdown)
