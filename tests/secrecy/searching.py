"""Search for a secret in texts and files, in all usual encodings."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

#: Has characters that URLs, forms, JSON, and HTML encode. Atlan's keys have no quotes or backslashes.
CANARY = "Cana/ry+7c1f=2a&b9~e5%f6<k>"
#: The values of secret properties. Users have these names, so that an owner may be a secret.
FIRST, SECOND, THEIRS = "Secr-1/first+sql=7", "Secr-2/second+sql=8", "Secr-3/theirs+sql=9"


def forms_of(secret: str) -> dict[str, bytes]:
    """Return the encodings of a secret, by name.

    Base64 depends on the offset of the secret. Only the part that is independent of the surrounding bytes is
    searched for.
    """
    once = json.dumps(secret)[1:-1]
    found = {
        "plain": secret,
        "URL": quote(secret, safe=""),
        "URL, slashes kept": quote(secret),
        "URL, lower case": _lower_escapes(quote(secret, safe="")),
        "form": quote_plus(secret),
        "JSON": once,
        "JSON in JSON": json.dumps(once)[1:-1],
        "JSON for the web": once.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"),
        "Python": repr(secret)[1:-1],
        "HTML": html.escape(secret),
        "YAML": secret.replace("'", "''"),
    }
    encoded = {name: text.encode() for name, text in found.items()}
    for shift in range(3):
        for name, alphabet in (("base64", b"+/"), ("base64 for URLs", b"-_")):
            encoded[f"{name}, from {shift}"] = _inner_base64(secret.encode(), shift, alphabet)
    return {**encoded, "UTF-16": secret.encode("utf-16-le"), "hexadecimal": secret.encode().hex().encode()}


def _lower_escapes(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), text)


def _inner_base64(secret: bytes, shift: int, alphabet: bytes) -> bytes:
    whole = base64.b64encode(b"\0" * shift + secret, alphabet).rstrip(b"=")
    spare = (len(secret) + shift) % 3
    return whole[-(-shift * 8 // 6) : len(whole) - 1 if spare else len(whole)]


def hits_in(content: bytes | str, secret: str) -> list[str]:
    """Return the encodings of the secret that the content contains."""
    searched = content.encode() if isinstance(content, str) else content
    return [name for name, form in forms_of(secret).items() if form in searched]


def hits_below(folder: Path, secret: str) -> Iterator[tuple[str, str]]:
    """Yield each file below a folder with the secret in its content or path, and the encoding."""
    for path in sorted(folder.rglob("*")):
        content = bytes(path.relative_to(folder))
        if path.is_file() and not path.is_symlink():
            content += b"\n" + path.read_bytes()
            if path.suffix == ".gz":
                content += gzip.decompress(path.read_bytes())
        for form in hits_in(content, secret):
            yield path.relative_to(folder).as_posix(), form
