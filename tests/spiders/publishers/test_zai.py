"""Z.ai's page of prices as rendered."""

from __future__ import annotations

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, figures_of
from tests.spiders.replayed import Figures, assert_figure, listing, needs_mirror, spots


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("zai", "page-copy.md", "All prices are in USD", "All prices are in CNY"),
        ("zai", "page-copy.md", "Prices per 1M tokens.", "Prices."),
    ],
)
def test_a_page_without_its_meaning_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


@pytest.mark.parametrize(
    ("source", "page", "old", "new"),
    [
        ("zai", "page-copy.md", r"| ZLM-9 | \$1.4 | \$0.26 | Limited-time Free | \$4.4 |",
     r"| ZLM-9 | \$0.26 | Limited-time Free | \$4.4 |"),
    ],
)  # fmt: skip
def test_a_table_whose_cells_moved_is_refused(source: str, page: str, old: str, new: str) -> None:
    with pytest.raises(DocumentRefusedError):
        altered(source, page, old, new)


FIGURES: Figures = {
    # (source, address): [(listing, price key without currency, search whose first group is the figure)]
    ("zai", "https://r.jina.ai/https://docs.z.ai/guides/overview/pricing"): [
        ("GLM-5.1", "cache_read|standard|0||", r"\| GLM-5\.1 \| \$1\.4 \| \$(\S+) \|"),
        ("GLM-4.5-X", "output|standard|0||", r"\| GLM-4\.5-X \|.*\$(\S+) \|"),
        ("GLM-OCR", "output|standard|0||", r"\| GLM-OCR \|.*\$(\S+) \|"),
        ("GLM-Image", "image|standard|0||", r"\| GLM-Image \| \$(\S+) \|"),
        ("ViduQ1-Text", "output_video/video|standard|0||", r"\| ViduQ1-Text \| \$(\S+) \|"),
    ],
}  # fmt: skip


@needs_mirror
@pytest.mark.parametrize(("source", "url", "name", "key", "search"), spots(FIGURES))
def test_a_figure_is_the_documents(source: str, url: str, name: str, key: str, search: str) -> None:
    assert_figure(source, url, name, key, search)


@needs_mirror
@pytest.mark.parametrize(("name", "day"), [("GLM-5.1", "2026-04-07"), ("GLM-4.6", "2025-09-30"), ("GLM-4.5", "2025-07-28")])
def test_a_release_has_the_day_of_its_entry(name: str, day: str) -> None:
    assert listing("zai_releases", name).facts["release_date"] == day


def test_the_page_and_its_copy_say_the_same_of_a_model() -> None:
    figures = [figures_of(altered("zai", page, "ZLM-9 ", "ZLM-9 ")) for page in ("page.md", "page-copy.md")]
    of_model = [{key: value for key, value in found.items() if key[0] == "ZLM-9"} for found in figures]
    assert of_model[0] == of_model[1] != {}
