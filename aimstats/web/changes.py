"""The page of what changed, day by day, and its feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, groupby
from typing import Any, Final

from flask import Blueprint, Response, request

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.changes import CHANGES, KINDS, Change
from aimstats.catalogue.engine.query import Query, QueryError, parse
from aimstats.catalogue.model_days import ModelDays, model_days
from aimstats.domain.meters import IN_ORDER
from aimstats.domain.prices import PriceKey, parse_price_key
from aimstats.domain.texts import N_
from aimstats.extensions import current_config, current_database
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of
from aimstats.extensions.words import refuse_unpublished
from aimstats.web import formats
from aimstats.web.drawing import drawn
from aimstats.web.editions import edition
from aimstats.web.errors import answer_refusals, refuse
from aimstats.web.kept import Names, kept
from aimstats.web.language import language, t
from aimstats.web.links import address, link
from aimstats.web.rendering import api_base, look, page
from aimstats.web.routes import serves

FILTERS: Final = ("since", "kind", "model", "provider", "developer")
ON_A_PAGE: Final = 60
IN_A_FEED: Final = 60
"""Models of a day."""
LINES: Final = 20
"""So many moves of a model are told of a day; the API has them all."""
ATOM: Final = "application/atom+xml; charset=utf-8"
KIND_NAMES: Final = {
    "model_added": N_("New models"),
    "model_removed": N_("Models gone"),
    "model_merged": N_("Models merged"),
    "price_changed": N_("Prices moved"),
    "price_restated": N_("Prices restated"),
    "status_changed": N_("Status"),
    "retirement_date_changed": N_("Retirement dates"),
    "deprecation_date_changed": N_("Deprecation dates"),
}
_DATES: Final = {"retirement_date_changed": N_("Retirement"), "deprecation_date_changed": N_("Deprecation")}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What changed of one model on one day: `lines` says each move once, what weighs most first; `developer` is its name."""

    day: date
    whose: str
    developer: str
    at: datetime
    lines: tuple[Line, ...]
    more: int = 0
    """How many moves are not told."""

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return f"{self.day.isoformat()}-{self.whose}"

    @property
    def text(self) -> str:
        """The heaviest line as one sentence, with how many more there are."""
        more = len(self.lines) - 1 + self.more
        return self.lines[0].text + (t(", and %(more)s more", more=more) if more else "")


@serves(changes_pages, "changes")
def changes() -> Response:
    """The newest events under the filters of the URL, by day."""
    catalogue = edition()
    query = _asked(catalogue, ON_A_PAGE, "cursor")
    return page("changes.html", lambda: _context(catalogue, query), catalogue)


@serves(changes_pages, "changes_atom")
def changes_atom() -> Response:
    """The newest events as an Atom feed (RFC 4287), under the same filters."""
    catalogue = edition()
    query = _asked(catalogue, IN_A_FEED)
    base = (current_config().public_url or f"http://localhost:{current_config().port}").rstrip("/")

    def make() -> bytes:
        found = _read(catalogue, query)
        groups = _groups(catalogue, found)
        newest = max((group.at for group in groups), default=catalogue.version.published_at)
        context = {
            "base": base,
            "tag": language().tag,
            "query": f"?{query.text}" if query.text else "",
            "updated": _rfc3339(newest or datetime.now(UTC)),
            "entries": [(group, _rfc3339(group.at)) for group in groups],
        }
        return drawn("changes.xml", context).encode("utf-8", "replace")

    return answer("changes.atom", f"{base} {query.text}", stamp_of(catalogue, look()), make, media_type=ATOM)


def _asked(catalogue: Catalogue, limit: int, *further: str) -> Query:
    """The query of this request; a 400 where it cannot be read."""
    try:
        found = parse(CHANGES, request.args.lists(), now=datetime.now(UTC), only=(*FILTERS, *further), ignored=("fragment",))
        refuse_unpublished(catalogue, found)
    except QueryError as error:
        refuse(error)
    return replace(found, limit=limit)


def _read(catalogue: Catalogue, query: Query) -> ModelDays:
    try:
        current_holder().refuse_while_away()
        with current_database().engine.connect() as connection:
            return model_days(connection, catalogue, query)
    except QueryError as error:
        refuse(error)


def _context(catalogue: Catalogue, query: Query) -> dict[str, Any]:
    found = _read(catalogue, query)
    groups = _groups(catalogue, found)
    days = [(formats.day(day.isoformat()), list(rows)) for day, rows in groupby(groups, lambda group: group.day)]
    feed = query.without("cursor")
    return {
        "days": days,
        "total": found.total,
        "kinds": [(kind, KIND_NAMES[kind], query.has("kind", kind)) for kind in KINDS],
        "values": {name: next(iter(query.stated.get(name, ())), "") for name in FILTERS if name != "kind"},
        "is_filtered": bool(query.filters),
        "older": link("changes", query=query.url_with(cursor=found.next)) if found.next else "",
        "is_first": query.cursor is None,
        "feed": link("changes_atom", query=feed),
        "newest_api": address("/changes", feed, base=api_base()),
        "newest": link("changes", query=feed),
    }


