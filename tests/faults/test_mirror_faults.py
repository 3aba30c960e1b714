"""The same faults in the real documents of every source, where the mirror of them is on this machine."""

from __future__ import annotations

import pytest

from aimstats.checks.thresholds import CUT_LISTINGS
from scrapy_project.sources import spider_classes
from tests.faults.judge import judge
from tests.faults.laboratory import Laboratory

pytestmark = pytest.mark.long

CUT = "truncated at nine tenths"
"""What a text loses with its last tenth may be one or two listings, which may as well have been retired: judged apart."""
KINDS = (
    "empty", "truncated at a third", "anti-bot page", "deep nesting", "huge integers", "YAML aliases", "zip of many",
    "broken encoding", "gzip bomb", "gzip cut short", "1,000 times dearer", "1,000,000 times cheaper", "cents for dollars",
    "euros as dollars", "all free", "swapped columns", "renamed field", "half of the records", "one price 1000 times (1)",
)  # fmt: skip
NO_DOCUMENTS = {"azure", "azure_retirements", "cerebras", "cerebras_deprecations", "groq", "together", "together_api"}
"""The sources of which the mirror has none."""
SOURCES = [source for source in spider_classes() if source not in NO_DOCUMENTS]
NO_PRICES = {
    "aider", "alibaba_retirement", "anthropic_deprecations", "arena_ai", "bedrock_lifecycle", "bfcl", "cohere",
    "cohere_deprecations", "deepseek_releases", "deepseek_updates", "fireworks_retirement", "gemini_deprecations",
    "groq_deprecations", "helm", "livebench", "lmarena", "lmarena_csv", "lmarena_history", "metr", "minimax",
    "minimax_releases", "mistral_retirement", "openai_deprecations", "perplexity_changelog", "vectara", "vertex_lifecycle",
    "xai_retirement", "xiaomi_retirement", "zai_releases",
}  # fmt: skip
"""Neither prices nor costs of runs as numbers or behind dollar signs."""
NO_COLUMNS = NO_PRICES - {"cohere"} | {"arc_agi", "epoch", "openai", "swe_bench"}
CANNOT = {
    "truncated at a third": {"vectara", "deepseek_updates"},  # what is read of them stands in the first third
    "huge integers": {"arena_ai"},
    **dict.fromkeys(("1,000 times dearer", "1,000,000 times cheaper", "cents for dollars"), NO_PRICES),
    "all free": NO_PRICES | {"huggingface", "swe_bench"},  # their 0 says that nobody stated or counted it
    "euros as dollars": NO_PRICES | {"openai"},  # most of its amounts stand without a dollar sign
    **dict.fromkeys(("swapped columns", "renamed field"), NO_COLUMNS),
    "half of the records": {
        "aider", "anthropic_deprecations", "arena_ai", "bfcl", "cohere_deprecations", "deepseek_releases", "deepseek_updates",
        "epoch", "fireworks_retirement", "gemini", "groq_deprecations", "helm", "huggingface", "livebench", "lmarena_csv",
        "lmarena_history", "metr", "minimax_releases", "moonshot", "openai", "perplexity_changelog", "siliconflow", "swe_bench",
        "venice", "xai", "xiaomi_retirement", "zai_releases",
    },
    "one price 1000 times (1)": NO_PRICES | {"epoch", "mistral"},  # the amount that chance meets is no price that is read
}  # fmt: skip
"""The sources whose documents cannot have a fault; every other case is run, and what can have a fault is compared with this."""
WRONG_UPSTREAM = {
    "litellm": {
        "command-r7b-12-2024": "input and output swapped",
        "azure_ai/jais-30b-chat": "per 1K tokens",
        "watsonx/core42/jais-13b-chat": "per 1K tokens",
        "watsonx/bigscience/mt0-xxl-13b": "per 1K tokens",
        "claude-3-haiku-20240307": "cache writes of another model",
        "gpt-5-nano": "priority price of another model",
        "wandb/": "100,000 times too dear",
        "embed-multilingual-light-v3.0": "1,000 times too dear",
        "twelvelabs.marengo-embed-2-7-v1:0": "a price per request as one per token",
        "us.twelvelabs.marengo-embed-2-7-v1:0": "a price per request as one per token",
        "eu.twelvelabs.marengo-embed-2-7-v1:0": "a price per request as one per token",
        "gpt-realtime": "the price of an image token as that of an image",
        "azure/gpt-realtime": "the price of an image token as that of an image",
        "xai/grok-2-vision": "the price of an image token as that of an image",
        "xai/grok-vision-beta": "the price of an image token as that of an image",
        "gemini-3.1-pro-preview": "a price of tokens as that of an image",
        "vertex_ai/gemini-3.1-pro-preview": "a price of tokens as that of an image",
        "fireworks_ai/accounts/fireworks/models/": "prices per step and image as ones per token",
    },
    "models_dev": {
        "mistral-small": "Helicone's in another unit",
        "mistral-nemo": "Helicone's in another unit",
        "mistralai/Voxtral-Small-24B-2507": "Evroc's audio minutes as tokens",
        "openai/whisper-large-v3": "Evroc's audio minutes as tokens",
        "KBLab/kb-whisper-large": "Evroc's audio minutes as tokens",
        "xiaomimimo/mimo-v2-flash": "a cache read dearer than the input",
        "gpt-oss-120b": "Firmware's dates are of 1970",
        "gpt-oss-20b": "Firmware's dates are of 1970",
        "kimi-k2.5": "Firmware's dates are of 1970",
        "kling-v2-6": "limits of 99,999,999",
        "canopylabs/orpheus-arabic-saudi": "Groq's characters as tokens",
        "qwen3-asr-flash": "Alibaba's audio as tokens",
        "openai/gpt-5.4-mini": "OpenRouter's per token",
        "openai/gpt-5.4-nano": "OpenRouter's per token",
    },
}
"""What is held of the mirror, and what is wrong with it in the documents themselves (looked at one by one, 2026-11)."""


