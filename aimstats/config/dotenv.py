"""Reading a .env file: NAME=value lines, taken literally."""

import re
from pathlib import Path

from aimstats.config.values import ConfigError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def parse_dotenv(text: str) -> dict[str, str]:
    """Return the variables of a .env text; raise ConfigError naming the line that is none.

    A value in matching quotes loses them; ``#`` opens a comment only after a blank; nothing is expanded, so that a
    password may hold ``$``.

    >>> parse_dotenv('PORT=9000  # mine' + chr(10) + "DATABASE_PASSWORD='a #$b'")
    {'PORT': '9000', 'DATABASE_PASSWORD': 'a #$b'}
    """
    found: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ConfigError(".env", f"line {number}: expected NAME=value")
        name, value = match.groups()
        quoted = re.fullmatch(r"""(["'])(.*)\1(?:\s+#.*)?""", value)
        found[name] = quoted[2] if quoted else re.sub(r"(^|\s+)#.*$", "", value)
    return found


def read_dotenv(path: Path) -> dict[str, str]:
    """Return the variables of the file, none where there is no such file."""
    try:
        return parse_dotenv(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise ConfigError(".env", "the file cannot be read as UTF-8 text") from None
