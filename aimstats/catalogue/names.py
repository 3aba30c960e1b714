"""What a name means in a catalogue: the rules' answer held against its models, and candidates where none is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import orjson

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.meant import offer_meant
from aimstats.catalogue.within import WordIndex, parts_of
from aimstats.domain.likeness import LEAST
from aimstats.domain.reasons import Reason
from aimstats.identity import CandidateIndex, Name, Resolution, provider_of, resolve
from aimstats.identity.first_party import first_party

MAX_CANDIDATES: Final = 5
BEHIND: Final = 0.25
"""What is so much less like the name than the nearest is no help to anybody."""
ALIAS_CONFIDENCE: Final = 0.85
LISTING_CONFIDENCE: Final = 0.9
PART_CONFIDENCE: Final = 0.3
"""Of a name in which a model's name is only a part: a deployment's, a wrapper's."""
PART_SCORE: Final = 0.8
WORDS_SCORE: Final = 0.9
ALIKE: Final = Reason("name_alike")
LATEST: Final = "latest"
_KEY: Final = "names"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearName:
    """A model that may be meant, or whose name is much like the one asked for: `score` is 0 to 1, `reason` says why."""

    model: str
    name: str
    score: float
    reason: Reason

    def body(self) -> dict[str, Any]:
        """The object that answers print."""
        return {"model": self.model, "name": self.name, "score": self.score, "reason": str(self.reason)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name means here. `model` is None where the catalogue has none of that name: then `candidates` are those whose ids
    have all of its words (the newest first), the one that a part of it names, and the nearest, in this order. `offer` is what the
    name means to buy: of its seller, else of the model's developer, and of its snapshot and variant; `cost` is its price.
    `status`, `retirement_date` and `replacements` (ids of models; the source's words for one that is not here) are that offer's
    where the name says so much, else the model's own."""

    name: str
    kind: str
    model: str | None
    snapshot: str = ""
    variant: str = ""
    confidence: float = 0.0
    method: str = "none"
    steps: tuple[str, ...] = ()
    candidates: tuple[NearName, ...] = ()
    status: str | None = None
    retirement_date: str | None = None
    replacements: tuple[str, ...] = ()
    offer: str | None = None
    provider: str | None = None
    cost: Mapping[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """The object that answers print (api.md, POST /resolve)."""
        near = [one.body() for one in self.candidates]
        return {
            "name": self.name, "kind": self.kind, "model": self.model, "snapshot": self.snapshot, "variant": self.variant,
            "confidence": self.confidence, "method": self.method, "steps": list(self.steps), "candidates": near,
            "status": self.status, "retirement_date": self.retirement_date, "replacements": list(self.replacements),
            "offer": self.offer, "provider": self.provider, "cost": self.cost,
        }  # fmt: skip


class KnownNames:
    """Every name that a catalogue's models and offers go by; made when first asked for, once for the rows of a version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._models = catalogue.models
        self._offers = catalogue.offers

    @cached_property
    def candidates(self) -> CandidateIndex:
        """The names, searched by likeness."""
        return CandidateIndex(self._names())

    @cached_property
    def by_word(self) -> WordIndex:
        """The models by the words of their ids, the newest first."""
        released = self._models.values_of("release_date")
        dated = zip(self._models.ids, released, strict=True)
        return WordIndex(model for model, _ in sorted(dated, key=lambda row: (row[1] or "", row[0]), reverse=True))

    @cached_property
    def by_alias(self) -> dict[str, set[str]]:
        """The models that sources list under an id, folded."""
        found: dict[str, set[str]] = {}
        for alias, model in self._aliases():
            found.setdefault(alias.casefold(), set()).add(model)
        return found

    @cached_property
    def by_listing(self) -> dict[tuple[str, str], set[str]]:
        """The models that a provider sells under an id, folded."""
        offers, found = self._offers, dict[tuple[str, str], set[str]]()
        columns = (offers.values_of(key) for key in ("provider", "external_ids", "model"))
        for provider, ids, model in zip(*columns, strict=True):
            if model is not None:
                for external_id in ids or ():
                    found.setdefault((provider, external_id.casefold()), set()).add(model)
        return found

    @cached_property
    def moving(self) -> frozenset[str]:
        """The models that resellers alone sell, under names that move from one to the next (`claude-sonnet-latest`)."""
        developers = dict(zip(self._models.ids, self._models.values_of("developer.id"), strict=True))
        moves: dict[str, bool] = {}
        for (provider, external_id), models in self.by_listing.items():
            for model in models:
                is_own = provider in first_party(developers.get(model) or "")
                says_so = LATEST in re.split(r"[^a-z0-9]+", external_id)
                moves[model] = moves.get(model, True) and says_so and not is_own
        return frozenset(model for model, is_moving in moves.items() if is_moving)

    def _names(self) -> Iterator[tuple[str, str]]:
        names = zip(self._models.ids, self._models.values_of("name"), strict=True)
        for model, name in names:
            yield model, model
            if name:
                yield name, model
        yield from self._aliases()

    def _aliases(self) -> Iterator[tuple[str, str]]:
        for model, detail in zip(self._models.ids, self._models.details, strict=True):
            for alias in orjson.loads(detail).get("aliases") or ():
                yield alias, model


def known_names(catalogue: Catalogue) -> KnownNames:
    """The names of this catalogue: one for its rows, however often their documents are confirmed anew."""
    found: KnownNames = catalogue.made_of_rows.setdefault(_KEY, KnownNames(catalogue))
    return found


def name_in(catalogue: Catalogue, asked: Name) -> Named:
    """What the name means in this catalogue. Unknown stays unknown: no model, and candidates beside it.

    A provider's own id that it sells one model under means that model, as all of a listing's evidence said and not the id alone.
    Else the rules decide; an id that they cannot place, but that sources list one model under, means that one.
    """
    found, shown = resolve(asked), asked.name or asked.external_id
    steps = list(found.steps)
    if found.kind not in ("model", "agent"):
        return _named(shown, found, None, steps)
    model, method, confidence = found.model, found.method, found.confidence
    listed = _only(_listed(catalogue, asked))
    if listed and listed != model:
        steps.append(f"{asked.provider} lists it as {listed}")
        model, method, confidence = listed, "listing", LISTING_CONFIDENCE
    target = catalogue.redirects.models.get(model or "")
    if target:
        steps.append(f"{model} was merged into {target}")
        model = target
    if model is not None and model not in catalogue.models.positions:
        steps.append(f"read as {model}, which the catalogue does not have")
        model = None
    if model in known_names(catalogue).moving and LATEST not in shown.casefold() and shown.casefold() != model:
        steps.append(f"{model} is a reseller's name for whichever is the latest")
        model = None
    if model is None and found.kind == "model":
        model = _only(known_names(catalogue).by_alias.get(shown.strip().casefold(), set()))
        if model:
            steps.append(f"sources list {model} under this id")
            method, confidence = "alias", ALIAS_CONFIDENCE
    if model is None:
        near = _candidates(catalogue, shown) if found.kind == "model" else ()
        likely = [one for one in near if one.score >= PART_SCORE and one.reason != ALIKE]
        confidence = PART_CONFIDENCE if len(likely) == 1 else 0.0
        if len(likely) > 1:
            steps.append(f"ambiguous: {likely[0].model} and others may be meant")
        elif likely:
            steps.append(f"perhaps {likely[0].model}: {likely[0].reason}")
        return Named(
            name=shown, kind=found.kind, model=None, method="none", confidence=confidence, steps=tuple(steps), candidates=near
        )
    row = catalogue.model(model)
    assert row is not None
    offer = offer_meant(catalogue, row, asked, found)
    told = row if offer is None else offer
    if offer is not None and offer["provider"] in first_party(row["developer.id"]) and not asked.provider:
        told = offer if offer["retirement_date"] or found.snapshot or found.variant else row
    replacements = told["replacements"] or row["replacements"] or ()
    return _named(
        shown, found, model, steps, method=method, confidence=confidence,
        status=told["status"], retirement_date=told["retirement_date"],
        replacements=tuple(_replacement(catalogue, text) for text in replacements),
        offer=offer.id if offer else None, provider=offer["provider"] if offer else None,
        cost=offer.body["cost"] if offer else None,
    )  # fmt: skip


def _named(shown: str, found: Resolution, model: str | None, steps: list[str], **rest: Any) -> Named:
    stated: dict[str, Any] = {"method": found.method, "confidence": found.confidence} | rest
    return Named(
        name=shown, kind=found.kind, model=model, snapshot=found.snapshot, variant=found.variant, steps=tuple(steps), **stated
    )


def _replacement(catalogue: Catalogue, stated: str) -> str:
    """The id of the model that a lifecycle page names as a replacement; else the page's own words."""
    found = resolve(stated).model or ""
    found = catalogue.redirects.models.get(found, found)
    return next((model for model in (stated, found) if model in catalogue.models.positions), stated)


def _only(models: set[str]) -> str | None:
    return next(iter(models)) if len(models) == 1 else None


def _listed(catalogue: Catalogue, asked: Name) -> set[str]:
    """What a provider sells under the id, where no display name says more."""
    if not asked.provider or not asked.external_id or asked.name:
        return set()
    seller = provider_of(asked.source, asked.provider).provider
    return known_names(catalogue).by_listing.get((seller, asked.external_id.strip().casefold()), set())


def _candidates(catalogue: Catalogue, shown: str) -> tuple[NearName, ...]:
    known, names = known_names(catalogue), catalogue.models.values_of("name")
    found: dict[str, tuple[float, Reason]] = {}
    for model in known.by_word.having_all(shown, MAX_CANDIDATES):
        found[model] = WORDS_SCORE, Reason("every_word")
    for part in parts_of(shown):
        model = resolve(part).model or ""
        if model in catalogue.models.positions:
            found.setdefault(model, (PART_SCORE, Reason("part_of_name", part=part)))
            break
    alike = known.candidates.search(shown, MAX_CANDIDATES)
    for model, score in alike:
        if score >= max(LEAST, alike[0][1] - BEHIND):
            found.setdefault(model, (min(round(score, 3), PART_SCORE), ALIKE))
    return tuple(
        NearName(model=model, name=names[catalogue.models.positions[model]] or model, score=score, reason=reason)
        for model, (score, reason) in list(found.items())[:MAX_CANDIDATES]
    )