def test_only_what_is_wrong_upstream_is_held(mirror_laboratory: Laboratory) -> None:
    held = mirror_laboratory.before.held_listings
    assert set(held) == set(WRONG_UPSTREAM)
    for source, listings in held.items():
        known = WRONG_UPSTREAM[source]
        assert {name for name in listings if not name.startswith(tuple(known))} == set()
        assert {start for start in known if not any(name.startswith(start) for name in listings)} == set()


def test_every_source_is_published(mirror_laboratory: Laboratory) -> None:
    runs = mirror_laboratory.before.runs
    assert {run.status for run in runs.values()} <= {"published", "unchanged"}, mirror_laboratory.before.said
    assert sum(run.status == "published" for run in runs.values()) >= 30


@pytest.mark.parametrize(
    ("fault", "source"), [(fault, source) for fault in KINDS for source in SOURCES if source not in CANNOT.get(fault, ())]
)
def test_real_documents_survive(mirror_laboratory: Laboratory, fault: str, source: str) -> None:
    judge(mirror_laboratory, fault, source)


@pytest.mark.parametrize("source", [source for source in SOURCES if source != "lmarena_history"])
def test_a_text_that_lost_its_end_states_nothing_new(mirror_laboratory: Laboratory, source: str) -> None:
    """But for a history, whose last rows are its newest figures."""
    before, after = mirror_laboratory.before.claims.get(source, []), mirror_laboratory.under(CUT).crawled.claims.get(source, [])
    listings = {claim[:7] for claim in before}
    assert set(after) <= set(before)
    assert len(listings) - len({claim[:7] for claim in after}) <= CUT_LISTINGS.value - 1


@pytest.mark.parametrize("fault", KINDS)
def test_whatever_can_have_a_fault_has_it(mirror_laboratory: Laboratory, fault: str) -> None:
    assert set(mirror_laboratory.sources) == set(SOURCES)
    assert set(SOURCES) - mirror_laboratory.under(fault).injected == CANNOT.get(fault, set())


@pytest.mark.parametrize("fault", KINDS)
def test_the_whole_catalogue_is_as_it_was(mirror_laboratory: Laboratory, fault: str) -> None:
    before, after = mirror_laboratory.before.resolved, mirror_laboratory.under(fault).crawled.resolved
    assert {id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)} == set()
