"""A name as a list of plain lower-case words: odd characters, versions and glued digits made regular."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from aimstats.identity.families import FAMILIES
from aimstats.identity.wordset import word_set

# Families whose generation is written without a hyphen in the marketing name (Qwen3, InternVL2, Wan2.5).
GLUED = word_set("qwen wan internvl internlm starcoder chatglm codeqwen")
_ODD = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        **dict.fromkeys("·•", "-"),
        **dict.fromkeys("↗*†‡™®", " "),
    }
)
_UP_TO = re.compile(r"(?:<=|≤|<|up to )\s*\d+k?\b")
_ABOVE = re.compile(r"(?:>=?|≥|over |above )\s*(\d+k)\b")
_TUNED_TAIL = re.compile(r"[.:]ft-?$")
_GLUED_EDITION = re.compile(r"(pro|large|small|medium|mini|lite|max|flash)(\d)")
_DOTTED_FAMILY = re.compile(r"([a-z]{3,})\.(\d.*)")
# Sizes below two billion whose dot a host left out: 0-6b anywhere, 1-5b and 1-7b of Qwen.
_HALF_SIZE = re.compile(r"(?<![\d.a-z])(0)[-_](\db)(?![a-z0-9])")
_QWEN_HALF_SIZE = re.compile(r"(?<![\d.a-z])(1)[-_]([578]b)(?![a-z0-9])")
_WORD = re.compile(r"([^\w.]*|[_.]+)([^\W_]+(?:\.[^\W_]+)*)")
_P_VERSION = re.compile(r"(?<=\d)p(?=\d)")
_SPLIT = re.compile(r"([a-z]{2,}?)(v?\d[\d.]*[a-z]?(?:\d+b?)?)")
_GENERATION = re.compile(r"v?\d{1,2}(?:\.\d+)?")
_V_VERSION = re.compile(r"v\d[\d.]*")
_V_DROPPED = frozenset({"llama", "claude", "gpt", "gemini", "instant"})
QUANT_TAG = re.compile(r"(?<![a-z0-9])i?q\d(?:[_-](?:0|1|k|xs|xxs|nl)(?:[_-][msl])?)(?![a-z0-9])")
# Families whose two-digit "generation" is a dot left out by hosts that forbid dots (gpt-35-turbo, minimax-m25).
_SQUEEZED = re.compile(r"(gpt|grok|glm|claude|gemini|llama|opus|sonnet|haiku|qwen|small|medium|large|[km])-?([2-9])([0-9])")


class Token(NamedTuple):
    """A word, the separator before it and whether it stood in brackets."""

    text: str
    separator: str
    bracketed: bool


def family_of(word: str) -> str:
    """The family that a word is, `qwen3` included; '' when it is none.

    >>> family_of("gpt"), family_of("qwen2.5"), family_of("instruct")
    ('gpt', 'qwen', '')
    """
    if word in FAMILIES:
        return word
    stem = word.rstrip("0123456789.")
    return stem if stem in GLUED else ""


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Lower case, plain hyphens and spaces, no marks; "<= 200k" goes, "> 200k" becomes the word 200k.

    >>> clean("Gemini 1.5 Flash >128k"), clean("DALL·E 3")
    ('gemini 1.5 flash 128k', 'dalle 3')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_ODD))
    text = text.lower().strip()
    if "dall" in text:
        text = text.replace("dall-e", "dalle")
    if "≤" in text or "<" in text or "up to" in text:
        text = _UP_TO.sub("", text)
    if ">" in text or "≥" in text:
        text = _ABOVE.sub(r"\1", text)
    if "ft" in text:
        text = _TUNED_TAIL.sub("", text)
    if "r+" in text:
        text = text.replace("r+", "r-plus")
    return text


def words(text: str) -> list[Token]:
    """Split at everything that is neither letter, digit nor a dot inside a word.

    >>> [token.text for token in words("claude-3.5-sonnet (thinking-32k)")]
    ['claude', '3.5', 'sonnet', 'thinking', '32k']
    """
    text = (_QWEN_HALF_SIZE.sub(r"\1.\2", text) if "qwen" in text else text) if "-" in text or "_" in text else text
    text = _HALF_SIZE.sub(r"\1.\2", text)
    found = []
    depth = 0
    for separator, word in _WORD.findall(text):
        if len(separator) > 1 or separator in "()[]":
            depth += separator.count("(") + separator.count("[") - separator.count(")") - separator.count("]")
        found.append(Token(word, separator[-1:], depth > 0))
    return found


@lru_cache(maxsize=4096)
def _split_family(word: str) -> tuple[str, ...]:
    """llama3 -> llama 3, qwen2.5 stays, gpt4o -> gpt 4o, deepseekv3 -> deepseek v3."""
    dotted = _DOTTED_FAMILY.fullmatch(word)
    if dotted:
        return dotted[1], dotted[2]
    edition = _GLUED_EDITION.fullmatch(word)
    if edition:
        return edition[1], edition[2]
    match = _SPLIT.fullmatch(word)
    if match and match[1] in FAMILIES and word not in FAMILIES and match[1] not in GLUED:
        return match[1], match[2]
    return (word,)


def _takes_point(word: str) -> bool:
    """Whether a following single digit is this word's point part: 4, k2, v3, qwen3, but not o1 or 05."""
    if not word[-1].isdigit():
        return False
    stem = word[:-1]
    return stem in GLUED or stem in ("", "k", "m", "v", "r", "x")


