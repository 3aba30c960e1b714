"""Who sells: every spelling of a source means one provider, a region and a way of billing."""

import re

import pytest

from aimstats.identity import DEVELOPERS, PROVIDERS, developer_name, developer_of, provider_name, provider_of


@pytest.mark.parametrize(
    ("source", "stated", "provider", "region", "billing"),
    [
        ("litellm", "bedrock_converse", "amazon-bedrock", "", "metered"),
        ("litellm", "azure_ai", "azure", "", "metered"),
        ("litellm", "vertex_ai-llama_models", "google-vertex", "", "metered"),
        ("litellm", "vertex_ai-image-models", "google-vertex", "", "metered"),
        ("litellm", "gemini", "google", "", "metered"),
        ("litellm", "github_copilot", "github-copilot", "", "subscription"),
        ("litellm", "ollama", "ollama", "", "free_tier"),
        ("models_dev", "google-vertex-anthropic", "google-vertex", "", "metered"),
        ("models_dev", "azure-cognitive-services", "azure", "", "metered"),
        ("models_dev", "siliconflow-cn", "siliconflow", "cn", "metered"),
        ("models_dev", "minimax-cn-coding-plan", "minimax", "cn", "subscription"),
        ("models_dev", "xiaomi-token-plan-ams", "xiaomi", "eu", "subscription"),
        ("models_dev", "zhipuai", "zhipuai", "cn", "metered"),
        ("models_dev", "zai-coding-plan", "zai", "", "subscription"),
        ("genai_prices", "huggingface_novita", "huggingface", "", "metered"),
        ("genai-prices", "aws", "amazon-bedrock", "", "metered"),
        ("openrouter_endpoints", "Google AI Studio", "google", "", "metered"),
        ("openrouter_endpoints", "Io Net", "io-net", "", "metered"),
        ("llm_prices", "moonshot-ai", "moonshotai", "", "metered"),
        ("page-x", "Some New Host!", "some-new-host", "", "metered"),
    ],
)
def test_a_spelling_means_one_provider(source: str, stated: str, provider: str, region: str, billing: str) -> None:
    found = provider_of(source, stated)
    assert (found.provider, found.region, found.billing) == (provider, region, billing)


def test_every_provider_is_found_by_its_own_id_and_name() -> None:
    for seller in PROVIDERS.values():
        assert provider_of("", seller.id).provider == seller.id
        assert provider_of("", seller.name).provider == seller.id


def test_there_are_hosts_and_labs_with_names_and_homepages() -> None:
    assert len(PROVIDERS) >= 130
    assert len(DEVELOPERS) >= 60
    sellers = [(row.id, row.name, row.homepage) for row in PROVIDERS.values()]
    labs = [(row.id, row.name, row.homepage) for row in DEVELOPERS.values()]
    for identifier, name, homepage in sellers + labs:
        assert name
        assert homepage.startswith("https://")
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", identifier)
    assert all(1 <= len(lab.monogram) <= 2 for lab in DEVELOPERS.values())


def test_no_family_word_belongs_to_two_labs() -> None:
    words = [word for lab in DEVELOPERS.values() for word in lab.families]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("stated", "developer"),
    [
        ("meta-llama", "meta"),
        ("Z.ai (Zhipu AI)", "z-ai"),
        ("DeepSeek,Peking University", "deepseek"),
        ("x-ai", "xai"),
        ("nobody", None),
    ],
)
def test_an_organisation_is_a_lab_however_it_is_written(stated: str, developer: str | None) -> None:
    assert developer_of(stated) == developer


def test_an_unknown_id_has_a_tidy_title() -> None:
    assert developer_name("some-new-lab") == "Some New Lab"
    assert provider_name("some-new-host") == "Some New Host"
    assert (developer_name("z-ai"), provider_name("io-net")) == ("Z.ai", "IO.NET")
