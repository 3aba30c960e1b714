"""OpenRouter's words: a `pricing` in US dollars a unit as decimal strings, modalities, parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

METERS: Final[dict[str, tuple[str, str]]] = {
    # key -> meter, unit; `image` and `image_output` are decided by `image_unit`
    "prompt": ("input", "token"),
    "completion": ("output", "token"),
    "internal_reasoning": ("reasoning", "token"),
    "input_cache_read": ("cache_read", "token"),
    "input_cache_write": ("cache_write", "token"),
    "input_cache_write_1h": ("cache_write_1h", "token"),
    "audio": ("input_audio", "token"),
    "audio_output": ("output_audio", "token"),
    "input_audio_cache": ("cache_read_audio", "token"),
    "image_token": ("input_image", "token"),
    "image": ("input_image", "image"),
    "image_output": ("image", "image"),
    "request": ("request", "request"),
    "web_search": ("web_search", "request"),
}
VARIABLE: Final = Decimal(-1)
"""Routers state -1: it depends on the model that they choose, and is never a price."""
MOST_TOKEN_RATIO: Final = 32
"""The reference says "per input image", the documents mostly repeat the token price under `image` (17 of 17 in June
2026). No model's image token costs 32 times its text token, no image less than 32 tokens: the ratio tells."""
INPUTS: Final = {"text": "text", "image": "image", "audio": "audio", "video": "video", "file": "pdf"}
OUTPUTS: Final = {
    "text": "text", "image": "image", "audio": "audio", "video": "video", "embeddings": "embedding", "rerank": "score",
    "speech": "audio", "transcription": "text",
}  # fmt: skip
PARAMETER_OF_FACT: Final = {
    "tool_call": "tools",
    "structured_output": "structured_outputs",
    "temperature": "temperature",
}


def image_unit(amount: Decimal, of_text: Decimal | None) -> str:
    """Whether a price of images is for each image or for their tokens, of which one costs little more than one of text."""
    return "token" if of_text is not None and amount <= of_text * MOST_TOKEN_RATIO else "image"
