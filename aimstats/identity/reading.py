"""One text (an id or a display name) read into developer, words, snapshot and variant."""

import re
from dataclasses import dataclass
from functools import lru_cache

from aimstats.identity.attribution import developer_in
from aimstats.identity.canonical import RULES
from aimstats.identity.prefixes import Unwrapped, unwrap_path
from aimstats.identity.snapshots import take_snapshot
from aimstats.identity.tokens import QUANT_TAG, Token, clean, family_of, join_versions, unsqueeze, words
from aimstats.identity.variants import Scanner
from aimstats.identity.vendors import SAID_WITHOUT_NAME, bracket_choice, drop_vendors, strip_vendor
from aimstats.identity.vocabulary import is_active_size, is_size
from aimstats.identity.words import Words, reorder_size

_CLAUDE_EDITIONS = frozenset({"opus", "sonnet", "haiku"})

# Families whose rule is one lab's though others use the word.
_SHARED_RULES = frozenset({"embed", "rerank"})

_API_VERSION = re.compile(r"-v\d:0")


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


@lru_cache(maxsize=4096)
def read(text: str, *, in_name: bool, hint: str | None, base_possible: bool, search_board: bool) -> Reading:
    """Read one text.

    `in_name` says that it is a display name, `hint` is the lab that the row's host or organisation is (used when the text
    names none), `base_possible` says that the source also lists base weights, `search_board` that it added search to all.

    >>> read("Anthropic: Claude 4.5 Sonnet", in_name=True, hint=None, base_possible=False, search_board=False).slug
    'claude-sonnet-4.5'
    """
    plain, variants = _without_quantisation(clean(text))
    found = _unwrap(plain, in_name)
    tokens, family = _to_family(found, hint)
    tokens, snapshot = take_snapshot(tokens, family)
    root = _family_root(family, tokens)
    taken = Scanner(tokens, root, dated=any(c.isdigit() for c in snapshot), search_board=search_board).run()
    name = Words(reorder_size(taken.kept), snapshot, base_possible)
    rule = RULES.get(root)
    if rule and name.words and not (root in _SHARED_RULES and found.developer not in (None, "cohere")):
        rule(name)
    variants |= taken.found | set(found.words)
    return Reading(
        developer=developer_in(found.developer, found.org, family, name.words, hint) if name.words else None,
        words=tuple(name.words),
        family=root,
        snapshot=name.snapshot,
        variants=frozenset(variants),
        region=found.region or taken.region,
        plan=found.plan or taken.plan,
        kind=found.kind,
        steps=tuple(_explain(found.steps, root, name.snapshot, variants)),
        raw=found.text,
    )


def _without_quantisation(plain: str) -> tuple[str, set[str]]:
    """Cut a tag such as q4_K_M, whose underscores are its own; other underscores are hyphens where no hyphen is."""
    if "_" in plain and "-" not in plain and "/" not in plain:
        plain = plain.replace("_", "-")
    tag = QUANT_TAG.search(plain) if "q" in plain else None
    if tag is None:
        return plain, set()
    return plain[: tag.start()] + plain[tag.end() :], {tag.group().replace("-", "_")}


def _unwrap(plain: str, in_name: bool) -> Unwrapped:
    """Take an id's path, or a display name's vendor, off; some pages show ids as names, and people ask with either."""
    if (not in_name and ": " not in plain) or " " not in plain or ("/" in plain and " " not in plain.split("/")[0]):
        return unwrap_path(plain)
    found = Unwrapped(plain)
    found.text = _first_name(_API_VERSION.sub("", strip_vendor(plain, found)))
    return found


def _first_name(text: str) -> str:
    """Of two names of one model (DeepSeek V3/Deepseek Chat) the first."""
    first, _, second = text.partition("/")
    both = second and family_of(first.split(" ")[0]) and family_of(second.split(" ")[0])
    return first if both else text


def _to_family(found: Unwrapped, hint: str | None) -> tuple[list[Token], str]:
    """The words from the family on, with their versions joined, and the family ('' when none is known)."""
    tokens = bracket_choice(join_versions(words(found.text)))
    if tokens and (len(tokens) == 1 or tokens[0].text in SAID_WITHOUT_NAME or tokens[0].text in _SHARED_RULES):
        found.developer = found.developer or hint
    tokens, family = drop_vendors(tokens, found)
    if family in _CLAUDE_EDITIONS:
        tokens, family = [Token("claude", "", False), *tokens], "claude"
    return (unsqueeze(tokens) if family or found.developer else tokens), family


def _family_root(family: str, tokens: list[Token]) -> str:
    """The family whose rules apply: derived families of NVIDIA follow theirs."""
    if family == "llama" and any(token.text == "nemotron" for token in tokens):
        return "nemotron"
    return family


def _explain(steps: list[str], family: str, snapshot: str, variants: set[str]) -> list[str]:
    found = list(steps)
    if family:
        found.append(f"family {family}")
    if snapshot:
        found.append(f"snapshot {snapshot}")
    if variants:
        found.append("variant " + " ".join(sorted(variants)))
    return found
