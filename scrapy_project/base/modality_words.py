"""Modalities in the words of model descriptions: "text-to-image", "text, image, video, and audio", "speech-to-text"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

KINDS: Final = {
    "text": "text", "texts": "text", "image": "image", "images": "image", "vision": "image", "frame": "image", "video": "video",
    "videos": "video", "audio": "audio", "speech": "audio", "voice": "audio", "pdf": "pdf", "pdfs": "pdf",
}  # fmt: skip
"""Word -> modality."""

_NOUN = "text|images?|videos?|audio|speech|vision"
_FROM_TO = re.compile(rf"\b({_NOUN})[- ]to[- ]({_NOUN})\b", re.IGNORECASE)
_LIST = rf"((?:{_NOUN})(?:(?:\s?/\s?|,\s{{0,9}}and\s|,\s{{0,9}}|\sand\s)(?:[\w-]{{1,40}}-)?(?:{_NOUN}|frame))*)"
_ENTERS = re.compile(rf"\b(?:supporting|accepts?|takes?|understands?|processes)\s{_LIST}", re.IGNORECASE)
_MADE = re.compile(rf"\b({_NOUN})[- ]generation\b", re.IGNORECASE)
_SAFETY = re.compile(rf"\b{_LIST}\s(?:(?:safety\s)?(?:classification|moderation)|(?:capabilities|inputs?)\b)", re.IGNORECASE)


class Modalities(NamedTuple):
    """What goes in and what comes out, as far as the words say; each in the order of `KINDS`, without doubles."""

    inputs: list[str]
    outputs: list[str]


def kinds_listed(words: str) -> list[str]:
    """The modalities that a list names, in the order of `KINDS`.

    >>> kinds_listed("text, image, video, and audio")
    ['text', 'image', 'video', 'audio']
    """
    named = {KINDS[word] for word in re.findall(r"[a-z]+", words.lower()) if word in KINDS}
    return [kind for kind in dict.fromkeys(KINDS.values()) if kind in named]


def modalities_in(description: str) -> Modalities:
    """The modalities that a description states; empty lists where it states none.

    >>> modalities_in("Supports both text-to-image and image-to-image generation")
    Modalities(inputs=['text', 'image'], outputs=['image'])
    >>> modalities_in("Multimodal video generation model supporting text / image / first-and-last-frame / reference input")
    Modalities(inputs=['text', 'image'], outputs=['video'])
    >>> modalities_in("Compact multimodal moderation model for text and image safety classification.")
    Modalities(inputs=['text', 'image'], outputs=[])
    >>> modalities_in("A powerful model offering best-in-class text and vision capabilities.").inputs
    ['text', 'image']
    >>> modalities_in("The flagship for images of a better life")
    Modalities(inputs=[], outputs=[])
    """
    pairs = _FROM_TO.findall(description)
    inputs = [before for before, _ in pairs] + _ENTERS.findall(description) + _SAFETY.findall(description)
    outputs = [after for _, after in pairs] + _MADE.findall(description)
    return Modalities(kinds_listed(" ".join(inputs)), kinds_listed(" ".join(outputs)))
