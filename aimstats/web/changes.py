"""The page of what changed, day by day, and its feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.changes import CHANGES, KINDS, Change, ChangesPage, changes_page
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.extensions import current_config, current_database
from aimstats.extensions.answers import answer
from aimstats.extensions.current import stamp_of
from aimstats.web import formats
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals
from aimstats.web.kept import Names, kept
from aimstats.web.links import address
from aimstats.web.rendering import look, page

FILTERS: Final = ("since", "kind", "model", "provider", "developer")
ON_A_PAGE: Final = 100
IN_A_FEED: Final = 100
ATOM: Final = "application/atom+xml; charset=utf-8"
KIND_NAMES: Final = {
    "model_added": "New models",
    "model_removed": "Models gone",
    "model_merged": "Models merged",
    "price_changed": "Prices moved",
    "price_restated": "Prices restated",
    "status_changed": "Status",
    "retirement_date_changed": "Retirement dates",
    "deprecation_date_changed": "Deprecation dates",
}
_DATES: Final = {"retirement_date_changed": "Retirement", "deprecation_date_changed": "Deprecation"}

changes_pages: Final = Blueprint("changes", __name__)
answer_refusals(changes_pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event in words: `what` changed, from `before` to `after` (each empty where there is none), by `step` (`-50 %`).
    `leads_to` is where the model, or what it was merged into, is found; empty where that is nowhere."""

    change: Change
    title: str
    leads_to: str
    what: str
    before: str = ""
    after: str = ""
    step: str = ""
    is_warm: bool = False

    @property
    def text(self) -> str:
        """The whole event as one sentence, for feeds."""
        moved = f" {self.before} → {self.after}" if self.before or self.after else ""
        return f"{self.title}: {self.what[:1].lower()}{self.what[1:]}{moved}{f' ({self.step})' if self.step else ''}"


@changes_pages.get("/changes")
def changes() -> Response:
    """The newest events under the filters of the URL, by day."""
    catalogue = edition()
    query = _asked(ON_A_PAGE, "cursor")
    return page("changes.html", lambda: _context(catalogue, query), catalogue)


@changes_pages.get("/changes.atom")
def changes_atom() -> Response:
    """The newest events as an Atom feed (RFC 4287), under the same filters."""
    catalogue = edition()
    query = _asked(IN_A_FEED)
    base = (current_config().public_url or f"http://localhost:{current_config().port}").rstrip("/")

    def make() -> bytes:
        found = _read(catalogue, query)
        newest = max((change.at for change in found.changes), default=catalogue.version.published_at)
        context = {
            "base": base,
            "query": f"?{query.text}" if query.text else "",
            "updated": _rfc3339(newest or datetime.now(UTC)),
            "entries": [(line, _rfc3339(line.change.at)) for line in _lines(catalogue, found.changes)],
        }
        return render_template("changes.xml", **context).encode("utf-8", "replace")

    return answer("changes.atom", f"{base} {query.text}", stamp_of(catalogue, look()), make, media_type=ATOM)


def _asked(limit: int, *further: str) -> Query:
    """The query of this request; a 400 where it cannot be read."""
    try:
        found = parse(CHANGES, request.args.lists(), now=datetime.now(UTC), only=(*FILTERS, *further), ignored=("fragment",))
    except QueryError as error:
        abort(400, f"{error}.")
    return replace(found, limit=limit)


def _read(catalogue: Catalogue, query: Query) -> ChangesPage:
    try:
        with current_database().engine.connect() as connection:
            return changes_page(connection, catalogue, query)
    except QueryError as error:
        abort(400, f"{error}.")


def _context(catalogue: Catalogue, query: Query) -> dict[str, Any]:
    found = _read(catalogue, query)
    lines = _lines(catalogue, found.changes)
    days = [(formats.day(day.isoformat()), list(rows)) for day, rows in groupby(lines, _day_of)]
    feed = query.without("cursor")
    return {
        "title": "What changed",
        "description": "New models, moved prices, retirements: each change that a crawl found, newest first, with its source.",
        "days": days,
        "total": found.total,
        "kinds": [(kind, KIND_NAMES[kind], query.has("kind", kind)) for kind in KINDS],
        "values": {name: next(iter(query.stated.get(name, ())), "") for name in FILTERS if name != "kind"},
        "is_filtered": bool(query.filters),
        "older": address("/changes", query.url_with(cursor=found.next)) if found.next else "",
        "is_first": query.cursor is None,
        "feed": address("/changes.atom", feed),
        "newest": address("/changes", feed),
    }


def _day_of(line: Line) -> date:
    return line.change.at.astimezone(UTC).date()


def _lines(catalogue: Catalogue, changes: Iterable[Change]) -> list[Line]:
    names = kept().names(catalogue)
    return [_line(catalogue, names, change) for change in changes]


def _line(catalogue: Catalogue, names: Names, change: Change) -> Line:
    """The event in words."""
    row = catalogue.model(catalogue.redirects.models.get(change.model or "", change.model or ""))
    title = str(row["name"]) if row else change.model or (change.offer or "An offer")
    leads_to = address(f"/models/{row.id}") if row else ""
    if change.is_price:
        return _price_line(names, change, title, leads_to)
    said: dict[str, Any] = {"change": change, "leads_to": leads_to}
    if change.kind == "model_added":
        return Line(**said, title=change.after or title, what="new")
    if change.kind == "model_removed":
        return Line(**said, title=title, what="no source lists it any more", is_warm=True)
    if change.kind == "model_merged":
        return Line(**said, title=change.before or title, what=f"is one model with {change.after}")
    if change.kind in _DATES:
        before, after = (formats.day(text) if text else "none" for text in (change.before, change.after))
        return Line(**said, title=title, what=_DATES[change.kind], before=before, after=after, is_warm=bool(change.after))
    before, after = (change.before or "none", change.after or "none")
    return Line(**said, title=title, what="Status", before=before, after=after, is_warm=after in ("deprecated", "retired"))


def _price_line(names: Names, change: Change, title: str, leads_to: str) -> Line:
    meter = formats.words((change.field or "").removeprefix("cost.")).capitalize()
    provider = change.provider or ""
    what = f"{meter} at {names.providers.get(provider) or provider}"
    if change.kind == "price_restated":
        what += ", by another source"
    return Line(
        change=change,
        title=title,
        leads_to=leads_to,
        what=what,
        before=formats.dollars(change.before),
        after=formats.dollars(change.after),
        step=step(change.ratio),
        is_warm=change.kind == "price_changed" and change.ratio is not None and change.ratio > 1,
    )


def step(ratio: Decimal | None) -> str:
    """By how much a price moved: in percent, or as a multiple from ten on; empty where there is no telling.

    >>> step(Decimal("0.5")), step(Decimal("1.2")), step(Decimal("12")), step(Decimal("1.0004")), step(None)
    ('−50 %', '+20 %', '×12', '+0.04 %', '')
    """
    if ratio is None:
        return ""
    if ratio >= 10:
        return f"×{ratio:.3g}"
    percent = (ratio - 1) * 100
    return f"{'+' if percent >= 0 else '−'}{abs(float(percent)):.3g} %"


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
