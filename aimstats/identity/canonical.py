"""How each lab spells its models: word order, defaults and renamed editions, as rules over a name's words.

Each rule takes the words of a name (family word first), its snapshot and whether the name may mean base weights, and gives
the words of the marketing name and the snapshot that is left.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aimstats.identity.dates import YEAR_MONTH_CODE, month_day
from aimstats.identity.mistral import mistral_words
from aimstats.identity.tokens import family_of
from aimstats.identity.vocabulary import ACTIVE, NUMBER, SIZE, VERSION

TUNED = frozenset("instruct it chat base pt thinking think captioner".split())


# Words of labs' own editions. A name with others is a derivative, or an edition that these rules leave as it is written.
PLAIN = frozenset(
    """mini nano lite flash pro max plus turbo chat instruct it base thinking vision vl coder code math omni embedding embed rerank
    small medium large next air oss scout maverick opus sonnet haiku fast guard terminus exp speciale audio image multimodal nemo moe
    english multilingual light codex airx ultra micro premier canvas search instant latest preview versatile safeguard long flashx
    reasoning captioner asr realtime tts transcribe live""".split()
)


def is_plain(words: Iterable[str]) -> bool:
    """Whether a name has only families, versions, sizes and labs' edition words.

    >>> is_plain(["llama", "3.1", "8b", "instruct"]), is_plain(["llama", "3.3", "70b", "electra", "r1"])
    (True, False)
    """
    return all(
        word in PLAIN or family_of(word) or VERSION.fullmatch(word) or SIZE.fullmatch(word) or ACTIVE.fullmatch(word) or word.isdigit()
        for word in words
    )


@dataclass(slots=True)
class Words:
    """The words of a name on their way to a canonical slug."""

    words: list[str]
    snapshot: str = ""
    base_possible: bool = False

    @property
    def sized(self) -> bool:
        return any(SIZE.fullmatch(word) for word in self.words)

    def date_codes(self) -> list[str]:
        return re.findall(r"\d{4,8}|\d\d-\d\d(?:-\d{4})?|\d{4}-\d\d-\d\d", self.snapshot)

    def drop_code(self, code: str) -> None:
        """Take a date that is part of the model's name out of the snapshot."""
        self.snapshot = "-".join(part for part in self.snapshot.replace(code, "").split("-") if part)


def _version_first(words: list[str], before: str = "") -> list[str]:
    """Family, version, the rest in their order."""
    for index in range(1, len(words)):
        if NUMBER.fullmatch(words[index]):
            return [words[0], words[index], *words[1:index], *words[index + 1 :]]
    return words


def claude(name: Words) -> None:
    """Up to 3.7 the version stands before the edition, from 4 on after it (Anthropic's own ids)."""
    words = [word for word in name.words if word != "claude"]
    if len(words) > 1 and re.fullmatch(r"v[2-9]", words[-1]) and not name.snapshot:
        name.snapshot = words.pop()
    version = next((word for word in words if NUMBER.fullmatch(word)), "")
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
        words = _version_first(words)
    if words[1:2] and NUMBER.fullmatch(words[1]) and float(words[1]) >= 3:
        words = [words[0], words[1].removesuffix(".0"), *words[2:]]
    if len(words) == 1 and name.snapshot.startswith("exp"):
        name.words, name.snapshot = ["gemini", *name.snapshot.split("-")], ""
        return
    if words[1:2] in (["pro"], ["ultra"], ["nano"]) and len(words) <= 3 and name.snapshot != "latest":
        words = ["gemini", "1.0", *words[1:]]
    if "live" in words and words.index("live") == 2:
        words = [word for word in words if word != "live"] + ["live"]
    words = [word for word in words if word != "generation"]
    name.words = words


def gemma(name: Words) -> None:
    """Hosts sell the instruction-tuned weights: `-it` unless the source also lists base weights."""
    words = ["it" if word == "instruct" else word for word in name.words if word not in ("text",)]
    words = _version_first(words) if words[0] == "gemma" else words
    words = [re.sub(r"^(\d)b$", r"e\1b", word) if "3n" in words else word for word in words]
    if words[1:3] == ["4", "26b"] and "a4b" not in words:
        words.insert(3, "a4b")
    if words[0] == "gemma" and name.sized and not name.base_possible and not TUNED & set(words) and is_plain(words):
        words.append("it")
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


def qwq(name: Words) -> None:
    """QwQ-32B-Preview was a model before QwQ-32B; hosts leave the only size out."""
    if name.words == ["qwq"]:
        name.words = ["qwq", "32b"]
    if name.snapshot.startswith("preview"):
        name.words.append("preview")
        name.drop_code("preview")


