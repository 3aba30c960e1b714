"""A source that wants a key: left out without it, asked with it, and the key is seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from aimstats.config import ConfigError, load_config
from scrapy_project.sources import key_variables, spider_classes
from tests.jobs.jobs_run import URLS, Jobs, jobs_on, table_of, write_mirror
from tests.spiders.expected import PAGES
from tests.spiders.scripted_server import Answer, scripted_server

SOURCE, VARIABLE = "together_api", "TOGETHER_API_KEY"
KEY = "tgp_v1_do-not-print-me"


@pytest.fixture
def keyed(database_url: URL, tmp_path: Path) -> Iterator[Jobs]:
    """The job against the small pages, the keyed source's own among them, without its key."""
    write_mirror(tmp_path, more=(SOURCE,))
    with jobs_on(database_url, tmp_path) as jobs:
        jobs.environment.pop(VARIABLE, None)
        yield jobs


def test_without_its_key_a_source_is_left_out_and_nothing_fails(keyed: Jobs) -> None:
    done = keyed.run(SOURCE, "models_dev")
    status = {source: cells["status"] for source, cells in table_of(done.stderr).items()}
    assert (done.returncode, status) == (0, {SOURCE: "no key", "models_dev": "published"})
    ((run, errors),) = keyed.rows(f"select status, stats->'errors' from run where source = '{SOURCE}'")
    assert (run, errors) == ("not_configured", [f"{VARIABLE} is not set: the source wants a key"])
    assert keyed.rows(f"select id from source where id = '{SOURCE}'") == [(SOURCE,)]


def test_with_its_key_it_is_published_and_the_key_is_nowhere(keyed: Jobs) -> None:
    done = keyed.run(SOURCE, **{VARIABLE: KEY, "LOG_LEVEL": "DEBUG"})
    assert table_of(done.stderr)[SOURCE]["status"] == "published", done.stderr
    assert keyed.rows(f"select count(*) > 0 from listing where source = '{SOURCE}'") == [(True,)]
    assert KEY not in done.stdout + done.stderr
    tables = [row[0] for row in keyed.rows("select tablename from pg_tables where schemaname = 'public'")]
    assert all(keyed.rows(f"select count(*) from {table} t where t::text like '%{KEY}%'") == [(0,)] for table in tables)


def test_a_source_that_lost_its_key_keeps_what_it_stated(keyed: Jobs) -> None:
    keyed.run(SOURCE, **{VARIABLE: KEY})
    before = keyed.state()
    assert keyed.run(SOURCE).returncode == 0
    assert keyed.state() == before


def test_a_seller_that_refuses_the_key_fails_its_source_alone_and_names_the_variable(database_url: URL, tmp_path: Path) -> None:
    answers = {
        "/api.together.xyz/v1/models": [Answer(401, body=f"Invalid API key: {KEY}".encode())],
        "/" + URLS["models_dev"].split("://", 1)[1]: [Answer(body=(PAGES / "models_dev" / "page.json").read_bytes())],
    }
    with scripted_server(answers) as server:
        jobs = Jobs(database_url, server.url, tmp_path)
        done = jobs.run(SOURCE, "models_dev", **{VARIABLE: KEY})
    status = {source: cells["status"] for source, cells in table_of(done.stderr).items()}
    assert (done.returncode, status) == (1, {SOURCE: "failed", "models_dev": "published"})
    ((errors, because),) = jobs.rows(f"select stats->>'errors', stats->'because' from run where source = '{SOURCE}'")
    assert f"HTTP 401: is {VARIABLE} right?" in errors
    assert because["error"] == {"code": "key_not_right", "status": 401, "variable": VARIABLE}, (
        "told through the crawl and its turn"
    )
    assert KEY not in done.stdout + done.stderr


def test_a_key_is_read_only_where_a_source_wants_it_and_never_printed() -> None:
    environment = {"DATABASE_URL": "postgresql://n@h/d", VARIABLE: f" {KEY} ", "OTHER_API_KEY": "x"}
    config = load_config(environment, process="scrape", key_variables=key_variables())
    assert config.source_keys == {VARIABLE: KEY}
    assert KEY in config.secrets
    assert KEY not in repr(config)
    assert load_config(environment).source_keys == {}


@pytest.mark.parametrize("wrong", ["two words", "tgp\nHost: evil", "tgp_hush_é", "tgp_123"])
def test_what_is_no_key_stops_the_job_with_its_variables_name(wrong: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config({VARIABLE: wrong}, key_variables=(VARIABLE,))
    assert VARIABLE in str(refused.value)
    assert wrong not in str(refused.value)


def test_every_key_variable_says_that_it_is_a_key() -> None:
    assert all(name.endswith(("_API_KEY", "_TOKEN")) for name in key_variables())
    assert spider_classes()[SOURCE].source.key_variable == VARIABLE
