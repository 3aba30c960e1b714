"""The tariffs of all offers of a catalogue, made once for as long as its rows are the same."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import ceil
from operator import itemgetter
from typing import Any, Final

import orjson

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.engine.bits import bits_of
from aimstats.domain.workload import Schedule, Tariff, Workload, tariff_of
from aimstats.domain.workload.ranking import Ranker
from aimstats.domain.workload.tariffs import NO_LIMITS, Limits

MEDIAN: Final = "median"
NO_OFFER: Final = "no_offer"
ENDED: Final = "ended"

_KEY: Final = "tariffs"
_making = threading.Lock()


class Tariffs:
    """By the place of an offer in its table: its tariff (None where it sells no model), which schedule it has.

    By the place of a model: the offer whose price stands for it (-1 where none does), those that are compared, and what takes the
    values of these out of a list of all offers' values. As sets of models: `compared`, of which any offer is, and `ownless` by
    reason, for which no price stands. `sold` are the offers that have a tariff, `left_out` those of them that are sold and not
    compared, `ended` those that have ended though their model goes on.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        models, offers = catalogue.models, catalogue.offers
        types = dict(zip(models.ids, models.values["type"], strict=True))
        self.offers: list[Tariff | None] = []
        self.schedule_of: list[int] = []
        limits_of: list[Limits] = []
        schedules: dict[Schedule, int] = {}
        for place, identifier in enumerate(offers.ids):
            model = offers.values["model"][place]
            tariff = None
            if model in types:
                body = orjson.loads(offers.json[place] + b"}")
                tariff = tariff_of(_with_pages(body, catalogue.pages.get(identifier, ())), types[model] or "other")
            self.offers.append(tariff)
            self.schedule_of.append(schedules.setdefault(tariff.schedule, len(schedules)) if tariff else -1)
            limits_of.append(tariff.limits if tariff else NO_LIMITS)
        self.ranker = Ranker(tuple(schedules), self.schedule_of)
        self._limited = [_limited(map(side, limits_of)) for side in map(itemgetter, range(len(NO_LIMITS)))]
        self._take_models(catalogue)

    def not_possible(self, workload: Workload) -> set[int]:
        """The offers whose limits let no such request pass."""
        read, written = ceil(workload.input_tokens), ceil(workload.output_tokens)
        sides = (ceil(workload.input_tokens + workload.output_tokens), read, written)
        of_sides = zip(sides, self._limited, strict=True)
        return set().union(*(places[: bisect_left(most, tokens)] for tokens, (most, places) in of_sides))

    def why_ownless(self, model: int) -> str:
        """Why no offer's price stands for a model."""
        return next(reason for reason, models in self.ownless.items() if models >> model & 1)

    def _take_models(self, catalogue: Catalogue) -> None:
        models, offers = catalogue.models, catalogue.offers
        sold: dict[str, list[int]] = defaultdict(list)
        for place, model in enumerate(offers.values["model"]):
            if model:
                sold[model].append(place)
        self.model_of = [models.positions.get(model or "", -1) for model in offers.values["model"]]
        self.sold = [place for place, tariff in enumerate(self.offers) if tariff is not None]
        comparable = offers.values["comparable"]
        sold_of = (sold.get(identifier, ()) for identifier in models.ids)
        self.compared_of = [tuple(place for place in places if comparable[place]) for places in sold_of]
        of_models = ((model, places) for model, places in enumerate(self.compared_of) if places)
        self.compared_in = {
            model: itemgetter(*places, places[0]) for model, places in of_models
        }  # one value twice: never one alone
        self.compared = bits_of([model for model, places in enumerate(self.compared_of) if places], len(models))
        self.left_out = [place for place in self.sold if not comparable[place] and offers.values["status"][place] != "retired"]
        status_of = dict(zip(models.ids, models.values["status"], strict=True))
        self.ended = {
            place
            for place in self.sold
            if offers.values["status"][place] == "retired" != status_of[offers.values["model"][place] or ""]
        }
        self.own_of: list[int] = []
        ownless: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(models.json):
            own = _own_offer(orjson.loads(row + b"}"), offers.positions)
            if isinstance(own, str) or self.offers[own] is None:
                ownless[own if isinstance(own, str) else NO_OFFER].append(place)
                own = -1
            self.own_of.append(own)
        self.ownless = {reason: bits_of(places, len(models)) for reason, places in ownless.items()}


def _limited(limits: Iterable[int | None]) -> tuple[list[int], list[int]]:
    """The limits that are known, ascending, and the places of those that have them."""
    known = sorted((most, place) for place, most in enumerate(limits) if most is not None)
    return [most for most, _ in known], [place for _, place in known]


def _with_pages(body: dict[str, Any], pages: tuple[tuple[int | None, str | None], ...]) -> dict[str, Any]:
    """The offer with the document and address of each price, which answers do not show."""
    for price, (document, url) in zip(body["prices"], pages, strict=False):
        price["document"], price["url"] = document, url
    return body


def _own_offer(model: Mapping[str, Any], places: Mapping[str, int]) -> int | str:
    """The place of the offer whose price stands for the model, or why there is none."""
    basis = model.get("cost_basis")
    if basis is None:
        return NO_OFFER
    return places.get(basis["offer"], NO_OFFER) if basis["offer"] else MEDIAN


def tariffs_of(catalogue: Catalogue) -> Tariffs:
    """The catalogue's tariffs, made when first asked for."""
    found = catalogue.made_of_rows.get(_KEY)
    if found is None:
        with _making:
            found = catalogue.made_of_rows.get(_KEY)
            if found is None:
                found = catalogue.made_of_rows[_KEY] = Tariffs(catalogue)
    tariffs: Tariffs = found
    return tariffs
