"""One text (an id or a display name) read into developer, words, snapshot and variant."""

import re
from dataclasses import dataclass
from functools import lru_cache

from aimstats.identity.canonical import RULES, Words, reorder_size
from aimstats.identity.dates import date_at, is_stage
from aimstats.identity.developers import BY_MARK, FAMILIES, squash
from aimstats.identity.prefixes import Unwrapped, unwrap_path
from aimstats.identity.tokens import GLUED, QUANT_TAG, Token, clean, join_versions, unsqueeze, words
from aimstats.identity.variants import Scanner
from aimstats.identity.vocabulary import ACTIVE, SIZE, VERSION

_HOST_WORDS = frozenset(
    ["azure", "databricks", "parasail", "chutes", "workers", "fireworks", "duo", "venice", "aws", "bedrock", "vertex", "groq", "together", "gmi", "coding", "api", "chat", "agentic", "z", "ai", "org", "labs", "cerebras", "sambanova", "olafangensan", "preview", "the"]
)
_CLAUDE_EDITIONS = frozenset({"opus", "sonnet", "haiku"})
# Families of derived weights, which belong to their tuner wherever they stand in the name.
DERIVED = frozenset(
    ["nemotron", "hermes", "deephermes", "tulu", "dolphin", "euryale", "lunaris", "hanami", "stheno", "magnum", "athene", "starling", "zephyr", "openchat", "wizardlm", "vicuna", "xlam", "chimera", "nex", "lumimaid", "noromaid", "goliath"]
)
# Words of labs' own editions: with only these, an organisation before the name is a host or a copy, not a tuner.
_PLAIN = frozenset(
    ["mini", "nano", "lite", "flash", "pro", "max", "plus", "turbo", "chat", "instruct", "it", "base", "thinking", "vision", "vl", "coder", "code", "math", "omni", "embedding", "embed", "rerank", "small", "medium", "large", "next", "air", "oss", "scout", "maverick", "opus", "sonnet", "haiku", "fast", "guard", "terminus", "exp", "speciale", "audio", "image", "multimodal", "nemo", "moe", "english", "multilingual", "light", "codex", "airx", "ultra", "micro", "premier", "canvas", "search", "instant", "latest", "preview", "versatile", "safeguard"]
)
# Labs that only sell their own models: their name before a model is the developer.
_OWN_ONLY = frozenset(
    ["deepgram", "elevenlabs", "assemblyai", "voyage", "jina", "nomic", "morph", "relace", "recraft", "stability", "runway", "luma", "twelvelabs", "ideogram"]
)
_COLON = re.compile(r"([^:(]{2,40}): +(\S.*)")
_PAIRS = {
    ("text", "davinci"): "openai", ("code", "davinci"): "openai", ("text", "curie"): "openai", ("text", "babbage"): "openai",
    ("text", "ada"): "openai", ("text", "embedding"): "google", ("text", "multilingual"): "google", ("text", "bison"): "google",
    ("chat", "bison"): "google", ("code", "bison"): "google", ("code", "gecko"): "google", ("computer", "use"): "openai",
    ("omni", "moderation"): "openai", ("text", "moderation"): "openai", ("tts", "1"): "openai", ("deep", "research"): "google",
    ("nano", "banana"): "google", ("ui", "tars"): "bytedance", ("z", "image"): "alibaba", ("kat", "coder"): "kwaipilot",
    ("text", "unicorn"): "google", ("code", "cushman"): "openai", ("cushman", "codex"): "openai",
}  # fmt: skip


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
        return any(
            any(c.isdigit() for c in word) and not SIZE.fullmatch(word) and not ACTIVE.fullmatch(word) for word in self.words
        )


def _bracket_choice(tokens: list[Token]) -> list[Token]:
    """Agentic Chat (GPT-5.4 Mini), Nano Banana (Gemini 2.5 Flash Image): the family stands only in the brackets."""
    if not any(token.bracketed for token in tokens):
        return tokens
    outside = any(
        token.text in FAMILIES or token.text.rstrip("0123456789.") in GLUED for token in tokens if not token.bracketed
    )
    if not outside and any(token.bracketed and token.text in FAMILIES for token in tokens):
        return [token._replace(bracketed=False) for token in tokens if token.bracketed]
    return tokens


def _family_of(word: str) -> str:
    if word in FAMILIES:
        return word
    stem = word.rstrip("0123456789.")
    return stem if stem in GLUED else ""


