"""Log events: one JSON object a line, text on a terminal, no secret in either."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from aimstats.log import configure_logging

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
    configure_logging("INFO", secrets=("hush", ""), stream=stream)
    try:
        raise ValueError("postgresql://u:other@h/d and hush")
    except ValueError:
        log.exception("hush at redis://:third@h/0", extra={"url": "postgresql://u:fourth@h/d"})
    assert not any(secret in stream.getvalue() for secret in ("hush", "other", "third", "fourth"))


def test_configuring_twice_says_each_event_once() -> None:
    stream = io.StringIO()
    configure_logging("INFO", stream=stream)
    configure_logging("INFO", stream=stream)
    log.info("once")
    assert stream.getvalue().count("\n") == 1
