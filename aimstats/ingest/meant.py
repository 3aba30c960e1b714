"""What a listing means before it is written: the gate compares it with others by that."""

from __future__ import annotations

from aimstats.checks.others import Meaning, Meant
from aimstats.domain.claims import ListingRows, json_value
from aimstats.domain.items import Source
from aimstats.ingest.assignments import NAMING_FACTS, Stated, meaning_of


def meaning_for(source: Source) -> Meaning:
    """The rules of identity for listings of one source."""

    def meant(listing: ListingRows) -> Meant | None:
        provider, host, external_id, region, variant = listing.key
        row = meaning_of(
            Stated(
                source=source.id,
                source_kind=source.kind,
                provider=provider,
                host=host,
                external_id=external_id,
                region=region,
                variant=variant,
                is_page_name=listing.is_page_name,
                identity=next((json_value(claim.value) for claim in listing.claims if claim.kind == "identity"), {}),
                facts={
                    claim.key: json_value(claim.value)
                    for claim in listing.claims
                    if claim.kind == "fact" and claim.key in NAMING_FACTS
                },
            )
        )
        if row["model"] is None:
            return None
        return Meant(row["provider"], row["host"], row["model"], row["offer_variant"], row["region"])

    return meant
