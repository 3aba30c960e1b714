"""The facts that listings may state: one row a field, with what its values are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

TYPES: Final = ("text", "embedding", "rerank", "image", "video", "speech", "transcription", "moderation", "other")
MODALITIES: Final = ("text", "image", "audio", "video", "pdf")
EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
INCOMPLETE: Final = "flags.prices_incomplete"
"""The flag that a parser of ours raises where it could not read all prices of a listing; all other flags are its source's."""
STATUSES: Final = ("preview", "active", "deprecated", "retired")

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?\Z")


def is_text(value: Any) -> bool:
    """A non-empty text of at most 2,000 characters."""
    return isinstance(value, str) and 0 < len(value) <= 2_000


def is_date(value: Any) -> bool:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as the source is.

    >>> is_date("2025-02"), is_date("2025-13")
    (True, False)
    """
    return isinstance(value, str) and _DATE.match(value) is not None


def is_flag(value: Any) -> bool:
    """Stated yes or no; what is not stated is not a claim."""
    return isinstance(value, bool)


def is_count(value: Any) -> bool:
    """A positive integer; a source's 0 for a limit means unknown and is never an item."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**15


def _subset_of(allowed: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(entry in allowed for entry in value)


def is_texts(value: Any) -> bool:
    """A list of non-empty texts."""
    return isinstance(value, list) and all(map(is_text, value))


FACTS: Final[dict[str, Callable[[Any], bool]]] = {
    "name": is_text,
    "type": lambda value: value in TYPES,
    "family": is_text,
    "release_date": is_date,
    "knowledge": is_date,
    "last_updated": is_date,
    "status": lambda value: value in STATUSES,
    "open_weights": is_flag,
    "license": is_text,
    "hugging_face_id": is_text,
    "parameters.total": is_count,
    "parameters.active": is_count,
    "embedding_dimensions": is_count,
    "limit.context": is_count,
    "limit.input": is_count,
    "limit.output": is_count,
    "modalities.input": _subset_of(MODALITIES),
    "modalities.output": _subset_of((*MODALITIES, "embedding", "score")),
    "reasoning": is_flag,
    "tool_call": is_flag,
    "structured_output": is_flag,
    "attachment": is_flag,
    "temperature": is_flag,
    "reasoning_efforts": _subset_of(EFFORTS),
    "regions": is_texts,
    "supported_parameters": is_texts,
    "tokenizer": is_text,
    "weights_bytes": is_count,
    "note": is_text,
}
"""Beside these rows, `limits.<name>` (a count) and `flags.<name>` (a flag, text or list of texts) are open families."""


def is_fact(key: str, value: Any) -> bool:
    """Whether the value is one that the field may have.

    >>> is_fact("limit.context", 200000), is_fact("limit.context", 0), is_fact("limits.max_images_per_prompt", 5)
    (True, False, True)
    """
    if key.startswith("limits."):
        return is_count(value) or (hasattr(value, "is_finite") and value > 0)
    if key.startswith("flags."):
        return is_flag(value) or is_text(value) or is_texts(value)
    row = FACTS.get(key)
    return row is not None and row(value)
