"""Sources that contradict each other, ending in any order: what is published and what is held is the same."""

from __future__ import annotations

import json
import random
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.readings import SourceResult
from jobs import turns
from jobs.publisher import Publisher
from jobs.turns import turn
from scrapy_project.sources import spider_classes
from tests.forked import Forked, until
from tests.jobs.jobs_run import Jobs, scrape, table_of
from tests.read_here import read_here
from tests.spiders.scripted_server import Answer, ScriptedServer, scripted_server

ADDRESSES = {
    "moonshot": "platform.kimi.ai/docs/llms.txt",
    "genai_prices": "raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json",
    "llm_prices": "www.llm-prices.com/current-v1.json",
    "models_dev": "models.dev/api.json",
    "openrouter": "openrouter.ai/api/v1/models",
}
PRICES = {f"kimi-k{number}": (number + 1) / 4 for number in range(2, 10)}
"""What the seller asks for a million tokens of input; output is five times as dear."""
IN_CENTS = ("llm_prices", "models_dev")

PAGE = "platform.kimi.ai/docs/pricing/chat-k26.md"
"""Where the seller's index, which is asked for first, says that the prices are."""

_TABLE = """# Pricing
<DocTable
  columns={{[
{{ title: "Model" }}, {{ title: "Unit" }}, {{ title: "Input Price" }}, {{ title: "Output Price" }},
]}}
  rows={{[
{rows}
]}}
/>
"""
_HELD = """
select d.source, h."check", h.reason, h.item::text from held h join document d on d.id = h.document_id order by 1, 2, 3, 4
"""


def documents(cents: tuple[str, ...]) -> Mapping[str, bytes]:
    """A seller's page and its index beside four lists of the same models, some of them in cents, by address."""

    def stated(source: str) -> list[tuple[str, float, float]]:
        factor = 100 if source in cents else 1
        return [(name, usd * factor, usd * 5 * factor) for name, usd in PRICES.items()]

    rows = [f'["{name}", "1M tokens", <>{{"$"}}{usd}</>, <>{{"$"}}{out}</>],' for name, usd, out in stated("moonshot")]
    models = {
        name: {"id": name, "name": name, "cost": {"input": usd, "output": out}, "limit": {"context": 262_144, "output": 32_768}}
        for name, usd, out in stated("models_dev")
    }
    moonshotai = {"id": "moonshotai", "name": "Moonshot AI", "doc": "https://platform.kimi.ai/docs", "models": models}
    llm = [{"id": n, "vendor": "moonshot-ai", "name": n, "input": usd, "output": out} for n, usd, out in stated("llm_prices")]
    genai = [
        {"id": n, "name": n, "match": {"equals": n}, "prices": {"input_mtok": usd, "output_mtok": out}}
        for n, usd, out in stated("genai_prices")
    ]
    routed = [
        {
            "id": f"moonshotai/{n}", "name": f"MoonshotAI: {n}", "created": 1_759_104_000, "context_length": 262_144,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "pricing": {"prompt": f"{usd / 1e6:.8f}", "completion": f"{out / 1e6:.8f}"},
        }
        for n, usd, out in stated("openrouter")
    ]  # fmt: skip
    bodies: dict[str, Any] = {
        "models_dev": {"moonshotai": moonshotai},
        "llm_prices": {"updated_at": "2026-05-19", "prices": llm},
        "genai_prices": [{"id": "moonshotai", "name": "Moonshot", "api_pattern": "https://api.moonshot.ai", "models": genai}],
        "openrouter": {"data": routed},
    }
    return {ADDRESSES[source]: json.dumps(body).encode() for source, body in bodies.items()} | {
        ADDRESSES["moonshot"]: f"- [Pricing](https://{PAGE})".encode(),
        PAGE: _TABLE.format(rows="\n".join(rows)).encode(),
    }


def crawled(database: URL, cents: tuple[str, ...], order: list[str]) -> tuple[list[str], list[Any]]:
    """What stands and what is held after a crawl in which the sources ended in this order."""
    engine, now = create_engine(database, poolclass=NullPool), datetime.now(UTC)
    classes, served = spider_classes(), documents(cents)
    results = [read_here(classes[source], served) for source in order]
    sources = sorted((result.source for result in results), key=turn)
    with Publisher(engine, now, now, dict.fromkeys(order, "test"), [source.id for source in sources]) as publisher:
        for result in results:
            publisher.take(result)
    assert {report.status for report in publisher.reports} <= {"published", "quarantined"}
    jobs = Jobs(database, "", PROJECT_ROOT)
    return jobs.state(), jobs.rows(_HELD)


