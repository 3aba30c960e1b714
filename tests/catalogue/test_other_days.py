"""Catalogues of another day: each built once, a few kept, one built at a time, with evidence of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta

import pytest

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.other_days import BusyError, OtherDays, Past, kept_evidence
from aimstats.resolution.figures import Prices
from aimstats.resolution.grouping import OfferKey
from aimstats.resolution.unit import Resolved, ResolvedOffer
from tests.catalogue import bodies

DAY = date(2026, 1, 1)
KEY = OfferKey(provider="alpha", host="alpha", model="alpha/old")
Opened = AbstractContextManager[Past]


def unit(identifier: str) -> Resolved:
    """A model as it stood, with one offer."""
    sold = bodies.offer("alpha", identifier)
    offer = ResolvedOffer(KEY, sold, [{"source": "alpha_page"}], Prices())
    return Resolved(bodies.model(identifier), {"name": [{"value": "Old"}]}, [offer])


def ledger_of(*identifiers: str, reading: Callable[[], object] = lambda: None) -> Callable[[], Opened]:
    """A ledger that states these models; `reading` is called whenever it is read."""

    @contextmanager
    def opened() -> Iterator[Past]:
        reading()
        yield Past([unit(one) for one in identifiers])

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


def test_days_are_kept_by_bytes_and_the_one_asked_for_longest_ago_goes_first(present: Catalogue) -> None:
    read = list[str]()
    ledger = ledger_of("alpha/old", reading=lambda: read.append("read"))
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(3)]
    size = OtherDays().get(present, days[0], None, ledger_of("alpha/old")).held_bytes
    assert size > 100
    kept = OtherDays(kept_bytes=2 * size)
    for day in (days[0], days[1], days[0], days[2], days[0], days[1]):
        kept.get(present, day, None, ledger)
    assert len(read) == 4  # the second day went when the third came


def test_a_day_in_building_is_waited_for_by_a_few(present: Catalogue) -> None:
    building, go_on, read = threading.Event(), threading.Event(), list[str]()

    def reading() -> None:
        read.append("read")
        building.set()
        assert go_on.wait(600)

    days = OtherDays(waiting=1, wait_s=600)
    found: list[Catalogue] = []
    threads = [
        threading.Thread(target=lambda: found.append(days.get(present, DAY, None, ledger_of("alpha/old", reading=reading))))
        for _ in range(2)
    ]
    threads[0].start()
    assert building.wait(600)
    threads[1].start()
    while days.has_room:
        threads[1].join(0.001)
    with pytest.raises(BusyError):
        days.get(present, date(2026, 1, 2), None, ledger_of("alpha/old"))
    go_on.set()
    for thread in threads:
        thread.join(600)
    assert (len(found), read) == (2, ["read"])


def test_who_waits_too_long_is_told_to_come_again(present: Catalogue) -> None:
    days = OtherDays(wait_s=0)

    def reading() -> None:
        with pytest.raises(BusyError):
            days.get(present, date(2026, 1, 2), None, ledger_of("alpha/old"))

    days.get(present, DAY, None, ledger_of("alpha/old", reading=reading))


def test_a_day_that_takes_too_long_is_given_up_and_the_next_may_be_built(present: Catalogue) -> None:
    days = OtherDays(build_s=-1)
    for _ in range(2):
        with pytest.raises(BusyError, match="takes longer than"):
            days.get(present, DAY, None, ledger_of("alpha/old"))


def test_each_building_is_admitted_and_a_kept_day_is_free(present: Catalogue) -> None:
    admitted = list[str]()
    days = OtherDays(admit=lambda: admitted.append("yes"))
    for _ in range(2):
        days.get(present, DAY, None, ledger_of("alpha/old"))
    assert admitted == ["yes"]
