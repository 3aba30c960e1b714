"""Cerebras' deprecations. No document of it was at hand: written from the published shape of its Markdown page."""

from __future__ import annotations

import re

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import Lives, deprecated, ended, model_ids, when
from scrapy_project.base.tables import plain_markdown, text_of

_UPDATE = re.compile(r'<Update label="(?P<day>\d{4}-\d{2}-\d{2})"[^>]*>(?P<text>.*?)</Update>', re.DOTALL)
_TITLE = re.compile(r"\*\*(?P<title>Deprecat(?:ing|ed|ion of)[^\n]*?)\*\*")
_CODE = re.compile(r"`([^`\s]+)`")
_NO_MODEL = re.compile(r"\b(?:parameters?|endpoints?|fields?|headers?|API|SDK|mode|format)\b", re.IGNORECASE)
_END = re.compile(r"\bwill be (?:fully )?(?:deprecated|removed|retired|shut down)[^.\n]*? on ([A-Z]\w+ \d{1,2}, \d{4})")
_ADVICE = re.compile(r"(?:migrating|migrate|switching|switch) to ([^.\n]*)")


class CerebrasDeprecationsSpider(SourceSpider):
    """Reads the dated `<Update>` blocks whose title deprecates models. Only when named, until its shape has been seen live.

    The block's day is the deprecation; the end is what a sentence says ("will be fully deprecated on May 27, 2026"). Blocks
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
        default=False,
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
            if title is None or _NO_MODEL.search(title["title"]):
                tally.skip("announcement of no model")
                continue
            end = _END.search(plain_markdown(block["text"]))
            advice = _ADVICE.search(block["text"])
            replacements = _CODE.findall(advice[1]) if advice else []
            events = deprecated(when(block["day"]))
            events += [ended(when(end[1]), replacements)] if end else []
            for name in (name for code in _CODE.findall(title["title"]) for name in model_ids(code)):
                lives.add(name, events, announced=block["day"])
        if not lives.listings():
            raise DocumentRefusedError("Cerebras' deprecations: no dated block deprecates a model; was the layout changed?")
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=len(blocks))
