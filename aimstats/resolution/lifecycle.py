"""Where a model or an offer stands in its life: from lifecycle claims, never from a floor or a placeholder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from aimstats.domain.spans import end_of_month
from aimstats.identity import Name, resolve
from aimstats.identity.first_party import first_party
from aimstats.resolution.facts import evidence_row
from aimstats.resolution.inputs import CATALOGUE_RANK, OFFER_KINDS, SELLER_KINDS, UNDATED, ClaimView, ListingView
from aimstats.resolution.previews import is_preview, released_beside_previews
from aimstats.resolution.voices import first_hand_reason

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
ROLLING: Final = frozenset({"alibaba"})
"""Developers whose undated names go on when the builds end that their pages name: `qwen-vl-plus` becomes the next build."""
DATES: Final[Mapping[str, str]] = {
    "announced": "deprecation_date",
    "deprecated": "deprecation_date",
    "retired": "retirement_date",
    "redirected": "retirement_date",
}
"""Which date of a life an event gives."""
DEPRECATING: Final = frozenset({"deprecated", "legacy", "redirected"})
"""Events from which on a thing is deprecated at least."""


class StatedEvent(NamedTuple):
    """What one claim says of one field of a life: a date as `YYYY-MM-DD`, or replacements by model id."""

    value: str | list[str]
    claim: ClaimView
    listing: ListingView


@dataclass(frozen=True, slots=True)
class Life:
    """Where something stands in its life; dates are `YYYY-MM-DD`. `stated` holds by field all that is said of it."""

    deprecation_date: str | None = None
    retirement_date: str | None = None
    retirement_not_before: str | None = None
    replacements: list[str] = field(default_factory=list)
    is_deprecated: bool = False
    is_retired: bool = False
    is_past_floor: bool = False
    """Whether its earliest end has passed since its page was last read."""
    stated: Mapping[str, list[StatedEvent]] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """What a resolved row holds of it."""
        return {
            "deprecation_date": self.deprecation_date,
            "retirement_date": self.retirement_date,
            "retirement_not_before": self.retirement_not_before,
            "replacements": self.replacements,
        }


def _at(claim: ClaimView) -> datetime | None:
    """When the event takes place; one that is stated by its month, at the month's end."""
    text = claim.value.get("at")
    if not text:
        return None
    instant = datetime.fromisoformat(text)
    return end_of_month(instant) if claim.value["precision"] == "month" else instant


def _meant(stated: str, listing: ListingView) -> str | None:
    """The model id that a replacement's name means at its seller; the name itself where it means no model, or another snapshot or
    variant of the listing's own; None where it means the very thing that ends."""
    named = resolve(Name(source=listing.source.id, provider=listing.provider_stated, external_id=stated))
    if named.model is None or named.model != listing.model:
        return named.model or stated
    undated = named.snapshot in UNDATED and listing.snapshot in UNDATED
    return None if (undated or named.snapshot == listing.snapshot) and named.variant == listing.variant else stated


def others_than(model: str, replacements: Iterable[str]) -> list[str]:
    """What replaces a model as a whole: a snapshot's may be the model itself."""
    return [one for one in replacements if (named := resolve(one)).model != model or named.snapshot not in UNDATED]


def life_of(listings: Iterable[ListingView], at: datetime) -> Life:
    """What listings say of their life; of several sources the first in the order of trust states an event.

    A catalogue's day of retirement that is no later than a seller's own "not sooner than" is none: it is the floor, copied. A
    floor that lay behind its page's own day is an end, unless the page calls the thing active. One that has passed since is a
    floor still, and what it is said of deprecated.
    """
    stated: dict[str, list[StatedEvent]] = defaultdict(list)
    first: dict[str, datetime] = {}
    deprecated = False
    for listing in sorted(listings, key=lambda row: row.sorting):
        for claim in sorted(listing.current, key=_ends_first):
            if claim.kind != "lifecycle":
                continue
            event, when = claim.key.partition("#")[0], _at(claim)
            deprecated = deprecated or (event in DEPRECATING and (when is None or when <= at))
            for field_, value in _said(claim, event, when, listing, is_end=_is_end(claim, when, listing)):
                stated[field_].append(StatedEvent(value, claim, listing))
                is_contradicted = (
                    field_ == "retirement_date" and when is not None and when <= first.get("retirement_not_before", EARLIEST)
                )
                if when is not None and not (is_contradicted and listing.trust >= CATALOGUE_RANK):
                    first.setdefault(field_, when)
    days = {name: when.date().isoformat() for name, when in first.items()}
    deprecation, retirement = first.get("deprecation_date"), first.get("retirement_date")
    floor = first.get("retirement_not_before") if retirement is None else None
    is_past_floor = floor is not None and floor <= at and not _is_called_active(stated["retirement_not_before"][0])
    return Life(
        deprecation_date=days.get("deprecation_date"),
        retirement_date=days.get("retirement_date"),
        retirement_not_before=None if retirement else days.get("retirement_not_before"),
        replacements=list(dict.fromkeys(name for one in stated.get("replacements", ()) for name in one.value)),
        is_deprecated=deprecated or retirement is not None or is_past_floor or (deprecation is not None and deprecation <= at),
        is_retired=retirement is not None and retirement <= at,
        is_past_floor=is_past_floor,
        stated=dict(stated),
    )


def _ends_first(claim: ClaimView) -> tuple[bool, str]:
    """Where a name is first answered by another model and fails later, it ends when it fails."""
    return (claim.key.partition("#")[0] == "redirected", claim.key)


def _is_called_active(stated: StatedEvent) -> bool:
    """Whether the page that states the event calls the thing active."""
    document = stated.claim.document
    return any(
        one.kind == "fact" and one.key == "status" and one.value == "active" and one.document is document
        for one in stated.listing.current
    )