def dalle(name: Words) -> None:
    """DALL-E is written with a hyphen."""
    name.words = ["dall", "e", *name.words[1:]]


def llama(name: Words) -> None:
    """Size before vision and instruct; hosts leave `instruct` out and add `preview`; Llama 4's expert counts are no name."""
    words = [word for word in name.words if word != "textgeneration"]
    name.snapshot = "" if name.snapshot == "preview" else name.snapshot
    if words[0] == "llamaguard":
        words = ["llama", "guard", *words[1:]]
    if words[0] == "llama" and words[-1] == "f":
        words = [*(word for word in words[:-1] if word != "b"), "chat"]
    if words[1:2] == ["4"] and {"scout", "maverick"} & set(words):
        words = [word for word in words if word not in ("instruct", "17b", "16e", "128e", "it")]
        name.words = words
        return
    words = ["instruct" if word == "it" else word for word in words]
    if "vision" in words and words.index("vision") + 1 < len(words) and SIZE.fullmatch(words[words.index("vision") + 1]):
        place = words.index("vision")
        words[place], words[place + 1] = words[place + 1], words[place]
    if {"3.2"} & set(words) and {"11b", "90b"} & set(words) and "vision" not in words and "guard" not in words:
        place = next(index for index, word in enumerate(words) if SIZE.fullmatch(word)) + 1
        words = [*words[:place], "vision", *words[place:]]
    if words[1:2] == ["2"] and len(words) == 3 and name.sized and not name.base_possible:
        words = [*words, "chat"]
    if words[0] == "llama" and words[1:2] and words[1][0] == "3":
        extra = set(words[2:]) - {"vision", "instruct", "chat"}
        plain = len([word for word in extra if not SIZE.fullmatch(word)]) == 0
        if "base" in words:
            name.words = [word for word in words if word != "base"]
            return
        if plain and name.sized:
            tuned = [word for word in words if word not in ("instruct", "chat")]
            name.words = tuned if name.base_possible and tuned == words else [*tuned, "instruct"]
            return
    name.words = words


_ACTIVE = {"235b": "a22b", "480b": "a35b", "397b": "a17b", "122b": "a10b"}
_ACTIVE_SMALL = {("qwen3", "30b"): "a3b", ("qwen3", "80b"): "a3b", ("qwen3.5", "35b"): "a3b", ("qwen3.6", "35b"): "a3b"}


def qwen(name: Words) -> None:
    """Sizes with their active part, `-instruct` as hosts leave it out, the dated 2507 editions."""
    words = name.words
    if words[0] == "qwen" and len(words) > 1 and NUMBER.fullmatch(words[1]):
        words = [words[0] + words[1], *words[2:]]
    head = words[0]
    if head == "qwen2.5" and "vision" in words:
        words = [head, "vl", *[word for word in words[1:] if word != "vision"]]
    if "thinking" in words and "instruct" in words:
        words = [word for word in words if word != "instruct"]
    sizes = [word for word in words if SIZE.fullmatch(word)]
    if sizes and not any(ACTIVE.fullmatch(word) for word in words):
        active = _ACTIVE.get(sizes[0]) or _ACTIVE_SMALL.get((head, sizes[0]))
        if active and head.startswith("qwen3"):
            place = words.index(sizes[0]) + 1
            words = [*words[:place], active, *words[place:]]
    if words[1:2] == ["image"]:
        for code in name.date_codes():
            if YEAR_MONTH_CODE.fullmatch(code):
                words = [*words, code]
                name.drop_code(code)
    if words in (["qwen3", "coder"], ["qwen3", "coder", "instruct"]):
        words = ["qwen3", "coder", "480b", "a35b", "instruct"]
    name.words = words
    if "base" in words and sizes:
        name.words = [word for word in words if word != "base"]
        return
    name.snapshot = name.snapshot.replace("07-25", "2507") if head == "qwen3" else name.snapshot
    code = next((code for code in name.date_codes() if YEAR_MONTH_CODE.fullmatch(code)), "")
    if sizes and code and head == "qwen3":
        name.drop_code(code)
        if not {"thinking", "instruct"} & set(words):
            name.words = [*words, "instruct"]
        name.words.append(code)
        return
    if sizes and not TUNED & set(words) and not name.base_possible and is_plain(words) and "embedding" not in words:
        if head in ("qwen1.5",):
            name.words = [*words, "chat"]
        elif (head in ("qwen2", "qwen2.5") and not {"omni", "math", "embedding"} & set(words)) or (
            head == "qwen3" and {"vl", "next", "coder", "omni"} & set(words)
        ):
            name.words = [*words, "instruct"]


