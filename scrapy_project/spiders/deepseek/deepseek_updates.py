"""DeepSeek's change log: when an API name ends, from dated sections of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.lifecycles import Lives
from scrapy_project.base.prose_ends import prose_ends
from scrapy_project.formats.tables import text_of

URL: Final = "https://api-docs.deepseek.com/updates/"

_DATE = re.compile(r"#{1,4}\s{1,9}Date:\s{0,9}(\d{4}-\d{2}-\d{2})")


class DeepSeekUpdatesSpider(SourceSpider):
    """Reads the sentences of each dated section that end API names on a day. When a model came, `deepseek_releases` says: a model
    that came is not thereby sold still."""

    source = Source(
        id="deepseek_updates",
        name="DeepSeek change log",
        kind="lifecycle",
        provider="deepseek",
        url=URL,
        terms_url="https://cdn.deepseek.com/policies/en-US/deepseek-open-platform-terms-of-service.html",
        attribution="DeepSeek",
        hosts=("api-docs.deepseek.com",),
        priority=10,
    )
    start_urls = (URL,)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing an API name; refuses a page without `Date:` headings. It is HTML, or Markdown in an archive."""
        text = text_of(body, "DeepSeek's change log")
        tally = Tally()
        lives = Lives("deepseek", tally)
        days = 0
        for day, lines in _sections(_markdown(text)):
            days += 1
            for line in lines:
                for end in prose_ends(line):
                    if not end.names or not end.when.at:
                        tally.skip("end without a name and one full date")
                        continue
                    retired = Lifecycle(
                        event="retired", at=end.when.at, precision=end.when.precision, effect="error",
                        replacements=end.replacements,
                    )  # fmt: skip
                    for name, _ in end.names:
                        lives.add(name, [Lifecycle(event="deprecated", at=when(day).at), retired], announced=day)
        if not days:
            raise DocumentRefusedError("DeepSeek's change log: no heading `Date: YYYY-MM-DD`")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=days)


def _markdown(text: str) -> str:
    """The page as lines with the marks of Markdown that are looked for: headings and code."""
    if "<h2" not in text.lower():
        return text
    flat = re.sub(r"\s+", " ", text)
    flat = re.sub(r"<h([2-5])\b[^<>]{0,300}>", lambda found: f"\n{'#' * int(found[1])} ", flat, flags=re.IGNORECASE)
    flat = re.sub(r"</?code\b[^<>]{0,300}>", "`", flat, flags=re.IGNORECASE)
    flat = re.sub(r"<(?:p|li|br|div|/h[2-5]|/p|/li)\b[^<>]{0,300}>", "\n", flat, flags=re.IGNORECASE)
    return re.sub(r"<[^<>]{1,2000}>|\u200b", "", flat)


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """The dated sections: day and lines."""
    day, lines = "", list[str]()
    for line in text.split("\n"):
        if found := _DATE.match(line.strip()):
            if day:
                yield day, lines
            day, lines = found[1], []
        else:
            lines.append(line[:2_000])
    if day:
        yield day, lines
