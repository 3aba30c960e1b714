"""What type a model is: as stated, else as what goes in and comes out says, else as its name does."""

from __future__ import annotations

import re

_NAMED_TYPES = (
    ("rerank", re.compile(r"rerank")),
    ("embedding", re.compile(r"embed|\bbge\b|\bgte\b|\be5\b")),
    ("transcription", re.compile(r"whisper|transcribe|\basr\b|scribe")),
    ("speech", re.compile(r"\btts\b|text-to-speech")),
    ("moderation", re.compile(r"moderation|\bguard\b|guardrail|safeguard")),
)


def type_of(
    stated: str | None, inputs: list[str] | None, outputs: list[str] | None, slug: str, *, by_the_page: bool = False
) -> str:
    """The model's type: stated, else what its output modalities say, else what its name says, else text; what is sold by the page
    and not by tokens reads documents (`other`).

    >>> type_of(None, ["text"], ["image"], "flux-2")
    'image'
    >>> type_of(None, ["text"], ["text"], "qwen3-embedding-8b")
    'embedding'
    """
    if stated and stated != "text":
        return stated
    if by_the_page:
        return "other"
    made = set(outputs or ())
    if "embedding" in made:
        return "embedding"
    if "score" in made:
        return "rerank"
    if made and "text" not in made:
        for modality, kind in (("video", "video"), ("image", "image"), ("audio", "speech")):
            if modality in made:
                return kind
    words = slug.replace("-", " ")
    for kind, pattern in _NAMED_TYPES:
        if pattern.search(words):
            return kind
    if inputs and "audio" in inputs and "text" not in inputs and made == {"text"}:
        return "transcription"
    return "text"
