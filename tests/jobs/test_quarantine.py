"""The quarantine command on a database of its own."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from jobs.quarantine import main
from tests.conftest import as_text
from tests.forked import HUNG_S
from tests.ingest.worlds import World, both, catalogue, day, seen


@pytest.fixture
def engine(database_url: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database in which two sources have something held, and which the command finds in its environment."""
    monkeypatch.setenv("DATABASE_URL", as_text(database_url))
    made = create_engine(database_url, poolclass=NullPool)
    with made.begin() as connection:
        world = World(connection)
        for source in (catalogue("one"), catalogue("two")):
            world.crawl(day(0), [seen("claude-x", *both("3", "15")), seen("claude-y", *both("1", "5"))], source)
            world.crawl(day(1), [seen("claude-x", *both("60", "15")), seen("claude-y", *both("1", "90"))], source)
    yield made
    made.dispose()


def decided(engine: Engine) -> list[str | None]:
    """Each held item's decision, in order."""
    with engine.connect() as connection:
        return list(connection.execute(text("select decided from held order by id")).scalars())


def test_list_shows_number_source_listing_and_reason(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--source", "one"]) == 0
    said = capsys.readouterr()
    assert said.out.count("one  since 2026-03-02  openai/claude-x input|standard|0|||USD|") == 1
    assert "went from $3 to $60, 20 times dearer" in said.out
    assert "two  since" not in said.out
    assert said.err == "2 held of 1 source\n"


@pytest.mark.parametrize("command", [["jobs.quarantine", "list"], ["jobs.scrape", "--list"]], ids=" ".join)
def test_a_reader_that_has_seen_enough_ends_a_list_quietly(engine: Engine, command: list[str]) -> None:
    assert decided(engine), "there is something to print"
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=HUNG_S)
    assert (process.returncode, "Traceback" in said) == (0, False), said


def test_list_says_what_stands_what_others_say_and_where(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        for seller in ("openai", "azure", "poe"):
            World(connection).crawl(day(0), [seen("claude-x", *both("2", "10"), provider=seller)], catalogue(f"of_{seller}"))
    assert main(["list", "--source", "one"]) == 0
    said = capsys.readouterr().out
    assert (
        "states 60 per 1M tokens; published: $3 since 2026-03-01; other sources: of_openai $2, two $3; "
        "other sellers: $2 to $2, $2 in the middle of 2" in said
    )
    assert "\n          https://a.example/prices\n" in said


def test_a_source_that_does_not_exist_is_said_with_its_neighbour(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("list", "accept", "reject"):
        assert main([action, "--source", "tow"]) == 1
        assert "no such source: tow; there is two" in capsys.readouterr().err


def test_a_rejection_is_listed_and_taken_back(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reject", "1"]) == 0
    assert main(["list", "--rejected"]) == 0
    assert capsys.readouterr().err.endswith("1 rejected of 1 source\n")
    assert main(["accept", "1"]) == 0
    assert decided(engine) == ["accepted", None, None, None]
    assert main(["reject", "1"]) == 1
    assert "1 was accepted on 2" in capsys.readouterr().err


def test_accepting_a_source_leaves_its_rejections(engine: Engine) -> None:
    assert main(["reject", "1"]) == 0
    assert main(["accept", "--source", "one"]) == 0
    assert decided(engine) == ["rejected", "accepted", None, None]


def test_accepting_a_source_leaves_what_is_no_claim(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        connection.execute(text("update held set \"check\" = 'fact_value' where id = 2"))
    assert main(["accept", "--source", "one"]) == 0
    assert "2 cannot be published" in capsys.readouterr().err
    assert decided(engine) == ["accepted", None, None, None]
    assert main(["accept", "--source", "one"]) == 1, "nothing is left that can be"


def test_accept_and_reject_by_number_decide_these_only(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accept", "1"]) == 0
    assert main(["reject", "4"]) == 0
    assert decided(engine) == ["accepted", None, None, "rejected"]
    assert "1 accepted: the next run publishes it" in capsys.readouterr().err


def test_a_whole_source_is_decided_at_once(engine: Engine) -> None:
    assert main(["accept", "--source", "two"]) == 0
    assert decided(engine) == [None, None, "accepted", "accepted"]


def test_what_is_not_open_is_said_and_the_rest_is_done(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reject", "1", "77"]) == 1
    assert decided(engine) == ["rejected", None, None, None]
    assert "77 was never held" in capsys.readouterr().err


def test_what_is_no_claim_cannot_be_accepted(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        number = connection.execute(
            text(
                'insert into held (run_id, document_id, item, "check", reason, since) select run_id, document_id, '
                '\'{"listing": ["", "", "", "", ""]}\', \'fact_value\', \'no value\', now() from held limit 1 returning id'
            )
        ).scalar_one()
    assert main(["accept", str(number)]) == 1
    assert "cannot be published" in capsys.readouterr().err
    assert main(["reject", str(number)]) == 0


@pytest.mark.parametrize("arguments", [["accept"], ["reject", "1", "--source", "one"]])
def test_a_decision_needs_numbers_or_a_source(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "either IDs or --source" in capsys.readouterr().err


def test_a_source_of_which_nothing_is_held_is_said(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reject", "--source", "one"]) == 0
    assert main(["accept", "--source", "one"]) == 1
    assert "nothing is held of one" in capsys.readouterr().err


def test_an_empty_database_is_usage_and_no_database_is_its_own_status(
    empty_database_url: URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", as_text(empty_database_url))
    assert main(["list"]) == 2
    assert "upgrade" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@127.0.0.1:1/none")
    assert main(["list"]) == 3
