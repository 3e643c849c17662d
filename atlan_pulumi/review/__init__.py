"""Reviews: how a `pulumi preview` would change lineage, for the reviewers of a pull request.

Reads Pulumi's output, without a second preview. Needs the `cli` extra.

```python
from atlan_pulumi.review import as_markdown, read_preview, review

preview = read_preview("preview.jsonl")  # PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log preview.jsonl
print(as_markdown(review(preview)))
```
"""

from __future__ import annotations

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import EdgeChange
from atlan_pulumi.review._graph import Graph, Link, Node
from atlan_pulumi.review._html import html
from atlan_pulumi.review._impact import Impact, Loss, LostSource
from atlan_pulumi.review._markdown import MARKER, as_markdown
from atlan_pulumi.review._mermaid import mermaid
from atlan_pulumi.review._parse import parse, read_preview
from atlan_pulumi.review._preview import Message, Preview, Violation
from atlan_pulumi.review._review import Review, review
from atlan_pulumi.review._sections import Section
from atlan_pulumi.review.picture._svg import png, svg

__all__ = [
    "MARKER",
    "EdgeChange",
    "Graph",
    "Impact",
    "Link",
    "Loss",
    "LostSource",
    "Message",
    "Node",
    "Preview",
    "ResourceChange",
    "Review",
    "ReviewError",
    "Section",
    "Violation",
    "as_markdown",
    "html",
    "mermaid",
    "parse",
    "png",
    "read_preview",
    "review",
    "svg",
]
