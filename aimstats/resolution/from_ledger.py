"""Claims read from the ledger, model by model, as resolution wants them: for now, or for any past or announced instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, text

from aimstats.domain.items import Source
from aimstats.domain.reasons import told
from aimstats.domain.spans import Span
from aimstats.domain.staleness import is_stale
from aimstats.resolution.inputs import ClaimView, DocumentView, HeldView, ListingView, MarkView, Moment, Series, Term, told_of
from aimstats.resolution.unit import Resolved, resolve_unit
from aimstats.resolution.unsold import price_pages_of

FETCH_ROWS = 5_000
KEPT_VALUES = 20_000
"""So many parsed values are shared while models stream by; then they are forgotten, so that memory does not grow with models."""

_RANKED = """
select id, source, url, position, coalesce(ranked_at, checked_at) as checked_at, stale, document_date from document
"""
_DOCUMENTS = """
select d.id, d.source, d.url, d.position, last.document_date, last.read_at as checked_at
from document d left join lateral (
    select r.read_at, r.document_date from reading r
    where r.document_id = d.id and r.status in ('ok', 'unchanged') and r.read_at <= :known_at
    order by r.read_at desc, r.run_id desc limit 1) last on true
"""
_AROUND = """
select document_id, max(read_at) filter (where read_at <= :at), min(read_at) filter (where read_at > :at) from reading
where status in ('ok', 'unchanged') and read_at <= :known_at group by document_id
"""
_HELD = """
select h.document_id, h.listing_id, h.item->>'kind' as kind, h.item->>'key' as key, h.covers, h.confirmed_at, h.since, h."check",
       h.reason, h.because, h.stale, d.source
from held h join document d on d.id = h.document_id
where (h.covers is not null or (h.listing_id is not null and jsonb_exists(h.item, 'key')))
  and coalesce(h.told_from, h.since) <= :known_at and (h.ended_at is null or h.ended_at > :known_at)
order by h.confirmed_at desc nulls first, h.id desc
"""
_MARKS = """
select h.document_id, h.listing_id, h.item->>'kind' as kind, h.item->>'key' as key, h.covers, h.ended_at,
       coalesce(h.mark, h.reason) as mark, h.mark_because
from held h where h.decided = 'confirmed' and h."check" not in ('ends', 'field_gone') and h.ended_at <= :known_at
  and (h.covers is not null or (h.listing_id is not null and jsonb_exists(h.item, 'key'))) order by h.ended_at, h.id
"""
_FIRST_READ = """
select d.source, min(r.read_at) as first_read from reading r join document d on d.id = r.document_id
where r.status = 'ok' and d.source = any(:sources) group by d.source
"""
_COLUMNS = """
select a.model, a.provider, a.host, a.region, a.billing, a.kind, a.snapshot, a.offer_variant,
       l.id, l.source, l.provider, l.external_id, l.region, l.is_page_name,
       c.id, c.document_id, c.kind, c.key, c.value::text, c.usd, c.url, c.valid_from, c.valid_to,
       c.observed_from, c.observed_to, c.closed_as, a.plan, l.host, l.variant, l.ordinal, a.valid_from, a.valid_to
from assignment a
join listing l on l.id = a.listing_id
join claim c on c.listing_id = l.id and c.observed_from <= :known_at
where a.observed_to is null
"""
_UNITS = (
    _COLUMNS
    + """
  and (a.valid_from is null or a.valid_from <= :at) and (a.valid_to is null or a.valid_to > :at)
  {wanted}
order by a.model is null, a.model, case when a.model is null then a.provider end, l.id, c.id
"""
)
_TERMS = (
    _COLUMNS
    + """
  and a.model = :model and (c.kind in ('price', 'identity', 'lifecycle')
       or (c.kind = 'fact' and (c.key in ('release_date', 'status') or c.key like 'limit.%')))
order by l.id, a.valid_from nulls first, c.id
"""
)
"""All that was ever claimed of a model's prices, limits and life, under each meaning that its listings had."""
_CLOSED = """and (c.observed_to is null or c.observed_to > :known_at or c.kind in ('price', 'identity')
       or (c.kind = 'fact' and c.key = 'release_date'))"""
"""What was closed by then is in force at no instant from then on. Kept are earlier prices, which tell who lags behind,
identities, which tell since when a listing is named, and release dates, which begin what states only its end."""
_ELSEWHEN = """and (c.kind in ('price', 'identity', 'lifecycle') or c.key = 'release_date'
       or c.valid_from is not null or c.valid_to is not null
       or (c.observed_from <= :at and (c.observed_to is null or c.observed_to > :at)))"""
