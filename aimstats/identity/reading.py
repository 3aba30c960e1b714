"""One text (an id or a display name) read into developer, words, snapshot and variant."""

import re
from dataclasses import dataclass
from functools import lru_cache

from aimstats.identity.attribution import developer_in
from aimstats.identity.canonical import RULES
from aimstats.identity.dates import date_at, is_stage
from aimstats.identity.developers import BY_MARK, squash
from aimstats.identity.families import FAMILIES
from aimstats.identity.prefixes import Unwrapped, unwrap_path
from aimstats.identity.tokens import QUANT_TAG, Token, clean, family_of, join_versions, unsqueeze, words
from aimstats.identity.variants import Scanner
from aimstats.identity.vocabulary import is_active_size, is_size, is_version
from aimstats.identity.words import Words, reorder_size
from aimstats.identity.wordset import word_set

_HOST_WORDS = word_set(
    """
    azure databricks parasail chutes workers fireworks duo venice aws bedrock vertex groq together gmi coding api cerebras
    sambanova olafangensan preview the
    """
)
_CLAUDE_EDITIONS = frozenset({"opus", "sonnet", "haiku"})
# Families whose rule is one lab's though others use the word.
_SHARED_RULES = frozenset({"embed", "rerank"})
# Mistral's pages leave their own name out before these.
_SAID_WITHOUT_NAME = frozenset({"ocr", "moderation", "embed", "saba", "document"})
_COLON = re.compile(r"([^:(]{2,40}): +(\S.*)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says. `words` make the slug; `family` is its family word or ''."""

    developer: str | None
    words: tuple[str, ...]
    family: str
    snapshot: str
    variants: frozenset[str]
    region: str
    plan: str
    kind: str
    steps: tuple[str, ...]
    raw: str

    @property
    def slug(self) -> str:
        return "-".join(self.words)

    @property
    def versioned(self) -> bool:
        """Whether a generation is named, not only a family, an edition or a size."""
        return any(any(c.isdigit() for c in word) and not is_size(word) and not is_active_size(word) for word in self.words)


def _bracket_choice(tokens: list[Token]) -> list[Token]:
    """Agentic Chat (GPT-5.4 Mini), Nano Banana (Gemini 2.5 Flash Image): the family stands only in the brackets."""
    if not any(token.bracketed for token in tokens):
        return tokens
    outside = any(family_of(token.text) for token in tokens if not token.bracketed)
    if not outside and any(token.bracketed and token.text in FAMILIES for token in tokens):
        return [token._replace(bracketed=False) for token in tokens if token.bracketed]
    return tokens


def _drop_vendors(tokens: list[Token], found: Unwrapped) -> tuple[list[Token], str]:
    """Cut vendor and host words that stand before a family word; gives the tokens and the family."""
    if len(tokens) > 2 and tokens[0].text + tokens[1].text in BY_MARK and family_of(tokens[2].text):
        tokens = tokens[2:]
    for index, token in enumerate(tokens[:5]):
        family = family_of(token.text)
        following = family_of(tokens[index + 1].text) if index + 1 < len(tokens) else ""
        same = following and FAMILIES[following] == FAMILIES.get(family) and family not in ("nous", "tongyi", "nv")
        if family and same and family != following and token.text in BY_MARK:
            continue
        if family:
            if index:
                found.steps.append("vendor words " + " ".join(t.text for t in tokens[:index]))
                if any(t.text == "early" for t in tokens[:index]):
                    return [*tokens[index:], Token("early", "-", False)], family
                vendor = BY_MARK.get(tokens[0].text)
                if vendor == FAMILIES[family]:
                    found.developer = found.developer or vendor
            return tokens[index:], family
        if not _may_stand_before(token.text, following, index):
            break
    first = tokens[0].text if tokens else ""
    if first[:1] in "vr" and is_version(first) and found.developer == "deepseek":
        return [Token("deepseek", "", False), *tokens], "deepseek"
    if first[:1] in ("m", "k") and is_version(first) and found.developer in ("minimax", "moonshot"):
        family = {"minimax": "minimax", "moonshot": "kimi"}[found.developer]
        return [Token(family, "", False), *tokens], family
    if first in _SAID_WITHOUT_NAME and found.developer == "mistral":
        return [Token("mistral", "", False), *tokens], "mistral"
    if short := re.fullmatch(r"l3(?:\.?(\d))?", first):
        return [Token(f"l3.{short[1]}" if short[1] else "l3", "", False), *tokens[1:]], "llama"
    return tokens, ""


def _may_stand_before(word: str, following: str, index: int) -> bool:
    """Whether a word before the family is a vendor's, a host's or a stage's, and no part of another name (Cerebras-GPT)."""
    if word == "open":
        return following in ("mistral", "mixtral", "codestral")
    if word == "textgeneration":
        return index > 0
    if word == "cerebras" and following == "gpt":
        return False
    if word in ("chat", "agentic", "labs", "ai", "org", "z"):
        return index > 0 or word in ("agentic", "z", "labs")
    return word in _HOST_WORDS or word == "early" or word.replace(".", "") in BY_MARK


def _take_snapshot(tokens: list[Token], family: str) -> tuple[list[Token], str]:
    """Cut dates, numbered releases and stages out of the tokens."""
    kept: list[Token] = []
    parts: list[str] = []
    texts = [token.text for token in tokens]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        length, date = (0, "")
        if index and not (token.separator == ":" and texts[index - 1] == "thinking"):
            length, date = date_at(texts[index : index + 3])
        if length and token.bracketed and date[:1].isalpha():
            index += length
            continue
        if length and not (date.startswith("00") and _numbered_is_name(texts, family)):
            if date not in parts:
                parts.append(date)
            index += length
            continue
        if is_stage(token.text) and (kept or len(tokens) > 1) and not _stage_is_name(token, kept, family):
            stage = "exp" if token.text == "experimental" and token.bracketed else token.text
            if stage not in parts:
                parts.append(stage)
            index += 1
            continue
        kept.append(token)
        index += 1
    if "latest" in parts and any(part[:1].isdigit() for part in parts):
        parts.remove("latest")
    return kept, "-".join(parts)


def _numbered_is_name(texts: list[str], family: str) -> bool:
    """Whether 001 and the like tell models apart: embeddings and the GPT-3 series."""
    return bool({"embedding", "davinci", "babbage", "ada", "curie", "cushman"} & set(texts)) or family in (
        "multimodalembedding",
        "palmyra",
    )


def _stage_is_name(token: Token, kept: list[Token], family: str) -> bool:
    """Alpha and beta after a size are weights of their own; a bare family with a stage is one name (grok-beta, kimi-latest)."""
    if token.text in ("alpha", "beta") and kept and is_size(kept[-1].text):
        return True
    if family in ("stable", "gen", "gen3"):
        return True
    bare = len(kept) == 1 and kept[0].text in FAMILIES and kept[0].text.isalpha() and kept[0].text != "gemini"
    return bare and token.text not in ("latest", "early") and token.text.isalpha()


def _strip_vendor(text: str, found: Unwrapped) -> str:
    match = _COLON.fullmatch(text)
    if not match:
        return text
    vendor = BY_MARK.get(squash(match[1]))
    if vendor:
        found.developer = vendor
    found.steps.append(f"vendor {match[1]}:")
    return match[2]


@lru_cache(maxsize=16384)
def read(text: str, *, in_name: bool, hint: str | None, base_possible: bool, search_board: bool) -> Reading:
    """Read one text. `hint` is the lab that the row's host or organisation is, used when the text names none.

    >>> read("Anthropic: Claude 4.5 Sonnet", in_name=True, hint=None, base_possible=False, search_board=False).slug
    'claude-sonnet-4.5'
    """
    plain = clean(text)
    if "_" in plain and "-" not in plain and "/" not in plain:
        plain = plain.replace("_", "-")
    variants: set[str] = set()
    if tag := QUANT_TAG.search(plain):
        variants.add(tag.group().replace("-", "_"))
        plain = plain[: tag.start()] + plain[tag.end() :]
    if in_name and ("/" not in plain or " " in plain.split("/")[0]):
        found = Unwrapped(plain)
        found.text = _strip_vendor(plain, found)
        if ":" in found.text:
            found.text = re.sub(r"-v\d:0", "", found.text)
    else:
        found = unwrap_path(plain)
    tokens = _bracket_choice(join_versions(words(found.text)))
    short = bool(tokens) and (len(tokens) == 1 or tokens[0].text in _SAID_WITHOUT_NAME)
    found.developer = found.developer or (hint if short or (tokens and tokens[0].text in _SHARED_RULES) else None)
    tokens, family = _drop_vendors(tokens, found)
    if family in _CLAUDE_EDITIONS:
        tokens, family = [Token("claude", "", False), *tokens], "claude"
    if family or found.developer:
        tokens = unsqueeze(tokens)
    tokens, snapshot = _take_snapshot(tokens, family)
    root = _family_root(family, tokens)
    taken = Scanner(tokens, root, dated=any(c.isdigit() for c in snapshot), search_board=search_board).run()
    name = Words(reorder_size(taken.kept), snapshot, base_possible)
    rule = RULES.get(root)
    if rule and name.words and not (root in _SHARED_RULES and found.developer not in (None, "cohere")):
        rule(name)
    variants |= taken.found | set(found.words)
    region = found.region or taken.region
    steps = list(found.steps)
    if name.snapshot:
        steps.append(f"snapshot {name.snapshot}")
    if variants:
        steps.append("variant " + " ".join(sorted(variants)))
    return Reading(
        developer=developer_in(found.developer, found.org, family, name.words, hint) if name.words else None,
        words=tuple(name.words),
        family=root,
        snapshot=name.snapshot,
        variants=frozenset(variants),
        region=region,
        plan=found.plan or taken.plan,
        kind=found.kind,
        steps=tuple(steps),
        raw=found.text,
    )


def _family_root(family: str, tokens: list[Token]) -> str:
    """The family whose rules apply: derived families of NVIDIA follow theirs."""
    if family == "llama" and any(token.text == "nemotron" for token in tokens):
        return "nemotron"
    return family
