"""Every threshold of the gate in one table, each with its reason (docs/gate.md is printed from it)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit of the gate: what it limits, where it stands and why. `unit` says what the value counts."""

    name: str
    value: Decimal
    unit: str
    reason: str


TABLE: Final[list[Threshold]] = []
"""All thresholds in the order in which they are read."""


def _limit(name: str, value: str | int, unit: str, reason: str) -> Threshold:
    threshold = Threshold(name, Decimal(value), unit, reason)
    TABLE.append(threshold)
    return threshold


DEAREST_TOKENS: Final = _limit(
    "dearest token price", 6_000, "USD per 1M tokens",
    "ten times the dearest genuine price ever listed (o1-pro, 600 for output), so that a new model ten times dearer than any "
    "is published; LiteLLM's wandb rows stand at 5,000 to 540,000",
)  # fmt: skip
DEAREST_SIZED: Final = _limit(
    "dearest token price of a model whose id states its size", 200, "USD per 1M tokens",
    "open models named with their size (70b) cost 0.01 to 20; the dearest genuine one is 100 (an audio model's output); "
    "LiteLLM lists a 13b model at 500/2,000 and a 30b one at 3,200/9,710, a thousand times too much",
)  # fmt: skip
DEAREST_EMBEDDING: Final = _limit(
    "dearest text token price of a model that embeds or reranks", 10, "USD per 1M tokens",
    "ten times the dearest genuine one (0.80); LiteLLM lists one of Cohere's at 100 and one of TwelveLabs' at 70, a thousand "
    "times what their kin cost",
)  # fmt: skip
CHEAPEST_TEXT: Final = _limit(
    "cheapest input or output price that is not free", "0.0025", "USD per 1M tokens",
    "the cheapest genuine one is 0.0031; LiteLLM lists steps of image models at 0.0005 and 0.001, models.dev minutes of "
    "transcription at 0.00236",
)  # fmt: skip
CHEAPEST_TOKENS: Final = _limit(
    "cheapest other token price that is not free", "0.0005", "USD per 1M tokens",
    "the cheapest genuine prices are cache reads of 0.0024; models.dev lists gpt-5.4-nano at OpenRouter at 0.0000002",
)  # fmt: skip
DEAREST_IMAGE: Final = _limit("dearest image, page, request, step or video", 50, "USD each", "the dearest genuine one is 2.00")
CHEAPEST_IMAGE: Final = _limit(
    "cheapest generated image that is not free", "0.0005", "USD each",
    "the cheapest genuine one is 0.001; LiteLLM lists gemini-3.1-pro-preview, a chat model, at 0.00012, a price of tokens",
)  # fmt: skip
CHEAPEST_IMAGE_READ: Final = _limit(
    "cheapest image read that is not free", "0.00002", "USD each",
    "the cheapest genuine one is 0.00006; LiteLLM lists the price of one image token, 0.0000008 to 0.000005, as that of an image",
)  # fmt: skip
DEAREST_TIME: Final = _limit("dearest second", 50, "USD per second", "the dearest genuine second of video is 0.70")
DEAREST_CHARACTERS: Final = _limit(
    "dearest characters or pixels", 5_000, "USD per 1M", "the dearest genuine speech costs 180 per million characters"
)
FAR_FROM_OTHERS: Final = _limit(
    "factor from what others say", 80, "times",
    "slips of a unit are 100 (cents), 1,000 or 1,000,000 times; genuine prices of one model at different sellers differ up to "
    "50 times, disagreements of sources about one offer up to 67 (the audio price of gpt-4o-mini-audio)",
)  # fmt: skip
SELLERS_NEEDED: Final = _limit(
    "other sellers needed to judge a price by its model", 2, "sellers", "of two that differ by a unit nobody knows which is wrong"
)
SELLERS_OF_A_MEDIAN: Final = _limit(
    "other sellers whose median is taken", 3, "sellers", "a wrong one does not move it; of fewer the nearest is taken"
)
CONFIRMED_WITHIN: Final = _limit(
    "factor within which others confirm a price", 2, "times",
    "94 % of the prices that two sources state of one offer lie within it; a confirmed figure is published however far it moved",
)  # fmt: skip
BESIDE_A_SLIP: Final = _limit(
    "factor from others that a figure beside a slip may have", 10, "times",
    "who states one price of a new listing in a wrong unit usually states all of them so",
)  # fmt: skip
MOVED_PRICE: Final = _limit(
    "factor by which one price may move", 8, "times",
    "the largest genuine cut of a listed price was 80 % (5 times, o3); others confirm what corrects a wrong figure",
)  # fmt: skip
MOVED_LIMIT: Final = _limit(
    "factor by which one limit may move", 400, "times",
    "4,096 to 1,048,576 tokens (256 times) is a genuine correction; thousands read as units are 1,000 times",
)  # fmt: skip
MOVED_SCORE: Final = _limit(
    "factor by which one score may move", 90, "times", "a share read as a percentage is 100 times; scores near zero do jump"
)
BATCH_ABOVE_STANDARD: Final = _limit(
    "batch or flex price over standard price", "1.05", "times", "these plans are discounts; equal prices occur"
)
PRIORITY_ABOVE_STANDARD: Final = _limit(
    "priority price over standard price", 15, "times",
    "fast modes cost 1.5 to 6 times; LiteLLM's gpt-5-nano stands at 50 times, a figure of another model",
)  # fmt: skip
CACHE_READ_ABOVE_INPUT: Final = _limit(
    "cache read over input price, for both to be held",
    5,
    "times",
    "reading a cache is a discount of 50 to 98 %; so far apart the input price may be the wrong one",
)
CACHE_READ_DISCOUNT: Final = _limit(
    "cache read over input price, for the cache read alone to be held", "1.01", "times",
    "nobody reads a cache that costs more than not to use it: all six such listings (2026-11) are wrong upstream, three by a "
    "cache write in its place",
)  # fmt: skip
CACHE_WRITE_ABOVE_INPUT: Final = _limit(
    "cache write over input price", 20, "times", "writes cost 1 to 2 times; listings reach 10"
)
OUTPUT_ABOVE_INPUT: Final = _limit(
    "output over input price", 500, "times", "1 to 8 for text; models that write images or audio reach 240"
)
OUTPUT_BELOW_INPUT: Final = _limit(
    "output over input price of a text model, at least", "0.25", "times",
    "one genuine model in 7,600 lies lower (a guard model, which is left out); a Llama at Azure has its columns swapped upstream",
)  # fmt: skip
KEPT_LISTINGS: Final = _limit(
    "share of the listings of the last reading that are still there", "0.75", "share",
    "catalogues lose a few per cent a day; a quarter gone at once is a truncated document or new ids",
)  # fmt: skip
KEPT_LISTINGS_SMALL: Final = _limit(
    "the same for a small document", "0.6", "share", "a page of five models may lose two in a day, not three"
)
FEWEST_LISTINGS: Final = _limit(
    "listings before, to count the share of them", 4, "listings", "one model of three may go without anything being wrong"
)
SMALL_DOCUMENT: Final = _limit("listings of a small document, fewer than", 8, "listings", "a share of few is a matter of chance")
CUT_LISTINGS: Final = _limit(
    "listings gone from the end of a document, and none from elsewhere", 3, "listings",
    "what is retired stands anywhere; a text that was cut short loses its end, and may end within a figure",
)  # fmt: skip
KEPT_PRICES: Final = _limit(
    "share of the prices of the last reading that are still there", "0.65", "share",
    "a plan may end, but a third of all prices gone at once is a column that is read no longer",
)  # fmt: skip
PRICES_COUNTED: Final = _limit("prices before, to count the share of them", 8, "prices", "fewer may go with one plan")
FIELD_SHARE: Final = _limit(
    "share of the listings that stated a field before, for its absence to count", "0.4", "share",
    "what most state does not vanish from all at once unless it was renamed",
)  # fmt: skip
FIELD_LISTINGS: Final = _limit(
    "listings that stated a field before, whatever their share", 20, "listings", "twenty do not drop a field on one day"
)
FIELD_LEFT: Final = _limit("share of a field that is left when it is gone", "0.1", "share", "a rename leaves a few odd records")
TOGETHER_FACTOR: Final = _limit(
    "factor of a move that counts as one of many", 3, "times", "daily moves are smaller; a cut of 75 % is 4 times"
)
TOGETHER_LISTINGS: Final = _limit(
    "listings that move together", 5, "listings", "one provider cuts its few models by 75 % on one day, genuinely"
)
TOGETHER_SHARE: Final = _limit(
    "share of the compared listings that move together", "0.3", "share", "of a catalogue a few per cent move a day"
)
WRONG_LISTINGS: Final = _limit(
    "listings that become free or swap columns together", 2, "listings", "each is held anyway; from here on it is the document"
)
UNIFORM_FIGURES: Final = _limit("prices that all moved by one factor", 4, "prices", "fewer may share a factor by chance")
UNIFORM_SHARE: Final = _limit("share of all prices that one factor moved", "0.8", "share", "a currency moves all of them")
UNIFORM_MANY: Final = _limit(
    "prices that one factor moved, to count the moved ones only", 20, "prices",
    "one table of a page may be in another currency; so many genuine changes do not share a factor near 1",
)  # fmt: skip
UNIFORM_WITHIN: Final = _limit("how equal one factor is", "0.01", "share", "rounding to cents blurs it")
EXCHANGE_LOW: Final = _limit("least factor of a currency", "0.7", "times", "dollars in pounds or euros, 0.72 to 0.98 since 2015")
EXCHANGE_HIGH: Final = _limit("largest factor of a currency", "1.42", "times", "the other way round")
EXCHANGE_NONE: Final = _limit("factor that is no exchange rate", "0.03", "share", "near 1 it is rounding or a small change")
HELD_DOCUMENTS: Final = _limit("share of a source's documents that may be held", "0.2", "share", "as for documents that fail")


def as_markdown() -> str:
    """The table as docs/gate.md prints it."""
    rows = [f"| {row.name} | {row.value:,} {row.unit} | {row.reason} |" for row in TABLE]
    return "\n".join(["| what | limit | why |", "| --- | --- | --- |", *rows])
