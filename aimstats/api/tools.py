"""What an agent may ask over the Model Context Protocol: each tool is an address of the API, its arguments are the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from aimstats.api.openapi import document
from aimstats.catalogue.columns.departures import COMING, UNDATED
from aimstats.domain.workload.asked import FIELDS

WORKLOAD: Final = ("preset", *FIELDS)
DAYS: Final = ("as_of", "known_at")


@dataclass(frozen=True)
class Tool:
    """One tool: the address that it asks, which of its parameters it takes, those it must have, and what it asks by default."""

    name: str
    title: str
    description: str
    path: str
    takes: tuple[str, ...]
    required: tuple[str, ...] = ()
    defaults: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, Mapping[str, Any]]:
        """Its parameters as the OpenAPI document describes them, by name."""
        stated = _described()[self.path]["get"]["parameters"]
        return {one["name"]: one for one in stated if one["name"] in self.takes}

    def described(self) -> dict[str, Any]:
        """The tool as `tools/list` tells it."""
        properties = {name: {**one["schema"], "description": one["description"]} for name, one in self.parameters.items()}
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": {
                "type": "object", "properties": properties, "required": list(self.required), "additionalProperties": False,
            },
            "annotations": {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False},
        }  # fmt: skip

    def asked(self, arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The query that these arguments make; a list is repeated, or joined by commas where the parameter wants that.

        Raises ValueError for what is no value of a parameter; which names there are the address itself says.
        """
        parameters = self.parameters
        if unknown := sorted(arguments.keys() - parameters.keys()):
            raise ValueError(f"there is no argument {unknown[0]!r}; there are {', '.join(parameters)}")
        found: list[tuple[str, str]] = []
        for name, value in {**self.defaults, **arguments}.items():
            is_list = isinstance(value, (list, tuple))
            texts = [_text(name, one) for one in (value if is_list else [value])]
            if is_list and not parameters[name].get("explode", True):
                texts = [",".join(texts)]
            found += [(name, text) for text in texts]
        return found


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ValueError(f"{name} must be a text, a number, true or false, or a list of these")


@lru_cache(maxsize=1)
def _described() -> dict[str, Any]:
    paths: dict[str, Any] = document("")["paths"]
    return paths


_FILTERS: Final = (
    "type", "developer", "provider", "use_case", "open_weights", "reasoning", "tool_call", "structured_output", "modality_in",
    "modality_out", "min_context", "min_score", "q",
)  # fmt: skip
TOOLS: Final = (
    Tool(
        "resolve",
        "What a name means",
        "Which model, snapshot and seller's offer a name or id means, with its price, status and end. For a name that is not "
        "known: candidates, never a guess.",
        "/api/v1/resolve",
        ("name", "provider", "source", *DAYS),
        ("name",),
    ),
    Tool(
        "price",
        "What a name costs",
        "The price of the offer that a name means, on a day, and the receipt of a workload at it (tokens of one request, and how "
        "many requests): each line with its price, the source that states it and its address. US dollars per million tokens.",
        "/api/v1/resolve",
        ("name", "provider", "source", *WORKLOAD, *DAYS),
        ("name",),
    ),
    Tool(
        "compare",
        "Models side by side",
        "Two to ten models by every field that is known of them, and what a workload costs with each. Takes exact ids such as "
        "openai/gpt-4o: ask `resolve` for them first.",
        "/api/v1/compare",
        ("models", *WORKLOAD, *DAYS),
        ("models",),
    ),
    Tool(
        "cheapest",
        "The cheapest for a workload",
        "Models (or with per=offer each seller's offers) by what a workload costs, each with its receipt: the cheapest that "
        "charges for it first, and what is free of charge (trials and free tiers, often with limits) behind all that is not; "
        "free=first turns that round. Filters say which models will do.",
        "/api/v1/costs",
        (*WORKLOAD, *_FILTERS, "per", "free", "basis", "limit", "cursor", *DAYS),
        defaults={"limit": "5", "free": "last"},
    ),
    Tool(
        "retirements",
        "What ends when",
        "Models and snapshots that will end, the soonest first, and behind them those that are deprecated without a day: the day "
        "as exact as it is stated, at which sellers, and what is named instead. What has ended already is asked for with "
        "state=ended.",
        "/api/v1/deprecations",
        ("model", "developer", "provider", "state", "ends_after", "ends_before", "limit", "cursor", *DAYS),
        defaults={"limit": "20", "state": (COMING, UNDATED)},
    ),
)
BY_NAME: Final[Mapping[str, Tool]] = {tool.name: tool for tool in TOOLS}
