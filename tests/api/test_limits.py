"""One client's limit holds across workers, says where the client stands, and never stands in the way of serving."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from limits import parse_many
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from aimstats.api.limits import Limiter, SharedStorageCounter, Standing, client_digest, is_limited
from aimstats.config import load_config
from aimstats.config.values import PROJECT_ROOT
from aimstats.factory import create_app
from aimstats.store.database import open_database
from aimstats.store.rate_limit import CountError, PostgresCounter, Window
from tests.conftest import as_text

PATH = "/api/v1/nothing-here"


@contextmanager
def client_of(url: str, **environ: str) -> Iterator[FlaskClient]:
    app = create_app(load_config({"DATABASE_URL": url, **environ}))
    yield app.test_client()
    app.extensions["database"].close()


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class BrokenCounter:
    """A store that is out of reach, and knows how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def count(self, key: str, window_s: int) -> Window:
        self.asked += 1
        raise CountError("no route")


class CountingCounter:
    """A store in the test's own hands: one endless window of 60 s."""

    def __init__(self) -> None:
        self.hits: dict[str, int] = {}

    def count(self, key: str, window_s: int) -> Window:
        self.hits[key] = self.hits.get(key, 0) + 1
        return Window(self.hits[key], 60.0)


def test_exactly_the_limit_passes_and_the_headers_count_down(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="3/minute") as client:
        answers = [client.get(PATH) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    assert all(1 <= int(answer.headers["RateLimit-Reset"]) <= 60 for answer in answers)
    assert not any(name.startswith("X-RateLimit") for name, _ in answers[0].headers)


def test_only_a_refusal_says_retry_after_and_it_is_a_problem_document(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="1/minute") as client:
        passed, refused = client.get(PATH), client.get(PATH)
    assert "Retry-After" not in passed.headers
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["status"] == 429
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_two_workers_share_one_count(database_url: URL) -> None:
    url = as_text(database_url)
    with client_of(url, RATE_LIMIT="3/minute") as one, client_of(url, RATE_LIMIT="3/minute") as other:
        codes = [client.get(PATH).status_code for client in (one, other, one, other, one)]
    assert codes == [404, 404, 404, 429, 429]


def test_many_at_once_are_counted_exactly(database_url: URL) -> None:
    database = open_database(load_config({"DATABASE_URL": as_text(database_url)}))
    counters = [PostgresCounter(database) for _ in range(4)]

    def ask(number: int) -> int:
        return counters[number % 4].count("one client", 60).hits

    with ThreadPoolExecutor(8) as pool:
        hits = sorted(pool.map(ask, range(200)))
    for counter in counters:
        counter.close()
    assert hits == list(range(1, 201))


def test_a_window_that_ended_begins_anew(database_url: URL) -> None:
    database = open_database(load_config({"DATABASE_URL": as_text(database_url)}))
    counter = PostgresCounter(database)
    assert [counter.count("k", 60).hits for _ in range(2)] == [1, 2]
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("update rate_limit set expires = now() - interval '1 second'"))
    engine.dispose()
    window = counter.count("k", 60)
    counter.close()
    assert window.hits == 1
    assert 59 < window.ends_in_s <= 60


