"""A provider's page that is none or half of one is refused; nothing fails otherwise."""

from __future__ import annotations

import re
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.sources import spider_classes
from tests.spiders.expected import PAGES, page_url

SOURCES: Final = sorted(id_ for id_, spider in spider_classes().items() if spider.source.kind == "page")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Checking your browser before accessing</body></html>",
        b"\xff\xfe\x00",
        b"{}",
        b"# Page\n\n|\n|-|\n|$1|\n",
        b"# 404 - Page Not Found\n\nThe page that you were looking for does not exist. | Home |\n",
    ],
    ids=["empty", "anti-bot", "not-utf8", "json", "no-table", "not-found"],
)
def test_a_page_that_is_none_is_refused(source: str, body: bytes) -> None:
    spider = spider_classes()[source]()
    for url in spider.start_urls:
        with pytest.raises(DocumentRefusedError):
            spider.parse_document(body, url)


@pytest.mark.parametrize("source", SOURCES)
def test_half_a_page_never_fails_otherwise(source: str) -> None:
    spider = spider_classes()[source]()
    for path in sorted((PAGES / source).glob("page*")):
        url = page_url(source, path.with_name(re.sub(r"page(.*)\.\w+$", r"expected\1.json", path.name)))
        body = path.read_bytes()
        for part in range(1, 20):
            try:
                spider.parse_document(body[: len(body) * part // 20].decode(errors="ignore").encode(), url)
            except DocumentRefusedError:
                continue


@pytest.mark.parametrize("source", SOURCES)
def test_what_a_source_declares_is_enough_to_use_it(source: str) -> None:
    declared = spider_classes()[source].source
    assert declared.terms_url
    assert declared.hosts
    assert declared.provider
    assert not declared.bundle
    assert declared.bulk
    assert declared.default
