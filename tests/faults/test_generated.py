"""Counts over generated changes of the real documents: a sample in every run, the full counts in the long ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from tests.faults.generated import SLIPS, World
from tests.faults.genuine import GENUINE
from tests.faults.real import RealSource, judged, published, read

FEW = (
    "anthropic", "deepseek", "openai", "xai", "mistral", "llm_prices", "openrouter", "novita", "zai",
    "swe_bench", "openai_deprecations",
)  # fmt: skip
"""The sources of the sample: pages, a router, catalogues, copies, boards, retirements."""


@dataclass(frozen=True)
class Published:
    """A database of the real documents, and what stands in it."""

    engine: Engine
    sources: Mapping[str, RealSource]


@pytest.fixture(scope="module", params=["few", pytest.param("all", marks=pytest.mark.long)])
def real(request: pytest.FixtureRequest, admin: Engine, template_url: URL, shared: Path) -> Iterator[Published]:
    """The real documents of some sources (of all in the long tests), published once."""
    url = template_url.set(database=f"aimstats_real_{request.param}_{random.SystemRandom().randrange(10**9)}")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{url.database}" template "{template_url.database}" strategy file_copy'))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        sources = published(connection, read(shared / "mirror", FEW if request.param == "few" else ()))
    yield Published(engine, sources)
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f'drop database "{url.database}" with (force)'))


def is_all(real: Published) -> bool:
    """Whether this is the long count over every source."""
    return len(real.sources) > len(FEW)


def each(connection: Connection, world: World, kinds: Mapping[str, object], count: int) -> Iterator[str]:
    """So many names of kinds in turn; what a change did to the ledger is undone after each."""
    names = list(kinds)
    for number in range(count):
        transaction = connection.begin()
        yield names[number % len(names)]
        transaction.rollback()


def test_of_real_unit_slips_at_least_99_of_100_are_held(real: Published) -> None:
    passed, made = [], 0
    with real.engine.connect() as connection:
        world = World(random.Random(11), connection, real.sources)
        for kind in each(connection, world, SLIPS, 1_200 if is_all(real) else 40):
            change = SLIPS[kind](world)
            if change is None or not change.figures:
                continue
            made += 1
            through = judged(connection, change.source, change.documents, change.figures).passed
            if through:
                passed.append((kind, change.says, min(map(str, through))))
    assert made >= (1_000 if is_all(real) else 25)
    assert len(passed) <= made * 0.01, passed


def test_of_real_genuine_changes_at_most_one_of_200_is_held(real: Published) -> None:
    held, made, listings = [], 0, 0
    with real.engine.connect() as connection:
        world = World(random.Random(12), connection, real.sources)
        for kind in each(connection, world, GENUINE, 1_500 if is_all(real) else 60):
            change = GENUINE[kind](world)
            if change is None:
                continue
            made += 1
            listings += change.listings
            verdict = judged(connection, change.source, change.documents)
            if verdict.held or verdict.together:
                held.append((kind, change.says, verdict.held[:2], verdict.together))
    assert listings >= (10_000 if is_all(real) else 500)
    assert len(held) <= made * 0.005, held