"""Undated facts and scores of before or after a past instant hold then for nobody, and tell nothing else: half of all."""
_WANTED = "and (a.model = any(:models) or (a.model is null and a.provider = any(:providers)))"


def sources_of(connection: Connection) -> dict[str, Source]:
    """Every declared source by its id."""
    rows = connection.execute(text("select body from source"))
    return {
        body["id"]: Source(**(body | {name: tuple(body.get(name, ())) for name in ("hosts", "complete")})) for (body,) in rows
    }


def read_benchmarks(connection: Connection) -> dict[str, dict[str, Any]]:
    """What sources declare of each benchmark, with the edition that tables show."""
    rows = connection.execute(text("select id, body, edition from benchmark order by id"))
    return {row.id: row.body | {"edition": row.edition} for row in rows}


def documents_of(
    connection: Connection, sources: Mapping[str, Source], known_at: datetime, *, as_ranked: bool = False
) -> dict[int, DocumentView]:
    """Every document as it was known at an instant, by its last good reading until then; `as_ranked`: as publishing ranks it."""
    documents = {}
    for row in connection.execute(text(_RANKED if as_ranked else _DOCUMENTS), {"known_at": known_at}):
        stale = row.stale if as_ranked else is_stale(row.checked_at, sources[row.source].cadence_hours, known_at)
        documents[row.id] = DocumentView(
            id=row.id,
            source=row.source,
            url=row.url,
            checked_at=row.checked_at,
            stale=stale,
            position=row.position,
            document_date=row.document_date,
        )
    return documents


def moment_of(connection: Connection, at: datetime, known_at: datetime, *, as_ranked: bool = False) -> Moment:
    """The documents and sources as seen at `known_at`, for a catalogue of instant `at` (both aware UTC).

    `as_ranked`: as publishing ranks them, which follows the readings at the end of a crawl.
    """
    sources = sources_of(connection)
    documents = documents_of(connection, sources, known_at, as_ranked=as_ranked)
    complete = [source.id for source in sources.values() if source.complete]
    first_read = {row.source: row.first_read for row in connection.execute(text(_FIRST_READ), {"sources": complete})}
    held: dict[int, dict[Series, HeldView]] = defaultdict(dict)
    for row in connection.execute(text(_HELD), {"known_at": known_at}):
        stale = row.stale if as_ranked else _is_stale_figure(row.confirmed_at, sources[row.source].cadence_hours, known_at)
        view = HeldView(row.confirmed_at, row.since, row.check, told(row.reason, row.because), stale)
        for listing, kind, key in _covered(row):
            held[listing][row.document_id, kind, key] = view
    marks: dict[int, dict[Series, MarkView]] = defaultdict(dict)
    for row in connection.execute(text(_MARKS), {"known_at": known_at}):
        for listing, kind, key in _covered(row):
            marks[listing][row.document_id, kind, key] = MarkView(row.ended_at, told(row.mark, row.mark_because))
    around = {}
    if at < known_at:
        rows = connection.execute(text(_AROUND), {"at": at, "known_at": known_at})
        around = {document: (before, after) for document, before, after in rows}
    return Moment(
        at=at,
        known_at=known_at,
        documents=documents,
        sources=sources,
        benchmarks=read_benchmarks(connection),
        held=held,
        marks=marks,
        price_pages=price_pages_of(sources.values(), documents.values(), first_read, at),
        around=around,
    )


def _is_stale_figure(confirmed_at: datetime | None, cadence_hours: int, known_at: datetime) -> bool:
    """Whether the figure before a held one was last confirmed too long ago; one that has no age of its own is as old as its
    document."""
    return confirmed_at is not None and is_stale(confirmed_at, cadence_hours, known_at)


def _covered(row: Any) -> list[tuple[int, str, str]]:
    """The series that a held row speaks of."""
    covers = row.covers if row.covers is not None else [[row.listing_id, row.kind, row.key]]
    return [(listing, kind, key) for listing, kind, key in covers]