_FIRST_RELEASES = {"deepseek-v3": "1226", "deepseek-r1": "0120", "kimi-k2": "0711"}


def _dated_edition(name: Words) -> None:
    """A month-and-day date is part of the name where the lab reuses one name for changed weights, but for first releases."""
    stem = "-".join(name.words[:2])
    if stem == "kimi-k2" and len(name.words) > 2:
        return
    for code in name.date_codes():
        short = month_day(code)
        if _FIRST_RELEASES.get(stem) == short or len(short) != 4:
            continue
        if len(code) > 4 and stem not in _FIRST_RELEASES:
            continue
        name.drop_code(code)
        name.words.append(short)
        return


def deepseek(name: Words) -> None:
    """ "chat" before a version is the API's word; dates of one name are models; V3.2-Exp is a model of its own."""
    words = name.words
    if len(words) > 2 and words[1] == "chat" and VERSION.fullmatch(words[2]):
        words = [words[0], *words[2:]]
    if len(words) > 1 and NUMBER.fullmatch(words[1]):
        words = [words[0], "v" + words[1], *words[2:]]
    if words[1:2] and words[1] in ("v3", "v2.5", "v3.1", "v3.2", "v4"):
        words = [word for word in words if word not in ("chat", "671b", "685b", "instruct")]
    if words[1:2] in (["r1"], ["prover"]):
        words = [word for word in words if word != "671b"]
    if words[1:3] == ["coder", "v2"]:
        words = [word for word in words if word != "instruct"]
    name.words = words
    if words[1:2] == ["r1"] and "qwen3" in words:
        name.words = ["deepseek", "r1", "0528", "qwen3", "8b", *(word for word in words[2:] if word not in ("distill", "qwen3", "8b"))]
        name.drop_code("0528")
        return
    if words[1:2] == ["v3.2"] and name.snapshot.startswith("exp"):
        name.words.append("exp")
        name.snapshot = name.snapshot.removeprefix("exp").removeprefix("erimental").lstrip("-")
    elif len(words) > 1 and "distill" not in words and (VERSION.fullmatch(words[1]) or words[1] == "coder"):
        _dated_edition(name)


def kimi(name: Words) -> None:
    """`-instruct` is not part of Kimi's name; K2's dates are; context lengths of moonshot-v1 are variants."""
    words = [word for word in name.words if word not in ("instruct", "1t", "chat")]
    if words[0] == "kimi" and len(words) > 1 and NUMBER.fullmatch(words[1]):
        words[1] = "k" + words[1]
    name.words = words
    if words[:2] == ["kimi", "k2"]:
        _dated_edition(name)


def ernie(name: Words) -> None:
    """-PT and -Paddle say in which framework the weights come."""
    name.words = [word for word in name.words if word not in ("pt", "paddle")]


def hermes(name: Words) -> None:
    """Hermes 3 is named after the Llama that it tunes; hosts leave that out and add `instruct`."""
    words = [word for word in name.words if word != "instruct"]
    if words[:2] == ["hermes", "3"] and len(words) == 3 and words[2] in ("8b", "70b", "405b"):
        words = ["hermes", "3", "llama", "3.1", words[2]]
    name.words = words


def phi(name: Words) -> None:
    """Phi's dates and context lengths are no models; Phi-3 and 3.5 hosts leave `instruct` out."""
    words = name.words
    if words[1:2] in (["3"], ["3.5"]) and "instruct" not in words and len(words) > 2 and not name.base_possible:
        words = [*words, "instruct"]
    name.words = words


def cohere(name: Words) -> None:
    """embed-english-light-v3.0, rerank-english-v3.0: kind, language, light, version, however a host orders them."""
    words = [word for word in name.words if word not in ("cohere", "c4ai")]
    if words and words[0] in ("embed", "rerank"):
        version = next((word for word in words if VERSION.fullmatch(word)), "")
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


