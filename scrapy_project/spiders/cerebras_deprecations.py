"""Cerebras' deprecations, written from the published shape of its Markdown page: no document of it was at hand."""

from __future__ import annotations

import re

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Lifecycle, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycle_dates import when
from scrapy_project.base.lifecycles import Lives, deprecated, ended, model_ids
from scrapy_project.base.tables import plain_markdown, text_of

_UPDATE = re.compile(r'<Update label="(?P<day>\d{4}-\d{2}-\d{2})"[^>]*>(?P<text>.*?)</Update>', re.DOTALL)
_TITLE = re.compile(r"\*\*(?P<title>Deprecat(?:ing|ed|ion of)[^\n]*?)\*\*")
_SENTENCE = re.compile(r"[^\n.]*`[^`\s]+`[^\n]*?\b(?:has been deprecated|is no longer available)\b[^\n]*")
_CODE = re.compile(r"`([^`\s]+)`")
_NO_MODEL = re.compile(r"\b(?:parameters?|endpoints?|fields?|headers?|API|SDK|mode|format)\b", re.IGNORECASE)
_END = re.compile(r"\bwill be (?:fully )?(?:deprecated|removed|retired|shut down)[^.\n]*? on ([A-Z]\w+ \d{1,2}, \d{4})")
_ADVICE = re.compile(
    r"(?:migrating|migrate|transitioning|switching|switch) to (?:either )?([^.\n]*(?:\.\d[^.\n]*)*)|\bUse ([^\n]*?) for "
)
_NAMED = re.compile(r"\[`?([^]`]+)`?\]\([^)]*\)|`([^`\s]+)`")


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
        blocks = list(_UPDATE.finditer(text_of(body, "Cerebras' deprecations")))
        tally = Tally()
        lives = Lives("cerebras", tally)
        for block in blocks:
            title = _TITLE.search(block["text"])
            said = title["title"] if title else found[0] if (found := _SENTENCE.search(block["text"])) else ""
            if not said or _NO_MODEL.search(said):
                tally.skip("announcement of no model")
                continue
            events = _events(block["day"], block["text"], is_over=not said.startswith(("Deprecating", "Deprecation")))
            named = said if title else said.partition(". ")[0]
            for name in (name for code in _CODE.findall(named) for name in model_ids(code)):
                lives.add(name, events, announced=block["day"])
        if not lives.listings():
            raise DocumentRefusedError("Cerebras' deprecations: no dated block deprecates a model; was the layout changed?")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=len(blocks))


def _events(day: str, text: str, *, is_over: bool) -> list[Lifecycle]:
    announced = _END.search(plain_markdown(text))
    advice = _ADVICE.search(text)
    replacements = [link or code for link, code in _NAMED.findall(advice[1] or advice[2])] if advice else []
    end = when(announced[1] if announced else day) if announced or is_over else None
    return [*deprecated(when(day)), *([ended(end, replacements)] if end else [])]