def test_no_address_is_stored(database_url: URL) -> None:
    with client_of(as_text(database_url)) as client:
        client.get(PATH, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    engine = create_engine(database_url)
    with engine.connect() as connection:
        keys = connection.scalars(text("select key from rate_limit")).all()
    engine.dispose()
    assert len(keys) == 1
    assert "203.0.113.77" not in keys[0]


def test_only_the_api_and_the_exports_are_limited() -> None:
    limited = ["/api/v1", "/api/v1/models", "/api/v1/models.csv", "/export/litellm.json"]
    free = ["/", "/healthz", "/readyz", "/models/a/b", "/api", "/api/v10", "/exports", "/docs/api"]
    assert [path for path in limited if not is_limited(path)] == []
    assert [path for path in free if is_limited(path)] == []


def test_a_preflight_is_not_counted(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="1/minute") as client:
        for _ in range(3):
            client.options(PATH, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
        assert client.get(PATH).headers["RateLimit-Remaining"] == "0"


def test_an_empty_limit_disables(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="") as client:
        assert "RateLimit-Limit" not in client.get(PATH).headers


@pytest.mark.parametrize(
    ("hops", "forwarded", "shares_a_count"),
    [
        ("0", ["198.51.100.1", "198.51.100.2"], True),
        ("1", ["198.51.100.1", "198.51.100.2"], False),
        ("1", ["forged-1, 198.51.100.1", "forged-2, 198.51.100.1"], True),
        ("2", ["198.51.100.1, 10.0.0.1", "198.51.100.2, 10.0.0.1"], False),
    ],
)
def test_a_client_is_who_the_believed_proxies_say(
    database_url: URL, hops: str, forwarded: list[str], shares_a_count: bool
) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="1/minute", FORWARDED_HOPS=hops) as client:
        codes = [client.get(PATH, headers={"X-Forwarded-For": value}).status_code for value in forwarded]
    assert codes == [404, 429 if shares_a_count else 404]


def test_without_the_store_requests_pass_with_one_warning_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock, counter = Clock(), BrokenCounter()
    limiter = Limiter(parse_many("1/minute"), counter, clock)
    with caplog.at_level(logging.WARNING):
        for _ in range(59):
            assert limiter.standing("c") is None
            clock.now += 1
        assert len(caplog.records) == 1
        clock.now += 1
        limiter.standing("c")
    assert len(caplog.records) == 2
    assert counter.asked < 20, "a store that failed is given a rest"


def test_an_unreachable_database_lets_requests_pass() -> None:
    with client_of("postgresql://u:hush@127.0.0.1:1/d", RATE_LIMIT="1/minute") as client:
        assert [client.get(PATH).status_code for _ in range(3)] == [404, 404, 404]


def test_a_refused_client_is_remembered_until_its_window_ends() -> None:
    clock, counter = Clock(), CountingCounter()
    limiter = Limiter(parse_many("2/minute"), counter, clock)
    standings = [limiter.standing("c") for _ in range(10)]
    assert [standing.refused for standing in standings if standing] == [False, False] + [True] * 8
    assert sum(counter.hits.values()) == 3, "the store was asked once after the limit and no more"
    clock.now += 30
    assert limiter.standing("c") == Standing(limit=2, remaining=0, resets_in_s=30.0, refused=True)
    clock.now += 31
    limiter.standing("c")
    assert sum(counter.hits.values()) == 4


def test_of_several_limits_the_tightest_is_told() -> None:
    limiter = Limiter(parse_many("5/second;100/hour"), CountingCounter(), Clock())
    standing = limiter.standing("c")
    assert standing is not None
    assert (standing.limit, standing.remaining) == (5, 4)


def test_the_counts_of_a_shared_storage_hold_too() -> None:
    counter = SharedStorageCounter("memory://")
    windows = [counter.count("k", 60) for _ in range(3)]
    assert [window.hits for window in windows] == [1, 2, 3]
    assert 0 < windows[-1].ends_in_s <= 61


def test_a_shared_storage_out_of_reach_is_a_count_error() -> None:
    with pytest.raises(CountError):
        SharedStorageCounter("redis://127.0.0.1:1/0").count("k", 60)


def test_an_ipv6_network_is_one_client_and_a_mapped_address_is_its_ipv4() -> None:
    assert client_digest("2001:db8:1:2::1") == client_digest("2001:db8:1:2:ffff::9")
    assert client_digest("2001:db8:1:2::1") != client_digest("2001:db8:1:3::1")
    assert client_digest("::ffff:192.0.2.1") == client_digest("192.0.2.1")
    assert client_digest("not an address") != client_digest(None)


COUNT = """
import sys
from aimstats.config import load_config
from aimstats.config.values import PROJECT_ROOT
from aimstats.store.database import open_database
from aimstats.store.rate_limit import PostgresCounter
counter = PostgresCounter(open_database(load_config({"DATABASE_URL": sys.argv[1]})))
print(sum(counter.count("one client", 600).hits <= 1000 for _ in range(1000)))
"""


@pytest.mark.long
def test_four_processes_at_once_let_exactly_the_limit_through(database_url: URL) -> None:
    command = [sys.executable, "-c", COUNT, as_text(database_url)]
    running = [subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    passed = [int(one.communicate(timeout=300)[0]) for one in running]
    assert sum(passed) == 1000
