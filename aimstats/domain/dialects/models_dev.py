"""models.dev's words: a `cost` in US dollars per million tokens, its tiers and modes, its statuses."""

from __future__ import annotations

from typing import Final

METERS: Final = {
    "input": "input",
    "output": "output",
    "reasoning": "reasoning",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "inputCached": "cache_read",
    "outputCached": "cache_write",
    "input_audio": "input_audio",
    "output_audio": "output_audio",
}
"""`inputCached` and `outputCached` are the names of 2025-06."""
IMAGE_METERS: Final = METERS | {"output": "output_image"}
MODALITIES: Final = {word: word for word in ("text", "image", "audio", "video", "pdf")}
STATUSES: Final = {"alpha": "preview", "beta": "preview", "deprecated": "deprecated"}
PLAN_OF_MODE: Final = {"fast": "fast"}
"""`experimental.modes.fast` is the fast mode of the sellers that have one."""
OVER_TOKENS: Final = 200_000
"""The tier of `context_over_200k`, which stands where no `tiers` do."""
