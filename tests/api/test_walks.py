"""Walking every list page by page: each row once, in the order of the whole, also while others come in between."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from aimstats.domain.items import Benchmark, DocumentSeen, ListingSeen, Score, Source
from tests.api.asked import data, look_again, rest, whole, with_cursor
from tests.api.events import event
from tests.api.published import move_version, write_rows
from tests.catalogue import bodies
from tests.ingest.worlds import FIRST, World, both, catalogue, day, seen

WORK = "input_tokens=1000&output_tokens=100&per=offer"
LISTS = (
    "/models", "/models?sort=-cost.input,release_date", "/models?sort=scores.gpqa", "/models?q=a",
    "/models?basis=cheapest&sort=cost.output", "/offers", "/offers?sort=provider", "/offers?q=alpha", "/providers",
    "/sources?sort=-name", "/changes", "/changes?sort=-weight", "/deprecations", "/deprecations?sort=-ends",
    f"/costs?{WORK}", f"/costs?{WORK}&provider=alpha&provider=hostly", f"/costs?{WORK}&free=last",
)  # fmt: skip
FORMS = ("/models", "/offers", "/providers", "/benchmarks", "/sources", "/changes", "/deprecations", f"/costs?{WORK}")


def leaving(provider: str, model: str, ends: str) -> dict[str, Any]:
    """An offer that ends."""
    cost = bodies.cost(input="3", output="9")
    named = {"status": "deprecated", "retirement_date": ends, "snapshot": ends, "id": f"{provider}/{model}:{ends}"}
    return bodies.offer(provider, model, cost=cost, prices=priced(cost), **named)


def priced(cost: dict[str, Any]) -> list[dict[str, Any]]:
    """The prices behind a cost."""
    return [bodies.price(side, cost[side]) for side in ("input", "output")]


@pytest.fixture
def walked(small: Flask, writer: Engine) -> Flask:
    """The small catalogue with a few ends."""
    with writer.begin() as connection:
        write_rows(connection, [], [leaving(f"shop-{n}", "beta/lyra", f"2027-0{n}-01") for n in (3, 5, 7)])
        move_version(connection)
    return small


def name_of(row: dict[str, Any]) -> str:
    return str(row.get("id") or row["offer"])


def test_a_walk_has_each_row_once_in_the_order_of_the_whole_while_others_come(walked: Flask, writer: Engine) -> None:
    client = walked.test_client()
    before = {address: [name_of(row) for row in data(client, address)] for address in LISTS}
    first = {address: whole(client, with_cursor(address, None)) for address in LISTS}
    for address, page in first.items():
        assert [*map(name_of, page["data"]), *map(name_of, rest(client, address, page["meta"]["next"]))] == before[address], (
            address
        )
    assert all(len(rows) > 1 for rows in before.values())
    with writer.begin() as connection:
        cheap, dear = bodies.cost(input="0.5", output="1"), bodies.cost(input="30", output="90")
        models = [
            bodies.model("aaa/ahead", offer_count=90, cost=cheap, scores={"gpqa": "1"}),
            bodies.model("beta/middle", offer_count=2, cost=cheap),
            bodies.model("zzz/after", status="retired", cost=dear, scores={"gpqa": "99"}),
        ]
        offers = [
            bodies.offer("aaa", "aaa/ahead", cost=cheap, prices=priced(cheap)),
            bodies.offer("alpha", "beta/middle", cost=dear, prices=priced(dear)),
            bodies.offer("zzz", "zzz/after", cost=cheap, prices=priced(cheap)),
            *(leaving(f"late-{n}", "beta/lyra", f"2027-0{n}-01") for n in (2, 4, 8)),
        ]
        write_rows(connection, models, offers)
        newcomers = [event(day, "price_changed", "beta/lyra", before="1", after="2", weight=day) for day in (-1, 2, 4)]
        columns = ", ".join(newcomers[0])
        values = ", ".join(f":{name}" for name in newcomers[0])
        connection.execute(text(f"insert into event ({columns}) values ({values})"), newcomers)
        move_version(connection)
    look_again(walked)
    for address, page in first.items():
        seen = list(map(name_of, [*page["data"], *rest(client, address, page["meta"]["next"])]))
        assert len(seen) == len(set(seen)), address
        assert [one for one in seen if one in before[address]] == before[address], address


BOARD = Source(id="board", name="Board", kind="benchmark", url="https://board.example", cadence_hours=24_000)
GPQA = Benchmark(id="gpqa", name="GPQA", measures="hard questions", unit="percent", default_harness="plain")
LATER_LISTS = (
    "/benchmarks/gpqa", "/benchmarks/gpqa?sort=-place", "/benchmarks/gpqa?sort=rank", "/benchmarks?use=gpqa:1",
    "/frontier?score=gpqa", "/disagreements", "/disagreements?sort=model",
)  # fmt: skip


def publish_measured(world: World, number: float, known: dict[str, tuple[str, str, str]]) -> None:
    """By model what one list asks for its input, what another does, and its score."""
    lists = [[seen(name, *both(figures[place], "40")) for name, figures in known.items()] for place in range(2)]
    for place, listed in enumerate(lists):
        world.crawl(day(number), listed, catalogue(f"list_{place}", priority=place + 1))
    scored = [
        ListingSeen(
            provider="OpenAI",
            external_id=name,
            is_page_name=True,
            scores=(Score(benchmark="gpqa", value=Decimal(score), ci_low=Decimal(score) - 3, ci_high=Decimal(score) + 3),),
        )
        for name, (_, _, score) in known.items()
    ]
    document = DocumentSeen(url=FIRST, listings=tuple(scored), benchmarks=(GPQA,))
    world.crawl(day(number), {FIRST: document}, BOARD)


def test_a_walk_of_places_and_disagreements_goes_on_while_models_come(empty: Flask, writer: Engine) -> None:
    """Newcomers stand before, between and behind those that were there, so that every place and rank is another one."""
    client = empty.test_client()
    known = {"o3": ("2", "3", "80"), "gpt-4.1": ("3", "5", "66"), "gpt-4o": ("5", "9", "52"), "o1": ("15", "18", "75")}
    with writer.begin() as connection:
        publish_measured(World(connection), 0, known)
    before = {address: [one["id"] for one in data(client, address)] for address in LATER_LISTS}
    assert {address: len(rows) for address, rows in before.items()} == dict.fromkeys(LATER_LISTS, len(known))
    second = {}
    for address in LATER_LISTS:
        first = whole(client, with_cursor(address, None))
        second[address] = whole(client, with_cursor(address, first["meta"]["next"]))
        assert [one["id"] for one in (*first["data"], *second[address]["data"])] == before[address][:2]
    newcomers = {"o4-mini": ("1", "7", "90"), "gpt-4.1-mini": ("4", "5", "70"), "gpt-4o-mini": ("20", "21", "40")}
    with writer.begin() as connection:
        publish_measured(World(connection), 1, known | newcomers)
    look_again(empty)
    for address, page in second.items():
        now = [one["id"] for one in data(client, address)]
        assert now != before[address]
        seen_ids = [*before[address][:2], *(one["id"] for one in rest(client, address, page["meta"]["next"]))]
        assert len(seen_ids) == len(set(seen_ids)), address
        assert [one for one in seen_ids if one in before[address]] == before[address], address
        assert seen_ids[2:] == now[now.index(seen_ids[1]) + 1 :], address


@pytest.mark.parametrize("address", FORMS)
def test_a_list_has_all_of_its_rows_in_every_form(walked: Flask, address: str) -> None:
    client = walked.test_client()
    place, _, query = address.partition("?")
    rows = data(client, f"{place}?{query}&limit=500")
    lines = [json.loads(line) for line in client.get(f"/api/v1{place}.ndjson?{query}").text.splitlines()]
    assert lines == rows
    table = list(csv.DictReader(io.StringIO(client.get(f"/api/v1{place}.csv?{query}").text, newline="")))
    assert [name_of(row) for row in table] == [name_of(row) for row in rows]
    for cells, row in zip(table, rows, strict=True):
        assert {key: cells[key] for key in cells if isinstance(row.get(key), str)} == {
            key: value for key, value in row.items() if key in cells and isinstance(value, str)
        }
