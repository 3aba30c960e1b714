"""Routers, agents, fees and people are no models."""

import pytest

from aimstats.identity import Name, resolve


@pytest.mark.parametrize(
    ("external_id", "shown"),
    [
        ("openrouter/auto", "Auto Router"),
        ("~openai/gpt-latest", "OpenAI GPT Latest"),
        ("azure_ai/model_router", ""),
        ("kilo-auto/balanced", "Kilo Auto Balanced"),
        ("switchpoint/router", "Switchpoint Router"),
        ("perplexity/preset/pro-search", ""),
    ],
)
def test_routers_are_no_models(external_id: str, shown: str) -> None:
    found = resolve(Name(external_id=external_id, name=shown))
    assert (found.kind, found.model) == ("router", None)


def test_a_stated_alias_is_a_router() -> None:
    found = resolve(Name(external_id="lab/family-latest", facts={"alias_target": "lab/family-9"}))
    assert (found.kind, found.model) == ("router", None)


@pytest.mark.parametrize(
    ("external_id", "shown"),
    [
        ("standard/1024-x-1792/dall-e-3", ""),
        ("azure/high/1024-x-1024/gpt-image-1", ""),
        ("1024-x-1024/50-steps/bedrock/amazon.nova-canvas-v1:0", ""),
        ("tavily/search", ""),
        ("together-ai-4.1b-8b", ""),
        ("web_search_20260209", ""),
        ("", "File search"),
        ("", "Remote MCP Tools"),
        ("2025_human_panel", "Human Panel"),
    ],
)
def test_fees_sizes_and_people_are_no_models(external_id: str, shown: str) -> None:
    found = resolve(Name(external_id=external_id, name=shown))
    assert (found.kind, found.model) == ("other", None)


@pytest.mark.parametrize(
    ("board", "tags", "shown", "kind", "model"),
    [
        ("swebench-verified", "gpt-oss-120b", "mini-SWE-agent + gpt-oss-120b", "agent", "openai/gpt-oss-120b"),
        ("swebench-bash-only", "gpt-oss-120b", "gpt-oss-120b", "model", "openai/gpt-oss-120b"),
        ("swebench-verified", "amazon.nova-premier-v1:0", "Amazon Nova Premier 1.0 (2025-04-30)", "model", "amazon/nova-premier"),
        ("swebench-verified", "claude-4-sonnet;gpt-4.1", "JoyCode", "agent", None),
        ("swebench-verified", "", "RAG + ChatGPT 3.5", "agent", "openai/gpt-3.5-turbo"),
        ("swebench-verified", "", "Honeycomb", "agent", None),
        ("swebench-lite", "deepseek-chat", "Moatless Tools + Deepseek V3", "agent", "deepseek/deepseek-v3"),
    ],
)
def test_an_agent_lends_its_score_to_the_one_model_that_it_names(
    board: str, tags: str, shown: str, kind: str, model: str | None
) -> None:
    for name in (
        Name(source=board, external_id=tags, name=shown),
        Name(source="swebench", name=shown, facts={"board": board, "tags": tags}),
    ):
        found = resolve(name)
        assert (found.kind, found.model) == (kind, model)


def test_two_models_at_work_are_an_agent() -> None:
    found = resolve(Name(source="aider", external_id="r1", name="DeepSeek R1 + claude-3-5-sonnet-20241022"))
    assert (found.kind, found.model) == ("agent", None)


def test_search_is_the_boards_on_a_search_board_and_the_models_elsewhere() -> None:
    assert resolve(Name(source="arena-search", external_id="gpt-5-search")).model == "openai/gpt-5"
    assert resolve(Name(source="arena", external_id="gpt-5-search", facts={"board": "search"})).model == "openai/gpt-5"
    assert resolve(Name(source="litellm", external_id="gpt-5-search-api")).model == "openai/gpt-5-search"
