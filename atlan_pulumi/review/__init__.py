"""Reviews: what a `pulumi preview` would do to lineage, for those who decide about a pull request.

Pulumi's own output is read; nothing is planned anew. Needs the `cli` extra.

```python
from atlan_pulumi.review import as_markdown, read_preview, review

preview = read_preview("events.jsonl")  # PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log events.jsonl
print(as_markdown(review(preview)))
```
"""

from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._graph import Graph, Link, Node
from atlan_pulumi.review._html import html
from atlan_pulumi.review._impact import Impact, Loss
from atlan_pulumi.review._markdown import MARKER, as_markdown
from atlan_pulumi.review._mermaid import mermaid
from atlan_pulumi.review._png import png
from atlan_pulumi.review._preview import Message, Preview, Step, Violation
from atlan_pulumi.review._read import parse, read_preview
from atlan_pulumi.review._resource_change import ResourceChange
from atlan_pulumi.review._review import Review, review
from atlan_pulumi.review._section import Section
from atlan_pulumi.review._svg import svg

__all__ = [
    "MARKER",
    "EdgeChange",
    "Graph",
    "Impact",
    "Link",
    "Loss",
    "Message",
    "Node",
    "Preview",
    "ResourceChange",
    "Review",
    "ReviewError",
    "Section",
    "Step",
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
