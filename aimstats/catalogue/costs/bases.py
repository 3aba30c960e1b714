"""The cheapest and the median offer of each model by a workload, in the place of those at three tokens read to one written."""

from __future__ import annotations

import copy
from collections import OrderedDict
from decimal import Decimal
from statistics import median
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs.questions import workload_from
from aimstats.catalogue.costs.ranking import Priced
from aimstats.catalogue.costs.tariffs import Tariffs, tariffs_of
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.catalogue.engine.table import FIRST_PARTY, Table
from aimstats.domain.money import canonical
from aimstats.domain.workload import Workload
from aimstats.domain.workload.ranking import UNPRICED

WORKLOADS_KEPT: Final = 8
SIDES: Final = ("input", "output")

_KEY: Final = "by workload"


def following(catalogue: Catalogue, query: Query) -> Catalogue:
    """The catalogue in which `cheapest` and `median` follow the workload that a query of models states; the same one where it
    states none. Raises QueryError where its price basis is neither, as the workload would decide nothing.
    """
    workload = workload_from(query.own)
    if workload is None:
        return catalogue
    if query.basis == FIRST_PARTY:
        message = "a workload decides which offer is the cheapest and the median: it may be cheapest or median beside one"
        raise QueryError([{"parameter": "basis", "message": message}])
    kept: OrderedDict[Workload, Table] = catalogue.made_of_rows.setdefault(_KEY, OrderedDict())
    table = kept.get(workload)
    if table is None:
        table = kept[workload] = _table(catalogue, workload)
        while len(kept) > WORKLOADS_KEPT:
            kept.popitem(last=False)
    return catalogue.including(table)


def _table(catalogue: Catalogue, workload: Workload) -> Table:
    """The table of models with the costs of the chosen offers under both bases."""
    models, offers, tariffs = catalogue.models, catalogue.offers, tariffs_of(catalogue)
    priced = Priced(tariffs, workload)
    cheapest = [priced.cheapest(compared) for compared in tariffs.compared_of]
    able = [[offer for offer in compared if 0 < priced.rough[offer] < UNPRICED] for compared in tariffs.compared_of]
    medians = {side: [_median(offers.values[f"cost.{side}"], places) for places in able] for side in SIDES}
    table = copy.copy(models)
    table.values = dict(models.values)
    for column in models.collection.columns:
        if column.priced:
            theirs = offers.values[column.key]
            chosen = [None if place is None else theirs[place] for place in cheapest]
            table.values[models.key_of(column, "cheapest")] = chosen
            side = column.key.partition(".")[2]
            table.values[models.key_of(column, "median")] = medians.get(side, [None] * len(models))
    table.forget_indexes()
    table.patch = _Patch(catalogue, cheapest, medians, _left_out(tariffs, priced, cheapest))
    return table


def _median(values: list[Any], places: list[int]) -> Decimal | None:
    known = [values[place] for place in places if values[place] is not None]
    return canonical(median(known)) if known else None


def _left_out(tariffs: Tariffs, priced: Priced, cheapest: list[int | None]) -> list[int]:
    """By model, how many offers that do not count are cheaper than the cheapest one that does."""
    found = [0] * len(cheapest)
    for offer in tariffs.left_out:
        model = tariffs.model_of[offer]
        least = cheapest[model]
        if least is not None and priced.rough[offer] < priced.rough[least]:
            found[model] += 1
    return found


class _Patch:
    """Puts the chosen offers into a model's object."""

    def __init__(
        self,
        catalogue: Catalogue,
        cheapest: list[int | None],
        medians: dict[str, list[Decimal | None]],
        left_out: list[int],
    ) -> None:
        self._offers = catalogue.offers
        self._cheapest = cheapest
        self._medians = medians
        self._left_out = left_out

    def __call__(self, row: int, body: dict[str, Any]) -> None:
        """Change `cheapest` and `median` of the model at this place."""
        place = self._cheapest[row]
        figures = {side: None if place is None else self._offers.values[f"cost.{side}"][place] for side in SIDES}
        body["cheapest"] = None
        if place is not None:
            seller = self._offers.values["provider"][place]
            named = {"offer": self._offers.ids[place], "provider": seller}
            body["cheapest"] = {**named, **figures, "left_out": self._left_out[row]}
        middle = {side: self._medians[side][row] for side in SIDES}
        body["median"] = middle if any(value is not None for value in middle.values()) else None
