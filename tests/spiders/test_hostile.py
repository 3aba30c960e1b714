"""Documents that are wrong in every way: refused with a reason or counted, never another exception."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from scrapy_project.base import SourceSpider
from scrapy_project.sources import spider_classes
from tests.spiders.expected import page_url, pages

JSON_PAGES = [(source_id, page, expected) for source_id, page, expected in pages() if page.suffix == ".json"]
PARSERS: dict[str, tuple[SourceSpider, str, bytes]] = {
    f"{source_id}-{page.name}": (spider_classes()[source_id](), page_url(source_id, expected), page.read_bytes())
    for source_id, page, expected in JSON_PAGES
}

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["", "-1", "1e400", "NaN", "0", "\x00", "\ud800", "9" * 70, "2025-02-30"])
    | st.sampled_from([10**40, -1, -0.5, 1e-300])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def parsed(name: str, body: bytes) -> DocumentSeen | None:
    """The document, None where it was refused with a reason."""
    spider, url, _ = PARSERS[name]
    try:
        return spider.parse_document(body, url)
    except DocumentRefusedError as error:
        reason = str(error)
    assert len(reason) > 15, "the reason must tell a person what to look at"
    return None


NO_SUCH_DOCUMENT = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html><title>Just a moment...</title></html>",
    b'{"a": NaN}',
    b'{"a": 1e400000, "b": -Infinity}',
    b"\xff\xfe\x00",
    b'{"data": [], "models": {}}',
    b"[" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"a": ' + b"9" * 10_000 + b"}",
)


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_no_such_document_is_refused(name: str) -> None:
    assert [body[:24] for body in NO_SUCH_DOCUMENT if parsed(name, body)] == []


@pytest.mark.parametrize("name", PARSERS)
def test_a_truncated_document_is_refused(name: str) -> None:
    body = PARSERS[name][2].strip()
    assert [share for share in (0.3, 0.9, 0.999) if parsed(name, body[: int(len(body) * share)])] == []


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The place of every value inside a document."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in paths(part, (*path, key)))]


def check_wrong_values(name: str, data: st.DataObject) -> None:
    """A document with a few wrong values: what is read of it can be written down, and no price is below zero."""
    document = json.loads(PARSERS[name][2])
    for _ in range(data.draw(st.integers(1, 4))):
        *where, last = data.draw(st.sampled_from([path for path in paths(document) if path]))
        holder = document
        for key in where:
            holder = holder[key]
        holder[last] = data.draw(VALUES)
    seen = parsed(name, json.dumps(document).encode("utf-8", "surrogatepass"))
    for listing in seen.listings if seen else ():
        for stated in listing.prices:
            assert stated.amount is None or stated.amount >= 0
        json.dumps([listing.external_id, listing.provider, listing.name, *listing.aliases]).encode("utf-8")


quiet = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])


@pytest.mark.parametrize("name", PARSERS)
@settings(quiet, max_examples=25)
@given(data=st.data())
def test_a_wrong_value_anywhere_is_counted_or_refused(name: str, data: st.DataObject) -> None:
    check_wrong_values(name, data)


@pytest.mark.long
@pytest.mark.parametrize("name", PARSERS)
@settings(quiet, max_examples=150, derandomize=False)
@given(data=st.data())
def test_very_many_wrong_values_are_counted_or_refused(name: str, data: st.DataObject) -> None:
    check_wrong_values(name, data)


@pytest.mark.parametrize("name", PARSERS)
def test_ten_thousand_unknown_keys_stay_a_short_list(name: str) -> None:
    document = json.loads(PARSERS[name][2])
    for path in paths(document):
        holder = document
        for key in path:
            holder = holder[key]
        if isinstance(holder, dict):
            holder |= {f"extra_{number}": number for number in range(500)}
    seen = parsed(name, json.dumps(document).encode())
    assert seen is None or len(seen.unknown) <= 201
