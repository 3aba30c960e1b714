"""Examples of the API's description: of every parameter a value that may be asked for, of every address a real answer.

The answers are `answers.json`, which `python -m tools.api_answers` writes from a server that has the bundled snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from aimstats.catalogue.engine.parameters import Parameter

ANSWERS_FILE: Final = "answers.json"
MODEL, OTHER_MODEL, OFFER, DAY = "openai/gpt-4o", "anthropic/claude-sonnet-4.5", "openai/openai/gpt-4o:2024-05-13", "2026-11-01"
VALUES: Final[Mapping[str, Any]] = {
    "audio": "true", "as_of": DAY, "batch_share": 0.5, "benchmark": "gpqa-diamond", "cache_hit": 0.5, "cache_write": 0.1,
    "characters": 5_000, "developer": "anthropic", "disputed": "cost.output", "external_id": "gpt-4o", "family": "gpt",
    "from": "2026-01-01", "edition": "2024-11-25", "host": "azure", "hugging_face_id": "Qwen/Qwen3-32B", "id": MODEL, "images": 4,
    "include": "offers,scores", "input_tokens": 1_500, "known_at": f"{DAY}T12:00:00Z", "license": "MIT", "limit": 5,
    "meter": "input", "min_score": "gpqa-diamond:80", "model": MODEL, "models": [MODEL, OTHER_MODEL],
    "name": "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "output_image_tokens": 1_000, "output_tokens": 300, "offer": OFFER,
    "pages": 10, "provider": "openai", "q": "sonnet 4.5", "quality": "high", "raw": "1", "reasoning_tokens": 200,
    "region": "default", "requests": 1_000, "resolution": "1024x1024", "seconds": 60, "since": DAY, "sku": "web-search",
    "snapshot": "2024-05-13", "source": "models_dev", "supported_parameter": "tools", "to": DAY, "tokenizer": "GPT",
    "use": "gpqa-diamond:2,mmlu:1", "score": "gpqa-diamond", "field": "cost.output", "chosen": "models_dev", "subject": OFFER,
    "utc_hours": "0900-1700", "variant": "thinking", "web_searches": 1,
}  # fmt: skip
"""Words and figures that are there; what a closed list, a date or a kind of figure decides is not among them."""
OF_LISTS: Final[Mapping[tuple[str, str], Any]] = {
    ("offers", "id"): OFFER, ("providers", "id"): "openai", ("benchmarks", "id"): "gpqa-diamond", ("sources", "id"): "models_dev",
    ("deprecations", "id"): MODEL,
}  # fmt: skip
PATHS: Final[Mapping[str, str]] = {"models": MODEL, "offers": OFFER, "providers": "openai", "benchmarks": "livebench"}
"""By list what stands in the place of an id in its addresses."""
ASKED: Final[Mapping[str, str]] = {
    "/models": "q=sonnet+4.5&limit=1",
    "/offers": "model=openai/gpt-4o&provider=openai&limit=1",
    "/providers": "id=openai",
    "/benchmarks": "limit=1",
    "/benchmarks/{identifier}": "limit=2",
    "/disagreements": "limit=1",
    "/frontier": "limit=2",
    "/sources": "id=models_dev",
    "/changes": "limit=2",
    "/deprecations": "developer=openai&limit=2",
    "/history": "model=openai/gpt-4o&provider=openai&limit=2",
    "/costs": "preset=support_chat&developer=openai&limit=1",
    "/costs/crossovers": f"models={MODEL},{OTHER_MODEL}&input_tokens=1500&output_tokens=300",
    "/compare": f"models={MODEL},{OTHER_MODEL}&preset=support_chat",
    "/resolve": "name=gpt-4o-2024-05-13&input_tokens=1500&output_tokens=300",
}
"""By address what its example asks."""
RESOLVE_BODY: Final = {"names": ["gpt-4o-2024-05-13", {"provider": "azure", "external_id": "gpt-4o"}]}


def of_parameter(parameter: Parameter, rows: str = "") -> Any:
    """A value that the parameter of this list may have, as its schema has it; one value where it may be repeated."""
    name, schema = parameter.name, parameter.schema
    if (stated := OF_LISTS.get((rows, name), VALUES.get(name))) is not None:
        return stated
    if name == "cursor":
        return next_of(rows)
    if name == "sort":
        return "-" + re.sub(r"\\(.)", r"\1", re.split(r"[|)]", str(schema["pattern"])[4:])[0])
    if name == "fields":
        named = schema["items"].get("enum") or schema["items"]["anyOf"][0]["enum"]
        return named[:2]
    if "enum" in schema:
        return schema.get("default", schema["enum"][0])
    return _of_kind(schema)


def _of_kind(schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        return 1
    return "2026-01-01" if "[0-9]{4}" in str(schema.get("pattern", "")) else "openai"


@cache
def answers() -> Mapping[str, Mapping[str, Any]]:
    """The kept answers, by method and address: what was asked (`request`) and the `body`. Empty where none were written."""
    file = files("aimstats.api").joinpath(ANSWERS_FILE)
    found: Mapping[str, Mapping[str, Any]] = orjson.loads(file.read_bytes()) if file.is_file() else {}
    return found


def next_of(rows: str) -> str:
    """A cursor as a page of this list gave it out; of another list where its example has no further page."""
    own = answers().get(f"GET /api/v1/{rows}", {})
    cursors = (shown.get("body", {}).get("meta", {}).get("next") for shown in (own, *answers().values()))
    return next((cursor for cursor in cursors if cursor), "")
