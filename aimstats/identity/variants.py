"""Words that do not change the weights: effort, thinking, quantisation, speed, plan, region, prompt mode."""

import re
from dataclasses import dataclass, field

from aimstats.identity.tokens import Token

EFFORTS = frozenset(["none", "minimal", "low", "medium", "high", "xhigh", "max"])
QUANTISATIONS = frozenset(
    ["fp8", "fp16", "fp4", "fp32", "bf16", "int4", "int8", "awq", "gptq", "gguf", "nvfp4", "mxfp4", "mxfp8", "4bit", "8bit", "bnb", "w4a16", "w8a8", "w8a16", "nf4", "exl2", "mlx", "q4", "q5", "q6", "q8", "fp6", "autoround", "dwq"]
)
PLANS = frozenset(["free", "batch", "extended", "priority", "flex", "fast", "provisioned", "cheaper"])
_ALWAYS = frozenset(["free", "batch", "priority", "flex", "tee", "e2ee", "highspeed", "specdec", "tput", "grounding", "customtools", "cheaper", "lowlatency"])
# Words of a host about its own serving that say nothing about the model.
_NOISE = frozenset(["maas", "hf", "cs", "fw", "versatile", "api", "cloud", "webui", "unknown", "default", "length", "di", "model", "endpoint", "serverless"])
_BRACKETED = frozenset(["fc", "prompt", "search", "reasoning", "thinking", "web", "latency", "extended", "codex-harness"])
_BRACKET_KEPT = frozenset(
    ["uncensored", "abliterated", "vision", "base", "instruct", "chat", "code", "medical", "lite", "mini", "pro", "nano", "audio", "image"]
)
_LANGUAGE = frozenset(
    ["claude", "gpt", "chatgpt", "gemini", "grok", "deepseek", "glm", "kimi", "minimax", "qwen", "mimo", "llama", "mixtral", "mistral", "gemma", "nemotron", "hermes", "nova", "o1", "o3", "o4", "sonar", "ppl", "longcat", "hy", "hy3", "hunyuan", "cogito", "step", "muse", "mercury"]
)
_EFFORT_FAMILIES = _LANGUAGE - {"mistral", "mixtral", "gemma", "llama", "qwen", "hunyuan", "step", "mercury"}
_HYBRID = frozenset(["claude", "gpt", "gemini", "grok", "deepseek", "glm", "mimo", "minimax", "hermes", "nova", "hy", "hy3", "cogito", "o1", "o3", "o4", "mistral"])
_BUDGET = re.compile(r"(\d+)k")
_PIXELS = re.compile(r"(?:480|720|1080|2160)p")
_SIZE = re.compile(r"\d+(?:\.\d+)?b|\d+x\d+b")
_COMPOUND = {("codex", "harness"), ("high", "fidelity"), ("safety", "default"), ("default", "safety"), ("web", "search")}


@dataclass(slots=True)
class Taken:
    """The words left for the model, and what was taken off."""

    kept: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    region: str = ""
    plan: str = ""

    def add(self, word: str) -> None:
        self.found.add(word)
        if word in PLANS:
            self.plan = self.plan or word


def _budget(word: str) -> str:
    """8192, 32768 and 16k as thousands: 8k, 32k, 16k."""
    if word.isdigit():
        number = int(word)
        return f"{number // 1024 if number % 1024 == 0 else number // 1000}k"
    return word


def _is_thinking_edition(family: str, kept: list[str]) -> bool:
    """Whether `-thinking` names another model: Kimi K2, Qwen3 VL / Next / 2507 / Max, Gemini 2.0, most open weights."""
    if family == "qwen":
        return True
    if family == "kimi":
        return "k2" in kept or len(kept) < 2
    if family == "gemini":
        return "2.0" in kept
    if family == "glm":
        return any(word.startswith("4.1v") for word in kept)
    return family not in _HYBRID


def _speed(word: str, family: str, kept: list[str], sized: bool) -> bool:
    """Whether turbo, fast or lightning is a speed edition of the same weights rather than a model's own name."""
    if word == "lightning":
        return family == "minimax"
    if word == "turbo":
        return (sized and family not in ("whisper", "stable", "flux")) or family in ("deepseek", "kimi", "minimax", "mixtral")
    if family == "grok":
        return "3" in kept
    return family in _LANGUAGE or sized


