"""Log events: one JSON object a line, text on a terminal, no secret in either."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from aimstats.log import HIDDEN, configure_logging

log = logging.getLogger("aimstats.tests")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def test_an_event_is_one_line_of_json_with_a_severity() -> None:
    stream = io.StringIO()
    configure_logging("INFO", release="v1", stream=stream)
    log.warning("two\nlines of %s", "text", extra={"source": "models_dev", "items": 3})
    event = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert event["severity"] == "WARNING"
    assert event["message"] == "two\nlines of text"
    assert event["time"].endswith("+00:00")
    assert (event["release"], event["source"], event["items"]) == ("v1", "models_dev", 3)


def test_a_trace_stays_in_its_event() -> None:
    stream = io.StringIO()
    configure_logging("INFO", stream=stream)
    try:
        raise ValueError("broken")
    except ValueError:
        log.exception("failed")
    event = json.loads(stream.getvalue())
    assert event["severity"] == "ERROR"
    assert "ValueError: broken" in event["exception"]


def test_what_is_below_the_level_is_not_said() -> None:
    stream = io.StringIO()
    configure_logging("WARNING", stream=stream)
    log.info("nothing")
    assert stream.getvalue() == ""


def test_a_terminal_gets_text() -> None:
    stream = Terminal()
    configure_logging("INFO", stream=stream)
    log.info("Pages: %s", "http://localhost:8080/", extra={"worker": 2})
    assert stream.getvalue().endswith(" Pages: http://localhost:8080/ (worker=2)\n")


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["json", "text"])
def test_no_form_holds_a_password(stream: io.StringIO) -> None:
    configure_logging("INFO", secrets=("hush hush/1", ""), stream=stream)
    try:
        raise ValueError("postgresql://u:other@h/d and hush hush/1")
    except ValueError:
        log.exception("HUSH hush/1 at redis://:third@h/0 or hush%20hush%2f1", extra={"url": "postgresql://u:fourth@h/d"})
    said = stream.getvalue().lower()
    assert not any(secret in said for secret in ("hush", "other", "third", "fourth"))


@pytest.mark.parametrize("form", [io.StringIO, Terminal], ids=["json", "text"])
@pytest.mark.parametrize("secret", ["p", "q7", "pages"])
def test_a_short_password_is_hidden_where_it_is_one_and_spoils_no_word(form: type[io.StringIO], secret: str) -> None:
    configure_logging("INFO", secrets=(secret,), stream=(prose := form()))
    log.info("Pages: %s, q7 plans", "http://localhost:8080/")
    assert "Pages: http://localhost:8080/, q7 plans" in prose.getvalue()
    places = (
        "postgresql://u:{}@h/d", "postgresql://:{}@/d?host=/s", "host=h password={} user=u", "password = '{}'",
        "{{'user': 'u', 'password': '{}'}}", 'PGPASSWORD="{}"', "postgresql://h/d?user=u&password={}&port=1",
    )  # fmt: skip
    configure_logging("INFO", secrets=(secret,), stream=(stream := form()))
    for place in places:
        log.info(place.format(secret), extra={"password": secret, "database_password": secret})
    assert stream.getvalue().count(HIDDEN) == 3 * len(places)
    assert not re.search(rf"[^a-z]{secret}[^a-z]", stream.getvalue())


def test_configuring_twice_says_each_event_once() -> None:
    stream = io.StringIO()
    configure_logging("INFO", stream=stream)
    configure_logging("INFO", stream=stream)
    log.info("once")
    assert stream.getvalue().count("\n") == 1


def test_nothing_that_a_document_holds_steers_a_terminal() -> None:
    stream = Terminal()
    configure_logging("INFO", stream=stream)
    log.warning("a name: %s", "gpt\x1b[31m\x07\u202e\r4", extra={"source": "x\x9b2J"})
    said = stream.getvalue()
    assert "gpt\\x1b[31m\\x07\\u202e\\r4" in said
    assert not set(said) & set("\x1b\x07\u202e\r\x9b")
