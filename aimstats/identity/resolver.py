"""From a name to a model: read the id and the display name, weigh them, explain."""

import re
from dataclasses import replace
from functools import lru_cache

from aimstats.identity import agents
from aimstats.identity.boards import board_row
from aimstats.identity.conclusion import conclude
from aimstats.identity.developers import developer_of
from aimstats.identity.exceptions import HOST_IDS, SHARED_IDS
from aimstats.identity.kinds import kind_of_id, kind_of_name
from aimstats.identity.names import Name, Resolution
from aimstats.identity.reading import Reading, read
from aimstats.identity.tokens import clean, family_of
from aimstats.identity.vocabulary import is_active_size, is_size
from aimstats.identity.words import TUNED

# Changes whenever a rule or a table of this package changes, or what `ingest/assignments.py` makes of a reading, or which
# figures the catalogue shows: the next run then resolves anew what stands.
RULES_VERSION = "2026.11.11"

# Boards and hosts that also list base weights: a name without "instruct" may be the base model there.
_BASE_SOURCES = ("helm", "epoch")
# Price rows of one model by what its tokens are: "gpt-image-2 (image gen) image tokens".
_TOKENS_SOLD = re.compile(r"\s(image|text|audio) tokens$", re.IGNORECASE)
_TIER = re.compile(r"[<>≤≥]\s*\d+k\b", re.IGNORECASE)
_CONTEXT = re.compile(r"\d+k")
_CODE = re.compile(r"(?:0[1-9]|1[0-2])\d\d|2[2-9](?:0[1-9]|1[0-2])")
_WORDS = re.compile(r"[a-z]+")
_BASE_HOSTS = ("together", "replicate", "fireworks", "openrouter", "huggingface", "featherless", "anyscale")


def resolve(name: Name | str) -> Resolution:
    """The model that a name means (a text stands for an id without a source). Pure and deterministic; results are remembered
    (bounded).

    >>> found = resolve("us.anthropic.claude-sonnet-4-5-20250929-v1:0")
    >>> found.model, found.snapshot, found.region
    ('anthropic/claude-sonnet-4.5', '20250929', 'us')
    """
    if isinstance(name, str):
        name = Name(external_id=name)
    facts = tuple(sorted((key, value) for key, value in name.facts.items() if value)) if name.facts else ()
    return _resolve(name.source, name.provider, name.external_id, name.name, facts)


@lru_cache(maxsize=4096)
def _resolve(source: str, provider: str, external_id: str, shown: str, facts: tuple[tuple[str, str], ...]) -> Resolution:
    source = source.lower().replace(".", "_").replace("_", "-")
    stated = dict(facts)
    if source.startswith(("swebench", "swe-bench")):
        return board_row(stated.get("board", source), stated.get("tags", external_id), shown)
    identifier = external_id.strip()
    if other := HOST_IDS.get(identifier.rsplit("/", 1)[-1]):
        identifier, shown = other, ""
    if tokens_sold := _TOKENS_SOLD.search(shown):
        identifier, shown = identifier.removesuffix(f"-{tokens_sold[1].lower()}"), shown[: tokens_sold.start()]
    identifier = _without_host(identifier, provider)
    kind = kind_of_id(clean(identifier)) if identifier else "model"
    if kind == "model" and shown:
        kind = kind_of_name(clean(shown))
    if kind == "model" and stated.get("alias_target"):
        kind = "router"
    if kind == "model" and "+" in shown and _several(shown):
        kind = "agent"
    if kind != "model":
        return Resolution(kind=kind, model=None, developer=None, confidence=0.9, method="kind", steps=(f"a {kind}, no model",))
    host = provider.lower()
    own_id = not source and "/" in identifier  # one of our ids, or a repository of weights: taken at its word
    base = own_id or source.startswith(_BASE_SOURCES) or host.startswith(_BASE_HOSTS) or "base" in _WORDS.findall(shown.lower())
    options = {
        "hint": developer_of(provider),
        "base_possible": base,
        "search_board": source == "arena-search" or stated.get("board") == "search",
    }
    by_id = read(identifier, in_name=False, **options) if identifier else None
    by_name = read(shown.strip(), in_name=True, **options) if shown.strip() else None
    if by_id and by_id.kind != "model":
        return Resolution(kind=by_id.kind, model=None, developer=None, confidence=0.9, method="id", steps=by_id.steps)
    published = stated.get("hugging_face_id", "")
    by_weights = read(published, in_name=False, **options) if published else None
    found = _weigh(by_id, by_name, by_weights)
    return _without_tier(found) if _TIER.search(shown) else found


