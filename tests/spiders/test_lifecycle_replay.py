"""The spiders of deprecation pages on their real documents, compared with dates that another reader took."""

import re
from datetime import UTC, datetime
from functools import cache

import pytest

from aimstats.domain.claims import flatten
from aimstats.domain.items import DocumentSeen, Lifecycle
from scrapy_project.sources import spider_classes
from tests.spiders.test_mirror_replay import MIRROR, first, manifest

pytestmark = pytest.mark.skipif(not (MIRROR / "MANIFEST.json").exists(), reason="no ../shared/mirror beside the project")

COUNTS = {
    # source: rows, listings, events
    "alibaba_retirement": (64, 64, 64),
    "anthropic_deprecations": (30, 25, 43),
    "bedrock_lifecycle": (90, 101, 149),
    "cohere_deprecations": (5, 14, 16),
    "gemini_deprecations": (75, 65, 46),
    "groq_deprecations": (37, 36, 62),
    "mistral_retirement": (45, 43, 86),
    "openai_deprecations": (119, 120, 240),
    "openai_deprecations_html": (72, 60, 120),
    "vertex_lifecycle": (41, 41, 37),
    "xai_retirement": (8, 8, 8),
    "xiaomi_retirement": (4, 4, 8),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def seen(source_id: str) -> DocumentSeen:
    spider = spider_classes()[source_id]()
    url = first(source_id)
    return spider.parse_document(manifest()[url].read_bytes(), url)


def raw(source_id: str) -> str:
    return manifest()[first(source_id)].read_text(encoding="utf-8")


def events(source_id: str, name: str, region: str = "") -> dict[str, Lifecycle]:
    row = next(row for row in seen(source_id).listings if (row.external_id, row.region) == (name, region))
    return {event.event: event for event in row.lifecycle}


def day(text: str) -> datetime:
    """`June 15, 2026` as midnight UTC, read without the spiders' own reader."""
    month, number, year = re.fullmatch(r"(\w+) (\d+), (\d+)", text).groups()  # type: ignore[union-attr]  # a test's own text
    return datetime(int(year), 1 + MONTHS.index(month[:3]), int(number), tzinfo=UTC)


@pytest.mark.parametrize("source_id", COUNTS)
def test_every_row_becomes_its_events(source_id: str) -> None:
    document = seen(source_id)
    found = (document.rows, len(document.listings), sum(len(row.lifecycle) for row in document.listings))
    assert found == COUNTS[source_id]
    assert dict(document.unknown) == {}
    assert len({row.key for row in document.listings}) == len(document.listings)
    assert not flatten(document).held


@pytest.mark.parametrize("source_id", COUNTS)
def test_no_event_is_stated_twice_and_no_date_is_a_placeholder(source_id: str) -> None:
    for row in seen(source_id).listings:
        firm = [event.event for event in row.lifecycle if event.precision != "floor"]
        assert len(set(firm)) == len(firm), row.external_id
        for event in row.lifecycle:
            assert (event.at is None) == (event.precision == "none")
            assert event.at is None or 2020 <= event.at.year <= 2030


def test_openai_dates_are_the_documents() -> None:
    compared = 0
    for stated, name in re.findall(r"(?m)^\| (202\d-\d\d-\d\d) +\| `([\w.-]+)` +\|", raw("openai_deprecations")):
        row = [row for row in seen("openai_deprecations").listings if row.external_id == name]
        assert len(row) == 1
        at = {event.event: event.at for event in row[0].lifecycle}["retired"]
        assert at is not None
        assert at >= datetime.fromisoformat(stated).replace(tzinfo=UTC)
        compared += at == datetime.fromisoformat(stated).replace(tzinfo=UTC)
    assert compared >= 80


def test_openai_alternatives_and_included_names_are_taken_apart() -> None:
    preview = events("openai_deprecations", "gpt-4-turbo-preview")
    assert preview["retired"].at == datetime(2026, 3, 26, tzinfo=UTC)
    assert preview["retired"].replacements == ("gpt-5", "gpt-4.1")
    assert preview["deprecated"].at == datetime(2025, 9, 26, tzinfo=UTC)
    assert events("openai_deprecations", "dall-e-3")["retired"].replacements == ("gpt-image-2", "gpt-image-1", "gpt-image-1-mini")
    assert events("openai_deprecations", "o3-mini") == events("openai_deprecations", "o3-mini-2025-01-31")
    assert events("openai_deprecations", "gpt-5.2-chat-latest")["retired"].at == day("Aug 10, 2026")
    assert events("openai_deprecations", "gpt-4o-2024-05-13")["retired"].at == datetime(2026, 10, 23, tzinfo=UTC)


def test_the_latest_announcement_of_openai_stands() -> None:
    assert events("openai_deprecations", "gpt-4-1106-preview")["retired"].at == datetime(2026, 10, 23, tzinfo=UTC)
    assert events("openai_deprecations_html", "gpt-4-1106-preview")["retired"].at == datetime(2026, 3, 26, tzinfo=UTC)
    assert events("openai_deprecations", "gpt-4-0314")["retired"].precision == "exact"


def test_anthropic_floors_are_no_retirement_dates() -> None:
    compared = 0
    for name, stated in re.findall(
        r"(?m)^\| `([\w.-]+)` *\| Active .*Not sooner than (\w+ \d+, \d+)", raw("anthropic_deprecations")
    ):
        event = events("anthropic_deprecations", name)["retired"]
        assert (event.at, event.precision) == (day(stated), "floor")
        compared += 1
    assert compared == 7
    for stated, name in re.findall(r"(?m)^\| (\w+ \d+, \d{4}) +\| `([\w.-]+)` *\|", raw("anthropic_deprecations")):
        event = events("anthropic_deprecations", name)["retired"]
        assert (event.at, event.precision, len(event.replacements)) == (day(stated), "exact", 1)
    opus = events("anthropic_deprecations", "claude-opus-4-20250514")
    assert (opus["deprecated"].at, opus["retired"].at) == (day("April 14, 2026"), day("June 15, 2026"))
    assert opus["retired"].replacements == ("claude-opus-4-7",)


def test_gemini_dates_are_floors_while_its_note_says_so() -> None:
    stated = re.findall(r"(?m)^\| ([a-z][\w.-]+) +\| [^|]*\| (\w+ \d+, \d{4}) +\|", raw("gemini_deprecations"))
    assert len(stated) == 42
    for name, text in stated:
        event = events("gemini_deprecations", name)["retired"]
        assert (event.at, event.precision) == (day(text), "floor")
    assert events("gemini_deprecations", "gemini-3.7-flash") == {}
    assert events("gemini_deprecations", "veo-3.0-generate-001")["retired"].replacements == ("veo-3.1-generate-preview",)


def test_vertex_tells_planned_days_from_floors() -> None:
    text = raw("vertex_lifecycle")
    for name, stated, later in re.findall(r"(?m)^\| ([\w.@-]+) +\| [^|]+\| (\w+ \d+, \d{4})( or later)? +\|", text):
        event = events("vertex_lifecycle", name)["retired"]
        assert (event.at, event.precision) == (day(stated), "floor" if later else "exact")
    assert events("vertex_lifecycle", "gemini-embedding-001")["retired"].precision == "floor"
    assert events("vertex_lifecycle", "gemini-2.5-flash")["retired"].replacements == (
        "Gemini 3.5 Flash-Lite",
        "Gemini 3.1 Flash-Lite",
    )
    facts = {row.external_id: row.facts for row in seen("vertex_lifecycle").listings}
    assert facts["text-bison"]["release_date"] == "2023-05"


def test_bedrock_regions_are_listings_of_their_own() -> None:
    assert events("bedrock_lifecycle", "Ai21 J2 Ultra-v1", "us-west-2")["retired"].at == day("October 4, 2024")
    assert events("bedrock_lifecycle", "Ai21 J2 Ultra-v1", "us-east-1")["retired"].at == day("March 12, 2025")
    opus = events("bedrock_lifecycle", "Claude 3 Opus")
    assert (opus["legacy"].at, opus["retired"].at) == (day("July 15, 2025"), day("January 15, 2026"))
    assert opus["retired"].replacements == (
        "anthropic.claude-opus-4-1-20250805-v1:0",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
    )
    floor = events("bedrock_lifecycle", "amazon.nova-pro-v1:0")["retired"]
    assert (floor.at, floor.precision) == (day("December 4, 2025"), "floor")
    floors = [event for row in seen("bedrock_lifecycle").listings for event in row.lifecycle if event.precision == "floor"]
    assert len(floors) == len(re.findall(r"No sooner than", raw("bedrock_lifecycle")))


def test_groq_dates_are_us_dates() -> None:
    llama = events("groq_deprecations", "llama-3.3-70b-versatile")
    assert (llama["deprecated"].at, llama["retired"].at) == (day("June 17, 2026"), day("August 16, 2026"))
    assert llama["retired"].replacements == ("openai/gpt-oss-120b", "qwen/qwen3.6-27b")
    for name, month, number, year in re.findall(r"(?m)^\| ([\w./-]+) +\| (\d+)/(\d+)/(\d\d) +\|", raw("groq_deprecations")):
        at = events("groq_deprecations", name)["retired"].at
        assert at is not None
        assert at >= datetime(2000 + int(year), int(month), int(number), tzinfo=UTC)
    assert events("groq_deprecations", "gemma-7b-it")["retired"].at == day("December 18, 2024")


def test_cohere_tells_deprecated_from_retired() -> None:
    assert set(events("cohere_deprecations", "embed-english-v2.0")) == {"retired"}
    assert set(events("cohere_deprecations", "command-r")) == {"deprecated"}
    assert events("cohere_deprecations", "command-r")["deprecated"].at == day("September 15, 2025")
    assert events("cohere_deprecations", "rerank-english-v2.0")["retired"].at == day("April 30, 2025")
    assert "embed-v4.0" in events("cohere_deprecations", "embed-english-light-v2.0")["retired"].replacements
    assert "command-a-03-2025" in events("cohere_deprecations", "c4ai-aya-expanse-8b")["retired"].replacements


def test_xai_redirects_at_noon_pacific() -> None:
    for name in ("grok-4-0709", "grok-3", "grok-code-fast-1"):
        event = events("xai_retirement", name)["redirected"]
        assert (event.at, event.effect) == (datetime(2026, 5, 15, 19, tzinfo=UTC), "redirect")
    assert events("xai_retirement", "grok-3")["redirected"].replacements == ("grok-4.3",)
    assert events("xai_retirement", "grok-code-fast-1")["redirected"].replacements == ("grok-build-0.1",)


def test_alibaba_midnight_is_beijings_where_it_says_so() -> None:
    assert events("alibaba_retirement", "qwen2-72b-instruct")["retired"].at == datetime(2025, 8, 19, 16, tzinfo=UTC)
    assert events("alibaba_retirement", "deepseek-v3.2")["retired"].at == day("October 10, 2026")
    assert events("alibaba_retirement", "MiniMax-M2.1")["retired"].replacements == ("qwen3.7-plus",)
    assert events("alibaba_retirement", "gte-rerank")["retired"].at == day("May 30, 2026")
    assert events("alibaba_retirement", "qwen-turbo-2024-09-19")["retired"].replacements == ("qwen-flash-2025-07-28",)


def test_mistral_dates_are_us_dates() -> None:
    rows = re.findall(r"\| ([a-z][\w-]+) +\| (\d+)/(\d+)/(\d{4}) +\| (\d+)/(\d+)/(\d{4}) +\|", raw("mistral_retirement"))
    assert len(rows) == 42
    for name, *parts in rows:
        m1, d1, y1, m2, d2, y2 = map(int, parts)
        found = events("mistral_retirement", name)
        assert found["deprecated"].at == datetime(y1, m1, d1, tzinfo=UTC)
        assert found["retired"].at == datetime(y2, m2, d2, tzinfo=UTC)
    assert events("mistral_retirement", "Mistral Next")["deprecated"].precision == "none"


def test_xiaomi_redirects_before_it_ends() -> None:
    pro = events("xiaomi_retirement", "mimo-v2-pro")
    assert pro["redirected"].at == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert pro["retired"].at == datetime(2026, 6, 29, 16, tzinfo=UTC)
    assert pro["redirected"].replacements == ("mimo-v2.5-pro",)
    assert events("xiaomi_retirement", "mimo-v2-flash")["redirected"].at == datetime(2026, 6, 17, 16, tzinfo=UTC)
    assert events("xiaomi_retirement", "mimo-v2-tts")["redirected"].replacements == ("mimo-v2.5-tts",)
