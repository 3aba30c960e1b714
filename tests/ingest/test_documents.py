"""Documents that fail, are gone or come back, and readings out of their order in time."""

from __future__ import annotations

import pytest

from aimstats.domain.copies import copy_of
from aimstats.domain.items import DocumentSeen
from aimstats.ingest.refusals import AbsentError, PublicationRefusedError
from tests.ingest.worlds import FIRST, SECOND, World, both, catalogue, day, page, seen, usd


def test_a_failed_document_touches_nothing(world: World) -> None:
    urls = [f"https://a.example/{n}" for n in range(6)]
    world.crawl(day(0), {url: [seen(f"gpt-{n}", usd("input", "5"))] for n, url in enumerate(urls)})
    before = world.claims()
    world.crawl(day(1), {url: "failed" if n == 0 else "unchanged" for n, url in enumerate(urls)})
    assert world.claims() == before
    checked = dict(tuple(row) for row in world.rows("select url, checked_at from document"))
    assert checked[urls[0]] == day(0)
    assert checked[urls[1]] == day(1)


def test_of_an_index_more_than_a_fifth_of_whose_documents_failed_none_is_published(world: World) -> None:
    urls = [f"https://a.example/{n}" for n in range(6)]
    index = DocumentSeen(url=FIRST, links=tuple(urls))
    listings = {url: [seen(f"gpt-{n}", usd("input", "5"))] for n, url in enumerate(urls)}
    report = world.crawl(day(0), {FIRST: index} | listings | {urls[0]: "failed", urls[1]: "failed"}, index=FIRST)
    assert world.claims() == []
    assert "2 of 6 documents that https://a.example/prices names failed" in report.stats["errors"][2]
    world.crawl(day(1), {FIRST: index} | listings | {urls[0]: "failed"}, index=FIRST)
    assert {row[0] for row in world.claims()} == {f"gpt-{n}" for n in range(1, 6)}


def test_unlike_documents_of_a_source_stand_alone(world: World) -> None:
    world.crawl(day(0), {FIRST: [seen("gpt-4o", usd("input", "5"))], SECOND: [seen("o3", usd("input", "5"))]})
    report = world.crawl(day(1), {FIRST: "failed", SECOND: [seen("o3", usd("input", "6"))]})
    assert (report.status, report.stats["lost"]) == ("published", 1)
    assert ("o3", "input", "6", 1, None, None) in world.claims()
    with pytest.raises(PublicationRefusedError, match="2 of 2 documents failed"):
        world.crawl(day(2), {FIRST: "failed", SECOND: "failed"})


def test_an_index_that_failed_stops_no_other_document(world: World) -> None:
    world.crawl(day(0), {FIRST: DocumentSeen(url=FIRST, links=()), SECOND: [seen("o3", usd("input", "5"))]}, index=FIRST)
    world.crawl(day(1), {FIRST: "failed", SECOND: [seen("o3", usd("input", "6"))]}, index=FIRST)
    assert ("o3", "input", "6", 1, None, None) in world.claims()
    with pytest.raises(PublicationRefusedError, match="index failed"):
        world.crawl(day(2), {FIRST: "failed"}, index=FIRST)


def test_a_source_none_of_whose_documents_was_ever_there_is_absent(world: World) -> None:
    with pytest.raises(AbsentError, match="none of its documents is there"):
        world.crawl(day(0), {FIRST: "gone"})
    index = "https://a.example/index"
    with pytest.raises(AbsentError, match="none of the 1 documents"):
        world.crawl(day(0), {index: DocumentSeen(url=index, links=(FIRST,)), FIRST: "gone"}, index=index)


