"""The listings of the ledger as the identity audit reads them: what each means now, its list prices and its limits."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection, text

from aimstats.identity.audit import LIMITS, LIST_PRICES, Listed

_LISTINGS = """
select l.source, l.provider as stated_provider, a.provider, l.external_id, a.model, a.snapshot,
       a.variant, a.plan, a.region,
       coalesce(jsonb_object_agg(c.key, c.usd::text) filter (where c.kind = 'price' and c.usd is not null), '{}') as prices,
       coalesce(jsonb_object_agg(c.key, c.value) filter (where c.kind = 'fact'), '{}') as limits
from assignment a join listing l on l.id = a.listing_id
left join claim c on c.listing_id = l.id and c.observed_to is null and c.valid_to is null
     and ((c.kind = 'price' and c.key = any(:prices)) or (c.kind = 'fact' and c.key = any(:limits)))
where a.observed_to is null and a.valid_to is null and a.model is not null and a.billing = 'metered'
group by a.id, l.id order by l.source, l.provider, l.external_id, l.id
"""


def listed_models(connection: Connection) -> list[Listed]:
    """Every listing that is of a model and billed by use."""
    rows = connection.execute(text(_LISTINGS), {"prices": list(LIST_PRICES), "limits": list(LIMITS)})
    return [
        Listed(
            source=row.source,
            stated_provider=row.stated_provider,
            provider=row.provider,
            external_id=row.external_id,
            model=row.model,
            snapshot=row.snapshot,
            variant=row.variant,
            plan=row.plan,
            region=row.region,
            prices={key: Decimal(usd) for key, usd in row.prices.items()},
            limits={key: value for key, value in row.limits.items() if isinstance(value, int)},
        )
        for row in rows
    ]
