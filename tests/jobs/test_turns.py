"""The order of publication: fixed, waited for within bounds."""

from __future__ import annotations

import threading

from aimstats.domain.items import SOURCE_KINDS, DocumentSeen
from aimstats.domain.readings import Reading, SourceResult
from jobs.turns import KINDS, Turns, turn
from scrapy_project.sources import spider_classes
from tests.forked import HUNG_S

ORDER = ("moonshot", "models_dev", "openrouter")


def result(source: str) -> SourceResult:
    """A result that says something."""
    document = DocumentSeen(url="https://a.example/", rows=3)
    readings = (Reading(url="https://a.example/", status="ok", document=document),)
    return SourceResult(source=spider_classes()[source].source, finished=True, close_reason="finished", readings=readings)


def taken(turns: Turns, count: int) -> list[str]:
    """The ids of the next results."""
    return [found.source.id for _ in range(count) if (found := turns.next()) is not None]


def test_every_kind_has_its_turn_and_sellers_come_before_catalogues_and_routers() -> None:
    assert set(KINDS) == set(SOURCE_KINDS)
    sources = sorted((cls.source for cls in spider_classes().values()), key=turn)
    order = [source.id for source in sources if source.id in {*ORDER, "azure", "litellm", "xai", "metr"}]
    assert order == ["moonshot", "xai", "azure", "litellm", "models_dev", "openrouter", "metr"]


def test_results_are_taken_in_order_whichever_ends_first_and_are_what_was_put() -> None:
    turns = Turns(ORDER)
    for source in reversed(ORDER):
        turns.put(result(source))
    assert [turns.next() for _ in ORDER] == [result(source) for source in ORDER]
    turns.close()
    assert turns.next() is None


def test_a_turn_is_waited_for() -> None:
    turns = Turns(ORDER)
    turns.put(result("openrouter"))
    for delay, source in ((0.2, "models_dev"), (0.4, "moonshot")):
        threading.Timer(delay, turns.put, [result(source)]).start()
    assert taken(turns, 3) == list(ORDER)


def test_what_does_not_come_is_waited_for_once_and_comes_later() -> None:
    turns = Turns(ORDER, grace_s=0.1)
    turns.put(result("openrouter"))
    assert taken(turns, 1) == ["openrouter"]
    assert turns.grace_s <= 0, "the grace is that of the whole crawl"
    turns.put(result("models_dev"))
    assert taken(turns, 1) == ["models_dev"]
    threading.Timer(0.1, turns.put, [result("moonshot")]).start()
    assert taken(turns, 1) == ["moonshot"]


def test_the_grace_begins_when_something_could_be_published() -> None:
    turns = Turns(ORDER, grace_s=HUNG_S)
    threading.Timer(0.1, turns.put, [result("moonshot")]).start()
    assert taken(turns, 1) == ["moonshot"]
    assert turns.grace_s == HUNG_S


def test_after_the_grace_what_is_there_still_goes_in_order() -> None:
    turns = Turns(ORDER, grace_s=0.2)
    turns.put(result("openrouter"))
    turns.put(result("models_dev"))
    assert taken(turns, 2) == ["models_dev", "openrouter"]


def test_nothing_is_waited_for_once_all_is_put() -> None:
    turns = Turns(ORDER, grace_s=2 * HUNG_S)
    turns.put(result("openrouter"))
    threading.Timer(0.1, turns.close).start()
    assert taken(turns, 2) == ["openrouter"]
    assert turns.grace_s > HUNG_S
