"""Hostile strings wherever a source may have put text: every door shows them as text, and no more."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.api.events import write_events
from tests.catalogue.bodies import MODELS, OFFERS
from tests.web.addresses import ADDRESSES
from tests.web.conftest import app_on
from tests.web.publishing import publish

HOSTILE = "=cmd|'/c calc'!A0\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}]]><a href=javascript:alert(1)>"
RAW = f"{HOSTILE}\r\nATTACH:https://evil.example/\r\nSet-Cookie: a=b\x1b[31m\u202e"
"""An id as its source spells it is kept to the letter."""


class Elements(HTMLParser):
    """What a browser would make of a page: the names of its elements, and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each."""
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


TEXTS = frozenset({"name", "family", "license"})
SPELLED = frozenset({"external_id", "aliases", "region", "variant", "sku"})


def poisoned(value: Any, key: str = "") -> Any:
    """The same with hostile text in the place of every text that a source writes as it likes."""
    if isinstance(value, dict):
        return {name: poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    if not isinstance(value, str):
        return value
    return HOSTILE if key in TEXTS else RAW if key in SPELLED else value


@pytest.fixture(scope="module")
def attacked(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app over a catalogue all of whose texts are hostile."""
    new = request.getfixturevalue
    admin, server_url, template_url = new("admin"), new("server_url"), new("template_url")
    name = "aimstats_attacked"
    with admin.connect() as connection:
        connection.execute(text(f'drop database if exists "{name}"'))
        connection.execute(text(f'create database "{name}" template "{template_url.database}" strategy file_copy'))
    url: URL = server_url.set(database=name)
    models, offers = deepcopy(MODELS), deepcopy(OFFERS)
    for body in (*models, *offers):
        body.update(retirement_date="2099-01-01", status="deprecated")
    for body in models:
        body.update(license="x")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        publish(connection, [poisoned(body) for body in models], [poisoned(body) for body in offers])
        write_events(connection)
        connection.execute(text("alter table event disable trigger user"))
        connection.execute(text("update event set before = :x, after = :x where kind = 'model_added'"), {"x": HOSTILE})
        connection.execute(text("update source set body = jsonb_set(body, '{name}', to_jsonb(cast(:x as text)))"), {"x": HOSTILE})
        connection.execute(text("update held set reason = :x"), {"x": HOSTILE})
    app = app_on(url, PUBLIC_URL="https://models.example")
    yield app
    app.extensions["database"].close()
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{name}" with (force)'))


@pytest.mark.parametrize(
    "address", [*ADDRESSES, "/models/alpha/ode-4.5?fragment=offers", f"/?q={HOSTILE}", f"/resolve?name={HOSTILE}"]
)
def test_a_page_holds_no_mark_up_of_a_source_or_a_visitor(attacked: Flask, address: str) -> None:
    answer = attacked.test_client().get(address)
    assert answer.status_code in (200, 400)
    found = Elements()
    found.feed(answer.text)
    assert "img" not in found.names
    assert [name for name, _ in found.attributes if name.startswith("on")] == []
    links = [value for name, value in found.attributes if name in ("href", "src", "action")]
    assert [link for link in links if not link.startswith(("/", "#", "?", "https://"))] == []
    assert "<script>alert" not in answer.text
    assert "49]]" not in answer.text, "a template was evaluated"


@pytest.mark.parametrize("path", ["models", "offers", "providers", "sources", "changes", "benchmarks", "deprecations"])
def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(attacked: Flask, path: str) -> None:
    answer = attacked.test_client().get(f"/api/v1/{path}.csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True), newline="")))
    texts = [cell for row in rows[1:] for cell in row if cell and not re.fullmatch(r"-?[0-9.e-]+", cell)]
    assert [cell for cell in texts if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {len(row) for row in rows} == {len(rows[0])}, "no text ends its row"


@pytest.mark.parametrize("path", ["/changes.atom", "/sitemap.xml"])
def test_a_feed_is_well_formed_and_its_links_are_ours(attacked: Flask, path: str) -> None:
    root = ElementTree.fromstring(attacked.test_client().get(path).data)
    told = [(element.get("href"), element.text if element.tag.endswith("}loc") else None) for element in root.iter()]
    links = [link for pair in told for link in pair if link]
    assert links
    assert [link for link in links if not link.startswith("https://models.example/")] == []
    assert [element for element in root.iter() if element.tag.endswith(("script", "img"))] == []


def test_a_calendar_has_the_lines_that_we_write_and_no_other(attacked: Flask) -> None:
    said = attacked.test_client().get("/deprecations.ics").get_data(as_text=True)
    lines = said.replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")
    assert "BEGIN:VEVENT" in lines
    assert [line for line in lines if line.startswith(("ATTACH", "Set-Cookie"))] == []
    assert [line for line in lines if re.search(r"[\x00-\x08\x0a-\x1f]", line)] == []
    assert all(len(line.encode()) <= 75 for line in said.split("\r\n"))
