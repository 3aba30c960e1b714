"""Which value of a field is shown, by whom it is stated and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aimstats.domain.items import Score
from aimstats.resolution.facts import choose_facts, display_name, evidence_of
from aimstats.resolution.inputs import ListingView
from aimstats.resolution.model_types import type_of
from tests.resolution.stated import claim, copied, document, listing, resolved, source, usd

OWN = frozenset({"openai"})
PAGE = source("page", "page", provider="openai")
COPY = copied(PAGE)
FIRST, LATER = source("first", priority=10), source("later", priority=20)


def says(value: Any, of: Any = FIRST, field: str = "limit.context", **rest: Any) -> ListingView:
    """A listing that states one field."""
    about: dict[str, Any] = {"doc": document(of, stale=rest.pop("stale"))} if "stale" in rest else {}
    return listing(of=of, facts={field: value}, **about, **rest)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([says(1), says(2, PAGE)], 2),
        ([says(1), says(1, LATER), says(2, COPY)], 2),
        ([says(1, COPY), says(2, PAGE, snapshot="2024-05-13")], 2),
        ([says(1, LATER, provider="azure"), says(2)], 2),
        ([says(1, provider="azure"), says(2, LATER)], 2),
        ([says(1, provider="azure"), says(2, LATER, snapshot="2024-05-13")], 1),
        ([says(1), says(1, LATER), says(2, source("third"), provider="azure")], 1),
        ([says(1, PAGE, stale=True), says(2)], 2),
        ([says(1, snapshot="2024-05-13"), says(2, LATER)], 2),
        ([says(1, variant="high"), says(2, LATER)], 2),
        ([says(1, PAGE, snapshot="2024-05-13")], 1),
    ],
    ids=[
        "the developer's page before a catalogue",
        "a copy of the developer's page before any number of catalogues",
        "the page before its copy",
        "of as many the first in order",
        "of as many what is said of the developer's own shop, not a reseller's cap",
        "the plain model before the developer's snapshot",
        "an outlier never beats a majority",
        "fresh before stale",
        "the plain model before its snapshots",
        "the plain model before its variants",
        "a snapshot where nothing else speaks",
    ],
)
def test_the_first_hand_is_believed_else_the_most_sources(rows: list[ListingView], expected: int) -> None:
    for turn in range(len(rows)):
        assert choose_facts([*rows[turn:], *rows[:turn]], OWN).value("limit.context") == expected


def test_a_catalogues_row_filed_under_the_developer_has_one_voice_like_any_other() -> None:
    rows = [says(True, source("wrong"), field="open_weights")]
    rows += [says(False, source(f"s{n}"), field="open_weights", provider="azure") for n in range(2)]
    chosen = choose_facts(rows, OWN).chosen["open_weights"]
    assert (chosen.value, chosen.reason) == (False, "stated by 2 of 3 sources")


def test_one_source_has_one_voice_however_many_hosts_it_lists() -> None:
    rows = [says(1, provider=name) for name in "abcd"] + [says(2, LATER), says(2, source("third", priority=30))]
    assert choose_facts(rows, OWN).value("limit.context") == 2


def test_a_date_of_a_month_supports_every_day_of_it() -> None:
    dates = {"a": "2024-07-14", "b": "2025-07", "c": "2025-07-14", "d": "2025-07-11"}
    rows = [says(value, source(id_, priority=10), field="release_date") for id_, value in dates.items()]
    assert choose_facts(rows, OWN).value("release_date") == "2025-07-14"


def test_weights_are_known_where_their_developer_put_them() -> None:
    hub = source("hub", "router", provider="hub", registers_weights=True)
    rows = [says("mit", field="license"), says("mit", LATER, field="license")]
    rows += [says("apache-2.0", hub, field="license", provider="hub", external_id="openai/gpt-4o")]
    assert choose_facts(rows, OWN).value("license") == "apache-2.0"
    copied = [*rows[:2], says("other", hub, field="license", provider="hub", external_id="somebody/gpt-4o")]
    assert choose_facts(copied, OWN).value("license") == "mit"
    context = [says(1), says(2, hub, provider="hub", external_id="openai/gpt-4o"), says(1, LATER)]
    assert choose_facts(context, OWN).value("limit.context") == 1


@pytest.mark.parametrize(
    ("denied_by", "repository", "expected"),
    [
        (FIRST, "openai/gpt-4o", True),
        (FIRST, "somebody/gpt-4o-gguf", False),
        (PAGE, "openai/gpt-4o", False),
    ],
    ids=["a catalogue's no", "a copy", "the developer's own no"],
)
def test_weights_are_open_where_their_developer_published_them(denied_by: Any, repository: str, expected: bool) -> None:
    rows = [says(False, denied_by, field="open_weights"), says(True, LATER, field="open_weights", provider="azure")]
    rows += [says(repository, LATER, field="hugging_face_id", provider="azure")]
    chosen = choose_facts(rows, OWN).chosen["open_weights"]
    assert chosen.value is expected
    if expected:
        assert chosen.reason == "its developer published the weights (openai/gpt-4o)"


def test_a_page_that_lists_some_modalities_denies_no_others() -> None:
    page = says(["text", "image"], PAGE, field="modalities.input")
    others = [says(["text", "image", "pdf"], source(id_), field="modalities.input") for id_ in "ab"]
    outlier = says(["text", "video"], source("c"), field="modalities.input")
    chosen = choose_facts([page, *others, outlier], OWN).chosen["modalities.input"]
    assert chosen.value == ["text", "image", "pdf"]
    assert chosen.reason == "the developer's own page; pdf by most other sources"
    assert choose_facts([page, others[0]], OWN).value("modalities.input") == ["text", "image"]
    notes = says(["text", "audio"], source("notes", "registry", provider="openai"), field="modalities.input")
    assert sorted(choose_facts([page, notes], OWN).value("modalities.input")) == ["audio", "image", "text"]


def test_spellings_of_one_licence_are_one_voice_each_and_the_evidence_keeps_them() -> None:
    rows = [
        listing(of=source(id_), facts={"license": text}) for id_, text in (("a", "Other"), ("b", "mit"), ("c", "MIT License"))
    ]
    found = resolved(*rows)
    assert found.body is not None
    assert found.body["license"] == "MIT"
    assert [row["value"] for row in found.evidence["license"]] == ["mit", "Other", "MIT License"]


def limits(of: Any, context: int | None, output: int | None = None, provider: str = "openai") -> ListingView:
    """A listing that states a context and an output limit."""
    stated = {"limit.context": context, "limit.output": output}
    return listing(of=of, facts={field: value for field, value in stated.items() if value}, provider=provider)


def test_limits_that_cannot_stand_together_are_not_shown_together() -> None:
    """One source's coherent set is shown, the rest is in dispute."""
    rows = [limits(FIRST, 100, 50), limits(LATER, 100), limits(source("third"), None, 200), limits(source("4th"), None, 200)]
    found = choose_facts(rows, OWN)
    assert (found.value("limit.context"), found.value("limit.output")) == (100, 50)
    assert found.disputed == ("limit.output",)
    assert len(evidence_of(rows, found.chosen)["limit.output"]) == 3


