"""Cache prices on Anthropic's other plans: stated multiples of the input price, which stack on batches and fast mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aimstats.domain.money import decimal_of
from aimstats.domain.prices import Price, price
from scrapy_project.base.pages import Draft, Page

_METERS: Final = {"5-minute cache write": "cache_write", "1-hour cache write": "cache_write_1h", "cache read": "cache_read"}
_MULTIPLE = re.compile(
    r"(5-minute cache write|1-hour cache write|cache read)(?: \(hit\))?(?: tokens)?\s{0,9}(?:\||are) ?([\d.]{1,9}) ?(?:x|times)"
    r" (?:the )?base input",
    re.IGNORECASE,
)
_STACKS: Final = {
    "batch": re.compile(r"multipliers stack with [^.\n]{0,120}Batch API"),
    "fast": re.compile(r"caching multipliers[^\n]{0,160}on top of fast mode pricing", re.IGNORECASE),
}


def derive_caching(page: Page, text: str) -> None:
    """Add to the models with cache prices those of the plans on which the document says that the multiples stack."""
    multiples = {_METERS[words.lower()]: decimal_of(factor) for words, factor in _MULTIPLE.findall(text)}
    plans = [plan for plan, says in _STACKS.items() if says.search(text)]
    for draft in page.drafts.values():
        draft.prices += [found for plan in plans for found in _derived(draft, plan, multiples)]


def _derived(draft: Draft, plan: str, multiples: dict[str, Decimal]) -> Iterator[Price]:
    stated = {(one.key.meter, one.key.plan, one.key.min_context_tokens) for one in draft.prices}
    for one in draft.prices:
        key = one.key
        if one.amount is None or (key.meter, key.plan, key.unit) != ("input", plan, ""):
            continue
        for meter, factor in multiples.items():
            if (meter, "standard", 0) in stated and (meter, plan, key.min_context_tokens) not in stated:
                yield price(
                    meter,
                    one.amount * factor,
                    one.unit,
                    plan=plan,
                    min_context_tokens=key.min_context_tokens,
                    derived_from=f"{factor}x of the input price on plan {plan}",
                    valid_from=one.valid_from,
                    valid_to=one.valid_to,
                )