def units(
    connection: Connection, moment: Moment, models: Collection[str] | None = None, providers: Collection[str] = ()
) -> Iterator[tuple[str | None, list[ListingView]]]:
    """The listings of each model, one model at a time; with None for a model: a provider's routers, tools and fees.

    `models` None means all of them.
    """
    parameters: dict[str, Any] = {"at": moment.at, "known_at": moment.known_at}
    wanted = _CLOSED if moment.at >= moment.known_at else _ELSEWHEN
    if models is not None:
        wanted += _WANTED
        parameters |= {"models": sorted(models), "providers": sorted(providers)}
    result = connection.execute(text(_UNITS.format(wanted=wanted)), parameters, execution_options={"yield_per": FETCH_ROWS})
    unit: tuple[str | None, str | None] | None = None
    listings: list[ListingView] = []
    listing: ListingView | None = None
    strings: dict[str, str] = {}
    values: dict[str, Any] = {}
    for row in result:
        key = (row[0], None if row[0] is not None else row[1])
        if key != unit:
            if listings and unit is not None:
                yield unit[0], listings
            unit, listings, listing = key, [], None
        if listing is None or listing.id != row[8]:
            listing = _listing(row, moment)
            listings.append(listing)
        if len(values) >= KEPT_VALUES:
            values.clear()
        listing.claims.append(_claim(row, moment, strings, values))
    if listings and unit is not None:
        yield unit[0], listings


def terms(connection: Connection, moment: Moment, model: str) -> list[Term]:
    """Every listing that ever meant a model, each with the time for which it does and what it ever claimed of prices, limits
    and life."""
    found: list[Term] = []
    strings: dict[str, str] = {}
    values: dict[str, Any] = {}
    last: tuple[Any, ...] | None = None
    for row in connection.execute(text(_TERMS), {"known_at": moment.known_at, "model": model}):
        place = (row[8], row[30])
        if place != last:
            last = place
            found.append(Term(_listing(row, moment), row[30], row[31]))
        found[-1].listing.claims.append(_claim(row, moment, strings, values))
    return found


def _claim(row: Any, moment: Moment, strings: dict[str, str], values: dict[str, Any]) -> ClaimView:
    value = values.get(row[18])
    if value is None:
        value = values[row[18]] = orjson.loads(row[18])
    # An end that comes after what is known is not known: nothing, evidence included, speaks of it.
    ended = row[24] if row[24] is not None and row[24] <= moment.known_at else None
    document = moment.documents[row[15]]
    is_collected = moment.sources[document.source].kind == "catalogue"
    claim = ClaimView(
        id=row[14],
        document=document,
        kind=strings.setdefault(row[16], row[16]),
        key=strings.setdefault(row[17], row[17]),
        value=value,
        usd=row[19],
        url=None if is_collected else row[20],
        refers_to=row[20] if is_collected else None,
        span=Span(row[21], row[22], row[23], ended, ended is not None and row[25] == "corrected"),
    )
    _tell(row[8], claim, moment)
    return claim


def _tell(listing: int, claim: ClaimView, moment: Moment) -> None:
    """Say of a claim that its successor is held, or that it was published on its source's word alone."""
    series = claim.document.id, claim.kind, claim.key
    if (held := moment.held.get(listing)) is not None:
        claim.held = told_of(held, *series)
    if (marks := moment.marks.get(listing)) is not None and (mark := told_of(marks, *series)) is not None:
        claim.mark = mark.text if mark.at == claim.span.observed_from else ""


def _withheld(listing: int, moment: Moment) -> dict[str, tuple[int, HeldView]]:
    held = moment.held.get(listing, {})
    return {key: (document, view) for (document, kind, key), view in held.items() if kind == "price" and key}


def _listing(row: Any, moment: Moment) -> ListingView:
    return ListingView(
        withheld=_withheld(row[8], moment),
        id=row[8],
        source=moment.sources[row[9]],
        provider_stated=row[10],
        external_id=row[11],
        region_stated=row[12],
        is_page_name=row[13],
        provider=row[1],
        host=row[2],
        region=row[3],
        billing=row[4],
        kind=row[5],
        model=row[0],
        snapshot=row[6],
        variant=row[7],
        plan=row[26],
        host_stated=row[27],
        variant_stated=row[28],
        ordinal=row[29],
    )


def resolved_at(
    connection: Connection,
    at: datetime,
    known_at: datetime,
    models: Collection[str] | None = None,
    providers: Collection[str] = (),
    *,
    as_ranked: bool = False,
) -> Iterator[Resolved]:
    """What the catalogue says for instant `at` as known at `known_at`, under today's rules; streamed by model.

    `as_ranked`: see `moment_of`.
    """
    moment = moment_of(connection, at, known_at, as_ranked=as_ranked)
    for model, listings in units(connection, moment, models, providers):
        resolved = resolve_unit(model, listings, moment)
        if resolved is not None:
            yield resolved