def nemotron(name: Words) -> None:
    """Edition before size, no v1; sizes of the third generation as NVIDIA's ids have them."""
    words = [word for word in name.words if word != "v1"]
    words = [
        re.sub(r"^(\d)$", r"v\1", word) if index > 2 and words[0] == "nemotron" else word for index, word in enumerate(words)
    ]
    for edition in ("super", "ultra", "nano"):
        if edition in words:
            place = words.index(edition)
            if place and SIZE.fullmatch(words[place - 1]):
                words[place - 1], words[place] = words[place], words[place - 1]
    if words[0] == "nemotron" and len(words) > 3:
        if words[1] in ("nano", "super", "ultra") and NUMBER.fullmatch(words[2].lstrip("v")) and not words[2].startswith("v2"):
            words[1], words[2] = words[2].lstrip("v"), words[1]
        elif words[2] in ("v2", "v3") and SIZE.fullmatch(words[3]):
            words[2], words[3] = words[3], words[2]
    if words[0] == "nemotron" and "120b" in words and "super" not in words:
        words = ["nemotron", "3", "super", "120b", *(word for word in words[1:] if word not in ("3", "120b"))]
    sizes = {("3", "nano"): ["30b", "a3b"], ("3", "super"): ["120b", "a12b"], ("3", "ultra"): ["550b", "a55b"]}
    if words[0] == "nemotron" and len(words) >= 3 and (words[1], words[2]) in sizes:
        full = sizes[words[1], words[2]]
        if words[3:4] in ([], full[:1]) and words[3:5] != full:
            words = [*words[:3], *full, *words[4:]]
    name.words = words


def flux(name: Words) -> None:
    """FLUX.1 [dev] and FLUX1.1 [pro]: version after the family, edition last."""
    words = _version_first([word.lstrip("v") if re.fullmatch(r"v\d.*", word) else word for word in name.words])
    if len(words) > 1 and not NUMBER.fullmatch(words[1]):
        words = ["flux", "1", *words[1:]]
    if words[1:2] == ["1.0"]:
        words[1] = "1"
    name.words = words


def google_media(name: Words) -> None:
    """Imagen, Veo and Lyria: version after the family, no `.0`, no `generate`."""
    words = [word for word in name.words if word not in ("generate", "generation")]
    words = _version_first(words)
    name.words = [word.removesuffix(".0") for word in words]


def jamba(name: Words) -> None:
    """jamba-1.5-large but jamba-large-1.6, as AI21 spells them."""
    number = next((word for word in name.words if NUMBER.fullmatch(word)), "")
    rest = [word for word in name.words[1:] if word != number]
    if number:
        name.words = ["jamba", number, *rest] if float(number) < 1.6 else ["jamba", *rest, number]


def seed(name: Words) -> None:
    """Doubao and Dola are ByteDance's shop names of Seed."""
    if name.words[0] in ("doubao", "dola") and "seed" in name.words:
        name.words = [word for word in name.words if word not in ("doubao", "dola")]


def minimax(name: Words) -> None:
    """MiniMax-Text-01 is MiniMax-01."""
    if name.words[1:2] == ["text"]:
        name.words = [name.words[0], *name.words[2:]]


def titan(name: Words) -> None:
    """Titan Text carries Bedrock's v1; the embeddings' and image generator's versions are their own."""
    name.words = [word for word in name.words if word != "v1"] if name.words[1:2] == ["text"] else name.words


def mistral(name: Words) -> None:
    """Date codes stand for versions (see `mistral.py`)."""
    name.words = mistral_words(name.words, name.snapshot, name.base_possible)


RULES: dict[str, Callable[[Words], None]] = {
    "claude": claude, "gemini": gemini, "gemma": gemma, "gpt": gpt, "chatgpt": gpt, "llama": llama, "qwen": qwen,
    "deepseek": deepseek, "kimi": kimi, "moonshot": kimi, "phi": phi, "nova": nova, "nemotron": nemotron, "flux": flux,
    "imagen": google_media, "veo": google_media, "lyria": google_media, "jamba": jamba, "seed": seed, "doubao": seed,
    "dola": seed, "dalle": dalle, "qwq": qwq, "o1": reasoning_series, "minimax": minimax, "titan": titan, "ernie": ernie, "hermes": hermes, "llamaguard": llama,
    **dict.fromkeys(("embed", "rerank", "command", "cohere", "c4ai", "aya"), cohere),
    **dict.fromkeys(["mistral", "mixtral", "codestral", "devstral", "magistral", "ministral", "pixtral", "voxtral", "open"], mistral),
}  # fmt: skip


def reorder_size(words: list[str]) -> list[str]:
    """A size in brackets at the end goes before the tuning words: Qwen2 Instruct (72B) is Qwen2 72B Instruct."""
    if len(words) < 3 or not (SIZE.fullmatch(words[-1]) or ACTIVE.fullmatch(words[-1])):
        return words
    place = len(words) - 1
    while place > 1 and SIZE.fullmatch(words[place]) is None and ACTIVE.fullmatch(words[place]):
        place -= 1
    tail = words[place:]
    while place > 1 and words[place - 1] in ("instruct", "chat", "it"):
        place -= 1
    return [*words[:place], *tail, *words[place : len(words) - len(tail)]]
