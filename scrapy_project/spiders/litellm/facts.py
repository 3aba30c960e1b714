"""LiteLLM's facts: what a record says beside its prices: its type, limits, abilities, modalities and end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from aimstats.domain.dialects.litellm import INPUT_FLAGS, MERGED_FLAGS, MODALITIES, TYPES
from aimstats.domain.facts import EFFORTS
from aimstats.domain.items import Lifecycle
from scrapy_project.base.record import Record, day_start

OF_ITS_SOFTWARE: Final = (
    "bedrock_output_config_effort_ceiling", "bedrock_converse_supports_strict_tools", "audio_transcription_config",
    "gemini_native_audio", "gemini_audio_only_live", "use_openai_responses_path", "prompt_cache_min_tokens",
    "rpm", "tpm", "rpd",
)  # fmt: skip
"""How LiteLLM itself calls a model: nothing that is true of the model elsewhere."""
READS_TEXT: Final = ("text", "embedding", "rerank", "image", "video")
"""A record of such a mode reads text; its flags name what it reads beside it."""
LIMITS: Final = (
    "max_images_per_prompt", "max_audio_length_hours", "max_audio_per_prompt", "max_video_length",
    "max_videos_per_prompt",
    "max_pdf_size_mb", "max_query_tokens", "max_document_chunks_per_query", "max_tokens_per_document_chunk",
    "tool_use_system_prompt_tokens",
)  # fmt: skip


def lifecycle_of(record: Record) -> tuple[Lifecycle, ...]:
    """`deprecation_date` is in practice the day on which the model is shut down."""
    day = record.date("deprecation_date")
    if not day:
        return ()
    if len(day) < len("2025-01-31"):
        return (Lifecycle(event="retired", at=None, precision="none"),)
    at = day_start(day)
    if at is None:
        record.unknown("deprecation_date", "not a date")
        return ()
    return (Lifecycle(event="retired", at=at),)


def facts_of(record: Record, mode: str) -> dict[str, Any]:
    """Type, limits, abilities, modalities and regions by fact; None and empty where the record states nothing."""
    flags = {key.removeprefix("supports_"): record.flag(key) for key in list(record.left) if key.startswith("supports_")}
    facts: dict[str, Any] = {"type": TYPES.get(mode)}
    facts |= _limits(record, mode)
    for fact, (primary, implying) in MERGED_FLAGS.items():
        stated, implied = flags.pop(primary, None), any(flags.get(flag) for flag in implying)
        facts[fact] = stated if stated is not None else implied or None
    efforts = {effort: flags.pop(f"{effort}_reasoning_effort", None) for effort in EFFORTS}
    facts["reasoning_efforts"] = [effort for effort in EFFORTS if efforts[effort]]
    inputs = record.words("supported_modalities", MODALITIES)
    outputs = record.words("supported_output_modalities", MODALITIES)
    takes = [modality for flag, modality in INPUT_FLAGS.items() if flags.get(flag)]
    gives = ["audio"] if flags.get("audio_output") else []
    for flag in (*INPUT_FLAGS, "audio_output"):
        if flags.get(flag):
            flags.pop(flag)
    if takes and not inputs and TYPES.get(mode) in READS_TEXT:
        inputs = ["text"]
    if gives and not outputs and TYPES.get(mode) == "text":
        outputs = ["text"]
    facts["modalities.input"] = list(dict.fromkeys([*inputs, *takes]))
    facts["modalities.output"] = list(dict.fromkeys([*outputs, *gives]))
    facts["regions"] = record.texts("supported_regions")
    facts |= {f"flags.{name}": value for name, value in flags.items()}
    facts |= {f"flags.{key}": record.texts(key) for key in ("supported_resolutions", "supported_endpoints")}
    return facts | {"flags.uses_embed_content": record.flag("uses_embed_content")}


def _limits(record: Record, mode: str) -> dict[str, Any]:
    """Limits; the legacy `max_tokens` counts where no output limit is stated and it does not repeat the input's."""
    most_in, most_out, legacy = (record.count(key) for key in ("max_input_tokens", "max_output_tokens", "max_tokens"))
    reads_only = mode in ("embedding", "rerank", "moderation")
    if most_out is None and legacy is not None and not reads_only and legacy != most_in:
        most_out = legacy
    if most_in is None and reads_only:
        most_in = legacy
    limits: dict[str, Any] = {"limit.input": most_in, "limit.output": most_out}
    limits |= {f"limits.{key}": _positive(record, key) for key in LIMITS}
    return limits | {"embedding_dimensions": record.count("output_vector_size")}


def _positive(record: Record, key: str) -> int | Decimal | None:
    value = record.amount(key)
    if not value:
        return None
    return int(value) if value == value.to_integral_value() else value
