"""Where the database is: one URL out of DATABASE_URL and the DATABASE_* parts."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from aimstats.config.values import ConfigError

DRIVER = "postgresql+psycopg2"
FORMS = "postgresql://user:password@host:port/dbname or postgresql://user:password@/dbname?host=/cloudsql/INSTANCE"
_ENCODE = "@ / ? # % in a user or password must be percent-encoded (or the password put into DATABASE_PASSWORD)"
_SCHEME = re.compile(r"(?:postgres|postgresql|postgresql\+psycopg2)://(.*)", re.DOTALL)


def database_url(text: str, parts: Mapping[str, str | int]) -> URL | None:
    """Return the address of the external database, or None where nothing names one (the embedded one then).

    ``parts`` holds what was set of ``user password host port name``; they fill what the URL lacks, the URL wins.
    The password of the URL is percent-encoded, that of ``parts`` is raw. A host that begins with ``/`` is the
    folder of a Unix socket. Raises ConfigError for what is ambiguous, foreign or incomplete.
    """
    if not text and not parts:
        return None
    url = _parsed(text) if text else URL.create(DRIVER)
    query = dict(url.query)
    host = url.host or query.get("host") or parts.get("host")
    name = url.database or parts.get("name")
    if not host:
        raise ConfigError("DATABASE_URL" if text else "DATABASE_HOST", f"the host is missing; {_needed(text, 'HOST')}")
    if not name:
        raise ConfigError("DATABASE_URL" if text else "DATABASE_NAME", f"the name is missing; {_needed(text, 'NAME')}")
    username = url.username or _word(parts, "user")
    password = url.password or _word(parts, "password")
    port = url.port or parts.get("port")
    port = int(port) if port is not None else None
    if str(host).startswith("/") or "host" in query:
        query["host"] = str(host) if not isinstance(host, tuple) else host
        if port is not None:
            query.setdefault("port", str(port))
        return URL.create(DRIVER, username, password, database=str(name), query=query)
    return URL.create(DRIVER, username, password, str(host), port or 5432, str(name), query)


def _needed(text: str, part: str) -> str:
    return f"expected {FORMS}, or DATABASE_{part} beside it" if text else "set it, or DATABASE_URL"


def _word(parts: Mapping[str, str | int], key: str) -> str | None:
    return str(parts[key]) if key in parts else None


def _parsed(text: str) -> URL:
    """Read the URL strictly; nothing of it is ever repeated in an error, for it holds the password."""
    match = _SCHEME.fullmatch(text)
    if match is None:
        raise ConfigError("DATABASE_URL", f"expected {FORMS}")
    rest = match[1]
    before_host = rest.rpartition("@")[0]
    if re.search(r"[@/?#]", before_host) or re.search(r"%(?![0-9A-Fa-f]{2})", rest) or re.search(r"[\s#]", rest):
        raise ConfigError("DATABASE_URL", f"ambiguous: {_ENCODE}")
    authority = re.split(r"[/?]", rest.rpartition("@")[2], maxsplit=1)[0]
    if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._%-]*)(:[0-9]{1,5})?", authority):
        raise ConfigError("DATABASE_URL", f"host or port not understood; expected {FORMS}; {_ENCODE}")
    try:
        url = make_url(f"{DRIVER}://{rest}")
    except (ArgumentError, ValueError):
        raise ConfigError("DATABASE_URL", f"expected {FORMS}") from None
    if url.port is not None and not 1 <= url.port <= 65535:
        raise ConfigError("DATABASE_URL", "the port is a whole number from 1 to 65535")
    return url.set(database=unquote(url.database)) if url.database else url
