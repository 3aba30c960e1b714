"""What a run of the job does, says and leaves, and how it ends."""

from __future__ import annotations

import json
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from aimstats.config import load_config
from aimstats.store.locks import try_lock_source
from jobs.scrape import UsageError, chosen_classes, main, parse_observed_at
from scrapy_project.sources import spider_classes
from tests.forked import HUNG_S, until
from tests.jobs.jobs_run import THREE, URLS, Jobs, table_of
from tests.spiders.scripted_server import Answer, scripted_server

WHOLE = (0, 1)
"""All is published; 1 says that something of it is held, as one figure of the small LiteLLM page is."""
NUMBERS = ("claims", "opened", "changed", "vanished", "models", "offers", "held")


def test_the_second_crawl_of_unchanged_documents_is_all_zeros(jobs: Jobs) -> None:
    first = jobs.run(*THREE)
    table = table_of(first.stderr)
    assert set(table) == set(THREE)
    assert all(int(table[source]["opened"].replace(",", "")) > 0 for source in THREE)
    before = jobs.rows("select * from claim order by id"), jobs.rows("select dataset from version")
    second = jobs.run(*THREE)
    assert second.returncode == 0, second.stderr
    assert {cells[name] for cells in table_of(second.stderr).values() for name in NUMBERS} == {"0"}
    assert {cells["status"] for cells in table_of(second.stderr).values()} == {"unchanged"}
    assert (jobs.rows("select * from claim order by id"), jobs.rows("select dataset from version")) == before


def test_every_source_is_declared_so_that_what_was_never_read_can_be_seen(jobs: Jobs) -> None:
    jobs.run("litellm")
    declared = jobs.rows("select id, body->>'default' from source order by id")
    assert declared == [(id_, str(cls.source.default).lower()) for id_, cls in sorted(spider_classes().items())]


def test_logs_are_json_on_stdout_and_the_table_goes_to_stderr(jobs: Jobs) -> None:
    done = jobs.run("models_dev")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"severity", "message", "time", "logger"} <= set(events[0])
    published = [event for event in events if event.get("source") == "models_dev" and event.get("status") == "published"]
    assert published[0]["opened"] > 0
    assert re.fullmatch(r"models_dev: published: [0-9]+ statements new; [0-9]+ models new, .*", published[0]["message"])
    [finished] = [event for event in events if event.get("event") == "run_finished"]
    row = table_of(done.stderr)["models_dev"]
    assert {name: str(finished[name]) for name in NUMBERS} == {name: row[name].replace(",", "") for name in NUMBERS}
    assert [told["source"] for told in finished["by_source"]] == ["models_dev"]
    assert max(map(len, done.stderr.splitlines())) <= 110
    assert not [event for event in events if event["logger"].startswith(("scrapy.", "twisted", "asyncio"))]
    assert "source" in done.stderr
    assert "Deprecat" not in done.stdout + done.stderr


def test_it_is_0_when_all_was_read_held_items_or_not_and_says_what_is_newly_held(jobs: Jobs) -> None:
    assert jobs.run("models_dev").returncode == 0
    page = json.loads((jobs.folder / "models_dev.json").read_text(encoding="utf-8"))
    provider = next(name for name, value in page.items() if any("cost" in model for model in value["models"].values()))
    model = next(value for value in page[provider]["models"].values() if value.get("cost", {}).get("input"))
    model["cost"]["input"] = 5_000_000
    (jobs.folder / "models_dev.json").write_text(json.dumps(page), encoding="utf-8")
    done = jobs.run("models_dev")
    assert (done.returncode, table_of(done.stderr)["models_dev"]["held"]) == (0, "1")
    said = "newly held: 1 (1 of models_dev); to see and decide: python -m jobs.quarantine list"
    assert said in done.stderr
    assert said not in jobs.run("models_dev").stderr, "it was held before"


def test_it_is_0_where_none_of_a_sources_documents_was_ever_there(jobs: Jobs) -> None:
    done = jobs.run("groq", "models_dev")
    assert (done.returncode, table_of(done.stderr)["groq"]["status"]) == (0, "absent")


