"""Find and redact likely secrets in text.

Requires detect-secrets, which the extras `cli` and `policy` install.
"""

from __future__ import annotations

from atlan_pulumi.leaks._find import Leak, leaks, spans
from atlan_pulumi.leaks._redact import KnownSecrets, Redaction, is_redacted

__all__ = ["KnownSecrets", "Leak", "Redaction", "is_redacted", "leaks", "spans"]