def join_versions(tokens: list[Token]) -> list[Token]:
    """Versions as one word with a dot, families apart from their digits.

    >>> [t.text for t in join_versions(words("claude-haiku-4-5-20251001"))]
    ['claude', 'haiku', '4.5', '20251001']
    >>> [t.text for t in join_versions(words("llama-v3p1-70b-instruct"))]
    ['llama', '3.1', '70b', 'instruct']
    """
    flat: list[Token] = []
    for token in tokens:
        word = token.text
        if word.isalpha() or word.isdigit():
            flat.append(token)
            continue
        if "p" in word:
            word = _P_VERSION.sub(".", word)
        first, *rest = _split_family(word)
        flat.append(Token(first, token.separator, token.bracketed))
        flat.extend(Token(part, "", token.bracketed) for part in rest)
    joined: list[Token] = []
    for token in flat:
        word = token.text
        if joined and (word[0].isdigit() or word[0] == "v" or word in ("o", "llama")):
            previous = joined[-1]
            last = previous.text
            if last in GLUED and _GENERATION.fullmatch(word):
                joined[-1] = previous._replace(text=last + word.lstrip("v"))
                continue
            if last == "code" and word == "llama":
                joined[-1] = previous._replace(text="codellama")
                continue
            if word == "o" and last == "4":
                joined[-1] = previous._replace(text="4o")
                continue
            if last in _V_DROPPED and _V_VERSION.fullmatch(word):
                token = token._replace(text=word[1:])
            elif previous.bracketed == token.bracketed and token.separator in "-_ .":
                single = len(word) == 1 and word.isdigit() and _takes_point(last)
                if single or (word == "20" and last == "4" and len(joined) > 1 and joined[-2].text == "grok"):
                    joined[-1] = previous._replace(text=f"{last}.{word}")
                    continue
        joined.append(token)
    return joined


def unsqueeze(tokens: list[Token]) -> list[Token]:
    """gpt 35 -> gpt 3.5, m25 -> m2.5: two digits where a generation stands, from hosts that forbid dots."""
    for index, token in enumerate(tokens):
        if not token.text[-1].isdigit():
            continue
        stem = token.text if not token.text.isdigit() else (tokens[index - 1].text + "-" + token.text if index else "")
        match = _SQUEEZED.fullmatch(stem)
        if match:
            head = "" if token.text.isdigit() else match[1]
            tokens[index] = token._replace(text=f"{head}{match[2]}.{match[3]}")
    return tokens
