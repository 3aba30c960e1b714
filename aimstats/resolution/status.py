"""Where a model stands in its life: its developer's word on what it sells, and whether anybody sells it still."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aimstats.resolution.facts import Chosen
from aimstats.resolution.inputs import ListingView
from aimstats.resolution.lifecycle import Life, status_of
from aimstats.resolution.previews import is_preview, released_beside_previews

RETIRED: Final = "retired"
BEST_FIRST: Final = ("active", "deprecated", RETIRED)


@dataclass(frozen=True, slots=True)
class Standing:
    """`status` of the model, None where nothing is known and nobody sells it; `developer_status` is its developer's own word."""

    status: str | None
    developer_status: str | None


def standing_of(
    life: Life,
    stated: Chosen | None,
    offers: Sequence[dict[str, Any]],
    at_home: Sequence[ListingView],
    *,
    has_open_weights: bool | None,
    unsold: Collection[str] = (),
) -> Standing:
    """The standing of a model from the life that its developer's main shop tells, the stated status, the bodies of its offers and
    what that shop sells or says (`at_home`). `unsold` are the ids of the offers that their sellers' complete pages leave out.

    Where nobody sells it, it is retired if any of its offers has ended; of what was only ever left out nothing is known.

    It is retired when everything that its developer sells of it has ended and its weights are closed, or nobody sells it: open
    weights live on at others. Without a word of its developer it is active while any offer is. Where its developer's complete
    pages leave it out, it lives on where its weights may be had, or where another seller's own word sells it: what catalogues say
    of resellers does not count against the developer's.
    """
    if nobody_sells(offers, at_home, unsold):
        status = RETIRED if any(offer["status"] == RETIRED for offer in offers) else None
        return Standing(status, status if at_home else None)
    left = [offer for offer in offers if offer["status"] != RETIRED and offer["id"] not in unsold]
    if at_home:
        own = [offer for offer in offers if offer["provider"] == at_home[0].provider]
        if any(offer["id"] in unsold for offer in own) and not any(offer in left for offer in own):
            return _left_out_at_home(own, left, has_open_weights=has_open_weights)
        said = status_of(life, _own_word(stated, at_home))
        lives_on = said == RETIRED and has_open_weights and left
        return Standing(_best(left) if lives_on else said, said)
    if offers:
        return Standing(_best(left), None)
    known = stated.value if stated else None
    return Standing(status_of(life, known) if known or life.stated or life.is_deprecated else None, None)


def _left_out_at_home(
    own: Sequence[dict[str, Any]], left: Sequence[dict[str, Any]], *, has_open_weights: bool | None
) -> Standing:
    """Of what its developer's complete pages leave out, and who else sells it (`left`)."""
    ended = RETIRED if any(offer["status"] == RETIRED for offer in own) else None
    if not has_open_weights and ended:
        return Standing(ended, ended)
    sold = [offer for offer in left if has_open_weights is not False or offer["own_word"]]
    return Standing(_best(sold) if sold else None, ended)


def nobody_sells(offers: Sequence[dict[str, Any]], at_home: Sequence[ListingView], unsold: Collection[str]) -> bool:
    """Whether each offer has ended or is left out by its seller's own pages, that of the developer's shop among them, if it has
    one."""
    shops = {row.provider for row in at_home}
    is_told = not shops or any(offer["provider"] in shops for offer in offers)
    return bool(offers) and is_told and all(offer["status"] == RETIRED or offer["id"] in unsold for offer in offers)


def _own_word(stated: Chosen | None, at_home: Sequence[ListingView]) -> str | None:
    """What the shop says of the plain model: a variant's end is not the model's, nor is its preview's stage the release's."""
    if stated is None or stated.listing.variant or not any(row is stated.listing for row in at_home):
        return None
    if is_preview(stated.listing.snapshot) and released_beside_previews(at_home):
        return None
    return str(stated.value)


def _best(offers: Sequence[dict[str, Any]]) -> str:
    """The status of the offer that lives longest; a host's preview is active."""
    stated = {"active" if offer["status"] == "preview" else offer["status"] for offer in offers}
    return next(word for word in BEST_FIRST if word in stated)
