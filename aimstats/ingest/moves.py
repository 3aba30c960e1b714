"""The prices that a crawl moved: told as a change only where the source that is shown contradicts what it said itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from aimstats.domain.meters import METERS
from aimstats.domain.money import canonical, plain
from aimstats.domain.prices import UNITS, PriceKey
from aimstats.ingest.unsettled import Since
from aimstats.resolution.choice import Candidate, within_tolerance
from aimstats.resolution.figures import ChosenPrice
from aimstats.resolution.from_ledger import resolved_at

Event = dict[str, Any]
Said = dict[tuple[int, str], dict[int, str]]

_SAID = """
select listing_id, key, document_id, usd, value from claim
where kind = 'price' and listing_id = any(:listings) and opened_by <= :run and (closed_by is null or closed_by > :run)
  and (valid_from is null or valid_from <= :at) and (valid_to is null or valid_to > :at)
order by listing_id, key, document_id, valid_from nulls first, id
"""
"""What listings said of their prices when the crawl began; of several steps the later one is the last row."""


@dataclass(frozen=True, slots=True)
class Row:
    """An offer as it stood when the crawl began and as it stands."""

    offer: str
    model: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Move:
    """One price of an offer that is another now."""

    row: Row
    key: str
    field: str
    before: str
    after: str
    source: str
    source_before: str
    """Whose figure was shown before."""


def event(kind: str, model: str | None, **rest: Any) -> Event:
    """An event with these fields; all others are None."""
    return {
        "kind": kind, "model": model, "offer": None, "field": None, "before": None, "after": None, "ratio": None, "source": None
    } | rest  # fmt: skip


def price_events(connection: Connection, rows: Sequence[Row], begun: Since, now: datetime) -> list[Event]:
    """One event for each price of these offers that is another now: on every plan, tier and condition and in every currency.

    `price_changed` from what the source of the figure said itself when the crawl began, wherever it stood then; or from what was
    shown, where the source of that says the new figure now too, whoever is shown for it. Else `price_restated` from what was
    shown, as where another source is shown now. What moved by no more than a rounding is none.
    """
    moves = [move for row in rows for move in _moves(row)]
    figures = _figures(connection, moves, now)
    stated = [candidate for figure in figures.values() for candidate in (figure.winner, *figure.others)]
    said = _said(connection, {candidate.listing.id for candidate in stated}, begun)
    events = []
    for move in moves:
        figure = figures.get((move.row.offer, move.key))
        own, source = _own_word(figure, said), move.source
        if own is not None and _is_another(own, move.after):
            kind, before = "price_changed", own
        elif figure is not None and _went_along(move, figure, said):
            kind, before, source = "price_changed", move.before, move.source_before
        else:
            kind, before = "price_restated", move.before
        if not _is_another(before, move.after):
            continue
        ratio = canonical(Decimal(move.after) / Decimal(before)) if Decimal(before) else None
        events.append(
            event(
                kind,
                move.row.model,
                offer=move.row.offer,
                field=move.field,
                before=before,
                after=move.after,
                ratio=ratio,
                source=source,
            )
        )
    return events


def _is_another(before: str, after: str) -> bool:
    return not within_tolerance(Decimal(before), Decimal(after))


def _moves(row: Row) -> Iterator[_Move]:
    earlier = {str(_key(price)): (_amount(price), price["source"]) for price in reversed(row.before["prices"])}
    seen = set()
    for price in row.after["prices"]:
        key = _key(price)
        (before, source_before), after = earlier.get(str(key), (None, "")), _amount(price)
        if before is None or after is None or before == after or key in seen:
            continue
        seen.add(key)
        field = f"cost.{key.meter}" if key.is_headline else f"prices.{key}"
        yield _Move(row, str(key), field, before, after, price["source"], source_before)


def _key(price: Mapping[str, Any]) -> PriceKey:
    """The key of a row of an offer's `prices`."""
    meter = price["meter"]
    return PriceKey(
        meter=meter,
        plan=price["plan"],
        min_context_tokens=price["min_context_tokens"],
        window=price["window"] or "",
        conditions=tuple(sorted(price["conditions"].items())),
        currency=price["currency"],
        promotional=price["promotional"],
        unit="" if price["unit"] == METERS[meter].unit else price["unit"],
    )


def _amount(price: Mapping[str, Any]) -> str | None:
    amount: str | None = price["usd"] if price["currency"] == "USD" else price["amount"]
    return amount


def _figures(connection: Connection, moves: Sequence[_Move], now: datetime) -> dict[tuple[str, str], ChosenPrice]:
    """The chosen figures of the offers that moved, by offer and price key: they know whose listing they are of."""
    offers = {move.row.offer for move in moves}
    models = {move.row.model for move in moves if move.row.model}
    providers = {move.row.after["provider"] for move in moves if not move.row.model}
    found: dict[tuple[str, str], ChosenPrice] = {}
    if not offers:
        return found
    for unit in resolved_at(connection, now, now, models, providers, as_ranked=True):
        for offer in unit.offers:
            if offer.key.id in offers:
                found |= {(offer.key.id, str(figure.key)): figure for figure in offer.prices.figures}
    return found


def _said(connection: Connection, listings: set[int], begun: Since) -> Said:
    """By listing and price key what each document said then."""
    found: Said = {}
    rows = connection.execute(text(_SAID), {"listings": sorted(listings), "run": begun.run, "at": begun.at})
    for row in rows if listings else ():
        amount = _stated(row.key, row.usd, row.value)
        if amount is not None:
            found.setdefault((row.listing_id, row.key), {})[row.document_id] = amount
    return found


def _stated(key: str, usd: Decimal | None, value: Mapping[str, Any]) -> str | None:
    if key.split("|")[5] == "USD" or "amount" not in value:
        return plain(usd) if usd is not None else None
    return plain(canonical(Decimal(value["amount"]) * UNITS[value["unit"]][1]))


def _own_word(figure: ChosenPrice | None, said: Said) -> str | None:
    """What the listing of the shown figure said of this price when the crawl began; None where it said nothing."""
    return None if figure is None else _word_of(figure.winner, said)


def _word_of(stated: Candidate, said: Said) -> str | None:
    earlier = said.get((stated.listing.id, stated.claim.key), {})
    return earlier.get(stated.claim.document.id, next(iter(earlier.values()), None))


def _went_along(move: _Move, figure: ChosenPrice, said: Said) -> bool:
    """Whether the source whose figure was shown before left it for the one that is shown now."""
    return any(
        one.listing.source.id == move.source_before
        and _word_of(one, said) == move.before
        and _stated(one.claim.key, one.claim.usd, one.claim.value) == move.after
        for one in (figure.winner, *figure.others)
    )
