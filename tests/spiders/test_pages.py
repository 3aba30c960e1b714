"""Every spider against its own small pages, found by folder; see tests/spiders/expected.py."""

import json
from pathlib import Path

import pytest

from aimstats.domain.facts import is_fact
from aimstats.domain.items import SOURCE_KINDS
from aimstats.domain.prices import parse_price_key
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES, page_url, pages, told

CASES = [pytest.param(*case, id=f"{case[0]}-{case[1].name}") for case in pages()]


@pytest.mark.parametrize(("source_id", "page", "expected"), CASES)
def test_a_page_gives_its_expected_items(source_id: str, page: Path, expected: Path) -> None:
    spider = spider_classes()[source_id]()
    document = spider.parse_document(page.read_bytes(), page_url(source_id, expected))
    assert json.loads(json.dumps(told(document))) == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("source_id", "page", "expected"), CASES)
def test_an_item_states_only_what_the_contract_has(source_id: str, page: Path, expected: Path) -> None:
    document = spider_classes()[source_id]().parse_document(page.read_bytes(), page_url(source_id, expected))
    for listing in document.listings:
        assert listing.provider
        assert listing.external_id
        assert all(is_fact(key, value) for key, value in listing.facts.items())
        assert all(parse_price_key(str(stated.key)) == stated.key for stated in listing.prices)
        series = [(stated.key, stated.valid_from) for stated in listing.prices]
        assert len(series) == len(set(series))


@pytest.mark.parametrize("source_id", spider_classes())
def test_every_source_declares_itself_and_has_a_page(source_id: str) -> None:
    source = spider_classes()[source_id].source
    assert source.kind in SOURCE_KINDS
    assert source.name
    assert source.url.startswith("https://")
    assert source.attribution
    assert source.license is not None or not source.bundle, "only an openly licensed source may be bundled"
    assert all(url.startswith("https://") for url in spider_classes()[source_id].start_urls)
    assert list((PAGES / source_id).glob("page*")), f"tests/pages/{source_id}/ has no page"


def test_a_source_is_one_module_of_its_own_name() -> None:
    assert all(spider.__module__.rpartition(".")[2] == source_id for source_id, spider in spider_classes().items())
