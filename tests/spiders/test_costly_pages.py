"""Pages whose marks have no ends: they cost no more than their length, since nothing can stop a regular expression."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.base.pages import Page
from scrapy_project.formats.tables import MAX_LINE_CHARACTERS, markdown_tables, plain_markdown
from scrapy_project.sources import spider_classes
from scrapy_project.spiders.openai.prices import read_uplifts
from tests.spiders.expected import page_url, pages

SECONDS: Final = 30
"""What takes a moment when it is right and for ever when it is not."""
PIECES: Final = (
    "*a ", "**a ", "<s>", "<del a", "<sup>", "~~a", "![", "[", "[a](", "[a](b ", "`", "\\", "<a ", "| ", "|", " ", "\t", "$1",
    "$1,", "1,000 ", "($", "1 or $1", "(", "a, ", "a and ", "#", "# ", "&amp;", "a.", "-",
)  # fmt: skip
ENDLESS: Final = [(piece * MAX_LINE_CHARACTERS)[: MAX_LINE_CHARACTERS - 10] for piece in PIECES]
MARKDOWN: Final = {
    f"{source_id}-{page.name}": (source_id, page_url(source_id, expected), page.read_text("utf-8"))
    for source_id, page, expected in pages()
    if page.suffix == ".md"
}


def in_time(work: Callable[[], object]) -> bool:
    """Whether it ends: in a process of its own, which can be ended where it does not."""
    process = get_context("fork").Process(target=work)
    process.start()
    process.join(SECONDS)
    ended = process.exitcode
    process.kill()
    process.join()
    return ended == 0


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


def test_a_sentence_on_uplifts_in_other_words_names_no_model_and_ends() -> None:
    names = "`gpt-5.4`, `gpt-5.4-mini`, `gpt-5.4-nano`, and `gpt-5.4-pro`"
    text = plain_markdown(f"are charged a 10% uplift for {names} models. See our docs")
    assert in_time(lambda: read_uplifts(Page("openai", "https://openai.example/"), text))
