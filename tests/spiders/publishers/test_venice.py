"""Venice's page of prices as rendered."""

from __future__ import annotations

from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, assert_counted_and_no_other
from tests.spiders.replayed import Figures, assert_figure, listing_at, needs_mirror, spots

VENICE: Final = "https://r.jina.ai/https://docs.venice.ai/overview/pricing"


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("venice", "page.md", "All prices in USD", "All prices in DIEM"),
        ("venice", "page.md", "Output Price", "Output Cost Price Of A Very Long Label Indeed"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("venice", "page.md", "$0.70/$0.80 cache", "$0.70 [2]/$0.80 cache"),
        ("venice", "page.md", "Input Price$1.75", "Input Price $1.75 [2]"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_understood_is_counted_and_gives_no_other_figure(
    source: str, page: str, old: str, new: str
) -> None:
    assert_counted_and_no_other(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("venice", "https://r.jina.ai/https://docs.venice.ai/overview/pricing"): [
        ("zai-org-glm-5-1", "output|standard|0||", r"`zai-org-glm-5-1`\n\nPrivate\n\nInput Price\$1\.75 Output Price\$(\S+)"),
        ("openai-gpt-55", "output|standard|272000||", r"`openai-gpt-55`(?:.*\n){6}>272K context: .* \$(\S+)/M output"),
        ("qwen-3-6-plus", "cache_write|standard|256000||", r"`qwen-3-6-plus`(?:.*\n){6}>256K .*/\$(\S+) cache"),
        ("nano-banana-pro", "image|standard|0||resolution=4K", r"`nano-banana-pro`\n\nAnonymized\n\n.*4K\$(\S+)"),
        ("tts-kokoro", "input_character|standard|0||", r"`tts-kokoro`\n\nPrivate\n\nPer 1M Characters\$(\S+)"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
def test_a_figure_rounded_to_zero_is_not_free() -> None:
    rounded = listing_at("venice", VENICE, "stt-xai-v1")
    assert rounded.prices == ()
    assert rounded.incomplete
