"""Sources that contradict each other, ending in any order: what is published and what is held is the same."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.engine import URL

from aimstats.config.values import PROJECT_ROOT
from tests.jobs.jobs_run import Jobs, table_of
from tests.spiders.scripted_server import Answer, ScriptedServer, scripted_server

ADDRESSES = {
    "moonshot": "platform.kimi.ai/docs/llms.txt",
    "genai_prices": "raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json",
    "llm_prices": "www.llm-prices.com/current-v1.json",
    "models_dev": "models.dev/api.json",
    "openrouter": "openrouter.ai/api/v1/models",
}
GAP_S = 0.5
"""So much later than the one before it each source answers."""
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
    """What stands and what is held after a crawl in which the sources answered in this order."""
    late_s = {ADDRESSES[source]: n * GAP_S for n, source in enumerate(order)}
    answers = {f"/{url}": [Answer(200, body, seconds=late_s.get(url, 0))] for url, body in documents(cents).items()}
    with scripted_server(answers) as server:
        jobs = Jobs(database, server.url, PROJECT_ROOT)
        done = jobs.run(*ADDRESSES)
    assert done.returncode in (0, 1), done.stderr
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


def test_a_catalogue_in_cents_never_keeps_the_sellers_own_page_out(new_database: Callable[[], URL]) -> None:
    state, held = check_orders(new_database, ("models_dev",), 0)
    assert {source for source, *_ in held} == {"models_dev"}
    assert sum('"moonshot"' in row and '"price"' in row for row in state) == 2 * len(PRICES)


@pytest.mark.long
@pytest.mark.parametrize("cents", [IN_CENTS, ("genai_prices", *IN_CENTS), ("openrouter",), ("moonshot",)], ids=str)
def test_whatever_is_in_cents_the_order_does_not_matter(new_database: Callable[[], URL], cents: tuple[str, ...]) -> None:
    check_orders(new_database, cents, 2)


IMPATIENT = """
import sys
from jobs import scrape, turns
turns.GRACE_S = 1.0
sys.exit(scrape.main(sys.argv[1:]))
"""
PUBLISHED = "select source from run where status = 'published' order by id"


@contextmanager
def first_in_order_hangs(database: URL) -> Iterator[tuple[Jobs, ScriptedServer]]:
    """The job where the source whose turn is the first does not answer the first time."""
    answers = {f"/{url}": [Answer(200, body)] for url, body in documents(()).items()}
    answers[f"/{ADDRESSES['moonshot']}"].insert(0, Answer(200, seconds=50))
    with scripted_server(answers) as server:
        yield Jobs(database, server.url, PROJECT_ROOT), server


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    for _ in range(400):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it did not come in 40 s")


def stopped(process: subprocess.Popen[str]) -> dict[str, str]:
    """What the job says of each source after SIGTERM, which ends it in time."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - begun < 8
    assert process.returncode == 1
    return {source: cells["status"] for source, cells in table_of(said).items()}


def test_a_source_that_hangs_does_not_keep_the_others_from_being_published(database_url: URL) -> None:
    with first_in_order_hangs(database_url) as (jobs, _):
        process = subprocess.Popen(
            [sys.executable, "-c", IMPATIENT, *ADDRESSES], cwd=PROJECT_ROOT, env=jobs.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        others = [("genai_prices",), ("llm_prices",), ("models_dev",), ("openrouter",)]
        until(lambda: jobs.rows(PUBLISHED) == others)
        assert stopped(process)["moonshot"] == "stopped"
        assert jobs.rows(PUBLISHED) == others


def test_what_waits_for_its_turn_at_sigterm_is_left_to_the_next_run(database_url: URL, second_database_url: URL) -> None:
    with first_in_order_hangs(database_url) as (jobs, server):
        process = jobs.start(*ADDRESSES)
        until(lambda: {f"/{ADDRESSES[source]}" for source in ADDRESSES if source != "moonshot"} <= set(server.paths()))
        time.sleep(1)
        assert set(stopped(process).values()) == {"stopped"}
        assert jobs.rows("select count(*) from run") == [(0,)]
        undisturbed = Jobs(second_database_url, server.url, PROJECT_ROOT)
        for whole in (jobs, undisturbed):
            assert whole.run(*ADDRESSES).returncode == 0
        assert jobs.state() == undisturbed.state()
