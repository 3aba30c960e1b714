"""What is no model: routers, agents, fees, tools and people."""

import re

from aimstats.identity.wordset import word_set

_ROUTER_IDS = word_set(
    """
    openrouter/auto openrouter/auto-beta openrouter/free openrouter/bodybuilder openrouter/fusion openrouter/pareto-code auto
    router model-router model_router switchpoint/router auto-model auto-beta free bodybuilder fusion pareto-code
    """
)
_ROUTER = re.compile(
    r"(?:^|[/ -])(?:auto-model|kilo-auto|model[-_]router|smart-router|auto[-_ ]router)(?:$|[/ -])"
    r"|/router$|\brouter$|^auto(?: model)?(?: \(.*\))?$"
)
_TOOLS = re.compile(
    r"(?:^|/)(?:container|code[_-]interpreter|search[_-]api|file[_-]search|web[_-]search(?:[_-]\w+)?|search|search-pro"
    r"|vector[_-]stores?|sample_spec|doc-intelligence|prebuilt-\w+|duckduckgo|computer_use_tool|bash_\d+|text_editor_\d+)(?:$|/)"
)
_TOOL_NAMES = re.compile(
    r"^(?:file search|web search|code interpreter|containers?|grounding with .*|embeddings storage|vector storage|hosted shell"
    r"|(?:tool|storage|request|cache) .*|.* (?:per 1k calls|tool calls?|storage|surcharge|fee)|.*\btools?"
    r"|.* human.*|human .*|avg\.? mturker|stem grad)$"
)
# One quick look for what any of these patterns needs.
_WORTH_A_LOOK = re.compile(
    r"auto|rout|free|bodyb|fusion|pareto|^~|container|inter|search|vector|stor|sample|doc-|prebuilt|duck|tool|bash|editor|ground|hosted"
    r"|request|cache|call|charge|fee|human|mturk|stem.grad|-ai-"
)
# Prices of hosts by size: together-ai-4.1b-8b, fireworks-ai-up-to-16b.
_PRICE_BUCKETS = re.compile(
    r"(?:fireworks|together)-ai-(?:embedding-)?(?:up-to-.*|.*-to-.*|above-[\d.]+[bm]|moe-.*|default|[\d.]+b-[\d.]+b|[\d.]+b\+?)$"
)
_PEOPLE = word_set("human human_panel 2025_human_panel 2024_human_panel mturker stem_grad")


def kind_of_id(text: str) -> str:
    """`router`, `other` or `model`, from an id in lower case.

    >>> kind_of_id("openrouter/auto"), kind_of_id("azure_ai/model_router"), kind_of_id("tavily/search"), kind_of_id("gpt-4o")
    ('router', 'router', 'other', 'model')
    >>> kind_of_id("fireworks_ai/accounts/fireworks/models/")
    'other'
    """
    if text.endswith("/"):  # a path that leads to nothing
        return "other"
    if not _WORTH_A_LOOK.search(text):
        return "model"
    if text in _ROUTER_IDS or text.startswith("~") or _ROUTER.search(text):
        return "router"
    tail = text.rsplit("/", 1)[-1]
    if text.startswith("openrouter/") and ("openrouter/" + tail) in _ROUTER_IDS:
        return "router"
    if _TOOLS.search(text) or _PRICE_BUCKETS.search(tail) or tail in _PEOPLE:
        return "other"
    return "model"


def kind_of_name(text: str) -> str:
    """The same from a display name in lower case.

    >>> kind_of_name("file search"), kind_of_name("auto router"), kind_of_name("human panel"), kind_of_name("gpt-4o")
    ('other', 'router', 'other', 'model')
    """
    if not _WORTH_A_LOOK.search(text):
        return "model"
    if _ROUTER.search(text):
        return "router"
    return "other" if _TOOL_NAMES.search(text) else "model"
