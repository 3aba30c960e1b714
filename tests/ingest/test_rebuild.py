"""The resolved rows are a function of the ledger: never of the way in which publications came."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from aimstats.domain.absence import Absence
from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen, Source
from aimstats.domain.prices import Price, price
from aimstats.ingest.refusals import PublicationRefusedError
from aimstats.ingest.touched import PASSED
from aimstats.resolution.version import RESOLVER_VERSION
from tests.ingest.worlds import FIRST, SECOND, World, both, catalogue, day, page, seen, usd

SOURCES = (
    catalogue("alpha", priority=10),
    catalogue("beta", priority=10),
    catalogue("gamma", priority=20, cadence_hours=24 * 40),
    page("openai_prices", "openai"),
    page("openai_models", "openai"),
    Source(id="router", name="Router", kind="router", url="https://r.example", provider="openrouter"),
    Source(id="life", name="Life", kind="lifecycle", url="https://l.example", provider="openai"),
)
IDS = (
    "gpt-4o",
    "gpt-4o-2024-05-13",
    "gpt-4o-2024-08-06",
    "openai/gpt-4o",
    "gpt-4o:free",
    "deepseek-chat",
    "openrouter/auto",
    "o3",
)
NAMES = ("", "GPT-4o", "DeepSeek V3", "DeepSeek V3.1", "OpenAI o3")
AMOUNTS = ("0", "0.15", "2.5", "3", "5", "5000")

instants = st.integers(-3, 12).map(day)


@st.composite
def prices(draw: st.DrawFn) -> Price:
    """A price of few meters, plans, amounts, sometimes dated, sometimes absent."""
    dates = draw(st.sampled_from([(None, None), (None, day(4)), (day(4), None), (day(2), day(7))]))
    absent = draw(st.sampled_from([None, None, None, Absence.VARIABLE]))
    return price(
        draw(st.sampled_from(["input", "output", "cache_read"])),
        None if absent else Decimal(draw(st.sampled_from(AMOUNTS))),
        plan=draw(st.sampled_from(["standard", "standard", "batch"])),
        currency=draw(st.sampled_from(["USD", "USD", "USD", "EUR"])),
        promotional=draw(st.booleans()) and draw(st.booleans()),
        absent=absent,
        valid_from=dates[0],
        valid_to=dates[1],
    )


@st.composite
def listings(draw: st.DrawFn) -> ListingSeen:
    """A listing of few ids and providers."""
    events = st.builds(Lifecycle, event=st.sampled_from(["deprecated", "retired"]), at=instants)
    facts: dict[str, object] = {"limit.context": draw(st.sampled_from([128_000, 200_000]))} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        facts["release_date"] = draw(st.sampled_from(["2026-02-27", "2026-03", "2025"]))
    return ListingSeen(
        provider=draw(st.sampled_from(["openai", "azure", "deepseek", "openrouter", "chatgpt"])),
        external_id=draw(st.sampled_from(IDS)),
        name=draw(st.sampled_from(NAMES)),
        region=draw(st.sampled_from(["", "", "eu"])),
        facts=facts,
        prices=tuple(draw(st.lists(prices(), max_size=3))),
        lifecycle=tuple(draw(st.lists(events, max_size=1))),
    )


contents = st.one_of(st.lists(listings(), max_size=4), st.sampled_from(["unchanged", "failed", "gone"]))
steps = st.tuples(st.sampled_from(SOURCES), st.sampled_from([0.0, 0.3, 1.0, 2.0, 50.0]), st.tuples(contents, contents))


def follow(world: World, run: list[tuple[Source, float, tuple[object, object]]]) -> float:
    """Publish run after run as far as each may be; returns the day of the last."""
    today = 0.0
    read: set[tuple[str, str]] = set()
    for source, later, (first, second) in run:
        today += later
        documents = {}
        for url, content in ((FIRST, first), (SECOND, second)):
            if content == "unchanged" and (source.id, url) not in read:
                content = []
            if not isinstance(content, str):
                read.add((source.id, url))
            documents[url] = content
        try:
            world.crawl(day(today), documents, source)
        except PublicationRefusedError:
            continue
    return today


def check_rebuild(db: Connection, run: list[tuple[Source, float, tuple[object, object]]]) -> None:
    """Publish the runs in a transaction that is undone, and compare the rows with a full rebuild."""
    with db.begin_nested() as savepoint:
        world = World(db)
        today = follow(world, run)
        published = world.state()
        if world.reports:
            last = world.rows("select max(finished_at) from run")[0][0] or day(today)
            world.rebuild(last)
            assert world.state() == published
        savepoint.rollback()


quiet = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=False,
)


@settings(quiet, max_examples=20)
@given(run=st.lists(steps, min_size=1, max_size=6))
def test_a_full_rebuild_gives_equal_rows_after_any_publications(db: Connection, run: list[object]) -> None:
    check_rebuild(db, run)  # type: ignore[arg-type]  # drawn as such


@pytest.mark.long
@settings(quiet, max_examples=250, derandomize=False)
@given(run=st.lists(steps, min_size=1, max_size=10))
def test_a_full_rebuild_gives_equal_rows_after_very_many_publications(db: Connection, run: list[object]) -> None:
    check_rebuild(db, run)  # type: ignore[arg-type]  # drawn as such


def shuffled_world() -> list[tuple[Source, dict[str, object]]]:
    """Seven sources that speak of the same few models, with duplicates, snapshots, products of their own and disputes."""
    twice = [seen("grok-4-fast", usd("input", figure), provider="xai") for figure in ("0.2", "0.4")]
    dated = [seen("gpt-4o-2024-08-06", *both("2.5", "10")), seen("gpt-4o-2024-05-13", *both("5", "15")), seen("gpt-4o")]
    hosts = [seen("a/llama-3.3-70b", *both("1", "1"), provider="groq"), seen("b/llama-3.3-70b", *both("2", "2"), provider="groq")]
    return [
        (SOURCES[0], {FIRST: [*dated, *twice], SECOND: hosts}),
        (SOURCES[1], {FIRST: [seen("gpt-4o", *both("2.6", "10"), name="GPT-4o"), *hosts]}),
        (SOURCES[2], {FIRST: [seen("GPT-4o", *both("2.4", "10")), *twice], SECOND: [seen("gpt-4o", *both("2.7", "10"))]}),
        (SOURCES[3], {FIRST: [seen("GPT-4o", *both("2.5", "10"), is_page_name=True)]}),
        (SOURCES[4], {FIRST: [seen("gpt-4o", usd("cache_read", "1.25"))], SECOND: [seen("gpt-4o", usd("cache_read", "1.3"))]}),
        (SOURCES[5], {FIRST: [seen("openai/gpt-4o", *both("2.5", "10"), provider="openrouter")]}),
        (SOURCES[6], {FIRST: [seen("gpt-4o-2024-05-13", lifecycle=(Lifecycle(event="retired", at=day(90)),))]}),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_rows_do_not_depend_on_the_order_of_sources_and_documents(db: Connection, seed: int) -> None:
    states = []
    for turn in (0, seed + 1):
        with db.begin_nested() as savepoint:
            world = World(db)
            for source, documents in random.Random(turn).sample(shuffled_world(), len(SOURCES)):
                world.crawl(day(0), documents, source)
            states.append(world.state())
            savepoint.rollback()
    assert states[0] == states[1]
    assert len(states[0]) > 5


def test_the_order_in_which_documents_were_first_read_does_not_matter(db: Connection) -> None:
    source, documents = shuffled_world()[0]
    states = []
    for first in (FIRST, SECOND):
        with db.begin_nested() as savepoint:
            world = World(db)
            one = {url: documents[url] if url == first else [] for url in documents}
            world.crawl(day(0), one, source)
            world.crawl(day(1), documents, source)
            world.crawl(day(2), dict.fromkeys(documents, "unchanged"), source)
            states.append([row.replace("2026-03-01T", "DAY").replace("2026-03-02T", "DAY") for row in world.state()])
            savepoint.rollback()
    assert states[0] == states[1]


def test_a_changed_declaration_resolves_its_source_anew(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2"))], catalogue("alpha", priority=10))
    world.crawl(day(0), [seen("gpt-4o", usd("input", "3"))], catalogue("beta", priority=20))
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "2"
    world.crawl(day(1), {FIRST: "unchanged"}, catalogue("beta", priority=5))
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "3"


def test_between_equal_sources_the_later_reading_decides_even_when_it_read_nothing_new(world: World) -> None:
    for source, figure in (("alpha", "2"), ("beta", "3")):
        world.crawl(day(0), [seen("gpt-4o", usd("input", figure))], catalogue(source, priority=10))
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "2", "read at the same instant: the id decides"
    world.crawl(day(1), {FIRST: "unchanged"}, catalogue("beta", priority=10))
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "3"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (page("alpha", "openai"), Source(id="beta", name="B", kind="router", url="https://b.example", provider="openrouter")),
        (page("alpha", "openai"), Source(id="beta", name="B", kind="api", url="https://b.example", provider="azure")),
    ],
    ids=["page and router", "page and api"],
)
def test_the_later_reading_decides_between_sources_of_other_kinds_too(world: World, one: Source, other: Source) -> None:
    for source, figure in ((one, "2"), (other, "3")):
        world.crawl(day(0), [seen("deepseek-chat", usd("input", figure), provider="hostly")], source)
    (offer,) = world.offers()
    assert world.offers()[offer]["cost"]["input"] == "2", "read at the same instant: the id decides"
    world.crawl(day(1), {FIRST: "unchanged"}, other)
    assert world.offers()[offer]["cost"]["input"] == "3"
    state = world.state()
    world.rebuild(day(1))
    assert world.state() == state


def test_time_alone_ends_a_promotion_and_retires_a_model(world: World) -> None:
    promotion = usd("input", "1", promotional=True, valid_from=day(-1), valid_to=day(5))
    life = (Lifecycle(event="retired", at=day(7)),)
    world.crawl(day(0), [seen("gpt-4o", usd("input", "2"), promotion, lifecycle=life)])
    for number, count, status in ((1, 2, "deprecated"), (5, 1, "deprecated"), (8, 1, "retired")):
        world.crawl(day(number), [seen("o3", usd("input", "2"))], catalogue("other"))
        offer = world.offers()["openai/openai/gpt-4o"]
        assert (number, len(offer["prices"]), offer["status"]) == (number, count, status)


def test_a_document_record_without_changes_leaves_the_version(world: World) -> None:
    world.crawl(day(0), {FIRST: DocumentSeen(url=FIRST, listings=(seen("gpt-4o", usd("input", "2")),))})
    dataset = world.version()[0]
    world.crawl(day(1), {FIRST: "unchanged"})
    assert world.version() == (dataset, 2)
    world.rebuild(day(1))
    assert world.version() == (dataset, 2)


def test_a_date_that_passes_while_everything_waits_takes_effect(db: Connection) -> None:
    world = World(db)
    retiring = Lifecycle(event="retired", at=day(3))
    names = [f"gpt-4o-{n}" for n in range(9)]
    world.crawl(day(0), [seen("gpt-4o", lifecycle=(retiring,)), *(seen(name) for name in names)])
    assert world.models()["openai/gpt-4o"]["status"] == "deprecated"
    world.crawl(day(3), [])
    assert world.models()["openai/gpt-4o"]["status"] == "retired"


def test_what_passed_in_time_is_asked_of_an_index_whatever_was_closed(db: Connection) -> None:
    db.execute(text("drop index uq_claim_open, ix_claim_history, ix_claim_document_open"))
    db.execute(text("set local enable_seqscan = off"))
    plan = db.execute(text(f"explain {PASSED}"), {"last": day(0), "now": day(1)}).scalars()
    assert "ix_claim_dated_open" in "\n".join(plan)


def test_another_resolver_resolves_everything_anew_and_tells_no_events(db: Connection) -> None:
    world = World(db)
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10")), seen("o3", usd("input", "2"))])
    db.execute(text("update resolved_offer set body = jsonb_set(body, '{cost,input}', '\"7\"') where id like '%gpt-4o'"))
    world.crawl(day(1), {FIRST: "unchanged"})
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "7", "nothing else touches it"
    db.execute(text("update version set resolver_version = 'another'"))
    dataset = world.version()[0]
    world.crawl(day(2), {FIRST: "unchanged"})
    assert world.offers()["openai/openai/gpt-4o"]["cost"]["input"] == "2.5"
    assert world.version()[0] == dataset + 1
    assert world.rows("select kind from event") == []
    assert world.rows("select resolver_version from version") == [(RESOLVER_VERSION,)]


def test_a_date_that_passes_before_another_resolver_comes_is_told(db: Connection) -> None:
    world = World(db)
    world.crawl(day(0), [seen("gpt-4o", lifecycle=(Lifecycle(event="retired", at=day(3)),)), seen("o3")])
    db.execute(text("update resolved_offer set body = jsonb_set(body, '{cost}', '{}') where id like '%o3'"))
    db.execute(text("update version set resolver_version = 'another'"))
    world.crawl(day(4), {FIRST: "unchanged"})
    assert [(row.kind, row.before, row.after) for row in world.rows("select kind, before, after from event")] == [
        ("status_changed", "deprecated", "retired")
    ]
