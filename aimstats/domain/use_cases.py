"""What a model is suited for: one rule over stated facts a use case, printed on `/methodology`; no lists of names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

LONG_CONTEXT_TOKENS: Final = 100_000
DOCUMENT_CONTEXT_TOKENS: Final = 32_000


@dataclass(frozen=True, slots=True)
class UseCase:
    """One use case: its id, its rule in words, and the rule over a resolved model's stated facts."""

    id: str
    label: str
    rule: str
    holds: Callable[[Mapping[str, Any]], bool]


def _context(facts: Mapping[str, Any]) -> int:
    return facts["limit"]["context"] or facts["limit"]["input"] or 0


def _takes(facts: Mapping[str, Any], *modalities: str) -> bool:
    return bool(set(modalities) & set(facts["modalities"]["input"] or ()))


def _makes(facts: Mapping[str, Any], modality: str) -> bool:
    return modality in (facts["modalities"]["output"] or ())


def _writes_text(facts: Mapping[str, Any]) -> bool:
    return facts["type"] == "text" and _makes(facts, "text")


USE_CASES: Final = (
    UseCase(
        "document_analysis",
        "Document analysis",
        "a text model that reads PDF or images and takes at least 100,000 tokens",
        lambda facts: _writes_text(facts) and _takes(facts, "pdf", "image") and _context(facts) >= LONG_CONTEXT_TOKENS,
    ),
    UseCase(
        "summarization",
        "Summarization",
        "a text model that takes at least 100,000 tokens",
        lambda facts: _writes_text(facts) and _context(facts) >= LONG_CONTEXT_TOKENS,
    ),
    UseCase(
        "rag",
        "Retrieval-augmented generation",
        "an embedding or rerank model, or a text model with tool calls or structured output and at least 32,000 tokens",
        lambda facts: (
            facts["type"] in ("embedding", "rerank")
            or (
                _writes_text(facts)
                and bool(facts["tool_call"] or facts["structured_output"])
                and _context(facts) >= DOCUMENT_CONTEXT_TOKENS
            )
        ),
    ),
    UseCase(
        "translation",
        "Translation",
        "a text model that takes and writes at least 8,000 tokens",
        lambda facts: _writes_text(facts) and _context(facts) >= 8_000 and (facts["limit"]["output"] or _context(facts)) >= 8_000,
    ),
    UseCase(
        "story_writing",
        "Story writing",
        "a text model that writes at least 16,000 tokens in one answer",
        lambda facts: _writes_text(facts) and (facts["limit"]["output"] or 0) >= 16_000,
    ),
    UseCase(
        "coding",
        "Coding",
        "a text model with tool calls and at least 100,000 tokens",
        lambda facts: _writes_text(facts) and facts["tool_call"] is True and _context(facts) >= LONG_CONTEXT_TOKENS,
    ),
    UseCase(
        "image_generation",
        "Image generation",
        "a model whose stated output holds images",
        lambda facts: facts["type"] == "image" or _makes(facts, "image"),
    ),
    UseCase(
        "audio_generation",
        "Audio generation",
        "a model whose stated output holds audio",
        lambda facts: facts["type"] == "speech" or _makes(facts, "audio"),
    ),
    UseCase(
        "video_generation",
        "Video generation",
        "a model whose stated output holds video",
        lambda facts: facts["type"] == "video" or _makes(facts, "video"),
    ),
)


def use_cases_of(facts: Mapping[str, Any]) -> list[str]:
    """The ids of the use cases whose rule holds for a resolved model body; unknown facts never count in favour."""
    return [case.id for case in USE_CASES if case.holds(facts)]
