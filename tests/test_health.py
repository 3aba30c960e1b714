"""/healthz says that the process lives, /readyz what is missing and the command that mends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from aimstats.config import load_config
from aimstats.factory import create_app
from tests.conftest import as_text


@contextmanager
def client_of(url: str, **environ: str) -> Iterator[FlaskClient]:
    app = create_app(load_config({"DATABASE_URL": url, **environ}))
    yield app.test_client()
    app.extensions["database"].close()


def run(url: URL, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


NOWHERE = "postgresql://u:hush@127.0.0.1:1/d"
PUBLISHED = "update version set published_at = now()"


def test_alive_without_a_database_but_not_ready() -> None:
    with client_of(NOWHERE) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["problem"] == "database_unreachable"
    assert "hush" not in answer.text


def test_a_schema_that_was_never_migrated_is_said_with_the_command(empty_database_url: URL) -> None:
    with client_of(as_text(empty_database_url)) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["problem"] == "schema_empty"
    assert answer.get_json()["command"] == "flask --app app db upgrade"


def test_an_empty_catalogue_is_said_with_the_command(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["problem"] == "no_data"
    assert answer.get_json()["command"] == "python -m jobs.scrape"


def test_ready_once_data_has_been_published(client: FlaskClient, database_url: URL) -> None:
    run(database_url, PUBLISHED)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_newer_schema_is_accepted(client: FlaskClient, database_url: URL) -> None:
    run(database_url, PUBLISHED, "update alembic_version set version_num = 'of_a_later_release'")
    assert client.get("/readyz").status_code == 200


def test_health_is_never_limited(database_url: URL) -> None:
    with client_of(as_text(database_url), RATE_LIMIT="1/hour") as client:
        answers = [client.get("/healthz") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "RateLimit-Limit" not in answers[0].headers


def test_each_part_served_alone_has_its_health_checks(database_url: URL) -> None:
    for part in ("web", "api"):
        with client_of(as_text(database_url), SERVE=part) as client:
            assert client.get("/healthz").status_code == 200
            assert (client.get("/robots.txt").status_code == 200) == (part == "web")