def test_an_index_none_of_whose_documents_is_there_publishes_nothing(world: World) -> None:
    index = "https://a.example/index"
    there = {index: DocumentSeen(url=index, links=(FIRST, SECOND)), FIRST: [seen("o3", usd("input", "5"))], SECOND: "gone"}
    world.crawl(day(0), there, index=index)
    with pytest.raises(PublicationRefusedError, match="none of the 2 documents"):
        world.crawl(day(1), there | {FIRST: "gone"}, index=index)
    assert [row[-1] for row in world.claims()] == [None]


def test_an_index_that_lists_models_itself_is_published_without_its_details(world: World) -> None:
    index = "https://a.example/index"
    listed = DocumentSeen(url=index, listings=(seen("gpt-4o", usd("input", "5")),), links=(FIRST, SECOND))
    assert world.crawl(day(0), {index: listed, FIRST: "gone", SECOND: "gone"}, index=index).status == "published"
    assert world.crawl(day(1), {index: "unchanged", FIRST: "gone", SECOND: "gone"}, index=index).status == "unchanged"


def test_an_unchanged_index_none_of_whose_documents_is_there_any_more_publishes_nothing(world: World) -> None:
    index = "https://a.example/index"
    world.crawl(day(0), {index: DocumentSeen(url=index, links=(FIRST,)), FIRST: [seen("o3", usd("input", "5"))]}, index=index)
    with pytest.raises(PublicationRefusedError, match="none of the 1 documents"):
        world.crawl(day(1), {index: "unchanged", FIRST: "gone"}, index=index)


def test_a_document_not_found_once_is_kept_and_twice_is_gone(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(1), {FIRST: "gone"})
    assert [row[-1] for row in world.claims()] == [None]
    world.crawl(day(2), {FIRST: "gone"})
    assert [row[3:] for row in world.claims()] == [(0, 2, "vanished")]
    assert world.rows("select gone_at from document") == [(day(2),)]
    assert world.offers() == {}


def test_a_document_found_again_starts_to_count_anew(world: World) -> None:
    listings = [seen("gpt-4o", usd("input", "5"))]
    world.crawl(day(0), listings)
    world.crawl(day(1), {FIRST: "gone"})
    world.crawl(day(2), {FIRST: "unchanged"})
    world.crawl(day(3), {FIRST: "gone"})
    assert [row[-1] for row in world.claims()] == [None]


def test_a_document_that_its_index_names_no_longer_is_gone_at_once(world: World) -> None:
    index = "https://a.example/index"
    other = {SECOND: [seen("gpt-4o", usd("input", "6"))]}
    world.crawl(
        day(0),
        {index: DocumentSeen(url=index, links=(FIRST, SECOND)), FIRST: [seen("o3", usd("input", "5"))]} | other,
        index=index,
    )
    world.crawl(day(1), {index: DocumentSeen(url=index, links=(SECOND,)), SECOND: "unchanged"}, index=index)
    assert world.claims() == [("gpt-4o", "input", "6", 0, None, None), ("o3", "input", "5", 0, 1, "vanished")]


def test_a_document_that_a_failed_run_did_not_reach_is_not_gone(world: World) -> None:
    index = "https://a.example/index"
    world.crawl(day(0), {index: DocumentSeen(url=index, links=(FIRST,)), FIRST: [seen("o3", usd("input", "5"))]}, index=index)
    world.crawl(day(1), {index: "unchanged"}, index=index)
    assert [row[-1] for row in world.claims()] == [None]


def test_a_gone_document_at_the_instant_of_its_last_reading_is_refused_with_its_reason(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", usd("input", "5"))])
    world.crawl(day(0), {FIRST: "gone"}, now=day(1))
    with pytest.raises(PublicationRefusedError, match="same instant"):
        world.crawl(day(0), {FIRST: "gone"}, now=day(2))
    assert [row[-1] for row in world.claims()] == [None]


def test_a_gone_document_that_comes_back_opens_its_claims_again(world: World) -> None:
    listings = [seen("gpt-4o", usd("input", "5"))]
    world.crawl(day(0), listings)
    world.crawl(day(1), {FIRST: "gone"})
    world.crawl(day(2), {FIRST: "gone"})
    world.crawl(day(3), listings)
    assert [row[3:] for row in world.claims()] == [(0, 2, "vanished"), (3, None, None)]
    assert world.rows("select gone_at from document") == [(None,)]


def test_a_reading_older_than_the_last_one_is_refused(world: World) -> None:
    world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))])
    with pytest.raises(PublicationRefusedError, match="last read at"):
        world.crawl(day(4), [seen("gpt-4o", usd("input", "6"))], now=day(6))