def _groups(catalogue: Catalogue, found: ModelDays) -> list[Group]:
    names = kept(catalogue).names
    groups = []
    for day in found.days:
        lines: dict[str, Line] = {}
        for moves in together([change for change in day.changes if _is_seen(change)]):
            line = _line(catalogue, names, moves)
            lines.setdefault(line.text, line)
        if not lines:
            continue
        developer = day.whose.partition("/")[0] if "/" in day.whose else ""
        groups.append(
            Group(
                day=day.day,
                whose=day.whose,
                developer=names.developers.get(developer) or developer,
                at=max(change.at for change in day.changes),
                lines=tuple(lines.values())[:LINES],
                more=max(0, len(lines) - LINES),
            )
        )
    return groups


def together(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Each move once: of several meters of one offer, on the same terms and in one currency, together, the usual meters first.
    Where a price moved twice these are two moves. What is no price stands alone."""
    found: dict[tuple[object, ...], dict[str, Change]] = {}
    for change in changes:
        if not change.is_price:
            found[(change.id, change.field)] = {"": change}
            continue
        key = _key_of(change)
        for turn in count():
            moves = found.setdefault((change.kind, change.offer, replace(key, meter=""), turn), {})
            same = moves.setdefault(key.meter, change)
            if (same.before, same.after) == (change.before, change.after):
                break
    place = {meter: number for number, meter in enumerate(IN_ORDER)}
    ordered = (sorted(moves.items(), key=lambda move: place.get(move[0], len(place))) for moves in found.values())
    return [tuple(change for _, change in moves) for moves in ordered]


def _line(catalogue: Catalogue, names: Names, moves: Sequence[Change]) -> Line:
    """The event in words."""
    change = moves[0]
    row = catalogue.model(catalogue.redirects.models.get(change.model or "", change.model or ""))
    title = str(row["name"]) if row else change.model or (change.offer or t("An offer"))
    leads_to = link("model", row.id) if row else ""
    if change.is_price:
        return _price_line(names, moves, title, leads_to)
    said: dict[str, Any] = {"change": change, "leads_to": leads_to}
    if change.kind == "model_added":
        return Line(**said, title=change.after or title, what=t("new"))
    if change.kind == "model_removed":
        return Line(**said, title=title, what=t("no source lists it any more"), is_warm=True)
    if change.kind == "model_merged":
        return Line(**said, title=change.before or title, what=t("is one model with %(model)s", model=change.after))
    if change.kind in _DATES:
        before, after = (formats.day(text) if text else t("none") for text in (change.before, change.after))
        return Line(**said, title=title, what=t(_DATES[change.kind]), before=before, after=after, is_warm=bool(change.after))
    before, after = (formats.words(text) if text else t("none") for text in (change.before, change.after))
    return Line(
        **said, title=title, what=t("Status"), before=before, after=after, is_warm=change.after in ("deprecated", "retired")
    )


def _price_line(names: Names, moves: Sequence[Change], title: str, leads_to: str) -> Line:
    change, provider = moves[0], moves[0].provider or ""
    what = t("%(price)s at %(seller)s", price=_priced(moves), seller=names.providers.get(provider) or provider)
    if change.kind == "price_restated":
        what += t(", restated")
    return Line(
        change=change,
        title=title,
        leads_to=leads_to,
        what=what,
        before=" / ".join(_money(move, move.before) for move in moves),
        after=" / ".join(_money(move, move.after) for move in moves),
        step=" / ".join(dict.fromkeys(text for move in moves if (text := step(move.ratio)))),
        is_warm=change.kind == "price_changed" and any(move.ratio is not None and move.ratio > 1 for move in moves),
    )


def _key_of(change: Change) -> PriceKey:
    """What a change of a price is the price of."""
    whose, _, key = (change.field or "").partition(".")
    return PriceKey(meter=key) if whose == "cost" else parse_price_key(key)


def _is_seen(change: Change) -> bool:
    """Whether a change shows in what is printed: a price that was rounded otherwise reads the same before and after."""
    return not change.is_price or _money(change, change.before) != _money(change, change.after)


def _priced(moves: Sequence[Change]) -> str:
    """What moved prices are of, in words: `Input / output, batch, quality=high`."""
    key = _key_of(moves[0])
    said = [" / ".join(formats.words(_key_of(move).meter) for move in moves).capitalize()]
    said += [formats.words(key.plan)] if key.plan != "standard" else []
    said += [t("from %(tokens)s tokens", tokens=formats.count(key.min_context_tokens))] if key.min_context_tokens else []
    said += [key.window] if key.window else []
    said += [f"{name}={value}" for name, value in key.conditions]
    said += [t("per %(unit)s", unit=formats.words(key.unit))] if key.unit else []
    return ", ".join([*said, t("promotional")] if key.promotional else said)


def _money(change: Change, amount: str | None) -> str:
    """An amount of the change in its own currency."""
    currency = _key_of(change).currency
    return formats.dollars(amount) if currency == "USD" or amount is None else f"{amount} {currency}"


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
