"""Cerebras' deprecations, written from the published shape of its Markdown page: no document of it was at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.lifecycles import Lives, deprecated, ended, model_ids
from scrapy_project.formats.tables import plain_markdown, text_of

_UPDATE = re.compile(r'<Update label="(?P<day>\d{4}-\d{2}-\d{2})"[^<>]{0,500}>')
_TITLE = re.compile(r"\*\*(?P<title>Deprecat(?:ing|ed|ion of)[^\n*]{0,300})\*\*")
_IS_OVER = re.compile(r"\b(?:has been deprecated|is no longer available)\b")
_CODE = re.compile(r"`([^`\s]{1,200})`")
_NO_MODEL = re.compile(r"\b(?:parameters?|endpoints?|fields?|headers?|API|SDK|mode|format)\b", re.IGNORECASE)
_END = re.compile(r"\bwill be (?:fully )?(?:deprecated|removed|retired|shut down)[^.\n]{0,200}? on ([A-Z]\w{2,9} \d{1,2}, \d{4})")
_ADVICE = re.compile(
    r"(?:migrating|migrate|transitioning|switching|switch) to (?:either )?((?:[^.\n]|\.\d){0,500})|\bUse ([^\n]{0,300}?) for "
)
_NAMED = re.compile(r"\[`?([^]\[`]{1,200})`?\]\([^()]{0,500}\)|`([^`\s]{1,200})`")


class CerebrasDeprecationsSpider(SourceSpider):
    """Reads the dated `<Update>` blocks whose title, or first sentence, deprecates models.

    "Deprecating" announces: the block's day is the deprecation, the end what a sentence says ("will be fully deprecated on May
    27, 2026"). "Deprecated", "has been deprecated" and "is no longer available" tell of the end, on the block's day. Blocks
    about parameters and endpoints are counted.
    """

    source = Source(
        id="cerebras_deprecations",
        name="Cerebras deprecations",
        kind="lifecycle",
        provider="cerebras",
        url="https://inference-docs.cerebras.ai/support/deprecation",
        license=None,
        terms_url="https://www.cerebras.ai/terms-of-service",
        attribution="Cerebras",
        hosts=("inference-docs.cerebras.ai",),
        priority=20,
    )
    start_urls = ("https://inference-docs.cerebras.ai/support/deprecation.md",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without a block that deprecates one."""
        blocks = list(_blocks(text_of(body, "Cerebras' deprecations")))
        tally = Tally()
        lives = Lives("cerebras", tally)
        for day, text in blocks:
            title = _TITLE.search(text)
            said = title["title"] if title else _sentence(text)
            if not said or _NO_MODEL.search(said):
                tally.skip("announcement of no model")
                continue
            events = _events(day, text, is_over=not said.startswith(("Deprecating", "Deprecation")))
            named = said if title else said.partition(". ")[0]
            for name in (name for code in _CODE.findall(named) for name in model_ids(code)):
                lives.add(name, events, announced=day)
        if not lives.listings():
            raise DocumentRefusedError("Cerebras' deprecations: no dated block deprecates a model; was the layout changed?")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=len(blocks))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Day and text of each update that is closed before the next one begins."""
    starts = list(_UPDATE.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=False):
        block, closed, _ = text[start.end() : end].partition("</Update>")
        if closed:
            yield start["day"], block


def _sentence(text: str) -> str:
    """What is left of the line from the sentence on that names a model before it says that something is over; '' without one."""
    for line in text.split("\n"):
        over = _IS_OVER.search(line)
        code = _CODE.search(line, 0, over.start()) if over else None
        if code:
            return line[line.rfind(".", 0, code.start()) + 1 :]
    return ""


def _events(day: str, text: str, *, is_over: bool) -> list[Lifecycle]:
    announced = _END.search(plain_markdown(text))
    advice = _ADVICE.search(text)
    replacements = [link or code for link, code in _NAMED.findall(advice[1] or advice[2])] if advice else []
    end = when(announced[1] if announced else day) if announced or is_over else None
    return [*deprecated(when(day)), *([ended(end, replacements)] if end else [])]
