"""Cohere's pages: facts of its models, and the deprecations that it announces in prose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, events, read
from tests.spiders.replayed import assert_fact, day, life, needs_mirror, rows_listings_events

COHERE: Final = "https://docs.cohere.com/docs/models.md"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("cohere", "page.md", "Description", "About"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@needs_mirror
@pytest.mark.parametrize(
    ("source", "url", "name", "key", "search", "factor"),
    [
        ("cohere", COHERE, "command-a-03-2025", "limit.context", r"\| `command-a-03-2025` .*?\| (256)k +\| 8k", 1_000),
        ("cohere", COHERE, "command-a-03-2025", "limit.output", r"\| `command-a-03-2025` .*?\| 256k +\| (8)k", 1_000),
        ("cohere", COHERE, "rerank-v3.5", "limit.context", r"\| `rerank-v3\.5` .*?context length of (\d+) tokens", 1),
        ("cohere", COHERE, "embed-v4.0", "embedding_dimensions", r"\| `embed-v4\.0` .*?(\d+) \(default\)", 1),
        ("cohere", COHERE, "embed-english-light-v3.0", "embedding_dimensions",
         r"\| `embed-english-light-v3\.0` .*?\| (384) +\|", 1),
    ],
)  # fmt: skip
def test_a_fact_is_the_documents(source: str, url: str, name: str, key: str, search: str, factor: int) -> None:
    assert_fact(source, url, name, key, search, factor)


@needs_mirror
def test_every_row_becomes_its_events() -> None:
    assert rows_listings_events("cohere_deprecations") == (5, 14, 16)


@needs_mirror
def test_cohere_tells_deprecated_from_retired() -> None:
    assert set(life("cohere_deprecations", "embed-english-v2.0")) == {"retired"}
    assert set(life("cohere_deprecations", "command-r")) == {"deprecated"}
    assert life("cohere_deprecations", "command-r")["deprecated"].at == day("September 15, 2025")
    assert life("cohere_deprecations", "rerank-english-v2.0")["retired"].at == day("April 30, 2025")
    assert "embed-v4.0" in life("cohere_deprecations", "embed-english-light-v2.0")["retired"].replacements
    assert "command-a-03-2025" in life("cohere_deprecations", "c4ai-aya-expanse-8b")["retired"].replacements


ANNOUNCED: Final = """# Deprecations

### 2026-03-01: Old models

{lead} the following models will be retired:

* `embed-old-v2.0`

For command model replacements, we recommend you use `command-new`.

### 2025-09-15: Various

Effective September 15, 2025, the following deprecations will roll out.

Deprecated Models:

* `command-old`
* `summarize`

{more}

For command model replacements, we recommend you use `command-new`.
"""


@pytest.mark.parametrize(
    ("lead", "date"),
    [
        ("Effective April 4th, 2026,", "2026-04-04"),
        ("Effective 4 April 2026,", "2026-04-04"),
        ("Effective on 2026-04-04,", "2026-04-04"),
    ],
)
def test_cohere_ends_on_the_effective_day_not_on_that_of_the_announcement(lead: str, date: str) -> None:
    document = read("cohere_deprecations", ANNOUNCED.format(lead=lead, more=""))
    [event] = events(document)["embed-old-v2.0", ""]
    assert event.at == datetime.fromisoformat(date).replace(tzinfo=UTC)
    assert dict(document.unknown) == {}


def test_cohere_without_an_effective_day_has_no_date_and_says_so() -> None:
    document = read("cohere_deprecations", ANNOUNCED.format(lead="Soon", more="Sunset Models:\n\n* `other-old`\n"))
    assert [event.at for event in events(document).get(("embed-old-v2.0", ""), ())] == []
    assert dict(document.unknown) == {"list of models: no effective day": 1, "list Sunset Models:": 1}


def test_cohere_recommends_for_the_family_that_it_names() -> None:
    found = events(read("cohere_deprecations", ANNOUNCED.format(lead="Effective April 4th, 2026,", more="")))
    assert found["command-old", ""][0].replacements == ("command-new",)
    assert found["summarize", ""][0].replacements == found["embed-old-v2.0", ""][0].replacements == ()
