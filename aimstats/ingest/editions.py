"""Which edition of each benchmark the tables show: decided over all models, so at publishing and not for one model alone."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, text

from aimstats.resolution.scores import shown_edition

_MODELS_BY_EDITION = """
select split_part(c.key, '|', 1) as benchmark, split_part(c.key, '|', 2) as edition, count(distinct a.model) as models
from claim c join assignment a on a.listing_id = c.listing_id and a.observed_to is null
where c.kind = 'score' and c.observed_to is null and a.model is not null
  and split_part(c.key, '|', 3) = '' and split_part(c.key, '|', 4) = ''
group by 1, 2
"""
_TOUCHED = """
select distinct a.model from claim c join assignment a on a.listing_id = c.listing_id and a.observed_to is null
where c.kind = 'score' and c.observed_to is null and a.model is not null and split_part(c.key, '|', 1) = any(:benchmarks)
"""


def choose_editions(connection: Connection) -> set[str]:
    """Bring the shown edition of every benchmark up to date; the models whose table score may have moved with it."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(text(_MODELS_BY_EDITION)):
        counts[row.benchmark][row.edition] = row.models
    moved = []
    for benchmark, models_by_edition in counts.items():
        updated = connection.execute(
            text("update benchmark set edition = :edition where id = :id and edition <> :edition"),
            {"id": benchmark, "edition": shown_edition(models_by_edition)},
        )
        if updated.rowcount:
            moved.append(benchmark)
    if not moved:
        return set()
    return set(connection.execute(text(_TOUCHED), {"benchmarks": moved}).scalars())
