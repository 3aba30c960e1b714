"""Log events: one JSON object a line on stdout for Cloud Logging, readable text on a terminal, never a secret."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, TextIO
from urllib.parse import quote

from aimstats.domain.text import visible

trace_id: ContextVar[str] = ContextVar("trace_id", default="")
"""The trace of the request that this thread answers, 32 hexadecimal digits; '' outside of one."""
IN_WORDS: Final = "in_words"
"""The field of an event whose message says all that a person wants of its other fields."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", IN_WORDS}
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]{0,200}):[^\s/@]{1,1000}@", re.IGNORECASE)
_NAMED_PASSWORD = re.compile(
    r"""(passw(?:or)?d["']?(?:\s?=\s?|:\s?(?=["'])))('(?:[^'\\]|\\.){0,1000}'?|"(?:[^"\\]|\\.){0,1000}"?|[^\s,;&)"']{1,1000})""",
    re.IGNORECASE,
)
_TELLING_LENGTH = 8
"""A shorter secret is hidden where it stands as one: taken out of every word, it would spoil the log and be told by the gaps."""
HIDDEN = "***"


class _Formatter(logging.Formatter):
    """What both forms share: no secret leaves."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        telling = {one for secret in secrets if len(secret) >= _TELLING_LENGTH for one in (secret, quote(secret, safe=""))}
        longest_first = sorted(telling, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None

    def hide(self, text: str) -> str:
        """Return the text without configured secrets, in any case (a host's name is small), and without what stands as a
        password in URLs, in the database's connection strings and in arguments."""
        if self._secrets:
            text = self._secrets.sub(HIDDEN, text)
        return _NAMED_PASSWORD.sub(rf"\1{HIDDEN}", _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text))


class JsonFormatter(_Formatter):
    """One JSON object a line, with ``severity``, ``message``, ``time`` (UTC), ``logger`` and the event's own fields."""

    def __init__(self, release: str | None = None, secrets: Iterable[str] = (), project: str | None = None) -> None:
        super().__init__(secrets)
        self._release = release
        self._project = project

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        event: dict[str, object] = {
            "severity": record.levelname,
            "message": self.hide(record.getMessage()),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "logger": record.name,
        }
        if self._release:
            event["release"] = self._release
        if self._project and (trace := trace_id.get()):
            event["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{trace}"
        event |= {key: self._plain(key, value) for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            event["exception"] = self.hide(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)

    def _plain(self, key: str, value: object) -> object:
        if key.lower().endswith("password"):
            return HIDDEN
        if isinstance(value, list | dict):
            return json.loads(self.hide(json.dumps(value, ensure_ascii=False, default=str)))
        return value if isinstance(value, bool | int | float | None) else self.hide(str(value))


class TextFormatter(_Formatter):
    """What a person reads on a terminal; the level is named from WARNING on."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, its stack trace below."""
        level = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        text = f"{datetime.fromtimestamp(record.created).strftime('%H:%M:%S')} {level}{record.getMessage()}"
        fields = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if getattr(record, IN_WORDS, False):
            fields = {}
        if fields:
            text += " (" + ", ".join(f"{key}={value}" for key, value in fields.items()) + ")"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return visible(self.hide(text))


def configure_logging(
    level: str,
    *,
    release: str | None = None,
    secrets: Iterable[str] = (),
    project: str | None = None,
    stream: TextIO | None = None,
) -> None:
    """Send every event at ``level`` or above to ``stream`` (stdout), in the place of earlier handlers. With a Google Cloud
    ``project`` events within a request name its trace."""
    stream = stream or sys.stdout
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextFormatter(secrets) if stream.isatty() else JsonFormatter(release, secrets, project))
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if getattr(one, "of_aimstats", False)]:
        root.removeHandler(earlier)
    handler.of_aimstats = True  # type: ignore[attr-defined]  # how a second call finds the handler of the first
    root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in ("alembic", "werkzeug"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
