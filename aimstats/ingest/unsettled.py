"""The journal of a crawl: how each resolved row stood when the crawl began, kept until its end is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_SINCE = """
insert into unsettled (what, id, body)
select 'since', '', jsonb_build_object(
    'run', coalesce((select max(id) from run), 0), 'at', coalesce(published_at, :now), 'rules', rules_version)
from version on conflict do nothing
"""
_KEEP = """
insert into unsettled (what, id, body)
select '{what}', f.id, r.body from fresh_{what} f left join resolved_{what} r on r.id = f.id where r.body is distinct from f.body
on conflict do nothing
"""
_KEEP_REMOVED = """
insert into unsettled (what, id, body)
select '{what}', {alias}.id, {alias}.body from resolved_{what} {alias}
where {scope} not exists (select from fresh_{what} f where f.id = {alias}.id)
on conflict do nothing
"""
_FIRST_READ = """
select source from run where status in ('published', 'unchanged') group by source having min(id) > :run
"""


@dataclass(frozen=True, slots=True)
class Since:
    """What the catalogue stood on when the crawl began: the last run of before it, and the instant of the last publication.

    `first_read` are the sources that had never been read until then: what they say is no news. `rules`: the rules of identity
    are others now.
    """

    run: int
    at: datetime
    first_read: frozenset[str]
    rules: bool


def begin_crawl(connection: Connection, now: datetime) -> None:
    """Note on what the catalogue stands, unless an earlier publication of an unsettled crawl did; before any run is written."""
    connection.execute(text(_SINCE), {"now": now})


def keep_standing(connection: Connection, scopes: Mapping[str, str], parameters: Mapping[str, Any]) -> None:
    """Keep how the rows stand that `fresh_model` and `fresh_offer` will change; what is kept already is older and stays."""
    for what, alias in (("model", "m"), ("offer", "o")):
        connection.execute(text(_KEEP.format(what=what)))
        removed = _KEEP_REMOVED.format(what=what, alias=alias, scope=scopes[f"{what}_scope"])
        connection.execute(text(removed), parameters)


def since(connection: Connection) -> Since:
    """What the unsettled crawl began on."""
    body = connection.execute(text("select body from unsettled where what = 'since'")).scalar_one()
    first_read = connection.execute(text(_FIRST_READ), {"run": body["run"]}).scalars()
    rules = connection.execute(text("select rules_version from version")).scalar_one()
    return Since(body["run"], datetime.fromisoformat(body["at"]), frozenset(first_read), body["rules"] not in ("", rules))


def end_crawl(connection: Connection) -> None:
    """Empty the journal: what it held is told."""
    connection.execute(text("delete from unsettled"))
