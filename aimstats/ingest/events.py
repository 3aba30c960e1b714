"""What a crawl found changed, told as events when it is settled: what stood when it began against what stands now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, text

from aimstats.domain.money import plain
from aimstats.domain.weights import how_far, weight
from aimstats.identity.first_party import first_party
from aimstats.ingest.moves import Event, Row, event, price_events
from aimstats.ingest.unsettled import Since, begin_crawl, end_crawl, since
from aimstats.store.locks import is_any_source_held

MODEL_FIELDS: Final = ("status", "retirement_date", "deprecation_date")

_MODELS = """
select u.id, u.body as before, r.body as after, r.evidence, p.redirect
from unsettled u left join resolved_model r on r.id = u.id left join published_model p on p.id = u.id
where u.what = 'model' and u.body is distinct from r.body order by u.id
"""
_OFFERS = """
select u.id, u.body as before, r.body as after from unsettled u join resolved_offer r on r.id = u.id
where u.what = 'offer' and u.body is not null and u.body->'prices' is distinct from r.body->'prices' order by u.id
"""
_NEWS = """
select distinct a.model, l.source,
    bool_or(c.kind = 'lifecycle' or c.key = 'retirement_date') as retirement_date,
    bool_or(c.kind = 'lifecycle' or c.key = 'deprecation_date') as deprecation_date,
    bool_or(c.kind = 'lifecycle' or c.key = 'status' or c.closed_as = 'vanished' or not known.before) as status,
    bool_or(not known.before) as added, bool_or(c.closed_by > :run) as removed
from assignment a join listing l on l.id = a.listing_id join claim c on c.listing_id = l.id
cross join lateral (select exists (select from claim k where k.listing_id = l.id and k.opened_by <= :run) as before) known
where a.model = any(:models) and l.source <> all(:first_read) and (
    c.opened_by > :run or c.closed_by > :run
    or (c.observed_to is null and ((c.valid_from > :at and c.valid_from <= :now) or (c.valid_to > :at and c.valid_to <= :now)
        or (c.kind = 'lifecycle' and cast(c.value->>'at' as timestamptz) <= :now
            and cast(c.value->>'at' as timestamptz) > cast(:at as timestamptz)
                - case when c.value->>'precision' = 'month' then interval '32 days' else interval '0' end))))
group by a.model, l.source order by a.model, l.source
"""
"""Who else than a source that is read for the first time said something new of these models, and of what of them; or of what
time came that it had stated."""
_INSERT = """
insert into event (at, dataset, kind, model, offer, field, before, after, ratio, source, weight)
values (:at, (select dataset + 1 from version), :kind, :model, :offer, :field, :before, :after, :ratio, :source, :weight)
"""


def tell_crawl(connection: Connection, now: datetime) -> int:
    """Write the events of all that was published since the last telling, and empty the journal; how many they are.

    None while any job still crawls a source: the last one tells of all of them. Under the lock of publishing.
    """
    begin_crawl(connection, now)
    if is_any_source_held(connection):
        return 0
    begun = since(connection)
    events = [*_of_models(connection, begun, now), *_of_offers(connection, begun, now)]
    _write(connection, now, events)
    end_crawl(connection)
    return len(events)


def _of_models(connection: Connection, begun: Since, now: datetime) -> Iterator[Event]:
    rows = connection.execute(text(_MODELS)).all()
    asked = {
        "models": [row.id for row in rows], "run": begun.run, "at": begun.at, "now": now, "first_read": sorted(begun.first_read)
    }  # fmt: skip
    news: dict[str, list[Any]] = {}
    for one in connection.execute(text(_NEWS), asked) if rows else ():
        news.setdefault(one.model, []).append(one)
    for row in rows:
        said = news.get(row.id, [])
        if row.before is None:
            if any(one.added or not begun.rules for one in said):
                yield event("model_added", row.id, after=row.after["name"])
        elif row.after is None:
            if row.redirect is not None:
                yield event("model_merged", row.id, field="id", before=row.id, after=row.redirect)
            elif not begun.rules or any(one.removed for one in said):
                yield event("model_removed", row.id)
        else:
            yield from _of_life(row, said)


def _of_life(row: Any, said: list[Any]) -> Iterator[Event]:
    """What changed in the life of a known model, where a source said so or a stated day came; an event names that source."""
    for field in MODEL_FIELDS:
        before, after = row.before[field], row.after[field]
        sources = [one.source for one in said if getattr(one, field)]
        if before == after or not sources:
            continue
        shown = [stated["source"] for stated in row.evidence.get(field, ())]
        if field != "status" and after is not None and shown and shown[0] not in sources:
            continue  # another source is shown now, which said nothing new
        source = next((one for one in shown if one in sources), sources[0])
        yield event(f"{field}_changed", row.id, field=field, before=before, after=after, source=source)


def _of_offers(connection: Connection, begun: Since, now: datetime) -> list[Event]:
    rows = [Row(row.id, row.after["model"], row.before, row.after) for row in connection.execute(text(_OFFERS))]
    return price_events(connection, rows, begun, now)


def _write(connection: Connection, now: datetime, events: Iterable[Event]) -> None:
    """Append the events to the ledger, each with its weight."""
    ordered = sorted(events, key=lambda one: (one["model"] or "", one["kind"], one["offer"] or "", one["field"] or ""))
    models = sorted({one["model"] for one in ordered if one["model"]})
    counted = text("select id, body->'offer_count' as offers from resolved_model where id = any(:models)")
    offers = {row.id: row.offers for row in connection.execute(counted, {"models": models})}
    moved = {key: len(ids) for key, ids in _moved_offers(ordered).items()}
    rows = [
        one
        | {
            "at": now,
            "ratio": plain(one["ratio"]) if one["ratio"] is not None else None,
            "weight": _weight(one, offers.get(one["model"], 1), moved),
        }
        for one in ordered
    ]
    if rows:
        connection.execute(text(_INSERT), rows)


def _moved_offers(events: Iterable[Event]) -> dict[tuple[Any, ...], Counter[str]]:
    """The offers of each model whose figure of one field moved in one way."""
    found: dict[tuple[Any, ...], Counter[str]] = {}
    for one in events:
        if one["offer"]:
            found.setdefault(_way(one), Counter())[one["offer"]] += 1
    return found


def _way(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return (one["model"], one["kind"], one["field"], one["ratio"] is not None and one["ratio"] > 1)


def _weight(one: Mapping[str, Any], offers: int, moved: Mapping[tuple[Any, ...], int]) -> Decimal:
    provider = (one["offer"] or "").partition("/")[0]
    developer = (one["model"] or "").partition("/")[0]
    return weight(
        how_far(one["kind"], one["ratio"], one["after"]),
        is_own=not provider or provider in first_party(developer),
        share=min(1.0, moved[_way(one)] / max(offers, 1)) if provider else 1.0,
        offers=offers,
        is_restated=one["kind"] == "price_restated",
    )
