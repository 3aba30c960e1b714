"""How Qwen, DeepSeek, Kimi, MiniMax and Seed spell their models, and which dates are part of a name."""

from aimstats.identity.dates import YEAR_MONTH_CODE, month_day
from aimstats.identity.vocabulary import is_active_size, is_number, is_size, is_version
from aimstats.identity.words import TUNED, Words, is_plain

_ACTIVE = {"235b": "a22b", "480b": "a35b", "397b": "a17b", "122b": "a10b"}
_ACTIVE_SMALL = {("qwen3", "30b"): "a3b", ("qwen3", "80b"): "a3b", ("qwen3.5", "35b"): "a3b", ("qwen3.6", "35b"): "a3b"}


def qwen(name: Words) -> None:
    """Sizes with their active part, `-instruct` as hosts leave it out, the dated 2507 editions."""
    words = name.words
    if words[0] == "qwen" and len(words) > 1 and is_number(words[1]):
        words = [words[0] + words[1], *words[2:]]
    head = words[0]
    if head == "qwen2.5" and "vision" in words:
        words = [head, "vl", *[word for word in words[1:] if word != "vision"]]
    if "thinking" in words and "instruct" in words:
        words = [word for word in words if word != "instruct"]
    sizes = [word for word in words if is_size(word)]
    if sizes and not any(is_active_size(word) for word in words):
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
    if sizes and code and head >= "qwen3":
        name.drop_code(code)
        if head == "qwen3" and not {"thinking", "instruct"} & set(words):
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


def qwq(name: Words) -> None:
    """QwQ-32B-Preview was a model before QwQ-32B; hosts leave the only size out."""
    if name.words == ["qwq"]:
        name.words = ["qwq", "32b"]
    if name.snapshot.startswith("preview"):
        name.words.append("preview")
        name.drop_code("preview")


_FIRST_RELEASES = {"deepseek-v3": "1226", "deepseek-r1": "0120", "deepseek-v4": "0423", "kimi-k2": "0711"}


def _dated_edition(name: Words) -> None:
    """A month-and-day date is part of the name where the lab reuses one name for changed weights, but for first releases."""
    stem = "-".join(name.words[:2])
    if name.words[0] == "kimi" and len(name.words) > 2:
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
    if len(words) > 2 and words[1] == "chat" and is_version(words[2]):
        words = [words[0], *words[2:]]
    if len(words) > 1 and is_number(words[1]):
        words = [words[0], "v" + words[1], *words[2:]]
    if words[1:2] and words[1] in ("v3", "v2.5", "v3.1", "v3.2", "v4"):
        words = [word for word in words if word not in ("chat", "671b", "685b", "instruct")]
    if words[1:2] in (["r1"], ["prover"]):
        words = [word for word in words if word != "671b"]
    if words[1:3] == ["coder", "v2"]:
        words = [word for word in words if word != "instruct"]
    name.words = words
    if words[1:2] == ["r1"] and "qwen3" in words:
        name.words = [
            "deepseek",
            "r1",
            "0528",
            "qwen3",
            "8b",
            *(word for word in words[2:] if word not in ("distill", "qwen3", "8b")),
        ]
        name.drop_code("0528")
        return
    if words[1:2] == ["v3.2"] and name.snapshot.startswith("exp"):
        name.words.append("exp")
        name.snapshot = name.snapshot.removeprefix("exp").removeprefix("erimental").lstrip("-")
    elif len(words) > 1 and "distill" not in words and (is_version(words[1]) or words[1] == "coder"):
        _dated_edition(name)


def kimi(name: Words) -> None:
    """`-instruct` is not part of Kimi's name; K2's dates are; context lengths of moonshot-v1 are variants."""
    words = [word for word in name.words if word not in ("instruct", "1t", "chat")]
    if words[0] == "kimi" and len(words) > 1 and is_number(words[1]):
        words[1] = "k" + words[1]
    name.words = words
    if words[0] == "kimi" and words[1:2] and words[1][0] == "k":
        _dated_edition(name)


def seed(name: Words) -> None:
    """Doubao and Dola are ByteDance's shop names of Seed."""
    if name.words[0] in ("doubao", "dola") and "seed" in name.words:
        name.words = [word for word in name.words if word not in ("doubao", "dola")]


def minimax(name: Words) -> None:
    """MiniMax-Text-01 is MiniMax-01."""
    if name.words[1:2] == ["text"]:
        name.words = [name.words[0], *name.words[2:]]