def test_without_a_coherent_set_the_first_hand_stays() -> None:
    found = choose_facts([limits(FIRST, 100), limits(PAGE, None, 200)], OWN)
    assert (found.value("limit.context"), found.value("limit.output")) == (None, 200)
    assert found.disputed == ("limit.context",)


def test_what_cannot_stand_yields_to_what_another_source_says_that_can() -> None:
    """A context that is rounded down is none beside a longer prompt; the nearest that can stand is shown."""
    sides = listing(of=source("third"), facts={"limit.input": 110, "limit.output": 50})
    rows = [limits(LATER, 100), limits(FIRST, 120, provider="azure"), limits(source("a", priority=1), 900, provider="azure")]
    found = choose_facts([*rows, sides], OWN)
    assert (found.value("limit.context"), found.value("limit.input")) == (120, 110)
    assert found.disputed == ("limit.context",)
    assert found.chosen["limit.context"].reason == "of First, whose figures can stand together"


def test_nobody_knows_of_a_time_after_the_release() -> None:
    stated = [("2025-03-01", "2025-06"), ("2025-03-01", "2024-12"), ("2025-03", "2025-06")]
    rows = [
        listing(of=source(f"s{n}"), facts={"release_date": release, "knowledge": knowledge})
        for n, (release, knowledge) in enumerate(stated)
    ]
    found = choose_facts(rows, OWN)
    assert (found.value("release_date"), found.value("knowledge")) == ("2025-03-01", "2024-12")
    assert found.disputed == ("knowledge",)


