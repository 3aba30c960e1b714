"""`clients/check.py`, asked as a build would: what it prints and how it exits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from aimstats.domain.items import Lifecycle
from clients.check import end_of, main
from tests.api.conftest import api_on
from tests.ingest.worlds import World, both, page, seen

NOW = datetime.now(UTC).replace(microsecond=0)
OWN = page("openai", "openai")


@pytest.fixture
def served(database_url: URL) -> Iterator[str]:
    """The API over a price that rose ten days ago and a model that retires in fifty days."""
    engine = create_engine(database_url)
    end = (Lifecycle(event="retired", at=NOW + timedelta(days=50), replacements=("gpt-4o",)),)
    with engine.begin() as connection:
        world = World(connection)
        for days, amount in ((40, "2"), (10, "2.5")):
            world.crawl(NOW - timedelta(days=days), [seen("gpt-4o", *both(amount, "10")), seen("o3", *both("2", "8"))], OWN)
        world.crawl(NOW - timedelta(days=9), [seen("o3", lifecycle=end)], page("life", "openai", kind="lifecycle"))
    engine.dispose()
    server = make_server("127.0.0.1", 0, api_on(database_url), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()


@pytest.mark.parametrize(
    ("names", "further", "status", "said"),
    [
        ("gpt-4o\no3 # for reasoning", ["--fail-within", "30d"], 0, []),
        ("openai: o3", [], 1, ["retires on", "instead: openai/gpt-4o"]),
        ("gpt-4o", ["--price-up", "10%"], 1, ["costs 2.5 for input, 2 on"]),
        ("gpt-4o", ["--price-up", "30%"], 0, []),
        ("no-such-model-of-anybody", [], 2, []),
    ],
    ids=["all well", "retires within 90 days", "dearer by a quarter", "within the share", "unknown"],
)
def test_a_build_is_told(
    served: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], names: str, further: list[str], status: int, said: list[str]
) -> None:
    models = tmp_path / "models.txt"
    models.write_text(f"# what we call\n{names}\n", encoding="utf-8")
    assert main([str(models), "--url", served, *further]) == status
    printed = capsys.readouterr().out
    assert all(text in printed for text in said)
    assert bool(printed) == bool(said)


def test_an_end_that_is_no_more_than_a_month_counts_from_its_first_day() -> None:
    row = {"status": "deprecated", "retirement_date": "2026-12", "replacements": []}
    assert end_of(row, date(2026, 12, 1)) == "retires on 2026-12"
    assert end_of(row, date(2026, 11, 30)) is None


def test_what_is_no_answer_of_the_catalogue_is_no_reason_to_pass_or_to_fail(tmp_path: Path) -> None:
    models = tmp_path / "models.txt"
    models.write_text("gpt-4o\n", encoding="utf-8")
    for body in (b"[]", b'{"data": [1]}', b"<html>"):
        server = make_server("127.0.0.1", 0, Response(body))
        serving = threading.Thread(target=server.handle_request)
        serving.start()
        assert main([str(models), "--url", f"http://127.0.0.1:{server.server_port}"]) == 2
        serving.join()
        server.server_close()
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "none.txt"), "--url", "http://127.0.0.1:9"])
    assert stopped.value.code == 2


def test_a_catalogue_that_is_away_is_no_reason_to_pass(tmp_path: Path) -> None:
    models = tmp_path / "models.txt"
    models.write_text("gpt-4o\n", encoding="utf-8")
    assert main([str(models), "--url", "http://127.0.0.1:9"]) == 2
