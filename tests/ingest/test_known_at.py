"""What was served at an instant is what a question about that instant is answered with ever after, under the same rules."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from aimstats.checks.decisions import decide, open_items
from aimstats.domain.items import Lifecycle, ListingSeen, Source
from aimstats.ingest.publish import settle_crawl
from aimstats.ingest.refusals import PublicationRefusedError
from aimstats.resolution.from_ledger import resolved_at
from tests.ingest.drawn import Story
from tests.ingest.worlds import FIRST, SECOND, World, both, catalogue, day, page, seen, usd

OPENAI = page("openai", "openai", complete=("text",), cadence_hours=24)
LIFE = page("openai_life", "openai", kind="lifecycle")
LIST = catalogue("list", priority=10, cadence_hours=24)
OTHER = catalogue("other", priority=10, cadence_hours=24 * 40)
Bodies = dict[str, tuple[Any, Any]]


def served(world: World) -> Bodies:
    """Every row that is served now, with its evidence."""
    rows = "select id, body, evidence from resolved_"
    return {f"{what} {id_}": (body, said) for what in ("model", "offer") for id_, body, said in world.rows(f"{rows}{what}")}


def answered(world: World, at: datetime) -> Bodies:
    """The same of an instant that is asked about later."""
    found: Bodies = {}
    for unit in resolved_at(world.connection, at, at):
        if unit.body is not None:
            found[f"model {unit.body['id']}"] = (unit.body, unit.evidence)
        found |= {f"offer {offer.key.id}": (offer.body, offer.evidence) for offer in unit.offers}
    return found


def gpt(*prices: Any, **rest: Any) -> ListingSeen:
    return seen("gpt-4o", *prices, **rest)


def o3(input_: str, **rest: Any) -> ListingSeen:
    return seen("o3", *both(input_, "40"), **rest)


def elsewhere(provider: str, amount: str) -> ListingSeen:
    return seen("o3", *both(amount, "40"), provider=provider)


SMALL = {"limit.context": 128_000}
AZURE = elsewhere("azure", "11")
RETIRED = Lifecycle(event="retired", at=day(9))
CRAWLS: Sequence[tuple[float, Sequence[tuple[Source, dict[str, Any]]]]] = (
    (0, [(LIST, {FIRST: [gpt(*both("5", "15")), o3("10"), elsewhere("azure", "10"), elsewhere("groq", "0")]})]),
    (1, [(OPENAI, {FIRST: [gpt(*both("5", "15"), facts=SMALL)], SECOND: [o3("10")]}), (OTHER, {FIRST: [o3("9"), AZURE]})]),
    (2, [(OPENAI, {FIRST: [gpt(*both("2.5", "10"))], SECOND: "failed"}), (LIST, {FIRST: "unchanged"})]),
    # A price a unit away from others is held; a promotion begins and ends by its days.
    (3, [(OPENAI, {FIRST: [gpt(*both("2.5", "10"))], SECOND: [o3("1000")]})]),
    (4, [(OPENAI, {FIRST: [gpt(*both("2.5", "10"), usd("input", "1", promotional=True, valid_from=day(5), valid_to=day(7)))]})]),
    (5, [(OPENAI, {FIRST: "unchanged", SECOND: "unchanged"}), (LIFE, {FIRST: [seen("o3", lifecycle=(RETIRED,))]})]),
    (6, [(OPENAI, {FIRST: "unchanged", SECOND: "unchanged"}), (OTHER, {FIRST: [AZURE, elsewhere("groq", "8")]})]),
    (8, [(OPENAI, {FIRST: "unchanged", SECOND: [seen("o1", *both("15", "60"))]}), (LIST, {FIRST: "gone"})]),
    (10, [(LIFE, {FIRST: "unchanged"}), (LIST, {FIRST: "gone"})]),
    (13, [(OTHER, {FIRST: [AZURE]})]),
    (60, [(OPENAI, {FIRST: [gpt(*both("2", "8"))], SECOND: [seen("o1", *both("15", "60"))]})]),
)  # fmt: skip


def test_a_past_instant_is_answered_as_it_was_served_then(world: World) -> None:
    then: dict[float, Bodies] = {}
    for number, said in CRAWLS:
        for place, (source, documents) in enumerate(said):
            world.crawl(day(number), documents, source, settles=place == len(said) - 1)
        then[number] = served(world)
    assert len({str(bodies) for bodies in then.values()}) == len(CRAWLS), "each crawl changed what is served"
    assert world.rows("select count(*) from held")[0][0] > 0
    for number, bodies in then.items():
        assert answered(world, day(number)) == bodies, number


def lived(world: World, story: Story, crawls: int) -> dict[datetime, Bodies]:
    """What was served at the end of each crawl of a story, whose sources are read one after another; what may not be published is
    left out. Some of what waits a person decides before the next crawl."""
    then: dict[datetime, Bodies] = {}
    for at, said in story.crawls(crawls):
        for item in open_items(world.connection):
            if decision := story.decision():
                decide(world.connection, [item.id], decision, at - timedelta(hours=1))
        for source, documents in said:
            at += timedelta(minutes=3)
            try:
                world.crawl(at, documents, source, settles=False)
            except PublicationRefusedError:
                continue
        if world.reports:
            settle_crawl(world.connection, at)
        then[at] = served(world)
    return then


def check_story(db: Connection, seed: int, crawls: int) -> None:
    """Every past instant of a random story is answered as it was served; all is undone."""
    with db.begin_nested() as savepoint:
        world = World(db)
        then = lived(world, Story(seed), crawls)
        assert len({str(bodies) for bodies in then.values()}) > crawls / 2
        for at, bodies in then.items():
            told = answered(world, at)
            apart = [name for name in sorted(bodies.keys() | told.keys()) if bodies.get(name) != told.get(name)]
            assert apart == [], f"seed {seed}, {at:%Y-%m-%d %H:%M}"
        savepoint.rollback()


@pytest.mark.parametrize("seed", [8, 11, 12, 15])
def test_any_story_is_answered_as_it_was_served(db: Connection, seed: int) -> None:
    """Readings that change, fail, repeat themselves or are gone, prices stated twice, sources silent for weeks, what is held, and
    what a person decides of it."""
    check_story(db, seed, 12)


@pytest.mark.long
def test_very_many_stories_are_answered_as_they_were_served(db: Connection) -> None:
    for _ in range(150):
        check_story(db, random.randrange(10**9), 16)
