"""Names of Azure's meters: which model, what is billed, on which terms. They are labels for bills, abbreviated in many ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DIRECTION, CACHE, WRITE, MODALITY, DEPLOYMENT, PLAN, CONTEXT = (
    "direction", "cache", "write", "modality", "deployment", "plan", "context",
)  # fmt: skip
_TABLE: Final = (
    # what is said, how, by which words behind the model's name
    (DIRECTION, "input", "inp inpt input in batchinp"),
    (DIRECTION, "output", "outp outpt output opt out batchoutp"),
    (CACHE, "cached", "cached cchd cache cd"),
    (WRITE, "write", "wr write"),
    (MODALITY, "", "txt"),
    (MODALITY, "_audio", "aud"),
    (MODALITY, "_image", "img"),
    (DEPLOYMENT, "global", "glbl gl global"),
    (DEPLOYMENT, "data zone", "dzone dz datazone"),
    (DEPLOYMENT, "regional", "regnl rgnl regional"),
    (PLAN, "standard", "std"),
    (PLAN, "batch", "batch batchinp batchoutp"),
    (PLAN, "priority", "pp"),
    (PLAN, "flex", "fl flex"),
    (CONTEXT, "short", "shortco shco"),
    (CONTEXT, "long", "longco"),
)
WORDS: Final[dict[str, dict[str, str]]] = {}
for _about, _said, _words in _TABLE:
    for _word in _words.split():
        WORDS.setdefault(_word, {})[_about] = _said
PROVISIONED: Final = frozenset({"provisioned", "ptu", "ptum"})
TUNING: Final = frozenset(
    {"ft", "finetuned", "finetuning", "finetune", "tuned", "tuning", "training", "trng", "hosting", "hstng", "grader"}
)
NO_NAMES: Final = frozenset({"mini", "nano", "pro", "chat", "max", "large", "medium", "small", "turbo", "prvw", "rt"})
"""Words that begin no model's name."""
SHORTHAND: Final = frozenset({"prvw", "rt", "aud", "img", "txt"})
"""Abbreviations that a model's name must not hold: nobody else calls it so."""
KINDS_OF_TOKENS: Final = frozenset({"text", "audio", "image"})
"""As the last word of a name they may as well say which of the model's tokens are meant."""

FAMILY_LEFT_OUT: Final[dict[str, tuple[str, str]]] = {
    # product -> (the family that its meters leave out, how a name without it begins)
    "azure openai": ("gpt", r"\d"),
    "azure openai gpt5": ("gpt", r"\d"),
    "azure grok models": ("grok", r"\d"),
    "azure deepseek models": ("deepseek", r"[vr]?\d"),
    "azure llama models": ("llama", r"\d"),
    "azure kimi": ("kimi", r"k?\d"),
    "azure phi models": ("phi", r"\d"),
}
EMBEDDINGS: Final = "embedding"

_SEPARATORS = re.compile(r"[\s/_-]+")
_COUNT_OF_TOKENS = re.compile(r"1[km]")


@dataclass(frozen=True, slots=True)
class Meter:
    """What a meter's name says. `model` is '' where that is not understood; `meter` is '' where what is billed is not, or is
    nothing that answers (`reason` says why). `deployment` is `global`, `data zone` or `regional`."""

    model: str = ""
    meter: str = ""
    plan: str = "standard"
    deployment: str = "regional"
    is_long_context: bool = False
    reason: str = ""


def read_meter(name: str, product: str, unit: str) -> Meter:
    """The meter of that name in a product, billed per `unit` (`1K` or `1M` tokens).

    Every word must be known: the model's name first, then words of the tables above, each thing said once.

    >>> read_meter("GPT 5 Mini cchd Inpt Glbl 1M Tokens", "Azure OpenAI GPT5", "1M")
    Meter(model='gpt 5 mini', meter='cache_read', plan='standard', deployment='global', is_long_context=False, reason='')
    >>> read_meter("5.6 luna LongCo Opt Batch DZ 1M Tokens", "Azure OpenAI GPT5", "1M")
    Meter(model='gpt 5.6 luna', meter='output', plan='batch', deployment='data zone', is_long_context=True, reason='')
    >>> read_meter("GPT 5 Mini Inpt Zork 1M Tokens", "Azure OpenAI GPT5", "1M").model
    'gpt 5 mini'
    """
    words = [word for word in _SEPARATORS.split(name.lower().replace("data zone", "datazone").strip()) if word]
    if PROVISIONED & set(words):
        return Meter(reason="provisioned throughput")
    if TUNING & set(words):
        return Meter(reason="fine-tuning, training and hosting")
    if not words or words.pop() not in ("tokens", "token"):
        return Meter()
    if words and _COUNT_OF_TOKENS.fullmatch(words[-1]) and words.pop() != unit.lower():
        return Meter()
    start = next((place for place, word in enumerate(words) if place and word in WORDS), len(words))
    model = _model(words[:start], product)
    terms = _terms(words[start:])
    if not model or terms is None:
        return Meter(model=model)
    return Meter(
        model=model,
        meter=_meter(terms, product),
        plan=terms.get(PLAN, "standard"),
        deployment=terms.get(DEPLOYMENT, "regional"),
        is_long_context=terms.get(CONTEXT) == "long",
    )


def _model(words: list[str], product: str) -> str:
    """The model's name, with the family that the product leaves out; '' for what is none."""
    if not words or words[0] in NO_NAMES or SHORTHAND & set(words) or words[-1] in KINDS_OF_TOKENS:
        return ""
    family, bare = FAMILY_LEFT_OUT.get(product.lower(), ("", ""))
    if family and re.match(bare, words[0]):
        words = [family, *words]
    return " ".join(words) if words[0][0].isalpha() else ""


def _terms(words: list[str]) -> dict[str, str] | None:
    """What the words say; None where one is unknown or two say different things, or the same twice."""
    terms: dict[str, str] = {}
    for word in words:
        said = WORDS.get(word)
        if said is None or said.keys() & terms.keys():
            return None
        terms |= said
    return terms


def _meter(terms: dict[str, str], product: str) -> str:
    """What is billed, '' where the words do not say it; an embedding has nothing but input."""
    direction = terms.get(DIRECTION) or ("input" if CACHE in terms or EMBEDDINGS in product.lower() else "")
    modality = terms.get(MODALITY, "")
    if CACHE in terms:
        if direction == "output":
            return ""
        meter = f"{'cache_write' if WRITE in terms else 'cache_read'}{modality}"
        return "" if meter == "cache_write_image" else meter
    return "" if WRITE in terms or not direction else f"{direction}{modality}"