def test_a_source_that_fails_is_1_and_harms_no_other(jobs: Jobs) -> None:
    (jobs.folder / "litellm.json").write_text("<html>Please enable JavaScript</html>", encoding="utf-8")
    done = jobs.run(*THREE)
    status = {source: cells["status"] for source, cells in table_of(done.stderr).items()}
    assert (done.returncode, status) == (1, {"litellm": "failed", "models_dev": "published", "openrouter": "published"})
    assert "litellm: " in done.stderr
    assert jobs.rows("select source, status from run order by source") == [(name, status[name]) for name in sorted(THREE)]
    assert jobs.rows("select count(*) from claim c join listing l on l.id = c.listing_id where l.source = 'litellm'") == [(0,)]


def test_without_a_network_it_says_so_in_a_few_lines_and_tells_which_source_stands_still(jobs: Jobs) -> None:
    jobs.run("models_dev", "--observed-at", "2025-06-01")
    done = jobs.run(*THREE, SCRAPE_MIRROR_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert len([line for line in done.stderr.splitlines() if "no source could be read: is the network there?" in line]) == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["source"] for event in events if event.get("event") == "source_still"] == ["models_dev"]


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (("nothing",), {}, "no such source: nothing"),
        (("models_dev", "--observed-at", "yesterday"), {}, "--observed-at"),
        (("models_dev", "--observed-at", "2999-01-01"), {}, "future"),
        (("--nonsense",), {}, "--nonsense"),
        ((), {"SCRAPE_SOURCES": "models_dev,nothing"}, "SCRAPE_SOURCES: no such source: nothing"),
        ((), {"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ((), {"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
    ],
    ids=["unknown source", "no time", "a later time", "unknown option", "unknown in SCRAPE_SOURCES", "level", "database"],
)
def test_wrong_usage_is_2_with_one_line(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"} | environment).items():
        monkeypatch.setenv(name, value)
    try:
        status: object = main(arguments)
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert word in capsys.readouterr().err.splitlines()[-1]


def test_an_older_schema_is_2_and_says_what_mends_it(jobs: Jobs) -> None:
    jobs.rows("update alembic_version set version_num = '0000'")
    jobs.rows("delete from alembic_version")
    done = jobs.run("models_dev")
    assert (done.returncode, done.stdout) == (2, "")
    assert "flask --app app db upgrade" in done.stderr


def test_a_database_that_cannot_be_reached_is_3(jobs: Jobs) -> None:
    done = jobs.run("models_dev", DATABASE_URL="postgresql://nobody:secret@127.0.0.1:9/none")
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_list_names_every_source_and_reads_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} >= set(THREE)


def chosen(*names: str, **environment: str) -> set[str]:
    """The sources that the job would crawl."""
    return set(chosen_classes(names, load_config({"DATABASE_URL": "postgresql://n@h/d"} | environment, process="scrape")))


def test_scrape_sources_chooses_and_arguments_win() -> None:
    assert chosen(SCRAPE_SOURCES="models_dev") == {"models_dev"}
    assert chosen("openrouter", SCRAPE_SOURCES="models_dev") == {"openrouter"}


def test_without_a_choice_the_default_sources_are_crawled() -> None:
    assert chosen() == {name for name, found in spider_classes().items() if found.source.default}


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
def test_cloud_run_tasks_split_the_sources_without_rest_or_overlap(count: int) -> None:
    tasks = [chosen(CLOUD_RUN_TASK_INDEX=str(index), CLOUD_RUN_TASK_COUNT=str(count)) for index in range(count)]
    assert sum(map(len, tasks)) == len(chosen())
    assert set().union(*tasks) == chosen()


@pytest.mark.parametrize("count", [2, 3, 7, 100])
def test_no_two_tasks_ask_one_host(count: int) -> None:
    classes, everything = spider_classes(), ",".join(spider_classes())
    asked: dict[str, int] = {}
    for index in range(count):
        settings = {"CLOUD_RUN_TASK_INDEX": str(index), "CLOUD_RUN_TASK_COUNT": str(count), "SCRAPE_SOURCES": everything}
        for host in {host for name in chosen(**settings) for host in classes[name].hosts()}:
            assert asked.setdefault(host, index) == index