def orders(count: int) -> list[list[str]]:
    """The seller first and last, then others as chance has it."""
    sources, dice = sorted(ADDRESSES, key=list(ADDRESSES).index), random.Random(20261126)
    return [sources, sources[::-1], *(dice.sample(sources, len(sources)) for _ in range(count))]


def check_orders(new_database: Callable[[], URL], cents: tuple[str, ...], count: int) -> tuple[list[str], list[Any]]:
    """Crawl in each of the orders; the one outcome of all of them."""
    first, *others = (crawled(new_database(), cents, order) for order in orders(count))
    for number, other in enumerate(others):
        assert other[1] == first[1], f"held otherwise in the order {orders(count)[number + 1]}"
        assert other[0] == first[0], f"published otherwise in the order {orders(count)[number + 1]}"
    return first


@pytest.mark.usefixtures("spared")
def test_a_catalogue_in_cents_never_keeps_the_sellers_own_page_out(new_database: Callable[[], URL]) -> None:
    state, held = check_orders(new_database, ("models_dev",), 0)
    assert {source for source, *_ in held} == {"models_dev"}
    assert sum('"moonshot"' in row and '"price"' in row for row in state) == 2 * len(PRICES)


@pytest.mark.long
@pytest.mark.usefixtures("spared")
@pytest.mark.parametrize("cents", [IN_CENTS, ("genai_prices", *IN_CENTS), ("openrouter",), ("moonshot",)], ids=str)
def test_whatever_is_in_cents_the_order_does_not_matter(new_database: Callable[[], URL], cents: tuple[str, ...]) -> None:
    check_orders(new_database, cents, 2)


PUBLISHED = "select source from run where status = 'published' order by id"


@contextmanager
def first_in_order_hangs(database: URL) -> Iterator[tuple[Jobs, ScriptedServer]]:
    """The job where the source whose turn is the first does not answer the first time."""
    answers = {f"/{url}": [Answer(200, body)] for url, body in documents(()).items()}
    answers[f"/{ADDRESSES['moonshot']}"].insert(0, Answer(200, hangs=True))
    with scripted_server(answers) as server:
        yield Jobs(database, server.url, PROJECT_ROOT), server


def impatient(*sources: str) -> None:
    """The job with a short grace."""
    turns.GRACE_S = 0.5
    scrape(*sources)


def telling(*sources: str) -> None:
    """The job, saying whenever a source waits for its turn."""
    put = turns.Turns.put

    def told(self: turns.Turns, result: SourceResult) -> None:
        put(self, result)
        print("it waits for its turn", file=sys.stderr, flush=True)

    turns.Turns.put = told  # type: ignore[method-assign]  # in a process of its own
    scrape(*sources)


def stopped(job: Forked) -> dict[str, str]:
    """What the job says of each source after SIGTERM, which ends it though a server never answers."""
    job.signal(signal.SIGTERM)
    done = job.end()
    assert done.returncode == 1
    return {source: cells["status"] for source, cells in table_of(done.stderr).items()}


def test_a_source_that_hangs_does_not_keep_the_others_from_being_published(database_url: URL) -> None:
    with first_in_order_hangs(database_url) as (jobs, _):
        job = Forked(impatient, *ADDRESSES, environment=jobs.environment)
        others = [("genai_prices",), ("llm_prices",), ("models_dev",), ("openrouter",)]
        until(lambda: jobs.rows(PUBLISHED) == others)
        assert stopped(job)["moonshot"] == "stopped"
        assert jobs.rows(PUBLISHED) == others


def test_what_waits_for_its_turn_at_sigterm_is_left_to_the_next_run(database_url: URL, second_database_url: URL) -> None:
    with first_in_order_hangs(database_url) as (jobs, server):
        job = Forked(telling, *ADDRESSES, environment=jobs.environment)
        job.says("it waits for its turn", len(ADDRESSES) - 1)
        assert set(stopped(job).values()) == {"stopped"}
        assert jobs.rows("select count(*) from run") == [(0,)]
        undisturbed = Jobs(second_database_url, server.url, PROJECT_ROOT)
        for whole in (jobs, undisturbed):
            assert whole.run(*ADDRESSES).returncode == 0
        assert jobs.state() == undisturbed.state()
