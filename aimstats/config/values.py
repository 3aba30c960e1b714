"""How one environment variable's text becomes a value, and the error that says what it may be."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from limits import parse_many

PROJECT_ROOT = Path(__file__).resolve().parents[2]


_SHOWN_CHARACTERS = 60


class ConfigError(SystemExit):
    """Wrong settings: ends the process with a line for each that names the variable, what it may be and what it is."""

    def __init__(self, variable: str, expected: str) -> None:
        self._say(f"{variable}: {expected}")

    @classmethod
    def of(cls, errors: Sequence["ConfigError"]) -> "ConfigError":
        """Several errors as one."""
        together = cls.__new__(cls)
        together._say("\n".join(error.message for error in errors))
        return together

    def _say(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def shown(value: str) -> str:
    """A wrong value as an error repeats it: short, on one line, without what stands as a user and password in an address.

    >>> shown("eighty"), shown("https://me:secret@example.com/" + "a" * 60)
    ("'eighty'", "'https://***@example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'")
    """
    text = re.sub(r"//[^/]{0,1000}@", "//***@", value)
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "...")


class RefusedError(ValueError):
    """A parser's word for a value that is not one of its own; the message says why, never the value."""


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a parser of plain decimal digits within the bounds, both included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise RefusedError
        return int(text)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser of one word out of a closed list; case is forgiven."""
    by_lower = {choice.lower(): choice for choice in choices}

    def parse(text: str) -> str:
        try:
            return by_lower[text.lower()]
        except KeyError:
            raise RefusedError from None

    return parse


def words(text: str) -> tuple[str, ...]:
    """Split a comma-separated list; blanks and repetitions fall away.

    >>> words("web, api,,web")
    ('web', 'api')
    """
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def parts_of_site(text: str) -> frozenset[str]:
    """Parse SERVE: ``web``, ``api`` or both."""
    parts = frozenset(words(text.lower()))
    if not parts or not parts <= {"web", "api"}:
        raise RefusedError
    return parts


def source_ids(text: str) -> tuple[str, ...]:
    """Parse a list of source ids (lower case letters, digits, underscores)."""
    ids = words(text)
    if any(not re.fullmatch(r"[a-z0-9_]+", source) for source in ids):
        raise RefusedError
    return ids


def base_url(text: str) -> str:
    """Parse an absolute http(s) address without query or fragment; a trailing slash falls away."""
    try:
        url = urlsplit(text)
        valid = url.scheme in {"http", "https"} and url.hostname and (url.port is None or url.port > 0)
    except ValueError:
        raise RefusedError from None
    if not valid or url.query or url.fragment or "@" in url.netloc or re.search(r"[\s\\<>\"]", text):
        raise RefusedError
    return text.rstrip("/")


def origins(text: str) -> tuple[str, ...]:
    """Parse CORS origins: ``*``, or a list of scheme://host[:port]."""
    found = words(text)
    if not found or ("*" in found and len(found) > 1):
        raise RefusedError
    if found == ("*",):
        return found
    for origin in found:
        if urlsplit(base_url(origin)).path:
            raise RefusedError
    return tuple(origin.rstrip("/").lower() for origin in found)


def rate_limit(text: str) -> str:
    """Check a rate such as ``100/minute`` or ``10/second;1000/hour``; empty means no limit."""
    if not text:
        return ""
    try:
        limits = parse_many(text)
    except ValueError:
        raise RefusedError from None
    if any(limit.amount < 1 for limit in limits):
        raise RefusedError
    return text


def storage_url(text: str) -> str:
    """Check the address of a shared counter store: redis://, rediss:// or memory://."""
    if not re.fullmatch(r"(rediss?://[^\s/]\S*|memory://)", text):
        raise RefusedError
    return text


def line(text: str) -> str:
    """Check a line of printable characters."""
    if not text.isprintable():
        raise RefusedError
    return text


def folder(text: str) -> Path:
    """Parse a folder; a relative one lies below the project, wherever the process was started."""
    if not text.isprintable():
        raise RefusedError
    return PROJECT_ROOT / Path(text).expanduser()
