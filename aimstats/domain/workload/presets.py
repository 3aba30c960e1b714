"""Tasks with their usual quantities: what `preset` names, each part of which may be stated otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.texts import N_


@dataclass(frozen=True, slots=True)
class Preset:
    """A task: its label, what is assumed of it, the workload of one, and the type of model that does it."""

    label: str
    assumes: str
    values: Mapping[str, Any]
    type: str = "text"


def _tokens(read: int, written: int, **others: str | int) -> dict[str, Any]:
    further = {name: Decimal(value) for name, value in others.items()}
    return {"input_tokens": Decimal(read), "output_tokens": Decimal(written), **further}


PRESETS: Final[Mapping[str, Preset]] = {
    "summarise_1000_words": Preset(N_("Summarise 1,000 words"),
            N_("1,333 tokens of text, 67 of instructions; 150 words of summary."), _tokens(1_400, 200)
    ),
    "summarise_10000_words": Preset(N_("Summarise 10,000 words"),
            N_("13,333 tokens of text, 67 of instructions; 450 words of summary."), _tokens(13_400, 600)
    ),
    "translate_500_words": Preset(N_("Translate 500 words"),
            N_("667 tokens of text, 33 of instructions; as long in the other language."), _tokens(700, 700)
    ),
    "review_100_lines": Preset(N_("Review 100 lines of code"),
            N_("12 tokens a line, 300 of instructions; 600 tokens of remarks."), _tokens(1_500, 600)
    ),
    "agent_day": Preset(N_("An agent's day"),
            N_("400 calls of 60,000 tokens, 95 % of them read from the cache and 4 % written to it; 800 tokens of answer each."),
        _tokens(60_000, 800, requests=400, cache_hit="0.95", cache_write="0.04"),
    ),
    "answer_over_documents": Preset(N_("An answer over documents"),
            N_("Ten passages of 500 tokens, 200 of question and instructions; 300 of answer."),
        _tokens(5_200, 300),
    ),
    "support_chat": Preset(N_("A support chat"),
            N_("Eight turns of 2,500 tokens, 60 % of them read from the cache; 150 tokens of answer each."),
        _tokens(2_500, 150, requests=8, cache_hit="0.6"),
    ),
    "embed_million_words": Preset(N_("Embed a million words"),
            N_("1,333 passages of 1,000 tokens."), {"input_tokens": Decimal(1_000), "requests": Decimal(1_333)},
        "embedding",
    ),
    "image": Preset(N_("An image"), N_("One of 1024x1024; models that are billed by tokens need `output_image_tokens`."),
        {"images": Decimal(1), "resolution": "1024x1024"}, "image",
    ),
    "transcribe_minute": Preset(N_("A minute of speech, in"),
            N_("Sixty seconds to transcribe."), {"seconds": Decimal(60)}, "transcription"
    ),
    "speak_minute": Preset(N_("A minute of speech, out"), N_("900 characters, 225 tokens of text, and sixty seconds of sound."),
        {"characters": Decimal(900), "input_tokens": Decimal(225), "seconds": Decimal(60)}, "speech",
    ),
    "video_second": Preset(N_("A second of video"),
            N_("With sound, at 1080p."), {"seconds": Decimal(1), "resolution": "1080p", "audio": "true"}, "video",
    ),
}  # fmt: skip
"""At 0.75 words a token, as Anthropic's pricing page estimates for English."""
