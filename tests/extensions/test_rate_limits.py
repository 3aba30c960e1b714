"""One client's limit holds across workers, says where the client stands, and never stands in the way of serving."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL

from aimstats.config import load_config
from aimstats.config.values import PROJECT_ROOT
from aimstats.extensions.rate_limits.clients import client_digest, is_limited, salt_of
from aimstats.extensions.rate_limits.storage import PostgresStorage, counting_engine
from aimstats.factory import create_app
from aimstats.store.database import open_database
from tests.conftest import as_text
from tests.forked import HUNG_S

PATH = "/api/v1/nothing-here"


@contextmanager
def client_of(url: str, **environ: str) -> Iterator[FlaskClient]:
    app = create_app(load_config({"DATABASE_URL": url, **environ}))
    yield app.test_client()
    app.extensions["database"].close()


@contextmanager
def storage_on(url: URL) -> Iterator[PostgresStorage]:
    with open_database(load_config({"DATABASE_URL": as_text(url)})) as database:
        storage = PostgresStorage(wrap_exceptions=True, engine=counting_engine(database))
        yield storage
        storage.close()


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
    with storage_on(database_url) as one, storage_on(database_url) as other, ThreadPoolExecutor(8) as pool:
        hits = sorted(pool.map(lambda number: (one, other)[number % 2].incr("one client", 60), range(200)))
    assert hits == list(range(1, 201))


def test_a_window_that_ended_begins_anew(database_url: URL) -> None:
    with storage_on(database_url) as storage:
        assert [storage.count("k", 60).hits for _ in range(2)] == [1, 2]
        with storage_on(database_url) as other, other._engine.connect() as connection:
            connection.execute(text("update rate_limit set expires = now() - interval '1 second'"))
        assert storage.get("k") == 0
        window = storage.count("k", 60)
    assert window.hits == 1
    assert 0 < window.ends_in_s <= 60


def test_the_storage_keeps_the_promises_of_its_library(database_url: URL) -> None:
    with storage_on(database_url) as storage:
        assert storage.check()
        begun = time.time()
        assert [storage.incr("k", 60), storage.incr("k", 60, amount=3), storage.incr("other", 60)] == [1, 4, 1]
        assert storage.get("k") == 4
        assert begun + 59 <= storage.get_expiry("k") <= time.time() + 61
        storage.clear("k")
        assert (storage.get("k"), storage.get("other")) == (0, 1)
        assert storage.reset() == 1
        assert storage.get("other") == 0


def test_a_request_costs_one_statement(database_url: URL) -> None:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        if "rate_limit" in arguments[2]:
            statements.append(arguments[2])

    with client_of(as_text(database_url), RATE_LIMIT="5/minute") as client:
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert client.get(PATH).headers["RateLimit-Remaining"] == "4"
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert len(statements) == 1
    assert "on conflict" in statements[0]


def test_no_address_is_stored(database_url: URL) -> None:
    with client_of(as_text(database_url)) as client:
        client.get(PATH, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    engine = create_engine(database_url)
    with engine.connect() as connection:
        keys = connection.scalars(text("select key from rate_limit")).all()
    engine.dispose()
    assert len(keys) == 1
    assert "203.0.113.77" not in keys[0]


def test_what_stands_for_a_client_cannot_be_found_by_trying_all_addresses() -> None:
    salts = [salt_of(load_config({"DATABASE_URL": f"postgresql://u:{word}@h/d"})) for word in ("one", "two")]
    digests = {client_digest("203.0.113.9", salt) for salt in (b"", *salts)}
    assert len(digests) == 3
    assert "one" not in str(salts[0])


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


def test_an_unreachable_database_lets_requests_pass() -> None:
    with client_of("postgresql://u:hush@127.0.0.1:1/d", RATE_LIMIT="1/minute") as client:
        assert [client.get(PATH).status_code for _ in range(3)] == [404, 404, 404]


def test_of_several_limits_the_tightest_is_told(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="50/minute;3/hour") as client:
        answers = [client.get(PATH) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["3"] * 4
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert int(answers[3].headers["Retry-After"]) > 60


def test_the_counts_of_a_shared_storage_hold_too(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="2/minute", RATE_LIMIT_STORAGE_URL="memory://") as client:
        answers = [client.get(PATH) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert 1 <= int(answers[0].headers["RateLimit-Reset"]) <= 61
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from rate_limit")) == 0
    engine.dispose()


def test_a_shared_storage_out_of_reach_lets_requests_pass(database_url: URL) -> None:
    url = "redis://127.0.0.1:1/0"
    with client_of(as_text(database_url), RATE_LIMIT="1/minute", RATE_LIMIT_STORAGE_URL=url) as client:
        answers = [client.get(PATH) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert "RateLimit-Limit" not in answers[0].headers


def test_health_checks_are_free(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="1/minute") as client:
        client.get(PATH)
        assert client.get(PATH).status_code == 429
        assert {client.get("/healthz").status_code for _ in range(3)} == {200}
        assert {client.get("/readyz").status_code for _ in range(3)} == {503}


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
from aimstats.extensions.rate_limits.storage import PostgresStorage, counting_engine
storage = PostgresStorage(engine=counting_engine(open_database(load_config({"DATABASE_URL": sys.argv[1]}))))
print(sum(storage.incr("one client", 600) <= 1000 for _ in range(1000)))
"""


@pytest.mark.long
def test_four_processes_at_once_let_exactly_the_limit_through(database_url: URL) -> None:
    command = [sys.executable, "-c", COUNT, as_text(database_url)]
    running = [subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    passed = [int(one.communicate(timeout=HUNG_S)[0]) for one in running]
    assert sum(passed) == 1000