def is_called_active(listing: ListingView) -> bool:
    """Whether the seller's own page calls this very thing active."""
    facts = (claim for claim in listing.current if claim.kind == "fact" and claim.key == "status" and not claim.stale)
    return listing.trust == 0 and any(claim.value == "active" for claim in facts)


def _is_end(claim: ClaimView, when: datetime | None, listing: ListingView) -> bool:
    """Whether a floor lies behind the day of its own page, which does not call the thing active."""
    day = claim.document.day
    if claim.value["precision"] != "floor" or when is None or day is None or when > day:
        return False
    return listing.trust == 0 and not _is_called_active(StatedEvent("", claim, listing))


def _said(
    claim: ClaimView, event: str, when: datetime | None, listing: ListingView, *, is_end: bool
) -> Iterator[tuple[str, Any]]:
    """(field, value) of each thing that a claim says of a life."""
    name = "retirement_not_before" if claim.value["precision"] == "floor" and not is_end else DATES.get(event)
    if name and when is not None:
        yield name, when.date().isoformat()
    meant = (_meant(one, listing) for one in claim.value.get("replacements") or ())
    if replacements := list(dict.fromkeys(one for one in meant if one)):
        yield "replacements", replacements


def status_of(life: Life, stated: str | None) -> str:
    """`preview active deprecated retired`: the lifecycle's word first, then what the source states."""
    if life.is_retired or stated == "retired":
        return "retired"
    if life.is_deprecated or stated == "deprecated":
        return "deprecated"
    return "preview" if stated == "preview" else "active"


def main_shop(listings: Iterable[ListingView], developer: str) -> str | None:
    """The first of the developer's own providers that sells the model or says something of it: a second shop's dates are of that
    shop alone. None where none does."""
    selling = {row.provider for row in listings if row.source.kind in SELLER_KINDS}
    return next((provider for provider in first_party(developer) if provider in selling), None)


def at_home(listings: Sequence[ListingView], developer: str) -> list[ListingView]:
    """What the developer's main shop sells or says of the model, its variants included."""
    shop = main_shop(listings, developer)
    return [row for row in listings if row.provider == shop and row.source.kind in SELLER_KINDS]


def model_life(listings: Sequence[ListingView], developer: str, at: datetime) -> Life:
    """The life of the model itself, from its developer's main shop alone.

    Where nothing is said of its plain name or builds and all of its variants there end, it ends with the last of them.
    """
    own = at_home(listings, developer)
    plain = [row for row in own if not row.variant]
    undated = [row for row in plain if row.snapshot in UNDATED]
    life = life_of_name(undated, [row for row in plain if row.snapshot not in UNDATED], developer, at)
    told = [row for row in own if row.variant and row.source.kind == "lifecycle"]
    if life.stated or life.is_deprecated or not told:
        return life
    variants = {row.variant for row in own if row.variant}
    lives = [life_of([row for row in own if row.variant == name], at) for name in sorted(variants)]
    return life if any(not one.retirement_date for one in lives) else max(lives, key=lambda one: one.retirement_date or "")


def life_of_name(undated: list[ListingView], dated: list[ListingView], developer: str, at: datetime) -> Life:
    """The life of an undated name at a provider, from what is said of it and of the dated snapshots there.

    What is said of the name itself counts. Where nothing is, it lives as long as the snapshots: its life is that of the one that
    goes on, or of the last to end. A preview's dates are its own where there is a release.
    """
    life = life_of(undated, at)
    releases = [row for row in dated if not is_preview(row.snapshot)]
    if releases or released_beside_previews([*undated, *dated]):
        dated = releases
    is_rolling = developer in ROLLING and any(row.source.kind in OFFER_KINDS for row in undated)
    if life.stated or life.is_deprecated or is_rolling or not dated:
        return life
    lives = [life_of([row for row in dated if row.snapshot == name], at) for name in sorted({row.snapshot for row in dated})]
    going_on = [one for one in lives if not one.retirement_date]
    if len(going_on) > 1:
        return life
    return going_on[0] if going_on else max(lives, key=lambda one: one.retirement_date or "")


def with_replacements(life: Life, listings: Sequence[ListingView], developer: str, at: datetime) -> Life:
    """The life of a model that nobody sells, with the replacements that any of its developer's shops states where its main one
    names none."""
    shops = first_party(developer)
    told = life_of([row for row in listings if row.provider in shops and row.source.provider in shops and not row.variant], at)
    if life.replacements or not told.replacements:
        return life
    return replace(life, replacements=told.replacements, stated={**life.stated, "replacements": told.stated["replacements"]})


def life_evidence(life: Life, listings: Sequence[ListingView], developer: str, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """By field of a model's life, what each source says at the developer's own provider, what is shown first.

    What it says of other snapshots stands there too: no model ends with one of several.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    plain = [row for row in at_home(listings, developer) if not row.variant]
    for name, every in {**life.stated, **life_of(plain, at).stated}.items():
        shown = [one for one in life.stated.get(name, ()) if _is_shown(one.value, getattr(life, name))]
        shown = shown if name == "replacements" else shown[:1]
        claims = {one.claim.id for one in shown}
        told = shown + [one for one in every if one.claim.id not in claims]
        found[name] = [
            evidence_row(one.claim, one.listing, one.value, first_hand_reason(one.listing) if number < len(shown) else None)
            for number, one in enumerate(told)
        ]
    return found


def _is_shown(value: str | list[str], shown: str | list[str] | None) -> bool:
    return set(value) <= set(shown or ()) if isinstance(value, list) else value == shown
