"""What rules cannot decide: each exception with its reason and since when it holds. Keep it short."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A key (`developer/slug`, or with `+variant` or `:snapshot`) that means another model, why, and the day since when."""

    key: str
    model: str
    why: str
    since: str


_TABLE = (
    KnownCase("google/nano-banana", "google/gemini-2.5-flash-image", "Google's nickname", "2025-08-26"),
    KnownCase("google/nano-banana-2", "google/gemini-3.1-flash-image", "Google's nickname", "2026-02-26"),
    KnownCase("google/nano-banana-pro", "google/gemini-3-pro-image", "Google's nickname", "2025-11-20"),
    KnownCase("anthropic/claude-3.7", "anthropic/claude-3.7-sonnet", "the only 3.7", "2025-02-24"),
    KnownCase("meta/llama-3.3", "meta/llama-3.3-70b-instruct", "the only 3.3", "2024-12-06"),
    KnownCase("mistral/mistral-medium", "mistral/mistral-medium-1", "the medium of 2023 had no number", "2023-12-11"),
    KnownCase("xai/grok-code-fast", "xai/grok-code-fast-1", "the number is left out by hosts", "2025-08-28"),
    KnownCase("openai/whisper", "openai/whisper-1", "OpenAI's own pages call it by its name alone", "2023-03-01"),
    KnownCase("openai/whisper-v3", "openai/whisper-large-v3", "only the large size has a v3", "2023-11-06"),
    KnownCase("openai/whisper-v3-turbo", "openai/whisper-large-v3-turbo", "only the large size has a v3", "2024-10-01"),
    KnownCase("nexusflow/athene-v2-72b-chat", "nexusflow/athene-v2-chat", "the only size", "2024-11-14"),
    KnownCase("essentialai/rnj-1-8b", "essentialai/rnj-1-instruct", "ollama's tag of the tuned weights", "2025-12-05"),
    KnownCase("alibaba/qwen-max:2025-01-25", "alibaba/qwen2.5-max", "Alibaba: this build is Qwen2.5-Max", "2025-01-28"),
    KnownCase("moonshot/kimi-k2+turbo", "moonshot/kimi-k2-0905", "Moonshot: always aligned with 0905", "2025-09-05"),
    KnownCase("openai/gpt-5-thinking", "openai/gpt-5", "ChatGPT's name of the reasoning model", "2025-08-07"),
)
RENAMED = {row.key: row for row in _TABLE}

# Ids of one host that mean another model than they spell.
HOST_IDS = {
    "deepseek.v3-v1:0": "DeepSeek-V3.1",  # Amazon Bedrock's id, since 2025-09-18
}

# Ids that a provider points at one model after another: only the display name of the row can tell.
SHARED_IDS = {
    "deepseek/deepseek-chat": "five models between 2024 and 2026",
    "deepseek/deepseek-reasoner": "R1, then the thinking mode of V3.1 to V3.2",
    "deepseek/deepseek-coder": "the first Coder, then Coder V2",
}
