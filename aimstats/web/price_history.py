"""The price history on a model's page: the sentence, the steps as a picture and as a table, each with who states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.history import HISTORY
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.history import OWN, history_table
from aimstats.catalogue.holder import CatalogueUnavailableError
from aimstats.domain.texts import N_
from aimstats.extensions.answers import answer_is_partial
from aimstats.extensions.current import current_holder
from aimstats.web import formats
from aimstats.web.editions import day_of
from aimstats.web.language import t
from aimstats.web.links import DAYS
from aimstats.web.step_chart import NARROW, WIDE, Drawing, Segment, Series, Vertical, draw

METERS: Final[Mapping[str, str]] = {"input": N_("Input"), "output": N_("Output"), "cache_read": N_("Cache read")}
"""The columns of the table; the picture has the first two."""
DRAWN: Final = ("input", "output")
TAKEN_BACK: Final = N_("announced, then taken back")
SINCE: Final[Mapping[tuple[str, str], str]] = {
    ("dearer", ""): N_("Dearer since"),
    ("dearer", "input"): N_("Dearer input since"),
    ("dearer", "output"): N_("Dearer output since"),
    ("cheaper", ""): N_("Cheaper since"),
    ("cheaper", "input"): N_("Cheaper input since"),
    ("cheaper", "output"): N_("Cheaper output since"),
    ("otherwise", ""): N_("Priced otherwise since"),
    ("otherwise", "input"): N_("Priced otherwise since"),
    ("otherwise", "output"): N_("Priced otherwise since"),
}
"""How the sentence begins: which way the price went, and of which side alone."""
AHEAD: Final = timedelta(days=180)
"""A retirement that is no further ahead is on the picture."""
MOST_ROWS: Final = 24

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """The prices from an instant on: figures by meter, what moved, the ids of its sources. `is_change` where the world moved."""

    since: str
    figures: Sequence[Decimal | None]
    change: str
    is_change: bool
    sources: Sequence[str]
    url: str | None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The history of the offer whose price stands for the model; `pictures` (wide, narrow) only where something changed."""

    seller: str
    sentence: tuple[str, str, str]
    pictures: Sequence[Drawing]
    meters: Sequence[str]
    rows: Sequence[HistoryRow]
    said: str


def price_history(catalogue: Catalogue, row: Row, names: Mapping[str, str]) -> HistoryView | str | None:
    """The price history of a model: None where no offer stands for its price, a sentence where there is nothing to show."""
    basis = row["cost_basis"] or {}
    if not basis.get("offer"):
        return None
    now = current_holder().now()
    days = [(name, [str(value)]) for name in DAYS if (value := getattr(catalogue, name, None))]
    asked = [("model", [row.id]), ("offer", [basis["offer"]]), ("plan", ["standard"]), *days]
    query = parse(HISTORY, asked, now=now, own=OWN)
    try:
        with current_holder().snapshot() as connection:
            table = history_table(connection, catalogue, query, now)
    except (SQLAlchemyError, CatalogueUnavailableError):
        answer_is_partial()
        return t("The history cannot be read just now: the database does not answer.")
    told = (Row(catalogue, table, place).body for place in range(len(table)))
    steps = [step for step in told if _is_headline(step, basis["offer"])]
    if not steps:
        return t("No source dates its price.")
    seller = basis["offer"].partition("/")[0]
    return history_view(row, names.get(seller) or seller, steps, now, day_of(catalogue))


def _is_headline(step: Step, offer: str) -> bool:
    """Whether it is a step of the price that the page shows on top."""
    terms = (step["plan"], step["min_context_tokens"] or 0, step["window"], dict(step["conditions"]), step["unit"])
    return step["offer"] == offer and step["meter"] in METERS and terms == ("standard", 0, None, {}, "1M tokens")


def history_view(row: Row, seller: str, steps: Sequence[Step], now: datetime, today: date) -> HistoryView:
    """What the history of a price shows, read up to `now` on the page of `today`."""
    meters = [meter for meter in METERS if any(step["meter"] == meter for step in steps)]
    read = min(now, row.checked_at or now) if row.stale_documents else now
    series = {meter: _segments(row, [step for step in steps if step["meter"] == meter], read) for meter in meters}
    rows = list(rows_of(steps, meters))
    changed = [one for one in rows if one.is_change]
    drawn = [Series(t(METERS[meter]).lower(), meter, series[meter]) for meter in DRAWN if series.get(meter)]
    pictures: list[Drawing] = []
    if len(rows) > 1 and drawn and all(segment.usd > 0 for one in drawn for segment in one.segments):
        verticals = list(_verticals(row, changed, today))
        pictures = [draw(drawn, verticals, size) for size in (WIDE, NARROW)]
    said = "; ".join(f"{one.label} {_told(one.segments)}" for one in drawn)
    return HistoryView(
        seller, _sentence(rows, meters, today), pictures, [t(METERS[meter]) for meter in meters], rows[:MOST_ROWS], said
    )


