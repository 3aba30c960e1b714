"""Under which provider ids a developer sells its own models: whose prices and lifecycle speak for the model itself."""

from __future__ import annotations

from functools import cache
from typing import Final

_OWN: Final[dict[str, tuple[str, ...]]] = {
    # developer -> provider ids, the main one first; a developer that is missing sells under its own id
    "alibaba": ("alibaba",),
    "amazon": ("amazon-bedrock", "nova"),
    "baidu": ("baidu", "qianfan"),
    "bytedance": ("volcengine", "bytedance"),
    "google": ("google", "google-vertex"),
    "ibm": ("watsonx",),
    "inclusionai": ("bailing",),
    "kwaipilot": ("kwaipilot", "streamlake"),
    "meta": ("llama",),
    "microsoft": ("azure",),
    "moonshot": ("moonshotai",),
    "nous": ("nous", "nousresearch"),
    "tencent": ("tencent-tokenhub", "tencent"),
    "z-ai": ("zai", "zhipuai"),
}


@cache
def first_party(developer: str | None) -> tuple[str, ...]:
    """The provider ids under which the developer itself sells, the main one first; `()` for an unknown developer.

    >>> first_party("google"), first_party("anthropic"), first_party(None)
    (('google', 'google-vertex'), ('anthropic',), ())
    """
    if not developer:
        return ()
    return _OWN.get(developer, (developer,))