def test_evidence_shows_every_value_the_shown_one_first() -> None:
    rows = [says(1, LATER), says(2), says(3, PAGE)]
    evidence = evidence_of(rows, choose_facts(rows, OWN).chosen)["limit.context"]
    assert [(row["source"], row["value"], row["won"]) for row in evidence] == [
        ("page", 3, True),
        ("first", 2, False),
        ("later", 1, False),
    ]
    assert [row["reason"] for row in evidence] == ["the developer's own page", None, None]


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("OpenAI: GPT-4o", "GPT-4o"),
        ("GPT-4o (2024-05-13)", "GPT-4o"),
        ("Claude Sonnet 4.5 (latest)", "Claude Sonnet 4.5"),
        ("DeepSeek: R1 (free)", "R1"),
        ("GPT-4o", "GPT-4o"),
        ("(free)", "(free)"),
    ],
)
def test_a_name_is_shown_without_vendor_and_price_suffix(stated: str, shown: str) -> None:
    assert display_name(stated) == shown


@pytest.mark.parametrize(
    ("stated", "inputs", "outputs", "slug", "expected"),
    [
        ("image", ["text"], ["text"], "x", "image"),
        ("text", ["text"], ["image"], "x", "image"),
        (None, ["text"], ["text", "image"], "x", "text"),
        (None, ["audio"], ["text"], "x", "transcription"),
        (None, ["text", "audio"], ["text"], "x", "text"),
        (None, ["text"], ["audio"], "x", "speech"),
        (None, ["text"], ["video", "audio"], "x", "video"),
        (None, ["text"], ["embedding"], "x", "embedding"),
        (None, None, None, "bge-m3", "embedding"),
        (None, None, None, "bge-reranker-v2", "rerank"),
        (None, None, None, "whisper-large-v3", "transcription"),
        (None, None, None, "llama-guard-4-12b", "moderation"),
        (None, None, None, "qwen3guard-gen-8b", "moderation"),
        (None, None, None, "guardian-angel", "text"),
        (None, None, None, "kling-2.1-master-image-to-video", "video"),
        (None, None, None, "grok-imagine-r2v", "video"),
        (None, None, None, "wan2.7-video-editing", "video"),
        (None, ["text", "video"], ["text"], "llava-video-to-video", "text"),
        (None, None, None, "seedream-3-text-to-image", "image"),
        ("text", ["text"], ["image", "text"], "gpt-5-image-mini", "image"),
        (None, ["text"], ["text"], "image-captioner", "text"),
        (None, None, None, "glm-text-to-speech", "speech"),
        (None, None, None, "glm-audio-to-text", "transcription"),
        (None, None, None, "gpt-4o", "text"),
    ],
)
def test_the_type_is_stated_else_told_by_what_comes_out_else_by_the_name(
    stated: str | None, inputs: list[str] | None, outputs: list[str] | None, slug: str, expected: str
) -> None:
    assert type_of(stated, inputs, outputs, slug) == expected


@pytest.mark.parametrize(
    ("meter", "outputs", "expected"),
    [
        ("output_video", None, "video"),
        ("image", None, "image"),
        ("input_character", None, "speech"),
        ("output", None, "text"),
        ("image", ["text"], "text"),
    ],
)
def test_what_is_sold_by_one_meter_alone_makes_what_the_meter_counts(meter: str, outputs: Any, expected: str) -> None:
    facts = {"modalities.output": outputs} if outputs else {}
    body = resolved(listing(usd(meter, "1"), facts=facts, model="acme/ode-2"), model="acme/ode-2").body
    assert body is not None
    assert body["type"] == expected


def test_what_boards_measure_answers_whatever_a_catalogue_calls_it() -> None:
    stated = listing(usd("input", "1"), facts={"type": "embedding"}, model="acme/ode-2")
    board = listing(of=source("board", "benchmark"), model="acme/ode-2")
    score = Score(benchmark="mmlu", metric="accuracy", value=Decimal("85.8"))
    board.claims.append(claim("score", score.key, score.stated(), board.claims[0].document))
    for rows, expected in (([stated], "embedding"), ([stated, board], "text")):
        body = resolved(*rows, model="acme/ode-2").body
        assert body is not None
        assert body["type"] == expected
