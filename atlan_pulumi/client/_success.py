"""An answer that claims success: its JSON, or what is wrong with it."""

from __future__ import annotations

import json

from atlan_pulumi.client import errors
from atlan_pulumi.client._call import Answer, Failure
from atlan_pulumi.client._refusal import is_html, page_title
from atlan_pulumi.client._scrub import Scrubber

_CHECK = "check the base URL (atlan:baseUrl or ATLAN_BASE_URL), and what stands between here and Atlan"
_CLOSING = {"{": "}", "[": "]"}


def answer_of(status: int, body: bytes, json_answer: bool, scrub: Scrubber) -> Answer | Failure:
    """The answer, decoded.

    Args:
        status: HTTP status, below 300.
        body: The answer's body.
        json_answer: Whether it has to be JSON; a page is never an answer.
        scrub: Takes the API key out of what the server says.
    """
    text = body.decode("utf-8", errors="replace")
    if is_html(text):
        title = scrub(page_title(text))
        return _invalid(status, f"a login page or proxy answered instead of Atlan ({title})")
    if not json_answer:
        return Answer(status, None)
    return _decoded(status, body, text, scrub)


def _decoded(status: int, body: bytes, text: str, scrub: Scrubber) -> Answer | Failure:
    if not text.strip():
        return _invalid(status, "the answer is empty")
    try:
        return Answer(status, json.loads(body))
    except RecursionError:
        return _invalid(status, "the answer is nested too deeply")
    except ValueError as error:
        if _is_cut_off(text.strip(), error):
            return Failure(errors.ConnectionFailed, "the answer was cut off", _CHECK)
        return _invalid(status, f"the answer is not JSON: {scrub(text)}")


def _invalid(status: int, reason: str) -> Failure:
    return Failure(errors.InvalidAnswerError, reason, _CHECK, status)


def _is_cut_off(text: str, error: ValueError) -> bool:
    """Whether JSON ends too early; a connection that just closes shows a lost rest in no other way."""
    closing = _CLOSING.get(text[0])
    if closing is None or not isinstance(error, json.JSONDecodeError):
        return False
    in_a_string = error.msg.startswith("Unterminated string")
    return in_a_string or not text.endswith(closing) or error.pos >= len(text)
