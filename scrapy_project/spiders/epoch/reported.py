"""Who reported a figure that a collection repeats: the model's own developer, somebody else, or nobody who is told."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

LABS: Final[dict[str, tuple[str, ...]]] = {
    # a lab as collections spell it -> where its own announcements, cards and reports stand
    "anthropic": ("anthropic.com",),
    "openai": ("openai.com",),
    "google deepmind": ("storage.googleapis.com/deepmind-media", "deepmind.google", "blog.google"),
    "google": ("blog.google",),
    "xai": ("x.ai",),
    "meta ai": ("ai.meta.com",),
    "mistral ai": ("mistral.ai",),
    "deepseek": ("deepseek.com",),
    "alibaba": ("qwen.ai", "qwenlm.github.io"),
    "moonshot": ("moonshot.ai", "moonshot.cn"),
    "z.ai (zhipu ai)": ("z.ai",),
    "minimax": ("minimax.io",),
    "inflection ai": ("inflection.ai",),
    "cohere": ("cohere.com",),
}
REPORTS: Final[dict[str, tuple[str, ...]]] = {
    # how the title of a lab's report begins -> how the names of that lab's models in it begin
    "qwen2.5-coder technical report": ("qwen", "codeqwen"),
    "gpt-4 technical report": ("gpt", "text-davinci"),
    "language models are few-shot learners": ("gpt", "text-davinci"),
    "llama: open and efficient": ("llama",),
    "llama 2: open foundation": ("llama",),
    "the llama 3 herd": ("llama", "meta-llama"),
    "mixtral of experts": ("mixtral", "mistral"),
    "gemma: open models": ("gemma",),
    "palm: scaling language modeling": ("palm",),
    "glam: efficient scaling": ("glam",),
    "exploring the limits of transfer learning": ("t5",),
    "switch transformers": ("switch", "t5"),
    "training compute-optimal": ("chinchilla", "gopher"),
    "scaling language models: methods": ("gopher",),
    "using deepspeed and megatron": ("megatron",),
    "textbooks are all you need": ("phi",),
    "the falcon series": ("falcon",),
    "yi: open foundation models": ("yi-",),
    "baichuan 2: open": ("baichuan",),
    "internlm: a multilingual": ("internlm",),
    "unicorn on rainbow": ("unicorn",),
}
OUTSIDERS: Final = ("crfm.stanford.edu",)
"""Whose pages give figures of their own runs of others' models (HELM)."""

_CARD = re.compile(r" (?:technical report|system card|model card)\b")
"""`Qwen2.5-Coder Technical Report`, `from the Grok 4 Fast Model Card`: the words before it name the family that it reports."""
_PARTING = re.compile(r"[^\w.-]")
NAME_WORDS: Final = 4
NAME_CHARACTERS: Final = 160
_LETTERS = re.compile(r"[a-z]*")
_RUN_AGAIN = re.compile(r"from HAL leaderboard|reproduced by")


def organizations(text: str) -> list[str]:
    """The organisations of a cell, as they are compared.

    >>> organizations("Google DeepMind, Google")
    ['google deepmind', 'google']
    """
    return [name.strip().lower() for name in text.split(",") if name.strip()]


def self_reported(name: str, maker: str, *, title: str = "", link: str = "", notes: str = "") -> bool | None:
    """Whether the developer of a model reported the figure itself; None where neither source nor notes tell.

    True: the link is on a page of the maker's, or the title is that of the report on the model's own family. False: a page of
    somebody who runs others' models, or notes that say so. What a lab reports of another lab's models tells nothing: it
    may be that lab's own word.

    >>> self_reported("Qwen-14B", "Alibaba", title="Qwen Technical Report"), self_reported("grok-4", "xAI", link="https://data.x.ai/4.pdf")
    (True, True)
    >>> self_reported("Llama-2-7b", "Meta AI", title="Qwen Technical Report") is None
    True
    >>> self_reported("Llama-2-7b", "Meta AI", link="https://crfm.stanford.edu/helm/classic/latest/")
    False
    """
    if _RUN_AGAIN.search(notes):
        return False
    if any(_is_on(link, page) for page in OUTSIDERS):
        return False
    if any(_is_on(link, page) for lab in organizations(maker) for page in LABS.get(lab, ())):
        return True
    return True if _is_reported_in(name.lower(), title) or _is_reported_in(name.lower(), notes) else None


def _is_reported_in(name: str, text: str) -> bool:
    """Whether a text names the report of the lab whose model has this name."""
    text = " ".join(text.lower().split())
    for beginning, families in REPORTS.items():
        if text.startswith(beginning):
            return name.startswith(families)
    family = _letters(name)
    ends = (card.start() for card in _CARD.finditer(text))
    return bool(family) and any(_letters(word) == family for end in ends for word in _words_before(text, end))


def _words_before(text: str, place: int) -> list[str]:
    """The words that end at a place, the nearest first, up to one that something other than a space parts from the rest.

    >>> _words_before("runs of the (qwen2.5 coder", 26), _words_before("gpt-4, grok 4", 13)
    (['coder', 'qwen2.5'], ['4', 'grok'])
    """
    words: list[str] = []
    for word in reversed(text[max(0, place - NAME_CHARACTERS) : place].split(" ")[-NAME_WORDS:]):
        name = _PARTING.split(word)[-1]
        words.append(name)
        if name != word:
            break
    return [word for word in words if word]


def _letters(word: str) -> str:
    """The letters that a lower-case word begins with.

    >>> _letters("qwen2.5-coder"), _letters("4.5")
    ('qwen', '')
    """
    found = _LETTERS.match(word)
    return found[0] if found else ""


def _is_on(link: str, page: str) -> bool:
    """Whether an address is on a host, or one below it, and under the path that goes with it.

    >>> _is_on("https://www-cdn.anthropic.com/a.pdf", "anthropic.com"), _is_on("https://notx.ai/", "x.ai")
    (True, False)
    """
    parts = urlsplit(link)
    host, _, path = page.partition("/")
    named = parts.hostname or ""
    return (named == host or named.endswith(f".{host}")) and parts.path.startswith(f"/{path}")
