"""Whose model a name is: the lab that trained the weights, not the host."""

from collections.abc import Iterator

from aimstats.identity.families import FAMILIES
from aimstats.identity.vocabulary import is_size
from aimstats.identity.words import is_plain
from aimstats.identity.wordset import word_set

# Families of derived weights, which belong to their tuner wherever they stand in the name.
DERIVED = word_set(
    """
    nemotron hermes deephermes tulu dolphin euryale lunaris hanami stheno magnum athene starling zephyr openchat wizardlm
    xlam chimera nex lumimaid noromaid goliath sonar typhoon eva sorcererlm shisa celeste inferor starcannon arliai rpmax
    """
)
# Labs that host many others' models: their door says nothing about who made an unknown model.
_HOST_LABS = word_set("""
    groq fireworks together databricks snowflake cerebras huggingface nvidia venice vercel featherless-ai
    """)
# Names that only begin like another lab's family.
_OTHER_LABS = {
    "gpt j": "eleutherai",
    "gpt neo": "eleutherai",
    "gpt neox": "eleutherai",
    "gpt neoxt": "together",
    "gpt jt": "together",
}
# Two words that begin names: text-davinci, nano banana.
_PAIRS = {
    "text davinci": "openai", "code davinci": "openai", "text curie": "openai", "text babbage": "openai", "text ada": "openai",
    "text similarity": "openai", "text search": "openai", "code cushman": "openai", "cushman codex": "openai",
    "computer use": "openai", "omni moderation": "openai", "text moderation": "openai", "tts 1": "openai",
    "text embedding": "google", "text multilingual": "google", "text bison": "google", "text unicorn": "google",
    "chat bison": "google", "code bison": "google", "code gecko": "google", "deep research": "google", "nano banana": "google",
    "ui tars": "bytedance", "z image": "alibaba", "kat coder": "kwaipilot", "coder large": "arcee", "r1 1776": "perplexity",
    "megatron turing": "microsoft", "mamba codestral": "mistral", "cerebras gpt": "cerebras",
}  # fmt: skip
# Labs that never sell tunings of others' weights: under their name (often only an API style) the family tells the lab.
_NEVER_TUNE = word_set("openai anthropic google xai")
# Families of open weights that others tune and hosts list without an organisation, and what hosts themselves add to a name.
_TUNED_BY_OTHERS = word_set("gemma llama mistral mixtral qwen")
_HOSTS_REMARKS = word_set("text rope draft diff api alibaba")
# Family words that several labs use.
_GENERIC = word_set("""
    embed rerank nova seed step sd ray gen arch base north solar canary command
    """)


# The third word of names that begin with text-embedding; Google has the other ones of its own.
_OF_EMBEDDING = {"3": "openai", "ada": "openai", "v1": "alibaba", "v2": "alibaba", "v3": "alibaba", "v4": "alibaba"}


def _families_in(words: list[str]) -> Iterator[str]:
    """The labs of the families that are named within a name, their generations joined to them or not."""
    for word in words:
        if found := FAMILIES.get(word) or FAMILIES.get(word.rstrip("0123456789.")):
            yield found


def _is_tuned(slug_words: list[str]) -> bool:
    """Whether a word that no lab's edition has stands behind the size: a tuning of the weights, its tuner not named.

    >>> _is_tuned(["gemma", "4", "31b", "darkidol"]), _is_tuned(["command", "r", "08"])
    (True, False)
    """
    size = next((place for place, word in enumerate(slug_words) if is_size(word)), None)
    return size is not None and not is_plain(word for word in slug_words[size:] if word not in _HOSTS_REMARKS)


def developer_in(stated: str | None, org: str, family: str, slug_words: list[str], hint: str | None) -> str | None:
    """The lab: a derived family's tuner, the organisation of an unplain name, the family's lab, the host's own lab.

    `stated` is the lab of an organisation or vendor in the name, `org` an organisation that no table has, `hint` the lab
    that the row's host or organisation is.

    >>> developer_in("nvidia", "", "llama", ["llama", "3.1", "nemotron", "70b"], None)
    'nvidia'
    >>> developer_in("perplexity", "", "deepseek", ["deepseek", "v4", "flash"], None)
    'deepseek'
    >>> developer_in(None, "some-tuner", "llama", ["llama", "3.3", "70b", "electra"], None)
    'some-tuner'
    >>> developer_in(None, "", "gemma", ["gemma", "4", "31b", "darkidol"], None) is None
    True
    """
    if (other := _OTHER_LABS.get(" ".join(slug_words[:2]))) or (family == "llama" and "groq" in slug_words):
        return other or "groq"
    derived = next((word for word in slug_words if word in DERIVED), "")
    by_family = FAMILIES.get(family)
    if not family:
        by_family = _PAIRS.get(" ".join(slug_words[:2]))
        if slug_words[:2] == ["text", "embedding"] and len(slug_words) > 2:
            by_family = _OF_EMBEDDING.get(slug_words[2]) or next(_families_in(slug_words[2:]), by_family)
    if derived and FAMILIES[derived] == stated:
        return stated
    if by_family and stated in _NEVER_TUNE:
        return by_family
    if stated and family in _GENERIC:
        return stated
    plain = by_family is not None and is_plain(slug_words)
    if derived and (org == "" or plain):
        return FAMILIES[derived]
    if stated:
        return by_family if by_family and plain else stated
    if org and not plain:
        return org
    if by_family and hint != by_family and family in _TUNED_BY_OTHERS and _is_tuned(slug_words):
        return None
    if by_family:
        return by_family
    return org or (hint if hint not in _HOST_LABS else None)
