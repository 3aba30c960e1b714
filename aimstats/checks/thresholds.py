"""Every threshold of the gate, each with its reason: one table, however long, since docs/gate.md is printed from it."""

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
    "cheapest input or output price that is not free", "0.0003", "USD per 1M tokens",
    "a tenth of the cheapest genuine one, 0.0031; LiteLLM lists steps of image models at 0.00013",
)  # fmt: skip
CHEAPEST_MEDIA: Final = _limit(
    "cheapest input or output price, that is not free, of a model that draws or transcribes", "0.15", "USD per 1M tokens",
    "those that are sold by tokens cost 1.25 and more; LiteLLM lists steps and images at 0.0004 to 0.1, models.dev minutes and "
    "seconds of transcription at 0.00236 to 0.035",
)  # fmt: skip
CHEAPEST_TOKENS: Final = _limit(
    "cheapest other token price that is not free", "0.0005", "USD per 1M tokens",
    "the cheapest genuine prices are cache reads of 0.0024; models.dev lists gpt-5.4-nano at OpenRouter at 0.0000002",
)  # fmt: skip
CHEAPEST_CACHE: Final = _limit(
    "cheapest cache read that is not free", "0.0002", "USD per 1M tokens", "a tenth of the cheapest genuine one, 0.0024"
)
DEAREST_IMAGE: Final = _limit(
    "dearest image, page or step", 20, "USD each", "twenty times the dearest genuine image (0.84, at Venice)"
)
CHEAPEST_IMAGE: Final = _limit(
    "cheapest page, step or other image that is not free", "0.00001", "USD each",
    "a tenth of the cheapest genuine one (0.00012, an image read); LiteLLM has prices of tokens there (grok-2-vision, 0.000002)",
)  # fmt: skip
CHEAPEST_MADE_IMAGE: Final = _limit(
    "cheapest generated image that is not free", "0.0001", "USD each", "a tenth of the cheapest genuine one, 0.001",
)  # fmt: skip
TOKENS_OF_AN_IMAGE: Final = _limit(
    "fewest output tokens of the same model that a generated image costs", 100, "tokens",
    "LiteLLM's models that draw and write ask for 11,000 and more; of gemini-3.1-pro-preview it has that of ten tokens",
)  # fmt: skip
CHEAPEST_IMAGE_READ: Final = _limit(
    "cheapest image read that is not free", "0.000006", "USD each",
    "a tenth of the cheapest genuine one, 0.00006; LiteLLM has the price of one image token, 0.0000008 to 0.000005, in its place",
)  # fmt: skip
DEAREST_REQUEST: Final = _limit(
    "dearest request, session or video", 100, "USD each", "ten times the dearest genuine one (a song of ElevenLabs, 8.63)"
)
CHEAPEST_REQUEST: Final = _limit(
    "cheapest request, session or video that is not free",
    "0.0001",
    "USD each",
    "a tenth of the cheapest genuine one (a rerank, 0.001)",
)
DEAREST_TIME: Final = _limit("dearest second", 10, "USD per second", "ten times the dearest genuine second of video, 0.70")
CHEAPEST_TIME: Final = _limit(
    "cheapest second that is not free", "0.000001", "USD per second", "a tenth of the cheapest genuine one (a whisper, 0.000011)"
)
DEAREST_CHARACTERS: Final = _limit(
    "dearest characters or pixels", 2_000, "USD per 1M", "ten times the dearest genuine speech, 187 per million characters"
)
CHEAPEST_CHARACTERS: Final = _limit(
    "cheapest characters or pixels that are not free", "0.0001", "USD per 1M", "a tenth of the cheapest genuine pixels, 0.0013"
)
DEAREST_HOUR: Final = _limit("dearest hour or month", 2_000, "USD each", "ten times the dearest genuine hour of capacity, 163.80")
CHEAPEST_HOUR: Final = _limit(
    "cheapest hour, month or day of a gigabyte that is not free",
    "0.002",
    "USD each",
    "a tenth of the cheapest genuine one, 0.025",
)
DEAREST_RUN: Final = _limit(
    "dearest run of a benchmark", 1_000_000, "USD", "the dearest stated is 766; a hundred tasks of o3-high make 350,000"
)
CHEAPEST_RUN: Final = _limit("cheapest run that is not free", "0.0001", "USD", "a tenth of the cheapest stated, 0.0014")
DEAREST_TASK: Final = _limit("dearest task of a benchmark", 35_000, "USD", "ten times the dearest stated, 3,474 (o3-high)")
CHEAPEST_TASK: Final = _limit("cheapest task that is not free", "0.00004", "USD", "a tenth of the cheapest stated, 0.0004")
LONGEST_LIMIT: Final = _limit(
    "longest context, input or output",
    50_000_000,
    "tokens",
    "the longest stated is 20 million; Kling's 99,999,999 is a placeholder",
)
FIRST_YEAR: Final = _limit("first year of a date", 2015, "", "the oldest listed model is GPT-2 of 2019; 1970 is a zero")
YEARS_AHEAD_RELEASED: Final = _limit(
    "how far ahead a release, an update or a training date may lie", 2, "years", "models are announced months ahead"
)
YEARS_AHEAD_MEASURED: Final = _limit(
    "how far ahead the day of a measurement may lie", "0.01", "years", "it is tomorrow already elsewhere"
)
YEARS_AHEAD: Final = _limit(
    "how far ahead a retirement or a price's date may lie", 10, "years", "retirements are announced two years ahead at most"
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
SLIPPED_SHARE: Final = _limit(
    "share of a seller's new listings in a wrong unit, of those that can be compared", "0.5", "share",
    "who states half of a new price list in a wrong unit states all of it so, what nobody else knows included",
)  # fmt: skip
SLIPPED_LISTINGS: Final = _limit(
    "new listings of a seller in a wrong unit, for the rest of its new list to be held", 4, "listings",
    "two odd models of one seller held eleven genuine prices of it for a year",
)  # fmt: skip
SLIPPED_LEAST: Final = _limit(
    "the same, of all new listings of the seller", "0.1", "share",
    "of 300 new models that nobody else knows two may be odd and nothing else can be compared",
)  # fmt: skip
UNLIKE_ITS_SELLER: Final = _limit(
    "factor beyond the dearest and the cheapest of the same seller's other models", 30, "times",
    "a new model may be ten times dearer than any; beyond 20 times lie 5 of 21,000 real prices, each of them in a wrong unit",
)  # fmt: skip
PEERS_NEEDED: Final = _limit(
    "other models of a seller (or else of the document) that make a range", 3, "models", "two models make no range"
)
DAYS_STATED: Final = _limit(
    "days on which readings state what nobody else can judge, for it to be published", 3, "days",
    "a slip is mended within a day or two where it is seen; of 124 genuine moves that were held in eighteen months none was "
    "taken back",
)  # fmt: skip
DAYS_WITHOUT: Final = _limit(
    "days on which readings are without a field, for it to end; or state a move by a unit that nobody judges, to publish it",
    30, "days",
    "a renamed column is read again once its parser knows it; what was really dropped may say so for a month. No genuine move in "
    "eighteen months was one by a unit, and wrong ones stood for weeks",
)  # fmt: skip
MOVED_PRICE: Final = _limit(
    "factor by which one price may move", 8, "times",
    "the largest genuine cut of a listed price was 80 % (5 times, o3); others confirm what corrects a wrong figure",
)  # fmt: skip
MOVED_LIMIT: Final = _limit(
    "factor by which one limit may move", 400, "times",
    "4,096 to 1,048,576 tokens (256 times) is a genuine correction; thousands read as units are 1,000 times",
)  # fmt: skip
MOVED_SIZE: Final = _limit(
    "factor by which one size may move (parameters, dimensions, bytes)", 100, "times",
    "active for all parameters of a mixture are up to 30 times; millions read as billions are 1,000",
)  # fmt: skip
MOVED_COST: Final = _limit(
    "factor by which one cost inside a score may move", 20, "times", "costs are estimates that are made anew; cents are 100 times"
)
MOVED_SCORE: Final = _limit(
    "factor by which one score may move", 90, "times", "a share read as a percentage is 100 times; scores near zero do jump"
)
OTHER_TERMS: Final = _limit(
    "factor between a price and the nearest that its listing asks on other terms", 30, "times",
    "plans, tiers, hours and resolutions of one listing differ up to 12 times (a long context of qwen3-coder-plus)",
)  # fmt: skip
MOVED_SCORE_TO: Final = _limit(
    "scores that may move as they like, up to",
    5,
    "points",
    "below, a few points are many times: 0.03 to 4.7 is an edition's difference",
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
CACHE_READ_BELOW_INPUT: Final = _limit(
    "cache read over input price, at least", "0.004", "times", "the deepest genuine discount is 120 times (deepseek-v4-pro)"
)
CACHE_WRITE_ABOVE_INPUT: Final = _limit(
    "cache write over input price", 20, "times", "writes cost 1 to 2 times; listings reach 10"
)
CACHE_WRITE_BELOW_INPUT: Final = _limit(
    "cache write over input price, at least", "0.002", "times", "ByteDance's are 0.005 times, Google's 0.056"
)
OUTPUT_ABOVE_INPUT: Final = _limit(
    "output, reasoning, output of audio or images over input price", 500, "times",
    "1 to 8 for text; models that write images or audio reach 240; Evroc's minutes of speech as tokens are 1,000",
)  # fmt: skip
AUDIO_ABOVE_INPUT: Final = _limit(
    "input of audio or video over input price", 1_500, "times", "up to 68; OpenRouter does ask 1,000 times as much of one Voxtral"
)
IMAGE_ABOVE_INPUT: Final = _limit("input of images over input price", 100, "times", "1 to 2.25 times where it is stated")
MEDIA_BELOW_INPUT: Final = _limit(
    "reasoning, audio, images or video over input price, at least",
    "0.02",
    "times",
    "the least genuine is 0.56 (audio of a Gemini)",
)
OUTPUT_BELOW_INPUT: Final = _limit(
    "output over input price of a text model, at least", "0.25", "times",
    "one genuine model in 7,600 lies lower (a guard model, which is left out); a Llama at Azure has its columns swapped upstream",
)  # fmt: skip
ENDS_SHARE: Final = _limit(
    "share of a document's listings that end together, for the ends to wait", "0.25", "share",
    "catalogues lose a few per cent a day; a quarter gone at once may be a truncated document or new ids",
)  # fmt: skip
ENDS_LEAST: Final = _limit(
    "listings that end together, at least, for the ends to wait", 4, "listings", "of a page of nine three may be retired in a day"
)
CUT_DOCUMENT: Final = _limit("listings before, to look at the end of a document", 8, "listings", "the end of few is most of them")
CUT_LISTINGS: Final = _limit(
    "listings gone from the end of a document, and none from elsewhere", 3, "listings",
    "what is retired stands anywhere; a text that was cut short loses its end, and may end within a figure",
)  # fmt: skip
FIELD_SHARE: Final = _limit(
    "share of the listings that stated a field before, for its absence to count", "0.4", "share",
    "what most state does not vanish from all at once unless it was renamed",
)  # fmt: skip
FIELD_LISTINGS: Final = _limit(
    "listings that stated a field before, whatever their share", 20, "listings", "twenty do not drop a field on one day"
)
FIELD_LEFT: Final = _limit("share of a field that is left when it is gone", "0.1", "share", "a rename leaves a few odd records")
LEANING: Final = _limit(
    "share of the figures that moved together, and that others can judge, which decides what others say", "0.5", "share",
    "others follow or lead one by one",
)  # fmt: skip
TOGETHER_FACTOR: Final = _limit(
    "factor of a move that counts as one of many", 5, "times",
    "a seller cuts all of its models by 75 % (4 times) on one day; yuan taken for dollars are 7 times",
)  # fmt: skip
TOGETHER_LISTINGS: Final = _limit(
    "names (ids of listings) that move together", 5, "names", "one model moves at all of its hosts on one day, genuinely"
)
TOGETHER_SHARE: Final = _limit(
    "share of the compared names that move together", "0.3", "share", "of a catalogue a few per cent move a day"
)
TOGETHER_FIGURES: Final = _limit(
    "share of the scores of one name that make it a moved one", "0.5", "share",
    "another unit moves all of them; of a board's many columns a few near zero jump at every edition",
)  # fmt: skip
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
UNIFORM_NAMES: Final = _limit(
    "names that a round factor moved, to be a currency", 3, "names",
    "a seller cuts one or two models, or a part of its list, by a round share; an exchange rate is round by chance only",
)  # fmt: skip
SELLER_NAMES: Final = _limit(
    "names of one seller in a catalogue that one factor moved, to be a currency", 5, "names",
    "four models of a seller may share a factor that looks like an exchange rate; a round one is the seller's own change",
)  # fmt: skip
ROUND_STEP: Final = _limit("what a round factor is a multiple of", "0.05", "times", "cuts are 10, 15, 20, 25 ... %")
ROUND_WITHIN: Final = _limit("how near a round factor is to it", "0.0005", "times", "exchange rates have four decimals")
EXCHANGE_LOW: Final = _limit("least factor of a currency", "0.7", "times", "dollars in pounds or euros, 0.72 to 0.98 since 2015")
EXCHANGE_HIGH: Final = _limit("largest factor of a currency", "1.42", "times", "the other way round")
EXCHANGE_NONE: Final = _limit("factor that is no exchange rate", "0.03", "share", "near 1 it is rounding or a small change")
SWAPPED_DATES: Final = _limit(
    "listings whose end lies before its notice, for the table of dates to have changed places", 2, "listings",
    "one such row is a slip of its own, and held alone",
)  # fmt: skip
SWAPPED_DATES_SHARE: Final = _limit(
    "share of them of the listings that state both", "0.5", "share", "columns that changed places make most of them wrong"
)


def as_markdown() -> str:
    """The table as docs/gate.md prints it."""
    rows = [f"| {row.name} | {f'{row.value:,} {row.unit}' if row.unit else row.value} | {row.reason} |" for row in TABLE]
    return "\n".join(["| what | limit | why |", "| --- | --- | --- |", *rows])