def test_other_bytes_at_the_same_instant_are_refused_and_the_same_bytes_are_not(world: World) -> None:
    world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))])
    assert world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))], now=day(6)).status == "unchanged"
    with pytest.raises(PublicationRefusedError, match="same instant"):
        world.crawl(day(5), [seen("gpt-4o", usd("input", "6"))], now=day(6))


def test_the_age_of_one_document_does_not_refuse_another_source(world: World) -> None:
    world.crawl(day(5), [seen("gpt-4o", usd("input", "5"))])
    assert world.crawl(day(1), [seen("gpt-4o", usd("input", "6"))], catalogue("other"), now=day(6)).status == "published"


def test_observed_at_document_takes_each_documents_own_date(world: World) -> None:
    dated = {
        FIRST: DocumentSeen(url=FIRST, date=day(1), listings=(seen("gpt-4o", usd("input", "5")),)),
        SECOND: DocumentSeen(url=SECOND, date=day(3), listings=(seen("o3", usd("input", "2")),)),
    }
    world.crawl(day(9), dated, observed="document")
    assert [(row[0], row[3]) for row in world.claims()] == [("gpt-4o", 1), ("o3", 3)]
    assert dict(tuple(row) for row in world.rows("select url, checked_at from document")) == {FIRST: day(1), SECOND: day(3)}


PRICES = page("maker", "openai")
COPY = copy_of(FIRST)


def test_a_pages_copy_speaks_for_it_while_it_refuses_and_goes_when_it_is_read_again(world: World) -> None:
    """At first hand, before every catalogue; a page that was read lately still comes first."""
    offer = "openai/openai/gpt-4o"
    world.crawl(day(0), [seen("gpt-4o", *both("9", "9"))])
    world.crawl(day(0), {FIRST: "failed", COPY: [seen("gpt-4o", *both("3", "12")), seen("o3", *both("1", "4"))]}, PRICES)
    assert (world.offers()[offer]["cost"]["input"], world.offers()[offer]["own_word"]) == ("3", True)
    ((evidence,),) = world.rows("select evidence from resolved_offer where id = :id", id=offer)
    assert evidence[0]["reason"] == "a copy of the seller's own page"
    world.crawl(day(1), {FIRST: [seen("gpt-4o", *both("2.5", "10"))]}, PRICES)
    assert world.offers()[offer]["cost"]["input"] == "2.5"
    assert world.rows("select gone_at from document where url = :url", url=COPY) == [(day(1),)]
    assert "openai/openai/o3" not in world.offers()
    world.crawl(day(1.5), {FIRST: "failed", COPY: [seen("gpt-4o", *both("4", "16"))]}, PRICES)
    assert world.offers()[offer]["cost"]["input"] == "2.5"
    world.crawl(day(4), {FIRST: "failed", COPY: "unchanged"}, PRICES)
    assert world.offers()[offer]["cost"]["input"] == "4"


def test_a_copy_that_cannot_be_read_beside_its_page_is_no_failure_and_both_together_are(world: World) -> None:
    assert world.crawl(day(0), {FIRST: [seen("gpt-4o", *both("2.5", "10"))], COPY: "failed"}, PRICES).status == "published"
    with pytest.raises(PublicationRefusedError, match="2 of 2 documents failed"):
        world.crawl(day(1), {FIRST: "failed", COPY: "failed"}, PRICES)