def take(tokens: list[Token], family: str, *, in_name: bool, search_board: bool) -> Taken:
    """Sort tokens into the model's own words and variants.

    `family` is the family word of the name (it decides what `max`, `turbo` or `thinking` mean); `in_name` says that the text
    is a display name, where unknown words in brackets are remarks; `search_board` that the board added search.
    """
    taken = Taken()
    size = len(tokens)
    sized = any(_SIZE.fullmatch(token.text) for token in tokens)
    index = 0
    while index < size:
        token = tokens[index]
        word = token.text
        following = tokens[index + 1].text if index + 1 < size else ""
        index += 1
        last = index == size
        if word in QUANTISATIONS or word in _ALWAYS:
            taken.add(word)
        elif (word, following) in _COMPOUND:
            taken.add("search" if word == "web" else f"{word}-{following}" if word != "default" else "safety-default")
            index += 1
        elif word in ("no", "non") and following in ("thinking", "reasoning"):
            taken.add("no-thinking" if following == "thinking" else "non-reasoning")
            index += 1
        elif word in ("nothink", "nothinking"):
            taken.add("no-thinking")
        elif word == "unknown" and following == "thinking":
            index += 1
        elif word in ("thinking", "think"):
            index += _take_thinking(taken, token, tokens[index : index + 1], family)
        elif _BUDGET.fullmatch(word):
            _take_context(taken, token, following, family)
            index += following == "thinking"
        elif word in ("x",) and following == "high" and token.bracketed:
            taken.add("xhigh")
            index += 1
        elif _is_effort(
            word, token, family, taken.kept, last or tokens[index].bracketed or tokens[index].text in ("reasoning", "thinking")
        ):
            taken.add(word)
            index += following == "reasoning"
        elif word in ("turbo", "fast", "lightning") and taken.kept and _speed(word, family, taken.kept, sized):
            taken.add(word)
        elif word in ("reasoning", "instant") and (token.bracketed or _is_mode(word, family)):
            if family == "gpt" and word == "instant":
                taken.kept.append("chat")
            else:
                taken.add(word)
        elif word == "search" and (search_board or token.bracketed or family in ("claude", "gemini", "grok")):
            taken.add("search")
        elif _PIXELS.fullmatch(word) or (word == "audio" and family == "veo"):
            taken.add(word)
        elif word in ("web", "webapp") and (token.bracketed or last) and taken.kept:
            taken.add("web")
        elif word in _NOISE and taken.kept:
            continue
        elif token.bracketed:
            _take_bracketed(taken, word, in_name)
        else:
            taken.kept.append(word)
    return taken


def _take_thinking(taken: Taken, token: Token, following: list[Token], family: str) -> int:
    """Handle `thinking`; returns how many more words it used up."""
    if not (token.bracketed or token.separator == ":") and _is_thinking_edition(family, taken.kept):
        taken.kept.append(token.text)
        return 0
    after = following[0].text if following else ""
    if after and (_BUDGET.fullmatch(after) or (after.isdigit() and following[0].separator == ":")):
        taken.add(f"thinking-{_budget(after)}")
        return 1
    taken.add("thinking")
    return 0


def _take_context(taken: Taken, token: Token, following: str, family: str) -> None:
    """`16k thinking`, Epoch's `_16K` and bracketed budgets of thinking models are budgets, the rest context editions."""
    if following == "thinking" or "thinking" in taken.found:
        taken.found.discard("thinking")
        taken.add(f"thinking-{token.text}")
    elif (token.separator == "_" or token.bracketed) and family in ("claude", "gemini", "qwen"):
        taken.add(f"thinking-{token.text}")
    else:
        taken.add(token.text)


def _is_effort(word: str, token: Token, family: str, kept: list[str], last: bool) -> bool:
    if word not in EFFORTS or not kept:
        return False
    if token.bracketed or token.separator == "_" or word in ("xhigh", "minimal"):
        return True
    if word == "max":
        return family in ("claude", "deepseek", "glm", "kimi", "mimo") and last
    if word in ("medium", "none"):
        return family in _EFFORT_FAMILIES and last
    return last


def _is_mode(word: str, family: str) -> bool:
    return family == "grok" if word == "reasoning" else family in ("gpt", "kimi", "llama", "glm")


def _take_bracketed(taken: Taken, word: str, in_name: bool) -> None:
    if word in _BRACKETED:
        taken.add(word)
    elif word in ("us", "eu", "apac", "global", "au", "jp", "regional"):
        taken.region = word
    elif not in_name or word in _BRACKET_KEPT or _SIZE.fullmatch(word) or re.fullmatch(r"a\d+b", word):
        taken.kept.append(word)
