"""SiliconFlow's page of prices as rendered."""

from __future__ import annotations

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered
from tests.spiders.replayed import Figures, assert_figure, needs_mirror, spots


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("siliconflow", "page.md", "per 1 million tokens", "per 1 thousand tokens"),
        ("siliconflow", "page.md", "Details", "More"),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("siliconflow", "https://r.jina.ai/https://www.siliconflow.com/pricing"): [
        ("DeepSeek-V4-Pro", "input|standard|0||", r"\nDeepSeek-V4-Pro\n\n1049K\n\n\$\n\n([\d.]+)"),
        ("DeepSeek-V4-Pro", "cache_read|standard|0||", r"\nDeepSeek-V4-Pro\n\n1049K\n\n\$\n\n1\.74\n\n\$\n\n([\d.]+)"),
        ("gpt-oss-120b", "output|standard|0||", r"\ngpt-oss-120b\n\n131K\n\n\$\n\n0\.05\n\n\$\n\n([\d.]+)\n\n\["),
        ("Kimi-K2.5", "output|standard|0||", r"\nKimi-K2\.5\n\n262K\n\n\$\n\n0\.23\n\n\$\n\n0\.07\n\n\$\n\n([\d.]+)"),
        ("FLUX 1.1 [pro]", "image|standard|0||", r"\nFLUX 1\.1 \[pro\]\n\n\$\n\n([\d.]+)"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)
