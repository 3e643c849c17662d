"""What looks like a secret in a text: where it is, and the text without it.

Needs detect-secrets, which the extras `cli` and `policy` install.
"""

from __future__ import annotations

from atlan_pulumi.leaks._find import Leak, leaks, spans
from atlan_pulumi.leaks._redact import KnownSecrets, Redaction, is_redacted

__all__ = ["KnownSecrets", "Leak", "Redaction", "is_redacted", "leaks", "spans"]
