"""The app as a whole: errors in the form of the door that was knocked at, and the API open to other origins."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from aimstats.config import load_config
from aimstats.extensions import db
from aimstats.factory import create_app

NOWHERE = "postgresql://u:hush@127.0.0.1:1/d"


def client_of(**environ: str) -> FlaskClient:
    """A client of an app whose database is out of reach, with one route that needs it behind each door."""
    app = create_app(load_config({"DATABASE_URL": NOWHERE, "RATE_LIMIT": "", **environ}))

    def ask() -> str:
        return str(db.session.scalar(text("select 1")))

    app.add_url_rule("/needs-data", "page", ask)
    app.add_url_rule("/api/needs-data", "data", ask)
    return app.test_client()


@pytest.mark.parametrize("path", ["/api/v1/nothing-here", "/export/nothing-here", "/api"])
def test_the_api_answers_an_unknown_path_with_a_problem_document(path: str) -> None:
    answer = client_of().get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["title"] == "Not Found"


def test_a_page_that_is_not_there_is_not_a_problem_document() -> None:
    answer = client_of().get("/nothing-here")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_wrong_method_keeps_its_allow_header() -> None:
    answer = client_of().post("/api/needs-data")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/needs-data", "/api/needs-data"])
def test_a_database_out_of_reach_is_a_503_that_says_when_to_come_back(path: str) -> None:
    answer = client_of().get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "hush" not in answer.text


def test_any_origin_may_read_the_api_by_default_and_one_answer_suits_all() -> None:
    answer = client_of().get("/api/v1/nothing-here", headers={"Origin": "https://a.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = answer.headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Link", "RateLimit-Limit", "Retry-After"} <= {name.strip() for name in exposed.split(",")}
    assert "Origin" not in answer.headers.get("Vary", "")


def test_only_the_origins_that_are_named_may_read_the_api() -> None:
    client = client_of(API_CORS_ORIGINS="https://a.example,https://b.example")
    named = client.get("/api/v1/x", headers={"Origin": "https://b.example"})
    other = client.get("/api/v1/x", headers={"Origin": "https://c.example"})
    assert named.headers["Access-Control-Allow-Origin"] == "https://b.example"
    assert "Origin" in named.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in other.headers


def test_pages_are_not_open_to_other_origins() -> None:
    answer = client_of().get("/robots.txt", headers={"Origin": "https://a.example"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("header", "value"),
    [("traceparent", f"00-{'a1' * 16}-{'b2' * 8}-01"), ("X-Cloud-Trace-Context", f"{'a1' * 16}/1234;o=1"), ("X-Nothing", "")],
)
def test_what_is_logged_within_a_request_names_its_trace_and_no_visitor(
    header: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of(GOOGLE_CLOUD_PROJECT="project-1", FORWARDED_HOPS="1", LOG_LEVEL="DEBUG")
    address = {"REMOTE_ADDR": "198.51.100.7"}
    client.get("/needs-data?q=1", headers={header: value, "X-Forwarded-For": "203.0.113.9"}, environ_overrides=address)
    said = capsys.readouterr().out
    events = [json.loads(line) for line in said.splitlines()]
    told = [event for event in events if "did not answer" in event["message"]]
    expected = f"projects/project-1/traces/{'a1' * 16}" if value else None
    assert [event.get("logging.googleapis.com/trace") for event in told] == [expected]
    assert "203.0.113.9" not in said
    assert "198.51.100.7" not in said
