"""The tariffs of all offers of a catalogue, made once for as long as its rows are the same."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from math import ceil
from typing import Any, Final

import orjson

from aimstats.catalogue.catalogue import Catalogue
from aimstats.domain.workload import Schedule, Tariff, Workload, tariff_of
from aimstats.domain.workload.ranking import Ranker
from aimstats.domain.workload.tariffs import Limits

MEDIAN: Final = "median"
NO_OFFER: Final = "no_offer"

_KEY: Final = "tariffs"
_making = threading.Lock()


class Tariffs:
    """By the place of an offer in its table: its tariff (None where it sells no model), which schedule it has, which limits.

    By the place of a model: the offer whose price stands for it (-1, and why in `ownless`, where none does), those that are
    compared, and that one where it is alone. `sold` are the offers that have a tariff, `left_out` those of them that are sold and
    not compared.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        models, offers = catalogue.models, catalogue.offers
        types = dict(zip(models.ids, models.values["type"], strict=True))
        self.offers: list[Tariff | None] = []
        self.schedule_of: list[int] = []
        self.limits_of: list[int] = []
        schedules: dict[Schedule, int] = {}
        limits: dict[Limits, int] = {}
        for place, identifier in enumerate(offers.ids):
            model = offers.values["model"][place]
            tariff = None
            if model in types:
                body = orjson.loads(offers.json[place] + b"}")
                tariff = tariff_of(_with_pages(body, catalogue.pages.get(identifier, ())), types[model] or "other")
            self.offers.append(tariff)
            self.schedule_of.append(schedules.setdefault(tariff.schedule, len(schedules)) if tariff else -1)
            self.limits_of.append(limits.setdefault(tariff.limits, len(limits)) if tariff else -1)
        self.ranker = Ranker(tuple(schedules), self.schedule_of)
        self.limits = tuple(limits)
        self._take_models(catalogue)

    def possible(self, workload: Workload) -> list[bool]:
        """By the number of limits: whether they let such a request pass; the last is of offers without a tariff."""
        read, written = ceil(workload.input_tokens), ceil(workload.output_tokens)
        both = ceil(workload.input_tokens + workload.output_tokens)
        allowed = [
            (context is None or both <= context) and (input_ is None or read <= input_) and (output is None or written <= output)
            for context, input_, output in self.limits
        ]
        return [*allowed, False]

    def _take_models(self, catalogue: Catalogue) -> None:
        models, offers = catalogue.models, catalogue.offers
        sold: dict[str, list[int]] = defaultdict(list)
        for place, model in enumerate(offers.values["model"]):
            if model:
                sold[model].append(place)
        self.model_of = [models.positions.get(model or "", -1) for model in offers.values["model"]]
        self.sold = [place for place, tariff in enumerate(self.offers) if tariff is not None]
        comparable = offers.values["comparable"]
        of_models = (sold.get(identifier, ()) for identifier in models.ids)
        self.compared_of = [tuple(place for place in places if comparable[place]) for places in of_models]
        self.alone_of = [places[0] if len(places) == 1 else -1 for places in self.compared_of]
        self.left_out = [place for place in self.sold if not comparable[place] and offers.values["status"][place] != "retired"]
        self.own_of: list[int] = []
        self.ownless: dict[int, str] = {}
        for place, row in enumerate(models.json):
            own = _own_offer(orjson.loads(row + b"}"), offers.positions)
            if isinstance(own, str) or self.offers[own] is None:
                self.ownless[place] = own if isinstance(own, str) else NO_OFFER
                own = -1
            self.own_of.append(own)


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
