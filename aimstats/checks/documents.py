"""What is wrong with a whole document: shrunken, a field gone, or most of its figures moved alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from aimstats.checks.currency import exchanged
from aimstats.checks.figures import Figure, factor, fields_in, is_absent
from aimstats.checks.items import Finding, dollars, what
from aimstats.checks.last_reading import LastReading
from aimstats.checks.thresholds import (
    CUT_DOCUMENT,
    CUT_LISTINGS,
    FAR_FROM_OTHERS,
    FEWEST_LISTINGS,
    FIELD_LEFT,
    FIELD_LISTINGS,
    FIELD_SHARE,
    KEPT_LISTINGS,
    KEPT_LISTINGS_SMALL,
    KEPT_PRICES,
    PRICES_COUNTED,
    SMALL_DOCUMENT,
    TOGETHER_FACTOR,
    TOGETHER_FIGURES,
    TOGETHER_LISTINGS,
    TOGETHER_SHARE,
    WRONG_LISTINGS,
    Threshold,
)
from aimstats.domain.claims import Flat

_TOGETHER = {"free_now": "free", "swapped": "have swapped columns"}


def shrunken(document: int, flat: Flat, before: LastReading) -> Finding | None:
    """Empty, truncated, or naming other listings than before."""
    had = before.listings.get(document)
    if not had:
        return None
    has = {listing.key for listing in flat.listings}
    kept = len(had.keys() & has)
    if not has:
        return Finding("empty", f"the document names nothing; it named {len(had)} listings before")
    limit = KEPT_LISTINGS if len(had) >= SMALL_DOCUMENT.value else KEPT_LISTINGS_SMALL
    if len(had) >= FEWEST_LISTINGS.value and kept < len(had) * limit.value:
        named = f"the document names {len(has)} listings; of the {len(had)} of its last reading only {kept} are left"
        return Finding("shrunken", f"{named}: truncated, or other ids")
    missing = [key not in has for key in had]
    cut = len(had) - kept
    if len(had) >= CUT_DOCUMENT.value and cut >= CUT_LISTINGS.value and all(missing[-cut:]) and len(has) <= kept + 1:
        return Finding(
            "cut_short", f"the last {cut} of {len(had)} listings are gone and no other is: truncated, or retired together"
        )
    return None


def lost_fields(document: int, flat: Flat, before: LastReading) -> Finding | None:
    """A field that most listings stated is gone, or a good part of all prices."""
    had = before.fields.get(document)
    if not had:
        return None
    has: Counter[tuple[str, str]] = Counter()
    kept = {listing.key: 0 for listing in flat.listings}
    for listing in flat.listings:
        has.update({(claim.kind, field) for claim in listing.claims for field in fields_in(claim)})
        kept[listing.key] += sum(claim.kind == "price" and not is_absent(claim) for claim in listing.claims)
    for (kind, field), listings in sorted(had.items(), key=lambda item: (item[0][0] != "price", -item[1])):
        # A cost belongs to its benchmark, which only some listings have a score of.
        total = len(before.listings[document])
        if kind == "score":
            total = had.get((kind, field.rpartition(", ")[0]), total)
        is_common = listings >= 2 and listings >= total * FIELD_SHARE.value
        if not (is_common or listings >= FIELD_LISTINGS.value):
            continue
        left = has[kind, field]
        if left <= listings * FIELD_LEFT.value:
            stated = f"{kind} {field.replace('|', ', ')} was stated by {listings} listings and is by {left} now"
            return Finding("field_gone", f"{stated}: renamed, or another layout")
    # What went with its listing is no column: only listings that are still there are counted.
    prices = sum(kept[key] for key in before.listings[document] if key in kept)
    had_prices = sum(before.prices[document].get(key, 0) for key in before.listings[document] if key in kept)
    if had_prices >= PRICES_COUNTED.value and prices < had_prices * KEPT_PRICES.value:
        return Finding(
            "prices_gone", f"the listings that are left have {prices} prices; they had {had_prices} before: a column gone?"
        )
    return None


def moved_together(figures: Iterable[Figure], found: Mapping[Figure, Finding]) -> Finding | None:
    """Most of what can be compared moved the same way, became free, swapped columns or moved by one factor."""
    compared: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.before is not None:
            compared[figure.group].append(figure)
    for group, members in compared.items():
        is_money = members[0].is_money
        finding = _wrong_together(members, found) or _copied(members) if is_money else None
        finding = finding or _far_together(group, members)
        if finding is None and is_money:
            finding = exchanged(members)
        if finding is not None:
            return finding
    return None


def _listings(figures: Iterable[Figure]) -> int:
    return len({(figure.document, figure.listing.key) for figure in figures})


def _names(figures: Iterable[Figure]) -> int:
    """How many names: one model moves at all of its hosts at once."""
    return len({figure.listing.key[2] for figure in figures})


def _far_together(group: str, members: Sequence[Figure]) -> Finding | None:
    compared = [figure for figure in members if figure.before or figure.now]
    for is_up in (True, False):
        far = [figure for figure in members if _has_moved(figure, is_up, TOGETHER_FACTOR)]
        if not members[0].is_money:
            far = _mostly(far, members)
        units = [figure for figure in far if _has_moved(figure, is_up, FAR_FROM_OTHERS)]
        # A model may become five times cheaper at all of its hosts, but not by a unit.
        for count, total in ((_names(far), _names(compared)), (_listings(units), _listings(compared))):
            if count >= TOGETHER_LISTINGS.value and count >= total * TOGETHER_SHARE.value:
                middle = median(figure.now / figure.before for figure in far if figure.before)
                by = f"{middle:,.0f} times up" if is_up else f"{1 / middle:,.0f} times down"
                moved = f"{count} of {total} listings moved their {group} about {by}"
                return Finding("moved_together", f"{moved}: probably another unit")
    return None


def _mostly(far: Sequence[Figure], members: Sequence[Figure]) -> list[Figure]:
    """Those of names most of whose figures moved so."""
    every = Counter(figure.listing.key[2] for figure in members)
    moved = Counter(figure.listing.key[2] for figure in far)
    return [f for f in far if moved[f.listing.key[2]] >= every[f.listing.key[2]] * TOGETHER_FIGURES.value]


def _has_moved(figure: Figure, is_up: bool, limit: Threshold) -> bool:
    ratio = factor(figure.now, figure.before) if figure.before is not None else None
    if ratio is None:
        return False
    return ratio >= limit.value if is_up else 1 / ratio >= limit.value


def _wrong_together(members: Sequence[Figure], found: Mapping[Figure, Finding]) -> Finding | None:
    total = _listings(figure for figure in members if figure.before)
    for check, words in _TOGETHER.items():
        wrong = _listings(figure for figure in members if figure in found and found[figure].check == check)
        if wrong >= WRONG_LISTINGS.value and wrong >= total * TOGETHER_SHARE.value:
            return Finding(f"{check}_together", f"{wrong} of {total} listings are {words} at once".replace("are have", "have"))
    return None


def _copied(members: Sequence[Figure]) -> Finding | None:
    """One column read twice: in most listings a changed price is what another meter, unchanged, has always stated."""
    by_listing: dict[object, list[Figure]] = defaultdict(list)
    for figure in members:
        by_listing[figure.document, figure.listing.key].append(figure)
    copies = []
    for figures in by_listing.values():
        standing = {figure.now for figure in figures if not figure.is_changed}
        copies += [figure for figure in figures if figure.is_changed and figure.now > 0 and figure.now in standing][:1]
    if len(copies) >= WRONG_LISTINGS.value and len(copies) >= len(by_listing) * TOGETHER_SHARE.value:
        example = f"{what(copies[0])} went to {dollars(copies[0].now)}"
        return Finding(
            "copied_together", f"{len(copies)} of {len(by_listing)} listings state one price in two columns now ({example})"
        )
    return None
