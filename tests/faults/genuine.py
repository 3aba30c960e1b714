"""Generated changes of real documents as sources make them, which must not be held."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from aimstats.domain.items import ListingSeen, Score
from tests.faults.generated import TERMS, Change, World, changed, made, times, with_terms
from tests.faults.real import WHEN, RealSource


def rounded(listing: ListingSeen, factor: float) -> ListingSeen:
    """All prices moved, as people write prices: with three digits."""
    prices = (
        replace(price, amount=Decimal(f"{float(price.amount) * factor:.3g}")) if price.amount else price
        for price in listing.prices
    )
    return replace(listing, prices=tuple(prices))


def moved(world: World) -> Change | None:
    """A model becomes cheaper by 10 to 75 %, or up to three times dearer."""
    source, document = world.priced()
    listing = world.chance.choice(source.usable(document))
    factor = world.chance.choice((0.25, 0.3, 0.4, 0.5, 0.7, 0.75, 0.8, 0.9, 1.1, 1.25, 1.5, 2, 2.5, 3))
    return changed(source, document, {listing.key: rounded(listing, factor)}, f"{listing.key} x {factor}")


def family_moved(world: World) -> Change | None:
    """A seller makes a third of its models cheaper at once."""
    source, document = world.priced()
    seller = world.chance.choice(source.usable(document)).provider
    mine = [one for one in source.usable(document) if one.provider == seller]
    factor = world.chance.choice((0.25, 0.5, 0.75, 0.8, 0.9))
    now = {one.key: rounded(one, factor) for one in world.chance.sample(mine, max(1, len(mine) // 3))}
    return changed(source, document, now, f"{len(now)} of {seller} x {factor}")


def list_cut(world: World) -> Change | None:
    """A seller of many in a catalogue makes its whole list cheaper by a round share."""
    source, document = world.priced()
    sellers = sorted({one.provider for one in source.usable(document)})
    seller = world.chance.choice(sellers)
    mine = [one for one in source.usable(document) if one.provider == seller]
    factor = world.chance.choice(("0.5", "0.75", "0.8", "0.9"))
    now = {one.key: times(one, factor) for one in mine}
    return changed(source, document, now, f"{len(now)} x {factor}") if len(sellers) > 3 and now else None


def _added(world: World, count: int) -> Change | None:
    source, document = world.priced()
    models = source.usable(document)
    new = []
    for _ in range(count):
        base = world.chance.choice(models)
        facts = {key: value for key, value in base.facts.items() if key not in ("name", "family", "hugging_face_id")}
        name = f"zephyrine-{world.chance.randrange(10**9)}"
        copy = rounded(base, 10 ** world.chance.uniform(-1, 1))
        new.append(replace(copy, external_id=name, name="", aliases=(), evidence={}, facts=facts))
    before = source.documents[document]
    at = world.chance.randrange(len(before.listings) + 1)
    seen = replace(before, listings=(*before.listings[:at], *new, *before.listings[at:]))
    return made(source, before, seen, document, f"{source.source.id}: {count} new, {new[0].key}")


def model_added(world: World) -> Change | None:
    """A model that nobody knows, priced like another of the list, ten times more or less."""
    return _added(world, 1)


def three_hundred_added(world: World) -> Change | None:
    """Three hundred of them at once."""
    return _added(world, 300)


def _without(source: RealSource, document: int, gone: Iterable[ListingSeen]) -> Change:
    keys = {one.key for one in gone}
    before = source.documents[document]
    seen = replace(before, listings=tuple(one for one in before.listings if one.key not in keys))
    return Change(source, {document: seen}, frozenset(), f"{source.source.id}: without {sorted(keys)}")


def model_removed(world: World) -> Change | None:
    """One listing less, in a document of any kind."""
    source = world.sources[world.chance.choice(sorted(world.sources))]
    document = world.chance.choice(sorted(source.documents))
    listings = source.documents[document].listings
    return _without(source, document, [world.chance.choice(listings)]) if len(listings) > 1 else None


def three_removed(world: World) -> Change | None:
    """A seller of at least eight drops three."""
    source, document = world.priced()
    seller = world.chance.choice(source.usable(document)).provider
    mine = [one for one in source.documents[document].listings if one.provider == seller]
    return _without(source, document, world.chance.sample(mine, 3)) if len(mine) >= 8 else None


def new_terms(world: World) -> Change | None:
    """A tier or plan more."""
    source, document = world.priced()
    listing = world.chance.choice(source.usable(document))
    ratio, terms = world.chance.choice(TERMS)
    now = with_terms(listing, ratio, **terms)
    return changed(source, document, {listing.key: now}, f"{listing.key} {terms}") if now else None


def wider_context(world: World) -> Change | None:
    """A context window two to eight times as wide."""
    source, document = world.priced()
    known = [one for one in source.documents[document].listings if one.facts.get("limit.context")]
    if not known:
        return None
    listing, by = world.chance.choice(known), world.chance.choice((2, 4, 8))
    now = replace(listing, facts={**listing.facts, "limit.context": listing.facts["limit.context"] * by})
    return changed(source, document, {listing.key: now}, f"{listing.key} context x {by}")


def _of_kind(world: World, has: Callable[[ListingSeen], bool]) -> tuple[RealSource, int, ListingSeen] | None:
    places = [
        (source, number) for _, source in sorted(world.sources.items()) for number, seen in sorted(source.documents.items())
        if any(map(has, seen.listings))
    ]  # fmt: skip
    if not places:
        return None
    source, document = world.chance.choice(places)
    return source, document, world.chance.choice([one for one in source.documents[document].listings if has(one)])


def retirement_moved(world: World) -> Change | None:
    """A retirement that is still ahead up to a year later."""
    found = _of_kind(world, lambda one: any(event.event == "retired" and event.at and event.at > WHEN for event in one.lifecycle))
    if found is None:
        return None
    source, document, listing = found
    by = timedelta(days=world.chance.choice((14, 30, 90, 365)))
    events = (replace(e, at=e.at + by) if e.event == "retired" and e.at else e for e in listing.lifecycle)
    return changed(source, document, {listing.key: replace(listing, lifecycle=tuple(events))}, f"{listing.key} {by.days} days")


def score_moved(world: World) -> Change | None:
    """A score five points up or down."""
    found = _of_kind(world, lambda one: bool(one.scores))
    if found is None:
        return None
    source, document, listing = found
    number = world.chance.randrange(len(listing.scores))
    scores = (_by(score, world.chance) if n == number else score for n, score in enumerate(listing.scores))
    return changed(source, document, {listing.key: replace(listing, scores=tuple(scores))}, f"{listing.key} score {number}")


def _by(score: Score, chance: random.Random) -> Score:
    by = Decimal(str(round(chance.uniform(-5, 5), 2))) / (100 if score.unit == "share" else 1)
    most = {"percent": Decimal(100), "share": Decimal(1)}.get(score.unit, Decimal(10**6))
    by = min(max(score.value + by, Decimal(0)), most) - score.value
    low, high = (None if end is None else end + by for end in (score.ci_low, score.ci_high))
    return replace(score, value=score.value + by, ci_low=low, ci_high=high)


def board_renewed(world: World) -> Change | None:
    """Another edition of a board, all scores a little otherwise."""
    found = _of_kind(world, lambda one: bool(one.scores))
    if found is None:
        return None
    source, document, _ = found
    edition = world.chance.choice(("", "-next"))
    now = {
        one.key: replace(one, scores=tuple(replace(_by(s, world.chance), edition=s.edition + edition) for s in one.scores))
        for one in source.documents[document].listings
    }
    return changed(source, document, now, f"edition {edition}")


GENUINE: Final[Mapping[str, Callable[[World], Change | None]]] = {
    "moved": moved,
    "family moved": family_moved,
    "list cut": list_cut,
    "model added": model_added,
    "300 models added": three_hundred_added,
    "model removed": model_removed,
    "three removed": three_removed,
    "new terms": new_terms,
    "wider context": wider_context,
    "retirement moved": retirement_moved,
    "score moved": score_moved,
    "board renewed": board_renewed,
}
