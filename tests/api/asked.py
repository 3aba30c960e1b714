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


def errors(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    return [error["parameter"] for error in json.loads(answer.data)["errors"]]


def look_again(app: Flask) -> None:
    """Let the app look at the version with the next request, without waiting for its second."""
    app.extensions["catalogue"]._next_look = float("-inf")
