"""What type a model is: as stated, else as what goes in and comes out says, else as its name or what it is sold by does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from aimstats.domain.prices import MTOK, PriceKey, parse_price_key
from aimstats.resolution.choice import NOTHING_WRITTEN
from aimstats.resolution.inputs import OFFER_KINDS, ListingView

_NAMED_TYPES: Final = (
    ("rerank", re.compile(r"rerank")),
    ("embedding", re.compile(r"embed|\bbge\b|\bgte\b|\be5\b")),
    ("transcription", re.compile(r"whisper|transcribe|\basr\b|scribe|\b(?:audio|speech) to text\b")),
    ("speech", re.compile(r"\btts\b|\btext to (?:speech|audio)\b")),
    ("moderation", re.compile(r"moderation|guard\b|guardrail")),
)
_NAMED_BY_WHAT_IS_MADE: Final = (
    ("video", re.compile(r"\bto video\b|\b[irtv]2v\b|\bvideo (?:editing|generation|reference)\b")),
    ("image", re.compile(r"\b(?:image|text) to image\b|\bimage generation\b")),
)
"""What hosts call their services; a model that writes may have read such names in its data, so its outputs are asked first."""
_MAKES_IMAGES: Final = re.compile(r"\bimage\b")
_SOLD_BY: Final = {"output_video": "video", "image": "image", "input_character": "speech", "output_audio": "speech"}
"""What a model makes that is sold by one of these meters and by nothing else."""


def type_of(
    stated: str | None,
    inputs: list[str] | None,
    outputs: list[str] | None,
    slug: str,
    *,
    sold_by: Collection[PriceKey] = (),
    is_measured: bool = False,
) -> str:
    """The model's type: stated, else what its output modalities say, else what its name says, else what it is sold by, else text;
    what is sold by the page and not by tokens reads documents (`other`).

    What boards measure (`is_measured`) answers: a catalogue that files it under what writes nothing is not believed.

    >>> type_of(None, ["text"], ["image"], "flux-2")
    'image'
    >>> type_of(None, ["text"], ["text"], "qwen3-embedding-8b")
    'embedding'
    """
    if stated and stated != "text" and not (is_measured and stated in NOTHING_WRITTEN):
        return stated
    units = {key.base_unit for key in sold_by}
    if "page" in units and MTOK not in units:
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
    if "image" in made and _MAKES_IMAGES.search(words):
        return "image"
    for kind, pattern in _NAMED_TYPES if made else (*_NAMED_BY_WHAT_IS_MADE, *_NAMED_TYPES):
        if pattern.search(words):
            return kind
    meters = {key.meter for key in sold_by}
    if not made and len(meters) == 1 and (kind_sold := _SOLD_BY.get(*meters)):
        return kind_sold
    if inputs and "audio" in inputs and "text" not in inputs and made == {"text"}:
        return "transcription"
    return "text"


def sold_by(listings: Iterable[ListingView]) -> list[PriceKey]:
    """The keys of all prices that offers of the model state above 0."""
    return [
        parse_price_key(claim.key)
        for row in listings
        if row.source.kind in OFFER_KINDS
        for claim in row.current
        if claim.kind == "price" and claim.usd != 0
    ]


def is_measured(listings: Iterable[ListingView]) -> bool:
    """Whether a board states a score of the model."""
    return any(claim.kind == "score" for row in listings for claim in row.current)
