"""Counts over generated changes: nearly every unit slip is held, hardly any genuine change is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from aimstats.checks import Gate
from aimstats.domain.claims import flatten
from aimstats.domain.items import DocumentSeen, ListingSeen
from aimstats.domain.prices import Price
from aimstats.domain.prices import price as stated_price
from aimstats.ingest.meant import meaning_for
from tests.ingest.worlds import FIRST, World, catalogue, day

Catalogue = dict[str, dict[tuple[str, str, int], Decimal]]
"""Id -> (meter, plan, tier) -> US dollars per million tokens."""
SLIPS = ("1000", "1000000", "0.001", "0.000001", "100", "0.01")
METERS = (("input", "standard", 0), ("output", "standard", 0), ("cache_read", "standard", 0), ("input", "batch", 0),
          ("output", "batch", 0), ("input", "standard", 200_000), ("output", "standard", 200_000))  # fmt: skip


def invented(source: random.Random, count: int) -> Catalogue:
    """Models priced as models are: 0.05 to 20 dollars for input, output 2 to 8 times that, half with plans and tiers."""
    found: Catalogue = {}
    for number in range(count):
        base = Decimal(str(round(10 ** source.uniform(-1.3, 1.3), 3)))
        output = base * source.choice((2, 3, 4, 5, 8))
        figures = (base, output, base / 10, base / 2, output / 2, base * 2, output * Decimal("1.5"))
        kept = METERS if source.random() < 0.5 else METERS[:2]
        found[f"acme-{number}"] = dict(zip(kept, figures, strict=False))
    return found


def listings(models: Catalogue) -> list[ListingSeen]:
    """As a spider states them."""
    return [ListingSeen(provider="acme", external_id=name, prices=tuple(prices(figures))) for name, figures in models.items()]


def prices(figures: dict[tuple[str, str, int], Decimal]) -> Iterator[Price]:
    """One price a figure."""
    for (meter, plan, tier), amount in figures.items():
        yield stated_price(meter, amount.quantize(Decimal("1e-9")), "1M tokens", plan=plan, min_context_tokens=tier)


def copied(models: Catalogue) -> Catalogue:
    """A catalogue that can be changed."""
    return {name: dict(figures) for name, figures in models.items()}


def held_of(connection: Connection, models: Catalogue) -> tuple[set[tuple[str, str]], bool]:
    """(id, price key) of what the gate would hold of a document with these models, and whether most of it moved together."""
    document = connection.exec_driver_sql("select id from document").scalar_one()
    flat = flatten(DocumentSeen(url=FIRST, listings=tuple(listings(models))))
    source = catalogue()
    Gate(connection, source.id, meaning_for(source), day(1)).judge({document: flat}, {document: day(1)})
    return {(item.listing[2], item.item["key"]) for item in flat.held}, bool(flat.together)


def key_of(place: tuple[str, str, int]) -> str:
    """The price key's text."""
    meter, plan, tier = place
    return f"{meter}|{plan}|{tier}|||USD|"


def slips_held(connection: Connection, source: random.Random, base: Catalogue, wanted: int) -> float:
    """The share of so many single unit slips that is held; three a document, as a busy bad day may have them."""
    held = made = 0
    while made < wanted:
        models = copied(base)
        slipped = set()
        for name in source.sample(sorted(models), 3):
            place = source.choice(sorted(models[name]))
            models[name][place] *= Decimal(source.choice(SLIPS))
            slipped.add((name, key_of(place)))
        items, whole = held_of(connection, models)
        held += len(slipped) if whole else len(slipped & items)
        made += len(slipped)
    return held / made


def genuine_held(connection: Connection, source: random.Random, base: Catalogue, wanted: int) -> float:
    """The share of so many genuine changes that is held: moves of -75 % to +100 %, new models, new tiers, models that go."""
    held = made = 0
    fresh = 0
    while made < wanted:
        models = copied(base)
        changed: set[tuple[str, str]] = set()
        for name in source.sample(sorted(models), min(30, len(models) // 5)):
            kind = source.choice(("move", "move", "move", "tier", "model", "plan"))
            factor = Decimal(str(round(source.uniform(0.25, 2.0), 2)))
            if kind == "move":
                for place in models[name]:
                    models[name][place] *= factor
                    changed.add((name, key_of(place)))
            elif kind == "tier":
                for meter in ("input", "output"):
                    models[name][meter, "standard", 400_000] = models[name][meter, "standard", 0] * 2
                    changed.add((name, key_of((meter, "standard", 400_000))))
            elif kind == "plan":
                for meter in ("input", "output"):
                    models[name][meter, "priority", 0] = models[name][meter, "standard", 0] * Decimal("2.5")
                    changed.add((name, key_of((meter, "priority", 0))))
            else:
                fresh += 1
                (figures,) = invented(source, 1).values()
                models[f"acme-new-{fresh}"] = figures
                changed |= {(f"acme-new-{fresh}", key_of(place)) for place in figures}
        items, whole = held_of(connection, models)
        held += len(changed) if whole else len(items)
        made += len(changed)
    return held / made


@pytest.fixture
def base(world: World) -> Catalogue:
    """Two hundred models, published."""
    models = invented(random.Random(7), 200)
    world.crawl(day(0), listings(models))
    return models


@pytest.mark.parametrize(("slips", "seed"), [(90, 1), pytest.param(1_000, 2, marks=pytest.mark.long)])
def test_of_generated_unit_slips_at_least_99_of_100_are_held(db: Connection, base: Catalogue, slips: int, seed: int) -> None:
    assert slips_held(db, random.Random(seed), base, slips) >= 0.99


@pytest.mark.parametrize(("changes", "seed"), [(1_000, 3), pytest.param(10_000, 4, marks=pytest.mark.long)])
def test_of_generated_genuine_changes_at_most_one_of_200_is_held(
    db: Connection, base: Catalogue, changes: int, seed: int
) -> None:
    assert genuine_held(db, random.Random(seed), base, changes) <= 0.005
