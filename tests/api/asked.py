"""Asking the API: the rows, the whole answer, or the parameters that it refuses."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient


def data(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = json.loads(answer.data)["data"]
    return rows


def whole(client: FlaskClient, address: str) -> dict[str, Any]:
    """The answer's object, whatever its status."""
    found: dict[str, Any] = json.loads(client.get(f"/api/v1{address}").data)
    return found


def with_cursor(address: str, cursor: str | None) -> str:
    """The address of one row of a list, behind a cursor."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}limit=1" + (f"&cursor={cursor}" if cursor else "")


def rest(client: FlaskClient, address: str, cursor: str | None) -> list[dict[str, Any]]:
    """The rows of the pages from a cursor on, one a page."""
    found: list[dict[str, Any]] = []
    while cursor:
        answer = whole(client, with_cursor(address, cursor))
        found += answer["data"]
        cursor = answer["meta"]["next"]
    return found


def walked(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """All rows of a list, one a page."""
    first = whole(client, with_cursor(address, None))
    return [*first["data"], *rest(client, address, first["meta"]["next"])]


def errors(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    return [error["parameter"] for error in json.loads(answer.data)["errors"]]


def look_again(app: Flask) -> None:
    """Let the app look at the version with the next request, without waiting for its second."""
    app.extensions["catalogue"]._next_look = float("-inf")