def test_sources_that_share_no_host_are_spread_evenly() -> None:
    names = ("models_dev", "anthropic", "azure", "cerebras", "deepseek", "openrouter")
    sizes = [len(chosen(*names, CLOUD_RUN_TASK_INDEX=str(index), CLOUD_RUN_TASK_COUNT="3")) for index in range(3)]
    assert sizes == [2, 2, 2]


def test_a_task_crawls_its_share_alone(jobs: Jobs) -> None:
    assert set(table_of(jobs.run(*THREE, CLOUD_RUN_TASK_INDEX="1", CLOUD_RUN_TASK_COUNT="3").stderr)) == {"models_dev"}


def test_a_source_that_another_job_crawls_is_left_to_it(jobs: Jobs) -> None:
    engine = create_engine(jobs.database, poolclass=NullPool)
    with engine.begin() as connection:
        assert try_lock_source(connection, "models_dev")
        done = jobs.run("models_dev", "openrouter")
    status = {source: cells["status"] for source, cells in table_of(done.stderr).items()}
    assert (done.returncode, status) == (0, {"models_dev": "locked", "openrouter": "published"})


def test_two_at_once_publish_no_source_twice(jobs: Jobs) -> None:
    together = [jobs.begin(*THREE) for _ in range(2)]
    ends = [job.end() for job in together]
    assert all(end.returncode in WHOLE for end in ends), ends
    published = jobs.rows("select source, count(*) from run where status = 'published' group by source order by source")
    assert published == [(source, 1) for source in sorted(THREE)]
    assert jobs.rows("select count(*) from run where status = 'failed'") == [(0,)]


def test_observed_at_records_an_archived_generation_as_seen_then(jobs: Jobs) -> None:
    assert jobs.run("models_dev", "--observed-at", "2025-06-01T00:00:00Z").returncode == 0
    assert jobs.rows("select distinct observed_from from claim") == [(datetime(2025, 6, 1, tzinfo=UTC),)]
    older = jobs.run("models_dev", "--observed-at", "2025-05-01")
    assert older.returncode == 1
    assert "last read at" in older.stderr


def test_sigterm_ends_the_job_and_the_next_run_makes_it_whole(jobs: Jobs) -> None:
    """As the command line runs it, while a server never answers."""
    answers = {f"/{url.split('://', 1)[1]}": (jobs.folder / f"{source}.json").read_bytes() for source, url in URLS.items()}
    hangs = "/" + URLS["openrouter"].split("://", 1)[1]
    scripted = {path: [Answer(hangs=True)] if path == hangs else [Answer(body=body)] for path, body in answers.items()}
    with scripted_server(scripted) as server:
        process = jobs.start(*THREE, SCRAPE_MIRROR_URL=server.url)
        until(lambda: hangs in server.begun)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=HUNG_S)
    assert process.returncode == 1, out + err
    assert table_of(err)["openrouter"]["status"] == "stopped"
    assert jobs.run(*THREE).returncode in WHOLE
    assert len(jobs.rows("select distinct source from listing")) == 3


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2025-06-01", datetime(2025, 6, 1, tzinfo=UTC)),
        ("2025-06-01T12:00:00+02:00", datetime(2025, 6, 1, 10, tzinfo=UTC)),
        ("2025-06-01T12:00:00Z", datetime(2025, 6, 1, 12, tzinfo=UTC)),
        ("document", None),
    ],
)
def test_observed_at_is_an_instant_or_the_documents_own_date(given: str, expected: datetime | None) -> None:
    assert parse_observed_at(given, datetime(2026, 1, 1, tzinfo=UTC)) == expected


def test_observed_at_is_never_later_than_now() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(UsageError):
        parse_observed_at((now + timedelta(seconds=1)).isoformat(), now)
