"""Display text and links made safe: no control, bidi or XML-illegal characters, only http(s) links."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

MAX_TEXT_CHARACTERS = 2_000
MAX_URL_CHARACTERS = 2_000

_SPACES = re.compile(r"[\t\n\v\f\r\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000 ]+")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def clean_text(text: str, limit: int = MAX_TEXT_CHARACTERS) -> str:
    """The text in NFC on one line, without control, bidi, zero-width and XML-illegal characters, cut at `limit` characters.

    >>> clean_text(" GPT\\u20114o \\u202emini\\n")
    'GPT‑4o mini'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSAFE.sub("", _SPACES.sub(" ", text)))
    else:
        text = _UNSAFE.sub("", _SPACES.sub(" ", text))
    return text.strip()[:limit].rstrip()


def visible(text: str) -> str:
    """The text for a terminal: what would steer it, or write backwards, is shown as its number; lines and tabs stay.

    >>> visible("gpt\\x1b[31m\\u202e4") == "gpt" + chr(92) + "x1b[31m" + chr(92) + "u202e4"
    True
    """
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def clean_url(url: str | None) -> str | None:
    """The link if it is an absolute http(s) address with a host and without credentials, else None.

    >>> clean_url("javascript:alert(1)") is None
    True
    >>> clean_url(" https://example.com/a b ")
    'https://example.com/a%20b'
    """
    if not url:
        return None
    url = _UNSAFE.sub("", url).strip().replace(" ", "%20")
    if len(url) > MAX_URL_CHARACTERS or any(mark in url for mark in "\"'<>\\^`{|}\t\n\r"):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises ValueError for a port that is none
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    return url
