"""Where a figure was read: at its source's document, whatever page a catalogue names for its reader."""

from __future__ import annotations

from tests.ingest.worlds import FIRST, World, both, day, page, seen

PRICING = "https://openai.example/pricing"
OFFER = "openai/openai/gpt-4o"


def test_a_figure_of_a_catalogue_was_read_in_its_document(world: World) -> None:
    named = seen("gpt-4o", *both("2.5", "10"), url=PRICING, facts={"limit.context": 128_000})
    world.crawl(day(0), [named])
    ((offer,),) = world.rows("select evidence from resolved_offer where id = :id", id=OFFER)
    assert [(row["url"], row["refers_to"]) for row in offer] == [(FIRST, PRICING)]
    assert all("url" not in row for row in world.offers()[OFFER]["prices"])
    ((model,),) = world.rows("select evidence from resolved_model")
    assert {row["url"] for rows in model.values() for row in rows} == {FIRST}
    assert {row["refers_to"] for row in model["limit.context"]} == {PRICING}


def test_a_page_has_addresses_of_its_own_within_it(world: World) -> None:
    world.crawl(day(0), [seen("gpt-4o", *both("2.5", "10"), url=PRICING)], page("openai", "openai"))
    ((offer,),) = world.rows("select evidence from resolved_offer where id = :id", id=OFFER)
    assert [row["url"] for row in offer] == [PRICING]
    assert "refers_to" not in offer[0]
