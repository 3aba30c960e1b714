"""Which offer a name means: at the seller that the name says, in the snapshot and variant that it says."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.identity import Name, Resolution, provider_of, shop_of
from aimstats.identity.first_party import first_party

UNNAMED: Final = frozenset({None, "", "latest"})
"""Snapshots that name no build."""


def offer_meant(catalogue: Catalogue, model: Row, asked: Name, found: Resolution) -> Row | None:
    """The offer that a name means: an offer's own id is that offer; else at the seller that it names, else at the model's
    developer; of its snapshot and variant, the very id before others, the default region first. None where nobody there sells
    just that."""
    text = (asked.external_id or asked.name).strip()
    offers = catalogue.offers_of(model.id)
    if itself := next((offer for offer in offers if offer.id == text), None):
        return itself
    sellers, spelled, variant = _sellers(model, asked, found, offers), text.casefold(), found.offer_variant
    dated = [
        offer
        for offer in offers
        if offer["provider"] in sellers
        and (offer["variant"] or "") == variant
        and (found.snapshot in UNNAMED or offer["snapshot"] == found.snapshot)
    ]
    return min(
        dated,
        key=lambda offer: (
            sellers.index(offer["provider"]),
            offer["host"] != offer["provider"],
            not _lists(offer, spelled),
            offer["region"] != "default",
            offer["status"] == "retired",
            offer["snapshot"] not in UNNAMED if found.snapshot in UNNAMED else False,
            offer.id,
        ),
        default=None,
    )


def _sellers(model: Row, asked: Name, found: Resolution, offers: list[Row]) -> list[str]:
    """Whose offer is meant, the likeliest first: who is named beside the id, whose name it begins with, who alone lists the model
    under it; else the model's developer, whose name it may begin with too."""
    if asked.provider:
        return [shop_of(provider_of(asked.source, asked.provider).provider, model.id)]
    spelled = (asked.external_id or asked.name).strip().casefold()
    prefix, slash, _ = spelled.partition("/")
    own = list(first_party(model["developer.id"]))
    if spelled == model.id or any(step.casefold().startswith(f"organisation {prefix} is ") for step in found.steps):
        return own
    if slash:
        seller = shop_of(provider_of(asked.source, prefix).provider, model.id)
        if any(offer["provider"] == seller for offer in offers):
            return [seller]
    listing = {offer["provider"] for offer in offers if _lists(offer, spelled)}
    return list(listing) if len(listing) == 1 else own


def _lists(offer: Row, spelled: str) -> bool:
    return any(spelled == one.casefold() for one in offer["external_ids"] or ())
