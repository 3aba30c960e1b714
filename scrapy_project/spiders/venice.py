"""Venice's pricing page as a reader service renders it: a line with name and id, a line of tags, a line of labelled amounts."""

from __future__ import annotations

import re
from typing import Final

from aimstats.domain.copies import copy_of
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider
from scrapy_project.base.pages import Draft, Page
from scrapy_project.formats.rendered import rendered_page

ORIGINAL: Final = "https://docs.venice.ai/overview/pricing"

METER_OF_LABEL: Final = {
    # label -> (meter, unit)
    "input price": ("input", "1M tokens"),
    "output price": ("output", "1M tokens"),
    "cache read": ("cache_read", "1M tokens"),
    "cache write": ("cache_write", "1M tokens"),
    "per 1m tokens": ("input", "1M tokens"),
    "per image": ("image", "image"),
    "per edit": ("image", "image"),
    "per 1m characters": ("input_character", "1M characters"),
    "per audio second": ("input_audio", "second"),
    "per second": ("output_audio", "second"),
    "per generation": ("request", "request"),
    "per 1k calls": ("web_search", "1K requests"),
    "per 1k urls": ("web_fetch", "1K requests"),
    "per 1k results": ("web_search", "1K requests"),
}
TYPE_OF_METER: Final = {"image": "image", "input_character": "speech", "input_audio": "transcription"}

_MODEL = re.compile(r"(?P<name>[^`|]+?)(?P<beta> Beta)?`(?P<id>[^`]+)`")
_AMOUNT = re.compile(r"(?P<label>[A-Za-z0-9][\w \t]{0,60})\$(?P<amount>\d[\d,]{0,20}(?:\.\d{1,20})?)")
_LABELLED = re.compile("|".join(METER_OF_LABEL), re.IGNORECASE)
_PRICES = re.compile(r"(?:[A-Z0-9][\w ]{0,30}?\$[\d.,]++\s*+)++(?:Context \d+K)?")
_CONTEXT = re.compile(r"\bContext (\d+K)\b")
_TIER = re.compile(r">(\d+)K context: (.+)")
_PER_M = re.compile(r"(\$[\d.]+)/M (input|output)")
_CACHE = re.compile(r"(\$[\d.]+)(?:/(\$[\d.]+))? cache")
_TIER_PRICES = re.compile(r"\$[\d.]+/M input · \$[\d.]+/M output(?: · \$[\d.]+(?:/\$[\d.]+)? cache)?")
_SIZE = re.compile(r"\d+K|\d+x Upscale", re.IGNORECASE)
_DURATION = re.compile(r"(\d+)s")


class VeniceSpider(SourceSpider):
    """One document. "Starting at" is no price, and an amount rounded to zero is not free: both are counted and left out."""

    source = Source(
        id="venice",
        name="Venice pricing",
        kind="page",
        url=ORIGINAL,
        terms_url="https://venice.ai/legal/tos",
        attribution="Venice.ai, read through r.jina.ai",
        cadence_hours=72,
        priority=10,
        provider="venice",
        hosts=("r.jina.ai",),
    )
    start_urls = (copy_of(ORIGINAL),)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model; refuses a page that no longer states its unit, or without input and output prices."""
        text, date = rendered_page(body, ORIGINAL)
        if "Prices per 1M tokens unless noted. All prices in USD." not in text:
            raise DocumentRefusedError("Venice pricing: the page no longer states unit and currency")
        page = Page("venice", url, ORIGINAL)
        draft: Draft | None = None
        for line in filter(None, (line.strip() for line in text.split("\n"))):
            if line.startswith("#"):
                draft = None
            elif model := _MODEL.fullmatch(line):
                page.rows += 1
                draft = _begin(page, model)
            elif draft is not None and (tier := _TIER.fullmatch(line)):
                _read_tier(draft, int(tier[1]) * 1_000, tier[2])
            elif draft is not None and ("$" in line or "Starting At" in line):
                _read_amounts(draft, line)
        if not any(
            stated.key.meter == "output" and not stated.key.min_context_tokens
            for draft in page.drafts.values()
            for stated in draft.prices
        ):
            raise DocumentRefusedError("Venice pricing: no model with an output price")
        return page.seen(date)


def _begin(page: Page, model: re.Match[str]) -> Draft:
    """The draft of a line with a name and an id; an id with a colon is a request parameter of a tool."""
    if ":" in model["id"]:
        return page.listing(model["name"].strip(), is_page_name=True, kind="other")
    draft = page.listing(model["id"])
    draft.state(name=model["name"].strip(), status="preview" if model["beta"] else None)
    return draft


def _read_amounts(draft: Draft, line: str) -> None:
    if "Starting At" in line:
        draft.tally.skip("starting price")
        draft.incomplete = True
        return
    if not _PRICES.fullmatch(line):
        if _AMOUNT.match(line) or _LABELLED.match(line):
            draft.unknown(f"line: {line}")
        else:
            draft.tally.skip("remark on prices")
        return
    if context := _CONTEXT.search(line):
        draft.state(flags_context=context[1])
    for found in _AMOUNT.finditer(_CONTEXT.sub("", line)):
        label, stated = found["label"].strip().lower(), f"${found['amount']}"
        if not found["amount"].strip("0.,"):
            draft.tally.skip("amount rounded to zero")
            draft.incomplete = True
        elif label in METER_OF_LABEL:
            meter, unit = METER_OF_LABEL[label]
            draft.add(meter, stated, unit)
            draft.state(type=TYPE_OF_METER.get(meter))
        elif _SIZE.fullmatch(label):
            draft.add("image", stated, conditions={"resolution": label.upper().replace(" UPSCALE", " upscale")})
            draft.state(type="image")
        elif duration := _DURATION.fullmatch(label):
            draft.add("request", stated, conditions={"duration_s": duration[1]})
        else:
            draft.unknown(f"label {label}")


def _read_tier(draft: Draft, tokens: int, text: str) -> None:
    """`$5.00/M input · $22.50/M output · $0.50/$0.50 cache` above a length of context: the cache's two are read and write."""
    if not _TIER_PRICES.fullmatch(text):
        draft.unknown(f"tier: {text}")
        return
    for stated, meter in _PER_M.findall(text):
        draft.add(meter, stated, "1M tokens", min_context_tokens=tokens)
    if cache := _CACHE.search(text):
        draft.add("cache_read", cache[1], "1M tokens", min_context_tokens=tokens)
        draft.add("cache_write", cache[2] or "", "1M tokens", min_context_tokens=tokens)
