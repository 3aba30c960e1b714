"""Pages whose marks have no ends: they cost no more than their length, since nothing can stop a regular expression."""

from __future__ import annotations

from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.formats.tables import MAX_LINE_CHARACTERS, markdown_tables
from scrapy_project.sources import spider_classes
from tests.spiders.expected import page_url, pages
from tests.spiders.timed import PIECES, in_time

ENDLESS: Final = [(piece * MAX_LINE_CHARACTERS)[: MAX_LINE_CHARACTERS - 10] for piece in PIECES]


MARKDOWN: Final = {
    f"{source_id}-{page.name}": (source_id, page_url(source_id, expected), page.read_text("utf-8"))
    for source_id, page, expected in pages()
    if page.suffix == ".md"
}


@pytest.mark.long
@pytest.mark.parametrize("name", MARKDOWN)
def test_a_page_with_endless_marks_is_read_or_refused_in_a_moment(name: str) -> None:
    source_id, url, whole = MARKDOWN[name]
    spider = spider_classes()[source_id]()

    def read() -> None:
        for line in ENDLESS:
            for body in (f"{whole}\n{line}\n", f"# a {line}\n{whole}", whole.replace("| ", f"| {line[:9_000]}", 1)):
                try:
                    spider.parse_document(body.encode(), url)
                except DocumentRefusedError:
                    continue

    assert in_time(read)


def test_a_line_longer_than_any_is_refused() -> None:
    with pytest.raises(DocumentRefusedError, match="a line of more than 20,000 characters"):
        markdown_tables("*a " * MAX_LINE_CHARACTERS)
