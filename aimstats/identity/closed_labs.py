"""How labs that sell their models behind an API spell them."""

import re

from aimstats.identity.vocabulary import is_number, is_version
from aimstats.identity.words import Words, version_first


def claude(name: Words) -> None:
    """Up to 3.7 the version stands before the edition, from 4 on after it (Anthropic's own ids)."""
    words = [word for word in name.words if word not in ("claude", "base")]  # LiveBench's "base" is the plain mode
    if len(words) > 1 and re.fullmatch(r"v[1-9]", words[-1]) and not name.snapshot:
        name.snapshot = words.pop()
    version = next((word for word in words if is_number(word)), "")
    rest = [word for word in words if word != version]
    version = version.removesuffix(".0")
    if not version:
        name.words = ["claude", *rest]
    elif float(version) < 4 and "instant" not in rest:
        name.words = ["claude", version, *rest]
    else:
        name.words = ["claude", *rest[:1], version, *rest[1:]]


def gemini(name: Words) -> None:
    """Version first; plain "gemini pro" is 1.0; experimental builds without a version keep their date."""
    words = name.words
    if words[1:2] and words[1] in ("flash", "pro", "ultra", "live"):
        words = version_first(words)
    if words[1:2] and is_number(words[1]) and float(words[1]) >= 3:
        words = [words[0], words[1].removesuffix(".0"), *words[2:]]
    if len(words) == 1 and name.snapshot.startswith("exp"):
        name.words, name.snapshot = ["gemini", *name.snapshot.split("-")], ""
        return
    if words == ["gemini", "pro"] and name.snapshot == "latest":
        name.words, name.snapshot = [*words, "latest"], ""
        return
    if words[1:2] in (["pro"], ["ultra"], ["nano"]) and len(words) <= 3:
        words = ["gemini", "1.0", *words[1:]]
    if "live" in words and words.index("live") == 2:
        words = [word for word in words if word != "live"] + ["live"]
    words = [word for word in words if word != "generation"]
    name.words = words


def gpt(name: Words) -> None:
    """GPT-4's turbo builds, the short 3.5, products sold as previews, ChatGPT's own model."""
    words = name.words
    if words[0] == "chatgpt":
        if words[1:2] == ["3.5"]:
            words = ["gpt", *words[1:]]
        elif words[1:2] == ["4o"]:
            name.words = ["chatgpt", "4o", *[word for word in words[2:] if word != "latest"]]
            return
    if words[1:2] == ["4v"]:
        words = ["gpt", "4", "vision"]
    if words == ["gpt", "3.5"]:
        words = ["gpt", "3.5", "turbo"]
    if words[:2] == ["gpt", "4"] and "turbo" not in words:
        turbo = any(code in name.snapshot for code in ("1106", "0125", "2024-04-09", "20240409")) or "vision" in words
        if turbo:
            words = ["gpt", "4", "turbo", *words[2:]]
    name.words = words


def reasoning_series(name: Words) -> None:
    """o1-preview was a model beside o1, not a stage of it."""
    if name.words == ["o1"] and name.snapshot.startswith("preview"):
        name.words = ["o1", "preview"]
        name.drop_code("preview")


def cohere(name: Words) -> None:
    """embed-english-light-v3.0, rerank-english-v3.0: kind, language, light, version, however a host orders them."""
    words = [word for word in name.words if word not in ("cohere", "c4ai")]
    if words and words[0] in ("embed", "rerank"):
        version = next((word for word in words if is_version(word)), "")
        rest = [word for word in words[1:] if word != version and word != "v"]
        rest.sort(key=lambda word: 1 if word == "light" else 2 if word == "image" else 0)
        number = version.lstrip("v")
        number = number if not number or "." in number else f"{number}.0"
        words = [words[0], *([f"v{number}"] if number in ("4.0", "3.5") else []), *rest]
        if number and number not in ("4.0", "3.5"):
            words.append(f"v{number}")
    name.words = [word for word in words if not (re.fullmatch(r"v\d\d", word) or (words[0] == "command" and word == "text"))]


def nova(name: Words) -> None:
    """Amazon Nova's first generation carries no number; the second one stands after the family."""
    name.words = [word for word in name.words if word not in ("v1", "v1.0", "1.0", "1")]


def titan(name: Words) -> None:
    """Titan Text carries Bedrock's v1; pages say "Embeddings G1 - Text" for embed-text-v1."""
    words = [word for word in name.words if word != "g1"]
    if "embeddings" in words:
        version = next((word for word in words if re.fullmatch(r"v\d(?:\.\d)?", word)), "v1")
        name.words = ["titan", "embed", "image" if "multimodal" in words else "text", version]
    else:
        name.words = [word for word in words if word != "v1"] if words[1:2] == ["text"] else words


def jamba(name: Words) -> None:
    """jamba-1.5-large but jamba-large-1.6, as AI21 spells them."""
    number = next((word for word in name.words if is_number(word)), "")
    rest = [word for word in name.words[1:] if word != number]
    if number:
        name.words = ["jamba", number, *rest] if float(number) < 1.6 else ["jamba", *rest, number]
