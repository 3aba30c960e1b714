"""Catalogues of another day: each built once, a few kept, one built at a time, with evidence of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta

import pytest

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.other_days import KEPT, BusyError, OtherDays, kept_evidence
from aimstats.resolution.figures import Prices
from aimstats.resolution.grouping import OfferKey
from aimstats.resolution.unit import Resolved, ResolvedOffer
from tests.catalogue import bodies

KEY = OfferKey(provider="alpha", host="alpha", model="alpha/old")
Opened = AbstractContextManager[Iterable[Resolved]]


def unit(identifier: str) -> Resolved:
    """A model as it stood, with one offer."""
    sold = bodies.offer("alpha", identifier)
    offer = ResolvedOffer(KEY, sold, [{"source": "alpha_page"}], Prices())
    return Resolved(bodies.model(identifier), {"name": [{"value": "Old"}]}, [offer])


def ledger_of(*identifiers: str, reading: Callable[[], object] = lambda: None) -> Callable[[], Opened]:
    """A ledger that states these models; `reading` is called whenever it is read."""

    @contextmanager
    def opened() -> Iterator[Iterable[Resolved]]:
        reading()
        yield [unit(one) for one in identifiers]

    return opened


@pytest.fixture
def present() -> Catalogue:
    return bodies.catalogue([bodies.model("alpha/new")], [])


def test_another_day_is_resolved_once_and_brings_its_own_evidence(present: Catalogue) -> None:
    days, read = OtherDays(), list[str]()
    ledger = ledger_of("alpha/old", reading=lambda: read.append("read"))
    first = days.get(present, date(2026, 2, 1), None, ledger)
    again = days.get(present, date(2026, 2, 1), None, ledger)
    assert again.models is first.models
    assert (read, first.as_of, len(first.models)) == (["read"], "2026-02-01", 1)
    assert kept_evidence(first, "models", "alpha/old") == {"name": [{"value": "Old"}]}
    assert kept_evidence(first, "offers", "alpha/alpha/old") == [{"source": "alpha_page"}]
    assert kept_evidence(first, "offers", "x/y") is None


def test_few_other_days_are_kept(present: Catalogue) -> None:
    days, read = OtherDays(), list[str]()
    ledger = ledger_of("alpha/old", reading=lambda: read.append("read"))
    asked = [date(2026, 1, 1) + timedelta(days=number) for number in range(KEPT + 1)]
    for day in (*asked, asked[-1], asked[0]):
        days.get(present, day, None, ledger)
    assert len(read) == KEPT + 2


def test_one_other_day_is_built_at_a_time(present: Catalogue) -> None:
    days, building, go_on = OtherDays(), threading.Event(), threading.Event()

    def reading() -> None:
        building.set()
        assert go_on.wait(10)

    slow = ledger_of("alpha/old", reading=reading)
    worker = threading.Thread(target=lambda: days.get(present, date(2026, 1, 1), None, slow))
    worker.start()
    assert building.wait(10)
    with pytest.raises(BusyError):
        days.get(present, date(2026, 1, 2), None, ledger_of("alpha/old"))
    go_on.set()
    worker.join(10)
    assert len(days.get(present, date(2026, 1, 2), None, ledger_of("alpha/old")).models) == 1