def _without_host(identifier: str, provider: str) -> str:
    """An id without the name of its host, which some put before the family of each model.

    >>> _without_host("umans-kimi-k2.7", "umans-ai"), _without_host("umans-coder", "umans-ai")
    ('kimi-k2.7', 'umans-coder')
    """
    host = _WORDS.match(provider.lower())
    if host is None or developer_of(provider) or not identifier.lower().startswith(f"{host.group()}-"):
        return identifier
    rest = identifier[len(host.group()) + 1 :]
    return rest if family_of(rest.lower().partition("-")[0]) else identifier


def _without_tier(found: Resolution) -> Resolution:
    """A price row's context tier ("> 200k") is a condition of the price, not another offer."""
    words = (word for word in found.offer_variant.split("+") if not _CONTEXT.fullmatch(word))
    return replace(found, offer_variant="+".join(words))


def _several(shown: str) -> bool:
    parts = agents.parts_of(shown)
    return len(parts) > 1 and sum(agents.names_model(part) for part in parts) > 1


def _weigh(by_id: Reading | None, by_name: Reading | None, by_weights: Reading | None = None) -> Resolution:
    """Id before name, but the name decides where the id is shared or names no generation, published weights add a size."""
    if by_id is None or not by_id.words:
        if by_name is None or not by_name.words:
            return Resolution(kind="other", model=None, developer=None, steps=("nothing to read",))
        return conclude(by_name, by_name, None, "name", 0.9)
    if by_name and not by_name.words:
        by_name = None
    if by_name and _name_decides(by_id, by_name):
        return conclude(by_name, by_id, by_name, "name", 0.85)
    if by_weights and _weights_decide(by_id, by_weights):
        return conclude(by_weights, by_id, by_name, "weights", 0.9)
    if by_name is None:
        return conclude(by_id, by_id, None, "id", 0.95)
    same = by_id.words == by_name.words
    return conclude(by_id, by_id, by_name, "id+name" if same else "id", 0.99 if same else 0.9)


def _name_decides(by_id: Reading, by_name: Reading) -> bool:
    key = f"{by_id.developer}/{by_id.slug}"
    if key in SHARED_IDS:
        return by_name.versioned and by_name.developer in (by_id.developer, None)
    if not by_id.family or by_name.family != by_id.family or by_name.developer != by_id.developer:
        return False
    if by_id.versioned:
        extra = set(by_name.words) - set(by_id.words)
        return set(by_id.words) < set(by_name.words) and _says_more(extra, by_id.family)
    return by_name.versioned


def _weights_decide(by_id: Reading, by_weights: Reading) -> bool:
    """Whether the published weights only add a size and tuning to a short id, or tell which model a shared id is now."""
    if by_weights.developer != by_id.developer or not by_id.family or by_weights.family != by_id.family:
        return False
    if f"{by_id.developer}/{by_id.slug}" in SHARED_IDS:
        return by_weights.versioned
    extra = set(by_weights.words) - set(by_id.words)
    sizes = any(is_size(word) for word in extra) and not any(is_size(word) for word in by_id.words)
    return (
        sizes
        and set(by_id.words) < set(by_weights.words)
        and all(is_size(word) or is_active_size(word) or word in TUNED for word in extra)
    )


def _says_more(extra: set[str], family: str) -> bool:
    """Words by which a display name is more exact than a short id: the base weights, a dated edition, GPT's chat model."""
    if any(_CODE.fullmatch(word) for word in extra):
        extra = {word for word in extra if not _CODE.fullmatch(word)} - {"thinking", "instruct"}
    return extra <= {"base", "exp", "vl", "terminus", "code"} or (extra == {"chat"} and family == "gpt")


def forget() -> None:
    """Empty the caches (for measurements)."""
    _resolve.cache_clear()
    read.cache_clear()
