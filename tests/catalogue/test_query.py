"""One parser for all doors: what a query may hold, what it refuses, how it is written back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.engine.cursor import Cursor, read_cursor
from aimstats.catalogue.engine.query import Query, QueryError, parse
from tests.catalogue.bodies import NOW


def asked(*pairs: tuple[str, list[str]], **further: Any) -> Query:
    return parse(MODELS, pairs, now=NOW, **further)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("nonsense", ["1"]),
        ("Type", ["text"]),
        ("type", ["texty"]),
        ("status", ["ACTIVE"]),
        ("reasoning", ["yes"]),
        ("min_context", ["200K"]),
        ("min_context", ["-1"]),
        ("min_context", ["1.5"]),
        ("min_context", ["1", "2"]),
        ("min_context", ["9" * 30]),
        ("min_context", ["\u0661"]),
        ("max_input_cost", ["NaN"]),
        ("max_input_cost", ["inf"]),
        ("max_input_cost", ["-0.1"]),
        ("max_input_cost", ["1e999"]),
        ("max_input_cost", ["1,5"]),
        ("released_after", ["2025-13-01"]),
        ("released_after", ["yesterday"]),
        ("min_score", ["gpqa"]),
        ("min_score", [":80"]),
        ("min_score", ["gpqa:high"]),
        ("basis", ["dearest"]),
        ("limit", ["0"]),
        ("limit", ["501"]),
        ("limit", ["ten"]),
        ("limit", ["10", "10"]),
        ("sort", ["price"]),
        ("sort", ["cost.input,-cost.input"]),
        ("sort", [",".join(["id", "name", "type", "status", "family", "license"])]),
        ("sort", ["use_cases"]),
        ("sort", ["scores."]),
        ("fields", ["id,secret"]),
        ("fields", ["id.x"]),
        ("cursor", ["abc"]),
        ("cursor", ["W10"]),
        ("cursor", ["\u00e9"]),
        ("q", ["x" * 201]),
        ("q", ["a\x00b"]),
        ("q", ["\nname\x1f"]),
        ("developer", ["a\nb"]),
        ("developer", ["x"] * 101),
        ("as_of", ["2026-3-1"]),
        ("as_of", ["2027-11-04"]),
        ("known_at", ["2026-11-02T12:00:00"]),
        ("known_at", ["2026-11-02T12:00:01Z"]),
        ("known_at", ["0001-01-01T00:00:00+12:00"]),
    ],
)
def test_what_cannot_be_asked_is_refused_and_named(name: str, texts: list[str]) -> None:
    with pytest.raises(QueryError) as refused:
        asked((name, texts))
    assert [error["parameter"] for error in refused.value.errors] == [name]


def test_every_wrong_parameter_is_named_at_once() -> None:
    with pytest.raises(QueryError) as refused:
        asked(("limit", ["0"]), ("who", ["me"]), ("type", ["text"]))
    assert [error["parameter"] for error in refused.value.errors] == ["limit", "who"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("as_of", "2027-11-03"),
        ("as_of", "2019-02-28"),
        ("max_input_cost", "5e-3"),
        ("fields", "id,cost,limit.context,scores.gpqa,cost.absent.input"),
        ("sort", "-scores.gpqa-diamond,cost.input"),
        ("limit", "500"),
    ],
)
def test_what_can_be_asked_is_taken(name: str, text: str) -> None:
    assert asked((name, [text])).has(name, text)


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("2026-11-02T12:00:00Z", "2026-11-02T12:00:00Z"),
        ("2026-11-02T14:00:00.000+02:00", "2026-11-02T12:00:00Z"),
        ("2026-11-02T14:00:00 02:00", "2026-11-02T12:00:00Z"),
        ("2026-11-02T11:59:59.9Z", "2026-11-02T11:59:59.900000Z"),
        ("2026-11-02t11:59:59.900001z", "2026-11-02T11:59:59.900001Z"),
    ],
)
def test_an_instant_has_one_text_however_it_is_spelled(spelled: str, canonical: str) -> None:
    query = asked(("known_at", [spelled]))
    assert query.has("known_at", canonical)
    assert query.known_at == datetime.fromisoformat(canonical)


def test_empty_parameters_count_as_absent() -> None:
    assert asked(("q", [""]), ("type", ["", " "]), ("limit", ["", "10"]), ("cursor", [""])).text == "limit=10"


def test_equal_questions_have_one_text() -> None:
    first = asked(("type", ["text", "image", "text"]), ("q", [" ode "]), ("limit", ["5"]))
    second = asked(("limit", ["5"]), ("type", ["image", "text"]), ("q", ["ode"]))
    assert first.text == second.text == "q=ode&limit=5&type=image&type=text"


def test_a_link_changes_what_it_says_and_begins_at_the_first_page() -> None:
    cursor = str(Cursor(1, asked().order_text, ("a/b",), "a/b"))
    query = asked(("type", ["text", "image"]), ("developer", ["alpha"]), ("cursor", [cursor]))
    assert parse_qs(query.url_with(sort="-cost.input")) == {
        "sort": ["-cost.input"],
        "type": ["image", "text"],
        "developer": ["alpha"],
    }
    assert query.without("type", "text") == "type=image&developer=alpha"
    assert query.without("type") == "developer=alpha"
    assert query.including("developer", "beta") == "type=image&type=text&developer=alpha&developer=beta"
    assert "cursor" in parse_qs(query.text)


def test_one_value_after_another_makes_the_links_that_single_changes_make() -> None:
    differences: list[dict[str, Any]] = [{}, {"open": None}, {"limit": 7, "view": "cost"}]
    pairs = [("status", ["deprecated", "active"]), ("q", ["a b"]), ("min_context", ["9"]), ("open", ["type"]), ("limit", ["5"])]
    for count in range(len(pairs) + 1):
        query = asked(*pairs[:count], carried=("view", "open"))
        for name in ("status", "sort", "q", "view", "open", "min_context", "unknown"):
            for changes in differences:
                others = {key: value for key, value in changes.items() if key != name}
                linked = query.varying(name, **others)
                for value in (None, "name", "ü&"):
                    assert linked(value) == query.url_with(**others, **{name: value})


def test_a_door_may_have_parameters_of_its_own() -> None:
    own = {"ignored": ("fragment",), "carried": ("columns",)}
    query = asked(("fragment", ["results"]), ("columns", ["name", "cost.input"]), ("type", ["text"]), **own)
    assert query.text == "type=text&columns=cost.input&columns=name"
    with pytest.raises(QueryError):
        asked(("fragment", ["results"]))


def test_a_page_may_set_a_filter_that_its_links_leave_out() -> None:
    query = asked(("type", ["text"])).fixed(provider="hostly")
    assert query.text == "type=text"
    assert query.filters["provider"] == ("hostly",)


def test_offers_know_no_price_basis() -> None:
    with pytest.raises(QueryError):
        parse(OFFERS, [("basis", ["median"])], now=NOW)


def test_a_cursor_is_url_safe_and_comes_back_whole() -> None:
    cursor = Cursor(7, "0a1b2c3d", ("0.5", None, "\u00e9?&/"), "a/b~c+d")
    assert str(cursor).replace("-", "").replace("_", "").isalnum()
    assert read_cursor(str(cursor)) == cursor