def _drop_vendors(tokens: list[Token], found: Unwrapped) -> tuple[list[Token], str]:
    """Cut vendor and host words that stand before a family word; gives the tokens and the family."""
    for index, token in enumerate(tokens[:5]):
        family = _family_of(token.text)
        following = _family_of(tokens[index + 1].text) if index + 1 < len(tokens) else ""
        same = following and FAMILIES[following] == FAMILIES.get(family) and family not in ("nous", "qwen", "tongyi", "nv")
        if family and same and family != following and token.text in BY_MARK:
            continue
        if family:
            if index:
                found.steps.append("vendor words " + " ".join(t.text for t in tokens[:index]))
                vendor = BY_MARK.get(tokens[0].text)
                found.developer = found.developer or vendor
            return tokens[index:], family
        if not (token.text.replace(".", "") in BY_MARK or token.text in _HOST_WORDS or (token.text == "open" and index == 0)):
            if token.text in ("early",):
                continue
            break
    first = tokens[0].text if tokens else ""
    if first[:1] in "vr" and VERSION.fullmatch(first) and found.developer == "deepseek":
        return [Token("deepseek", "", False), *tokens], "deepseek"
    if first[:1] in ("m", "k") and VERSION.fullmatch(first) and found.developer in ("minimax", "moonshot"):
        family = {"minimax": "minimax", "moonshot": "kimi"}[found.developer]
        return [Token(family, "", False), *tokens], family
    if first == "l" or re.fullmatch(r"l3(?:\.\d)?", first):
        return [Token("llama", "", False), *([Token(first[1:], "", False)] if first[1:] else []), *tokens[1:]], "llama"
    return tokens, ""


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
    return "embedding" in texts or family in ("davinci", "babbage", "ada", "curie", "multimodalembedding")


def _stage_is_name(token: Token, kept: list[Token], family: str) -> bool:
    """Alpha and beta after a size are weights of their own; a bare family with a stage is one name (grok-beta, kimi-latest)."""
    if token.text in ("alpha", "beta") and kept and SIZE.fullmatch(kept[-1].text):
        return True
    if family in ("stable", "gen", "gen3"):
        return True
    return (
        token.text not in ("latest", "early")
        and token.text[-1].isalpha()
        and len(kept) == 1
        and kept[0].text in FAMILIES
        and (kept[0].text not in ("gemini", "o1", "o3", "o4", "sora", "veo"))
    )


def _developer(found: Unwrapped, family: str, slug_words: list[str], hint: str | None) -> str | None:
    """The lab: a derived family's tuner, the organisation of an unplain name, the family's lab, the host's own lab."""
    derived = next((word for word in slug_words if word in DERIVED), "")
    by_family = FAMILIES.get(family)
    if not family and len(slug_words) > 1:
        by_family = _PAIRS.get((slug_words[0], slug_words[1]))
        if by_family == "google" and slug_words[:2] == ["text", "embedding"] and slug_words[2:3] in (["3"], ["ada"]):
            by_family = "openai"
    stated = found.developer
    if derived and FAMILIES[derived] == stated:
        return stated
    if stated in _OWN_ONLY:
        return stated
    plain = by_family is not None and all(
        word in _PLAIN
        or _family_of(word)
        or VERSION.fullmatch(word)
        or SIZE.fullmatch(word)
        or ACTIVE.fullmatch(word)
        or word.isdigit()
        for word in slug_words
    )
    if derived and (found.org == "" or plain):
        return FAMILIES[derived]
    if stated:
        return by_family if by_family and plain else stated
    if found.org and not plain:
        return found.org
    if by_family:
        return by_family
    weak = next((FAMILIES[word] for word in slug_words if word in FAMILIES), None)
    return hint or found.org or weak


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

    >>> read("us.anthropic.claude-sonnet-4-5-20250929-v1:0", in_name=False, hint=None, base_possible=False, search_board=False).slug
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
    tokens, family = _drop_vendors(tokens, found)
    if family in _CLAUDE_EDITIONS:
        tokens, family = [Token("claude", "", False), *tokens], "claude"
    if family or found.developer:
        tokens = unsqueeze(tokens)
    tokens, snapshot = _take_snapshot(tokens, family)
    root = _family_root(family, tokens)
    taken = Scanner(tokens, root, dated=any(c.isdigit() for c in snapshot), search_board=search_board).run()
    name = Words(reorder_size(taken.kept), snapshot, base_possible)
    if rule := RULES.get(root):
        if name.words:
            rule(name)
    variants |= taken.found | set(found.words)
    region = found.region or taken.region
    steps = list(found.steps)
    if name.snapshot:
        steps.append(f"snapshot {name.snapshot}")
    if variants:
        steps.append("variant " + " ".join(sorted(variants)))
    return Reading(
        developer=_developer(found, family, name.words, hint) if name.words else None,
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
