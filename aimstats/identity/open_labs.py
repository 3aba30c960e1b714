"""How labs that publish weights spell their models, and what hosts leave in or out."""

import re

from aimstats.identity.mistral import mistral_words
from aimstats.identity.vocabulary import is_number, is_size
from aimstats.identity.words import TUNED, Words, is_plain, version_first


def gemma(name: Words) -> None:
    """Hosts sell the instruction-tuned weights: `-it` unless the source also lists base weights."""
    words = ["it" if word == "instruct" else word for word in name.words if word not in ("text",)]
    words = version_first(words) if words[0] == "gemma" else words
    words = [re.sub(r"^(\d)b$", r"e\1b", word) if "3n" in words else word for word in words]
    if words[1:3] == ["4", "26b"] and "a4b" not in words:
        words.insert(3, "a4b")
    if words[0] == "gemma" and name.sized and not name.base_possible and not TUNED & set(words) and is_plain(words):
        words.append("it")
    name.words = words


def _short_llama(words: list[str]) -> list[str]:
    """Sao10K's spelling L3.3-Euryale-70B; the tuner's own version follows from Llama's."""
    if words[0] == "llama":
        words = ["l" + words[1], *words[2:]]
    for tuned in ("euryale", "lunaris"):
        if tuned in words:
            size = next((word for word in words if is_size(word)), "")
            return [words[0], tuned, *([size] if size else [])]
    return words


def llama(name: Words) -> None:
    """Size before vision and instruct; hosts leave `instruct` out and add `preview`; Llama 4's expert counts are no name."""
    words = [word for word in name.words if word != "textgeneration"]
    name.snapshot = "" if name.snapshot == "preview" else name.snapshot
    if words[0].startswith("l3") or {"euryale", "lunaris"} & set(words):
        name.words = _short_llama(words)
        return
    if words[0] == "llamaguard":
        words = ["llama", "guard", *words[1:]]
    if words[0] == "llama" and words[-1] == "f":
        words = [*(word for word in words[:-1] if word != "b"), "chat"]
    if words[1:2] == ["4"] and {"scout", "maverick"} & set(words):
        words = [word for word in words if word not in ("instruct", "17b", "16e", "128e", "it")]
        name.words = words
        return
    words = ["instruct" if word == "it" else word for word in words]
    if words[-2:] == ["chat", "v1"]:
        words.pop()
    if "vision" in words and words.index("vision") + 1 < len(words) and is_size(words[words.index("vision") + 1]):
        place = words.index("vision")
        words[place], words[place + 1] = words[place + 1], words[place]
    if {"3.2"} & set(words) and {"11b", "90b"} & set(words) and "vision" not in words and "guard" not in words:
        place = next(index for index, word in enumerate(words) if is_size(word)) + 1
        words = [*words[:place], "vision", *words[place:]]
    if words[1:2] == ["2"] and len(words) == 3 and name.sized and not name.base_possible:
        words = [*words, "chat"]
    if words[0] == "llama" and words[1:2] and words[1][0] in "3456789" and is_number(words[1]):
        extra = set(words[2:]) - {"vision", "instruct", "chat"}
        plain = len([word for word in extra if not is_size(word)]) == 0
        if "base" in words:
            name.words = [word for word in words if word != "base"]
            return
        if plain and name.sized:
            tuned = [word for word in words if word not in ("instruct", "chat")]
            name.words = tuned if name.base_possible and tuned == words else [*tuned, "instruct"]
            return
    name.words = words


def cogito(name: Words) -> None:
    """cogito-v2.1-671b: the version with its letter, before the size."""
    words = ["v" + word if is_number(word) else word for word in name.words]
    if words[-2:] == ["v2", "p1"]:
        words = [*words[:-2], "v2.1"]
    name.words = sorted(words, key=lambda word: 0 if word == "cogito" else 2 if is_size(word) else 1)


def reka(name: Words) -> None:
    """Reka Flash, Core and Edge carry no size."""
    name.words = [word for word in name.words if not is_size(word)]


def palmyra(name: Words) -> None:
    """Palmyra X 004 is X4."""
    if name.words[1:3] == ["x", "004"]:
        name.words = ["palmyra", "x4"]


def phi(name: Words) -> None:
    """Phi's dates and context lengths are no models; Phi-3 and 3.5 hosts leave `instruct` out."""
    words = name.words
    sold_tuned = words[1:2] in (["3"], ["3.5"]) or words[1:] in (["4", "mini"], ["4", "multimodal"])
    if sold_tuned and "instruct" not in words and len(words) > 2 and not name.base_possible:
        words = [*words, "instruct"]
    name.words = words


def nemotron(name: Words) -> None:
    """Edition before size, no v1; sizes of the third generation as NVIDIA's ids have them."""
    words = [word for word in name.words if word != "v1"]
    words = [
        re.sub(r"^(\d)$", r"v\1", word) if index > 2 and words[0] == "nemotron" else word for index, word in enumerate(words)
    ]
    for edition in ("super", "ultra", "nano"):
        if edition in words:
            place = words.index(edition)
            if place and is_size(words[place - 1]):
                words[place - 1], words[place] = words[place], words[place - 1]
    if words[0] == "nemotron" and len(words) > 3:
        if words[1] in ("nano", "super", "ultra") and is_number(words[2].lstrip("v")) and not words[2].startswith("v2"):
            words[1], words[2] = words[2].lstrip("v"), words[1]
        elif words[2] in ("v2", "v3") and is_size(words[3]):
            words[2], words[3] = words[3], words[2]
    if words[0] == "nemotron" and "120b" in words and "super" not in words:
        words = ["nemotron", "3", "super", "120b", *(word for word in words[1:] if word not in ("3", "120b"))]
    sizes = {("3", "nano"): ["30b", "a3b"], ("3", "super"): ["120b", "a12b"], ("3", "ultra"): ["550b", "a55b"]}
    if words[0] == "nemotron" and len(words) >= 3 and (words[1], words[2]) in sizes:
        full = sizes[words[1], words[2]]
        if words[3:4] in ([], full[:1]) and words[3:5] != full:
            words = [*words[:3], *full, *words[4:]]
    name.words = words


def ernie(name: Words) -> None:
    """-PT and -Paddle say in which framework the weights come."""
    name.words = [word for word in name.words if word not in ("pt", "paddle")]


def hermes(name: Words) -> None:
    """Hermes 3 is named after the Llama that it tunes; hosts leave that out and add `instruct`."""
    words = [word for word in name.words if word != "instruct"]
    if words[:2] == ["hermes", "3"] and len(words) == 5 and words[3] == "llama":
        words = ["hermes", "3", "llama", words[4], words[2]]
    if words[:2] == ["hermes", "3"] and len(words) == 3 and words[2] in ("8b", "70b", "405b"):
        words = ["hermes", "3", "llama", "3.1", words[2]]
    name.words = words


def mistral(name: Words) -> None:
    """Date codes stand for versions (see `mistral.py`)."""
    name.words = mistral_words(name.words, name.snapshot, name.base_possible)