def _told(segments: Sequence[Segment]) -> str:
    """A line in words: `$2, from 1 Sep 2026 $3`."""
    first, *others = segments
    return ", ".join(
        [
            first.text,
            *(t("from %(day)s %(price)s", day=formats.day(one.starts.date().isoformat()), price=one.text) for one in others),
        ]
    )


def _segments(row: Row, steps: Sequence[Step], read: datetime) -> list[Segment]:
    """The line of one meter; nothing of it before the model was there, nor after its prices were read last."""
    released = _instant(row["release_date"])
    found: list[Segment] = []
    for step in sorted(steps, key=lambda step: (step["from"], step["state"])):
        starts, ends = _at(step["from"]), _at(step["to"]) if step["to"] else max(read, _at(step["from"]))
        starts = max(starts, released) if released and step["state"] != "foreseen" else starts
        if ends < starts:
            continue
        joined = bool(found) and found[-1].ends == starts and step["state"] == "stated"
        usd = Decimal(step["usd"])
        found.append(Segment(starts, ends, float(usd), formats.dollars(usd), joined, step["state"] == "foreseen"))
    return found


def rows_of(steps: Sequence[Step], meters: Sequence[str]) -> Iterator[HistoryRow]:
    """A row for each instant at which a price began, newest first."""
    instants = sorted({(step["from"], step["state"] == "foreseen") for step in steps})
    made: list[HistoryRow] = []
    before: Mapping[str, Decimal] = {}
    for at, foreseen in instants:
        begun = [step for step in steps if step["from"] == at and (step["state"] == "foreseen") == foreseen]
        figures = {
            step["meter"]: Decimal(step["usd"])
            for step in steps
            if step["from"] <= at and (step["to"] is None or step["to"] > at) and (step["state"] == "foreseen") == foreseen
        }
        moves = {one: figures[one] / before[one] for one in figures if before.get(one) and figures[one] != before[one]}
        is_change = bool(moves) and not foreseen and any(step["state"] == "stated" and step["meter"] in moves for step in begun)
        if foreseen:
            change = t(TAKEN_BACK)
        elif not before:
            change = t("first known")
        elif is_change:
            change = " / ".join(dict.fromkeys(moved(ratio) for ratio in moves.values()))
        else:
            change = t("by another source") if moves else t("more is stated")
        url = next((step["url"] for step in begun if step["url"]), None)
        sources = tuple(dict.fromkeys(step["source"] for step in begun))
        made.append(HistoryRow(at[:10], [figures.get(meter) for meter in meters], change, is_change, sources, url))
        before = before if foreseen else {**before, **figures}
    yield from reversed(made)


def moved(ratio: Decimal) -> str:
    """By how much a price moved.

    >>> moved(Decimal("1.5")), moved(Decimal("0.2")), moved(Decimal(12))
    ('+50 %', '−80 %', '×12')
    """
    if ratio >= 10:
        return f"×{ratio:.3g}"
    return f"{'+' if ratio >= 1 else '−'}{abs(float(ratio - 1) * 100):.3g} %"


def _sentence(rows: Sequence[HistoryRow], meters: Sequence[str], today: date) -> tuple[str, str, str]:
    """What is to be said first: words, the day, and words behind it."""
    sides = [place for place, meter in enumerate(meters) if meter in DRAWN]
    for after, before in pairwise([one for one in rows if one.change != t(TAKEN_BACK)]):
        moves = [place for place in sides if after.is_change and before.figures[place] != after.figures[place]]
        moves = [place for place in moves if before.figures[place] and after.figures[place] is not None]
        if moves:
            dearer = {(after.figures[place] or 0) > (before.figures[place] or 0) for place in moves}
            way = "dearer" if dearer == {True} else "cheaper" if dearer == {False} else "otherwise"
            which = "" if len(moves) == len(sides) else meters[moves[0]]
            old, new = (" / ".join(formats.dollars(one.figures[place]) for place in moves) for one in (before, after))
            told = t(": %(old)s became %(new)s (%(change)s).", old=old, new=new, change=after.change)
            return t(SINCE[way, which]), formats.day(after.since), told
    last, first = rows[0], rows[-1]
    figures = " / ".join(formats.dollars(last.figures[place]) for place in sides) or formats.dollars(last.figures[0])
    if first.since >= today.isoformat():
        known = t(", when its price was first read: of the time before nothing is known.")
    else:
        known = t(", when its price was first known: it has not changed since.")
    return t("%(figures)s since", figures=figures), formats.day(first.since), known


def _verticals(row: Row, changed: Sequence[HistoryRow], today: date) -> Iterator[Vertical]:
    if released := _instant(row["release_date"]):
        yield Vertical(released, t("released"))
    for one in changed:
        yield Vertical(datetime.fromisoformat(one.since).replace(tzinfo=UTC), f"{formats.short_day(one.since)}: {one.change}")
    if retires := _instant(row["retirement_date"]):
        yield Vertical(retires, formats.ending(row["retirement_date"], row["status"], today), True)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _instant(day: str | None) -> datetime | None:
    """A day that is stated to the day, as its first instant."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day and len(day) == 10 else None
