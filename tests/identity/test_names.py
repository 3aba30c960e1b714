"""Names in the forms that sources use, and the model, snapshot and variant that each means."""

import pytest

from aimstats.identity import Name, resolve


@pytest.mark.parametrize(
    ("text", "model", "snapshot", "variant"),
    [
        # hosts' wrappers, regions and API versions
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4.5", "20250929", "us"),
        ("bedrock/us-gov-east-1/anthropic.claude-3-haiku-20240307-v1:0", "anthropic/claude-3-haiku", "20240307", "us-gov-east-1"),
        ("vertex_ai/claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4.5", "20250929", ""),
        ("anthropic--claude-4.5-opus", "anthropic/claude-opus-4.5", "", ""),
        ("databricks/databricks-meta-llama-3-1-405b-instruct", "meta/llama-3.1-405b-instruct", "", ""),
        ("accounts/fireworks/models/llama-v3p1-70b-instruct", "meta/llama-3.1-70b-instruct", "", ""),
        ("cloudflare/@cf/meta/llama-2-7b-chat-int8", "meta/llama-2-7b-chat", "", "int8"),
        ("azure/global/gpt-5.1-chat", "openai/gpt-5.1-chat", "", "global"),
        ("qwen.qwen3-32b-v1:0", "alibaba/qwen3-32b", "", ""),
        ("mistral.mistral-7b-instruct-v0:2", "mistral/mistral-7b-instruct-v0.2", "", ""),
        ("anthropic.claude-v2:1", "anthropic/claude-2.1", "", ""),
        ("cohere.rerank-v3-5:0", "cohere/rerank-v3.5", "", ""),
        ("nvidia.nemotron-nano-9b-v2:0", "nvidia/nemotron-nano-9b-v2", "", ""),
        ("fal_ai/fal-ai/flux-pro/v1.1-ultra", "black-forest-labs/flux-1.1-pro-ultra", "", ""),
        # versions
        ("grok-4-20-beta", "xai/grok-4.20", "beta", ""),
        ("openai-gpt-52-codex", "openai/gpt-5.2-codex", "", ""),
        ("minimax-m25", "minimax/minimax-m2.5", "", ""),
        ("gemini-flash-1.5", "google/gemini-1.5-flash", "", ""),
        ("claude-3.0-opus", "anthropic/claude-3-opus", "", ""),
        ("qwen2-5-1-5b-instruct", "alibaba/qwen2.5-1.5b-instruct", "", ""),
        # dates and stages
        ("gpt-4o-2024-08-06", "openai/gpt-4o", "2024-08-06", ""),
        ("chatgpt-4o-03-27-2025", "openai/chatgpt-4o", "2025-03-27", ""),
        ("gemini-2.5-pro-preview-05-06", "google/gemini-2.5-pro", "preview-05-06", ""),
        ("command-r-plus-08-2024", "cohere/command-r-plus", "08-2024", ""),
        ("o1-preview-2024-09-12", "openai/o1-preview", "2024-09-12", ""),
        ("deepseek-v3-0324", "deepseek/deepseek-v3-0324", "", ""),
        ("deepseek-r1-250528", "deepseek/deepseek-r1-0528", "", ""),
        ("kimi-k2-0711-preview", "moonshot/kimi-k2", "0711-preview", ""),
        ("qwen/qwen3-235b-a22b-2507", "alibaba/qwen3-235b-a22b-instruct-2507", "", ""),
        ("mistral-large-2407", "mistral/mistral-large-2", "2407", ""),
        ("mistral-large-2912", "mistral/mistral-large-2912", "2912", ""),
        ("text-davinci-003", "openai/text-davinci-003", "", ""),
        ("gemini-exp-1206", "google/gemini-exp-1206", "", ""),
        ("deepseek-v4-pro-0423", "deepseek/deepseek-v4-pro", "0423", ""),
        ("deepseek-v4-pro-0813", "deepseek/deepseek-v4-pro-0813", "", ""),
        ("mistral-small3.2", "mistral/mistral-small-3.2", "", ""),
        ("mistralai/mistral-7b-instruct-v03", "mistral/mistral-7b-instruct-v0.3", "", ""),
        ("text-completion-inception/mercury-edit-2", "inception/mercury-edit-2", "", ""),
        # tunings whose tuner is not named
        ("Gemma-4-31B-DarkIdol", "unknown/gemma-4-31b-darkidol", "", ""),
        ("Qwen3.5-27B-Queen-Derestricted-Lite", "unknown/qwen3.5-27b-queen-derestricted-lite", "", ""),
        ("gemma-4-31b-it", "google/gemma-4-31b-it", "", ""),
        # variants
        ("qwen3.7-max:thinking", "alibaba/qwen3.7-max", "", "thinking"),
        ("qwen3-max-thinking", "alibaba/qwen3-max-thinking", "", ""),
        ("claude-opus-4-1-thinking:32768", "anthropic/claude-opus-4.1", "", "thinking-32k"),
        ("gpt-5-nano-2025-08-07_minimal", "openai/gpt-5-nano", "2025-08-07", "minimal"),
        ("gpt-5.1-codex-max-xhigh", "openai/gpt-5.1-codex-max", "", "xhigh"),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507-tput", "alibaba/qwen3-235b-a22b-instruct-2507", "", "tput"),
        ("ollama/mistral-nemo:12b-instruct-2407-q4_K_M", "mistral/mistral-nemo", "2407", "q4_k_m"),
        ("openai/gpt-oss-120b:free", "openai/gpt-oss-120b", "", "free"),
        ("grok-3-fast-beta", "xai/grok-3", "beta", "fast"),
        ("grok-4-fast-non-reasoning", "xai/grok-4-fast", "", "non-reasoning"),
        ("kimi-k2-thinking-turbo", "moonshot/kimi-k2-thinking", "", "turbo"),
        ("kimi-k2.5-thinking", "moonshot/kimi-k2.5", "", "thinking"),
        ("moonshot-v1-32k", "moonshot/moonshot-v1", "", "32k"),
        ("ft:gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "2024-07-18", "fine-tune"),
        ("ft:gpt-4o-mini-2024-07-18:acme::abc", "openai/gpt-4o-mini", "2024-07-18", "fine-tune"),
        ("openai/ft:gpt-4.1-nano:acme:helper:x1", "openai/gpt-4.1-nano", "", "fine-tune"),
        ("claude-sonnet-4-5[1m]", "anthropic/claude-sonnet-4.5", "", "1m"),
        ("gemma3:27b-it-qat", "google/gemma-3-27b-it", "", "qat"),
        ("e2ee-gpt-oss-20b-p", "openai/gpt-oss-20b", "", "e2ee"),
        # whose model it is
        ("nousresearch/hermes-3-llama-3.1-405b", "nous/hermes-3-llama-3.1-405b", "", ""),
        ("hermes3-405b", "nous/hermes-3-llama-3.1-405b", "", ""),
        ("unsloth/Mistral-Nemo-Instruct-2407", "mistral/mistral-nemo", "2407", ""),
        ("nvidia/Llama-3.1-Nemotron-Ultra-253B-v1", "nvidia/llama-3.1-nemotron-ultra-253b", "", ""),
        ("some-tuner/Llama-3.3-70B-Electra", "some-tuner/llama-3.3-70b-electra", "", ""),
        ("some-copier/Qwen3-32B-AWQ", "alibaba/qwen3-32b", "", "awq"),
        ("perplexity/deepseek-v4-flash", "deepseek/deepseek-v4-flash", "", ""),
        ("cerebras-gpt-13b", "cerebras/cerebras-gpt-13b", "", ""),
        # releases that no one has seen yet
        ("eu.anthropic.claude-opus-7-20290101-v1:0", "anthropic/claude-opus-7", "20290101", "eu"),
        ("claude-minuet-6.5", "anthropic/claude-minuet-6.5", "", ""),
        ("openai/gpt-9.2-mini-2029-01-01", "openai/gpt-9.2-mini", "2029-01-01", ""),
        ("fireworks_ai/accounts/fireworks/models/qwen9p5-77b-a7b-instruct", "alibaba/qwen9.5-77b-a7b-instruct", "", ""),
        ("meta.llama7-1-900b-instruct-v1:0", "meta/llama-7.1-900b-instruct", "", ""),
        ("text-embedding-004", "google/text-embedding-004", "", ""),
        ("text-embedding-v3", "alibaba/text-embedding-v3", "", ""),
        ("text-embedding-qwen3-8b", "alibaba/text-embedding-qwen3-8b", "", ""),
        ("text-embedding-bge-m3", "baai/text-embedding-bge-m3", "", ""),
    ],
)
def test_an_id_says_model_snapshot_and_variant(text: str, model: str, snapshot: str, variant: str) -> None:
    found = resolve(Name(external_id=text))
    assert (found.model, found.snapshot, found.variant) == (model, snapshot, variant)


@pytest.mark.parametrize(
    ("shown", "model", "snapshot", "variant"),
    [
        ("Anthropic: Claude Sonnet 4.5", "anthropic/claude-sonnet-4.5", "", ""),
        ("Claude Sonnet 4.5 (thinking-32k)", "anthropic/claude-sonnet-4.5", "", "thinking-32k"),
        ("Claude 4.5 Haiku (20251001)", "anthropic/claude-haiku-4.5", "20251001", ""),
        ("Llama 3.2 Vision Instruct Turbo (11B)", "meta/llama-3.2-11b-vision-instruct", "", "turbo"),
        ("Qwen2 Instruct (72B)", "alibaba/qwen2-72b-instruct", "", ""),
        ("Agentic Chat (GPT-5.4 Mini)", "openai/gpt-5.4-mini", "", ""),
        ("GPT-4o-mini (2024-07-18)", "openai/gpt-4o-mini", "2024-07-18", ""),
        ("Gemini 3 Pro >200k", "google/gemini-3-pro", "", "200k"),
        ("Gemini 3 Pro ≤200k", "google/gemini-3-pro", "", ""),
        ("DALL·E 3", "openai/dall-e-3", "", ""),
        ("Command R+ (08-2024)", "cohere/command-r-plus", "08-2024", ""),
        ("DeepSeek: R1 0528", "deepseek/deepseek-r1-0528", "", ""),
        ("Google: Nano Banana (Gemini 2.5 Flash Image)", "google/gemini-2.5-flash-image", "", ""),
        ("gemini-3-pro-image-preview (nano-banana-pro)", "google/gemini-3-pro-image", "preview", ""),
        ("FLUX.1 [dev] (fp8)", "black-forest-labs/flux-1-dev", "", "fp8"),
        ("Mistral Small 3.0 ↗", "mistral/mistral-small-3", "", ""),
    ],
)
def test_a_display_name_says_the_same(shown: str, model: str, snapshot: str, variant: str) -> None:
    found = resolve(Name(name=shown))
    assert (found.model, found.snapshot, found.variant) == (model, snapshot, variant)


_DIFFERENT = """
gpt-4o gpt-4o-mini gpt-4o-audio-preview gpt-4o-search-preview gpt-4o-realtime-preview gpt-4o-transcribe chatgpt-4o-latest
gpt-4 gpt-4-turbo gpt-4.1 gpt-4.1-mini gpt-4.1-nano gpt-5-chat gpt-5-codex gpt-5-pro o1 o1-mini o1-pro o1-preview
deepseek-v3 deepseek-v3-0324 deepseek-v3.1 deepseek-v3.1-terminus deepseek-v3.2-exp deepseek-v3.2 deepseek-v3.2-speciale
deepseek-v3-base deepseek-r1-distill-qwen-32b deepseek-r1-distill-llama-70b grok-4 grok-4-fast grok-4.1-fast
gemini-2.0-flash gemini-2.0-flash-thinking-exp gemini-2.0-flash-lite gemini-2.5-flash gemini-2.5-flash-image
text-embedding-3-small text-embedding-3-large qwen3-max qwen3-coder-plus qwen3-vl-8b-thinking qwen3-vl-8b-instruct
"""


def test_sizes_products_and_tunings_are_models_of_their_own() -> None:
    names = _DIFFERENT.split()
    models = {resolve(Name(external_id=name)).model for name in names}
    assert len(models) == len(names)


@pytest.mark.parametrize(
    ("shown", "model"),
    [
        ("DeepSeek V3 (0324)", "deepseek/deepseek-v3-0324"),
        ("DeepSeek-V3.2 (Non-thinking Mode)", "deepseek/deepseek-v3.2"),
        ("DeepSeek Chat V2.5", "deepseek/deepseek-v2.5"),
        ("DeepSeek Chat", "deepseek/deepseek-chat"),
        ("", "deepseek/deepseek-chat"),
    ],
)
def test_a_shared_id_is_decided_by_the_display_name(shown: str, model: str) -> None:
    assert resolve(Name(external_id="deepseek-chat", name=shown)).model == model


def test_a_floating_id_takes_the_version_from_the_display_name() -> None:
    found = resolve(Name(external_id="mistral-small-latest", name="Mistral Small 3.1"))
    assert (found.model, found.snapshot, found.method) == ("mistral/mistral-small-3.1", "latest", "name")


def test_a_hosts_own_name_before_a_family_is_no_part_of_the_models() -> None:
    found = resolve(Name(source="models_dev", provider="umans-ai", external_id="umans-kimi-k2.7", name="Kimi K2.7 Code"))
    assert found.model == "moonshot/kimi-k2.7-code"
    assert resolve(Name(source="models_dev", provider="umans-ai", external_id="umans-coder")).model == "unknown/umans-coder"


def test_a_thinking_edition_is_no_thinking_variant_of_itself() -> None:
    named = Name(external_id="qwen3-next-80b-a3b-thinking", name="Qwen3-Next 80B-A3B (Thinking)")
    found = resolve(named)
    assert (found.model, found.variant) == ("alibaba/qwen3-next-80b-a3b-thinking", "")


def test_a_first_release_that_is_named_by_its_day_is_the_plain_model() -> None:
    named = Name(external_id="deepseek/deepseek-v4-pro", name="DeepSeek: DeepSeek V4 Pro 0423")
    assert resolve(named).model == "deepseek/deepseek-v4-pro"


def test_an_exact_id_stands_against_a_loose_display_name() -> None:
    found = resolve(Name(external_id="hf:Qwen/Qwen3.5-397B-A17B", name="Qwen3.5-97B-A17B"))
    assert found.model == "alibaba/qwen3.5-397b-a17b"


def test_published_weights_name_what_a_short_id_leaves_out() -> None:
    facts = {"hugging_face_id": "Qwen/Qwen9-Coder-600B-A40B-Instruct"}
    assert resolve(Name(external_id="qwen/qwen9-coder", facts=facts)).model == "alibaba/qwen9-coder-600b-a40b-instruct"
    assert resolve(Name(external_id="qwen/qwen9-coder")).model == "alibaba/qwen9-coder"


def test_region_and_plan_are_left_out_of_the_offer() -> None:
    found = resolve(Name(external_id="bedrock/eu-central-1/1-month-commitment/anthropic.claude-v2:1"))
    assert (found.region, found.plan, found.offer_variant) == ("eu-central-1", "provisioned", "")
    assert found.variant == "1-month-commitment+eu-central-1"
    found = resolve(Name(external_id="anthropic/claude-opus-4.6:thinking:free"))
    assert (found.variant, found.plan, found.offer_variant) == ("free+thinking", "free", "thinking")


def test_a_price_rows_context_tier_is_no_offer_of_its_own() -> None:
    found = resolve(Name(external_id="claude-sonnet-4.5-200k", name="Claude Sonnet 4.5 >200k"))
    assert (found.variant, found.offer_variant) == ("200k", "")
    assert resolve(Name(external_id="gpt-4-32k", name="GPT-4 32k")).offer_variant == "32k"


def test_the_ids_effort_and_budget_stand_against_the_display_names() -> None:
    assert resolve(Name(external_id="gpt-5.2-2025-12-11_none", name="GPT-5.2 (low)")).variant == "none"
    found = resolve(Name(external_id="claude-opus-4-6_120K", name="Claude Opus 4.6 (64K, High)"))
    assert found.variant == "high+thinking-120k"


def test_an_exception_says_why_and_since_when() -> None:
    found = resolve(Name(external_id="google/nano-banana-pro"))
    assert (found.model, found.method) == ("google/gemini-3-pro-image", "exception")
    assert any("since 2025-11-20" in step for step in found.steps)


def test_an_unknown_lab_is_said_with_little_confidence() -> None:
    found = resolve(Name(external_id="big-pickle"))
    assert (found.developer, found.model) == ("unknown", "unknown/big-pickle")
    assert found.confidence <= 0.5


@pytest.mark.parametrize(
    "text", ["", "   ", "///", "::", "()", "-", "~", "@cf/", "😀", "\x00", "v1:0", "a" * 5000, "4", "free", "latest"]
)
def test_nonsense_never_raises(text: str) -> None:
    assert resolve(Name(external_id=text, name=text)).kind in ("model", "router", "other")


@pytest.mark.parametrize(
    "text",
    [
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "Claude Sonnet 4.5 (20250929)",
        "Anthropic: Claude Sonnet 4.5 (20250929)",
        "vertex_ai/claude-sonnet-4-5@20250929",
        "bedrock/us-east-1/anthropic.claude-sonnet-4-5-20250929-v1:0",
    ],
)
def test_it_does_not_matter_where_a_name_is_put(text: str) -> None:
    for found in (resolve(Name(external_id=text)), resolve(Name(name=text))):
        assert (found.model, found.snapshot) == ("anthropic/claude-sonnet-4.5", "20250929")


def test_a_models_own_id_resolves_to_itself() -> None:
    for text in ("meta/llama-3.1-405b", "meta/llama-3.1-405b-instruct", "openai/gpt-5.1-codex-max", "z-ai/glm-4.6v-flash"):
        assert resolve(Name(external_id=text)).model == text
