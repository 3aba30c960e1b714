"""Boards of agents (SWE-bench): a system around models, whose score belongs to a model only when exactly one is named."""

import re

_SPLIT = re.compile(r"\s*(?:;|\+|,| & )\s*")
_MODELISH = re.compile(
    r"\b(?:gpt|chatgpt|claude|gemini|o[134](?:-mini|-preview)?\b|deepseek|qwen|qwq|gemma|codestral|command|hermes|phi|kimi|glm|llama|devstral|mistral|grok|doubao|minimax|nova|gemma|sonnet|opus)",
    re.IGNORECASE,
)


def tagged_models(tags: str) -> list[str]:
    """The models in a board's tags (`a;b`), each once.

    >>> tagged_models("gpt-4o;gpt-4o"), tagged_models("")
    (['gpt-4o'], [])
    """
    return list(dict.fromkeys(part for part in (part.strip() for part in tags.split(";")) if part))


def parts_of(name: str) -> list[str]:
    """The parts of "agent + model", in order.

    >>> parts_of("mini-SWE-agent + gpt-oss-120b"), parts_of("gpt-oss-120b")
    (['mini-SWE-agent', 'gpt-oss-120b'], ['gpt-oss-120b'])
    """
    return [part for part in _SPLIT.split(name) if part]


def names_model(text: str) -> bool:
    """Whether a part of an agent's name looks like a model of a known lab.

    >>> names_model("ChatGPT 3.5"), names_model("SWE-agent")
    (True, False)
    """
    return bool(_MODELISH.search(text))


def without_brackets(name: str) -> str:
    """A name without its remarks.

    >>> without_brackets("Kortix AI (claude-3-5-sonnet-20241022)")
    'Kortix AI'
    """
    return re.sub(r"\s*\([^)]*\)", "", name).strip()
