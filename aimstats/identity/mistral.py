"""Mistral's names: date codes that stand for versions, and what hosts leave in or out."""

import re

from aimstats.identity.wordset import word_set

# Mistral's release notes: (series, code) -> version. A code that is not here stays in the name, apart.
VERSIONS = {
    "mistral-large": {"2402": "1", "2407": "2", "2411": "2.1", "2512": "3"},
    "mistral-medium": {"2312": "1", "2505": "3", "2508": "3.1", "2604": "3.5"},
    "mistral-small": {"2402": "1", "2409": "2", "2501": "3", "2503": "3.1", "2506": "3.2", "2603": "4"},
    "devstral-small": {"2505": "1.0", "2507": "1.1", "2512": "2"},
    "devstral-medium": {"2507": "1.0"},
    "devstral": {"2505": "1.0", "2512": "2"},
    "magistral-medium": {"2506": "1.0", "2507": "1.1", "2509": "1.2"},
    "magistral-small": {"2506": "1.0", "2507": "1.1", "2509": "1.2"},
    "ministral": {"2410": "", "2512": "3"},
}
_NUMBER = re.compile(r"v?(\d(?:\.\d)?)")
_SIZE = re.compile(r"\d+(?:\.\d+)?b|\d+x\d+b")
_CODE = re.compile(r"(?<!\d)2[3-9](?:0[1-9]|1[0-2])(?!\d)")
_EDITIONS = ("small", "medium", "large")
_JOINED = re.compile(r"^(small|medium|large)(\d(?:\.\d)?)$")
_SHORT_VERSION = re.compile(r"v0?([1-3])")
# Series whose size is no part of the name, and that are sold tuned only.
_SIZELESS = word_set("nemo saba small medium large")


def mistral_words(words: list[str], snapshot: str, base_possible: bool) -> list[str]:
    """The words of a Mistral model's marketing name.

    >>> mistral_words(["mistral", "large"], "2407", False)
    ['mistral', 'large', '2']
    >>> mistral_words(["mistral", "small", "3.1", "24b", "instruct"], "", False)
    ['mistral', 'small', '3.1']
    >>> mistral_words(["mistral", "small3.2"], "", False), mistral_words(["mistral", "7b", "instruct", "v03"], "", False)
    (['mistral', 'small', '3.2'], ['mistral', '7b', 'instruct', 'v0.3'])
    """
    words = [part for word in words for part in _JOINED.sub(r"\1 \2", word).split()]
    words = words[1:] if words[0] == "open" and len(words) > 1 else words
    if words[0] == "mistral" and len(words) > 1 and words[1] in ("codestral", "devstral", "mixtral"):
        words = words[1:]
    codes = _CODE.findall(snapshot)
    head = words[0]
    edition = next((word for word in words[1:] if word in _EDITIONS), "")
    if head in ("mistral", "magistral", "devstral") and (edition or head == "devstral"):
        return _numbered(words, head, edition, codes)
    if head == "ministral":
        version = "3" if "3" in words or codes[:1] == ["2512"] else ""
        sizes = [word for word in words if _SIZE.fullmatch(word)]
        rest = [word for word in words[1:] if word not in ("instruct", "3", *sizes)]
        return ["ministral", *([version] if version else []), *sizes, *rest]
    if head == "pixtral" or head == "voxtral":
        sizeless = edition in ("large", "small")
        return [word for word in words if word != "instruct" and not (sizeless and _SIZE.fullmatch(word))]
    if head == "mistral" and len(words) > 1 and words[1] in _SIZELESS:
        return [word for word in words if word != "instruct" and not _SIZE.fullmatch(word)]
    if head in ("mixtral", "mistral") and any(_SIZE.fullmatch(word) for word in words):
        return _sized(words, base_possible)
    return words


def _numbered(words: list[str], head: str, edition: str, codes: list[str]) -> list[str]:
    series = f"{head}-{edition}" if edition else head
    numbers = [match[1] for word in words[1:] if (match := _NUMBER.fullmatch(word))]
    table = VERSIONS.get(series, {})
    version = numbers[0] if numbers else next((table[code] for code in codes if code in table), None)
    if version is None and codes:
        version = codes[0]
    if head in ("devstral", "magistral"):
        version = "1.0" if version == "1" else version
    elif version:
        version = version.removesuffix(".0")
    known = {"instruct", edition, version, *numbers, *(f"v{number}" for number in numbers)}
    rest = [word for word in words[1:] if word not in known and not _SIZE.fullmatch(word)]
    return [head, *([edition] if edition else []), *([version] if version else []), *rest]


def _sized(words: list[str], base_possible: bool) -> list[str]:
    """mistral-7b, mixtral-8x7b: tuned unless it may be the base; the first version is written out, v3 and v03 as v0.3."""
    if words[0] == "mistral":
        words = [f"v0.{short[1]}" if (short := _SHORT_VERSION.fullmatch(word)) else word for word in words]
    version = next((word for word in words if re.fullmatch(r"v?0\.\d", word)), "")
    rest = [word for word in words if word != version]
    tuned = "instruct" in rest
    if not tuned and not version and not base_possible and len(rest) == 2:
        tuned = True
        rest.append("instruct")
    if not version and len(rest) == 2 + tuned and rest[0] == "mixtral":
        version = "v0.1"
    return [*rest, *(["v" + version.lstrip("v")] if version else [])]
