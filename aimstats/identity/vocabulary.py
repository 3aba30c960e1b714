"""The words that variants are made of."""

import re
from functools import lru_cache

from aimstats.identity.wordset import word_set

EFFORTS = word_set("none minimal low medium high xhigh max")
QUANTISATIONS = word_set("""
    fp8 fp16 fp4 fp32 fp6 bf16 int4 int8 awq gptq gguf nvfp4 mxfp mxfp4 mxfp8 4bit 8bit bnb w4a16 w8a8 w8a16 nf4 exl2 mlx
    q4 q5 q6 q8 autoround dwq qat
    """)
# Words that are terms of sale: they belong to the price, not to the offer.
PLANS = word_set("free batch extended priority flex fast provisioned cheaper")
REGIONS = word_set("us eu apac global au jp ca regional us-gov uk")

# Always variants, wherever they stand after the family.
ALWAYS = word_set("""
    free tee e2ee highspeed specdec tput grounding customtools cheaper exacto inspect elicited
    """)
# Variants of language models, or wherever a colon or brackets mark them; elsewhere they may be a model's own name (FLUX.2 flex).
TERMS = word_set("batch extended priority flex original quality")
# A host's or a board's remarks about its own serving that say nothing about the model.
NOISE = word_set("""
    maas hf cs fw versatile api cloud unknown default length di model endpoint serverless together fal
    """)
# Two words that are one variant: (first, second) -> what it is called ('' drops it).
PAIRS = {
    ("codex", "harness"): "codex-harness", ("high", "fidelity"): "high-fidelity", ("safety", "default"): "safety-default",
    ("default", "safety"): "safety-default", ("safety", "block"): "safety-block", ("web", "search"): "search",
    ("high", "throughput"): "high-throughput", ("thinking", "disabled"): "no-thinking", ("web", "app"): "web",
    ("no", "thinking"): "no-thinking", ("non", "thinking"): "no-thinking", ("no", "reasoning"): "non-reasoning",
    ("non", "reasoning"): "non-reasoning", ("unknown", "thinking"): "", ("dev", "api"): "", ("x", "high"): "xhigh",
    ("mixed", "ar"): "", ("think", "off"): "no-thinking", ("no", "think"): "no-thinking", ("high", "res"): "high-res",
    ("high", "speed"): "highspeed",
}  # fmt: skip
ALIASES = {
    "nothink": "no-thinking",
    "nothinking": "no-thinking",
    "nonthinking": "no-thinking",
    "nonreasoning": "non-reasoning",
}
# Words that are variants only when they stand in brackets.
BRACKETED = word_set("fc prompt search reasoning web latency")
# Words in brackets that are part of the name; other remarks in brackets are left out.
BRACKET_KEPT = word_set("uncensored abliterated vision base instruct chat code medical audio")
# Context lengths in tokens, as Groq wrote them into ids.
LENGTHS = word_set("2048 4096 8192 16384 32768 65536 131072")
# Words after a colon that are tags of the weights, not terms (ollama).
TAGS = word_set("instruct chat base it text vision code coder pt latest")

_SIZE = re.compile(r"\d+(?:\.\d+)?[bm]|\d+x\d+(?:\.\d+)?b|e\d+b|\d+t")
_ACTIVE = re.compile(r"a\d+(?:\.\d+)?b")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d+)?")
_VERSION = re.compile(r"[vkmrx]?\d{1,2}(?:\.\d+)*[a-z]?")
# Every word that a name's scanner looks at; all others are the model's own unless brackets or a colon mark them.
_WATCHED = (
    QUANTISATIONS | ALWAYS | TERMS | EFFORTS | NOISE | LENGTHS | frozenset(ALIASES) | frozenset(first for first, _ in PAIRS)
) | word_set("deep dspy highthinking thinking think turbo fast lightning basic dynamic reasoning instant search audio web webapp")
BUDGET = re.compile(r"\d+k")
MILLIONS = re.compile(r"[1-9]0?m")
PIXELS = re.compile(r"(?:480|720|1080|2160)p")

LANGUAGE = word_set("""
    claude gpt chatgpt gemini grok deepseek glm kimi minimax qwen mimo llama mixtral mistral gemma nemotron hermes nova o1
    o3 o4 sonar pplx longcat hy hy3 hunyuan cogito step muse mercury command
    """)
# Families whose last word medium / none / max may be an effort (elsewhere it is an edition or unlikely).
EFFORT_FAMILIES = LANGUAGE - word_set("mistral mixtral gemma llama qwen hunyuan step mercury command")
MAX_EFFORT_FAMILIES = word_set("claude deepseek glm kimi mimo")
# Families with one set of weights for both modes: -thinking is how they were run.
HYBRIDS = word_set("""
    claude gpt gemini grok deepseek glm mimo minimax hermes nova hy hy3 cogito o1 o3 o4 mistral
    """)
# Qwen3 editions and sizes that were sold as separate thinking weights.
QWEN_THINKING = word_set("vl next omni max coder 235b 30b 4b")
FAST_FAMILIES = LANGUAGE - {"grok"}
TURBO_FAMILIES = word_set("deepseek kimi minimax mixtral")
UNSIZED_SPEED = word_set("whisper stable flux")


@lru_cache(maxsize=4096)
def is_quiet(word: str) -> bool:
    """Whether a plain word can only be part of the model's own name.

    >>> is_quiet("sonnet"), is_quiet("turbo"), is_quiet("16k")
    (True, False, False)
    """
    return word not in _WATCHED and not BUDGET.fullmatch(word) and not PIXELS.fullmatch(word)


@lru_cache(maxsize=4096)
def is_size(word: str) -> bool:
    """A size in parameters.

    >>> [is_size(word) for word in ("70b", "8x7b", "e4b", "1t", "4k")]
    [True, True, True, True, False]
    """
    return _SIZE.fullmatch(word) is not None


def is_active_size(word: str) -> bool:
    """The active part of a mixture of experts: a22b."""
    return _ACTIVE.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def is_number(word: str) -> bool:
    """A bare generation: 4, 3.5."""
    return _NUMBER.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def is_version(word: str) -> bool:
    """A generation with or without its letter: 4, 3.5, v3.1, k2, 4o."""
    return _VERSION.fullmatch(word) is not None
