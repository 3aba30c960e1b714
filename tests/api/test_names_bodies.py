"""What may be posted to `/resolve`: sizes, types and shapes of a body, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimstats.api.names import MAX_CHARACTERS

URL = "/api/v1/resolve"
JSON = "application/json"


def asked(client: FlaskClient, *names: Any) -> list[dict[str, Any]]:
    answer = client.post(URL, json={"names": list(names)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["data"]
    return found


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b'{"names": ["\\ud800"]}', "body"),
        (b"[" * 100_000, "body"),
        (b"[]", "names"),
        (b"{}", "names"),
        (b'{"names": "gpt-4o"}', "names"),
        (b'{"names": [], "more": 1}', "more"),
        (b'{"names": [1]}', "names[0]"),
        (b'{"names": ["a", null]}', "names[1]"),
        (b'{"names": [{}]}', "names[0]"),
        (b'{"names": [{"id": "a"}]}', "names[0]"),
        (b'{"names": [{"name": 1}]}', "names[0]"),
        (json.dumps({"names": ["a"] * 1_001}).encode(), "names"),
        (json.dumps({"names": ["a" * (MAX_CHARACTERS + 1)]}).encode(), "names[0]"),
    ],
)
def test_a_bad_body_is_a_400_that_names_the_place(api: FlaskClient, body: bytes, parameter: str) -> None:
    answer = api.post(URL, data=body, content_type=JSON)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["errors"][0]["parameter"] == parameter


def test_a_thousand_names_are_taken(api: FlaskClient) -> None:
    assert len(asked(api, *("a" for _ in range(1_000)))) == 1_000


def test_a_body_above_a_mebibyte_is_a_413(api: FlaskClient) -> None:
    answer = api.post(URL, data=b" " * (2**20 + 1), content_type=JSON)
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_a_body_of_a_mebibyte_is_read(api: FlaskClient) -> None:
    body = b'{"names": ["a"]' + b" " * (2**20 - 16) + b"}"
    assert len(body) == 2**20
    assert api.post(URL, data=body, content_type=JSON).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}, {"Content-Type": JSON, "Content-Encoding": "gzip"}])
def test_another_media_type_is_a_415(api: FlaskClient, headers: dict[str, str]) -> None:
    answer = api.post(URL, data=b'{"names": []}', headers=headers)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")
    header = "Content-Encoding" if "Content-Encoding" in headers else "Content-Type: application/json"
    assert header in answer.get_json()["detail"]


SCALARS = st.none() | st.booleans() | st.floats() | st.text()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(body=st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_body_is_a_500(api: FlaskClient, body: Any) -> None:
    for stated in (body, {"names": body}, {"names": [body]}):
        assert api.post(URL, data=json.dumps(stated), content_type=JSON).status_code in (200, 400)
