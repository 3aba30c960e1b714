"""xAI's retirements: slugs that go on answering, with another model behind them."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import pacific, when
from scrapy_project.base.lifecycles import Lives, model_ids, names_in, rows_of
from scrapy_project.formats.tables import markdown_tables, plain_markdown, text_of

SITE: Final = "https://docs.x.ai"
INDEX: Final = f"{SITE}/llms.txt"
KNOWN: Final = f"{SITE}/developers/migration/may-15-retirement.md"
_GUIDE = re.compile(r"(?<![\w.-])(?:https://docs\.x\.ai)?(/developers/migration/[\w-]{1,80})")
_HEADING = re.compile(r"^#{1,6} (.{1,300})", re.MULTILINE)
_RETIRES = re.compile(r"retire|deprecat|discontinu|sunset|shutdown", re.IGNORECASE)
_EFFECTIVE = re.compile(r"effective (\w+ \d{1,2}, \d{4}) at (\d{1,2}):00 (AM|PM) P[DS]?T", re.IGNORECASE)


class XaiRetirementSpider(SourceSpider):
    """Reads when the slugs are redirected (Pacific time) and the table of where to. The redirect is the event, not an error.

    A retirement has an address of its own; those of all are read from the site's `llms.txt`, as others report it (a section
    `===/developers/migration/...===` a page; the file was not at hand). Where it is gone, the known one is asked for.
    """

    source = Source(
        id="xai_retirement",
        name="xAI model retirement",
        kind="lifecycle",
        provider="xai",
        url="https://docs.x.ai/developers/migration/may-15-retirement",
        license=None,
        terms_url="https://x.ai/legal/terms-of-service-enterprise",
        attribution="xAI",
        cadence_hours=168,
        hosts=("docs.x.ai",),
        priority=10,
    )
    start_urls = (INDEX,)
    indexes = start_urls
    stand_ins = {INDEX: (KNOWN,)}  # noqa: RUF012  # the base class says ClassVar

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a slug; refuses an index without guides, and a page without the effective instant or the table of targets.

        A guide whose headings speak of no retirement is counted.
        """
        text = text_of(body, "xAI's retirement page")
        if url == INDEX:
            return _index(text)
        headings = _HEADING.findall(text)
        if "Migration Guides" in headings and not any(map(_RETIRES.search, headings)):
            return DocumentSeen(url=url, skipped={"guide that retires no model": 1}, rows=1)
        effective = _EFFECTIVE.search(plain_markdown(text))
        tables = [table for table in markdown_tables(text) if table.has("Model being retired")]
        if effective is None or when(effective[1]).at is None or not tables:
            raise DocumentRefusedError("xAI's retirement page: no `Effective ... at ... PT`, or no table `Model being retired`")
        stated = when(effective[1]).at
        assert stated is not None
        hour = int(effective[2]) % 12 + (12 if effective[3].upper() == "PM" else 0)
        at = pacific(stated, hour)
        tally = Tally()
        lives = Lives("xai", tally)
        for table in tables:
            target = next((name for name in table.header if name.lower().startswith("redirect target")), "")
            if not target:
                raise DocumentRefusedError("xAI's retirement page: the table names no redirect target")
            for row in rows_of(table, tally, "Model being retired", target):
                # "`grok-4.3` with `low` reasoning effort": the effort belongs to the redirect, the model is the first id
                replacements = tuple(model_ids(row[target].split(" with ")[0]))
                if not replacements:
                    tally.count_unknown("redirect target: not a model")
                event = Lifecycle(event="redirected", at=at, effect="redirect", replacements=replacements)
                for name in names_in(row["Model being retired"], tally):
                    lives.add(name, [event])
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _index(text: str) -> DocumentSeen:
    guides = dict.fromkeys(_GUIDE.findall(text))
    if not guides:
        raise DocumentRefusedError("xAI's index of documents names no guide of a migration; where are its retirements now?")
    return DocumentSeen(url=INDEX, links=tuple(f"{SITE}{guide}.md" for guide in guides), rows=len(guides))
