"""Novita's page of prices as rendered."""

from __future__ import annotations

from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, assert_counted_and_no_other
from tests.spiders.replayed import Figures, assert_figure, listing_at, needs_mirror, spots

NOVITA: Final = "https://r.jina.ai/https://novita.ai/pricing"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("novita", "page.md", "Model Name", "Thing"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("novita", "page.md", "| acme/acme-embedding | 32768 | $0.07 /Mt |", "| 32768 | $0.07 /Mt |"),
        ("novita", "page.md", "| API Name | Mode | Pricing |", "| API Name | Pricing | Mode |"),
    ],
)  # fmt: skip
def test_a_table_whose_cells_moved_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("novita", "page.md", "$0.2800 /10K characters", "$0,2800 /10K characters"),
        ("novita", "page.md", "| API Name | Mode | Pricing |", "| API Name | Mode | Fee |"),
        ("novita", "page.md", "| Acme Listening | - |", "| Acme Listening | $77 |"),
        ("novita", "page.md", "| Context | Input |\n| --- | --- | --- |\n| acme/acme-embedding | 32768 | $0.07 /Mt |",
     "| Context | Input | Extra |\n| --- | --- | --- | --- |\n| acme/acme-embedding | 32768 | $0.07 /Mt | $9 |"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    assert_counted_and_no_other(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("novita", "https://r.jina.ai/https://novita.ai/pricing"): [
        ("deepseek/deepseek-v3.2", "cache_read|standard|0||", r"\[deepseek/deepseek-v3\.2\].*?Cache Read \$(\S+) /Mt"),
        ("qwen/qwen3-coder-next", "output|standard|0||", r"\[qwen/qwen3-coder-next\].*?/Mt \| \$(\S+) /Mt"),
        ("baai/bge-m3", "input|standard|0||", r"\| baai/bge-m3 \| 8192 \| \$(\S+) /Mt"),
        ("Flux.1 Kontext Dev", "image|standard|0||quality=fast_mode", r"Kontext Dev .*\n\| fast_mode \| - \| \$(\S+) /image"),
        ("Kling V2.6 Pro Image to Video", "output_video/video|standard|0||duration_s=10&quality=Audio&resolution=1080P",
         r"\| Audio \| 10s \| 1080P \| \$(\S+) /video"),
        ("MiniMax speech-02-hd", "input_character|standard|0||quality=T2A T2A Async", r"speech-02-hd .*\$(\S+) /1M char"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
def test_novitas_batch_rows_are_its_batch_plan() -> None:
    prices = listing_at("novita", NOVITA, "Seedance 1.5 Pro Text To Video").prices
    of_plan = {
        plan: {price.key.conditions: price.usd for price in prices if price.key.plan == plan} for plan in ("batch", "standard")
    }
    assert len(of_plan["batch"]) == 6
    assert {conditions: usd / 2 for conditions, usd in of_plan["standard"].items() if usd} == of_plan["batch"]
