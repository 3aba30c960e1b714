"""What a model's page says below its offers: what a workload costs at each of them, what came after it, where its weights run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs import ask, cost_page
from aimstats.catalogue.engine.query import Query
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.devices import Need, needs_of
from aimstats.domain.texts import N_
from aimstats.domain.workload import PRESETS
from aimstats.extensions.current import current_holder
from aimstats.web.costs_form import USUAL, USUAL_REQUESTS, sentence_of, unit_of
from aimstats.web.kept import kept
from aimstats.web.language import t
from aimstats.web.links import DAYS, link
from aimstats.web.receipts import Amount, amount, times

DEFAULT_REGION: Final = "default"
MOST_OFFERS: Final = 8
MOST_SUCCESSORS: Final = 5


@dataclass(frozen=True, slots=True)
class AtOffer:
    """What the workload costs at an offer, and how many times what the developer's own offer asks; `is_other` where it is not
    counted among those with the same weights: a variant, or a price that nobody bears out."""

    seller: str
    tags: Sequence[str]
    offer: str
    total: Amount
    times: str
    is_own: bool
    is_cheaper: bool
    is_other: bool
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Bills:
    """The workload at the offers, cheapest first: `cheaper` of `total` ask less than the developer does for the same weights, and
    `others` less for what is not counted so."""

    rows: Sequence[AtOffer]
    total: int
    cheaper: int
    others: int
    own: AtOffer | None
    sentence: str
    unit: str
    presets: Sequence[tuple[str, str, bool]]
    more: str


@dataclass(frozen=True, slots=True)
class Hosting:
    """What its weights need: `formula` is how the figure at the most bits came about; `active` are the parameters at work."""

    needs: Sequence[Need]
    formula: str
    total: int | None
    active: int | None


@dataclass(frozen=True, slots=True)
class More:
    """The sections, each None where there is nothing to say."""

    bills: Bills | None
    successors: Sequence[tuple[Row, bool]]
    hosting: Hosting | None


def more_of(catalogue: Catalogue, row: Row, preset: str, weights_bytes: int | None) -> More:
    """What is said of a model; `preset` is the task that is priced, the usual one of its type where it names none."""
    return More(_bills(catalogue, row, preset), list(_successors(catalogue, row)), _hosting(row, weights_bytes))


def _bills(catalogue: Catalogue, row: Row, preset: str) -> Bills | None:
    fitting = [name for name, one in PRESETS.items() if one.type == row["type"]]
    if not fitting:
        return None
    usual = USUAL if USUAL in fitting else fitting[0]
    chosen = preset if preset in fitting else usual
    work = {"preset": chosen} | ({"requests": USUAL_REQUESTS} if chosen == USUAL else {})
    days = {name: value for name in DAYS if (value := getattr(catalogue, name, None))}
    asked = [(name, [value]) for name, value in {**work, "id": row.id, "per": "offer", "free": "last", "limit": "500"}.items()]
    question = ask(asked, now=current_holder().now())
    found = cost_page(catalogue, question, start=0)
    if not found.rows:
        return None
    names = kept(catalogue).names.providers
    own = (row["cost_basis"] or {}).get("offer") if (row["cost_basis"] or {}).get("basis") == "first_party" else None
    theirs = next((one.receipt.total for one in found.rows if one.receipt.offer == own), None)
    lines = []
    for one in found.rows:
        receipt, sold = one.receipt, catalogue.row("offers", one.receipt.offer)
        tags = [sold[key] for key in ("variant", "region") if sold and sold[key] not in (None, "", DEFAULT_REGION)]
        is_counted = bool(sold and sold["comparable"])
        is_less = theirs is not None and 0 < receipt.total < theirs
        lines.append(
            AtOffer(
                seller=names.get(receipt.provider) or receipt.provider,
                tags=tags,
                offer=receipt.offer,
                total=amount(receipt.total),
                times=times(receipt.total, theirs) if theirs else "",
                is_own=receipt.offer == own,
                is_cheaper=is_less and is_counted,
                is_other=is_less and not is_counted,
                is_disputed=bool(receipt.disputed),
            )
        )
    shown = lines[:MOST_OFFERS]
    shown += [line for line in lines[MOST_OFFERS:] if line.is_own]
    return Bills(
        rows=shown,
        total=len(lines),
        cheaper=sum(line.is_cheaper for line in lines),
        others=sum(line.is_other for line in lines),
        own=next((line for line in lines if line.is_own), None),
        sentence=sentence_of(question.workload),
        unit=unit_of(question.workload),
        presets=[("" if name == usual else name, PRESETS[name].label, name == chosen) for name in fitting],
        more=link("costs", query=urlencode({**work, "id": row.id, "per": "offer", **days})),
    )


def _successors(catalogue: Catalogue, row: Row) -> Sequence[tuple[Row, bool]]:
    """What is named as its replacement, then the newer ones of its family that are sold and make the same, the newest first."""
    named = [model for name in row["replacements"] or () if (model := catalogue.model(name))]
    found = [(model, True) for model in named]
    if row["family"] and row["release_date"]:
        filters: Mapping[str, Any] = {
            "developer": (row["developer.id"],),
            "family": (row["family"],),
            "type": (row["type"],),
            "status": ("active", "preview"),
            "released_after": (row["release_date"],),
        }
        query = replace(Query(MODELS), filters=filters, sort=(("release_date", True),))
        newer = [Row(catalogue, catalogue.models, place) for place in Selection(catalogue, query).ordered()]
        known = {row.id, *(model.id for model in named)}
        like = [one for one in newer if one["modalities.output"] == row["modalities.output"] and one["cost_basis"]]
        found += [(one, False) for one in like if one.id not in known and one["release_date"] > row["release_date"]]
    return found[:MOST_SUCCESSORS]


def _hosting(row: Row, weights_bytes: int | None) -> Hosting | None:
    if not row["open_weights"]:
        return None
    total, active = row["parameters.total"], row["parameters.active"]
    needs = needs_of(weights_bytes, total)
    if not needs:
        return Hosting((), "", total, active)
    first = needs[0]
    need = f"{first.gigabytes:.4g}"
    if first.bits is None and weights_bytes:
        size = f"{Decimal(weights_bytes) / 10**9:.4g}"
        formula = t("%(size)s GB of weights × 1.1 = %(need)s GB", size=size, need=need)
    else:
        billions = f"{Decimal(total or 0) / 10**9:.4g}"
        text = N_("%(number)s billion parameters × %(bits)s bits ÷ 8 × 1.1 = %(need)s GB")
        formula = t(text, number=billions, bits=first.bits, need=need)
    return Hosting(needs, formula, total, active)
