"""What single sellers say of how they bill, each with the page that says it; it holds for all of their offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FROM_THE_THRESHOLD: Final[Mapping[str, str]] = {
    "openai": "https://developers.openai.com/api/docs/pricing",  # "gpt-5.5 (<272K context length)"
    "openrouter": "https://openrouter.ai/docs/api-reference/models/get-models",  # `min_prompt_tokens` is a least number
    "xai": "https://docs.x.ai/docs/models",  # "200k and above"
}
"""Sellers whose higher tier holds from the stated number of prompt tokens on; all others': above it."""

THINKING_COVERS_OUTPUT: Final[Mapping[str, str]] = {
    "alibaba": "https://www.alibabacloud.com/help/en/model-studio/model-pricing",  # output in thinking mode: reasoning + answer
}
"""Sellers whose price of reasoning covers all output of a request that reasons."""

SPEECH_TOKENS_A_SECOND: Final[Mapping[str, tuple[int, str]]] = {
    # "Audio tokens correspond to 25 tokens per second of audio."
    "google": (25, "https://ai.google.dev/gemini-api/docs/pricing"),
}
"""Sellers of speech by the token who state how many tokens a second is; nothing else is ever converted."""
