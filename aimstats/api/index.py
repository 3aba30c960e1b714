"""`/api/v1` and `/llms.txt`: what can be asked, in a page, for people who begin and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "openapi": {"type": "string", "description": "Where the whole contract is."},
        "documentation": {"type": "string", "description": "Where it is for people."},
        "addresses": {
            "type": "array",
            "description": "Every address, and an example of each.",
            "items": {
                "type": "object",
                "properties": {
                    "method": {"type": "string", "description": "GET or POST."},
                    "path": {"type": "string", "description": "The address; what is in braces is to be filled in."},
                    "summary": {"type": "string", "description": "What it answers."},
                    "example": {"type": ["string", "null"], "description": "A request to try."},
                },
                "required": ["method", "path", "summary", "example"],
            },
        },
    },
    "required": ["openapi", "documentation", "addresses"],
}
FORMS: Final = (".csv", ".ndjson")
WORKLOAD: Final = "Workload"
"""The heading of the parameters that state what is to be priced."""
MANY: Final = 12
"""From so many parameters on they are counted and not named."""


def operations(document: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Method, path and description of every address but a list's other forms."""
    return [
        (method.upper(), path, about)
        for path, item in document["paths"].items()
        for method, about in item.items()
        if not path.endswith(FORMS)
    ]


def index_json(document: Mapping[str, Any], prefix: str, pages: str) -> bytes:
    """The answer of `/api/v1`; `pages` is where the pages are, '' for the same origin."""
    found = [
        {"method": method, "path": path, "summary": about["summary"], "example": about.get("x-example")}
        for method, path, about in operations(document)
    ]
    return orjson.dumps({"openapi": f"{prefix}/openapi.json", "documentation": f"{pages}/docs/api", "addresses": found})


def llms_text(document: Mapping[str, Any], base: str) -> str:
    """The page for programs: what it is, how to ask, and a line an address. `base` is the API's address."""
    lines = [
        "# AI Models Stats",
        "",
        f"> {document['info']['description'].replace(chr(10), ' ')}",
        "",
        'Read-only JSON, no key, no cookies. Lists answer `{"data": [...], "meta": {...}}`; `meta.next` is the `cursor` of the',
        "next page; add `.csv` or `.ndjson` to a list's address for all rows at once. `as_of=YYYY-MM-DD` asks for another day.",
        f"Models may be spelled as any host spells them: ask `{base}/api/v1/resolve?name=` first, and use the ids it answers.",
        "Errors are `application/problem+json`: `errors` names each wrong parameter and says what may have been meant.",
        f"Agents may speak the Model Context Protocol (streamable HTTP, no session) at `{base}/mcp`.",
        "A 429 or 503 says in `Retry-After` how many seconds to wait; `ETag` and `If-None-Match` save asking twice.",
        "",
        "## Addresses",
        "",
    ]
    for method, path, about in operations(document):
        lines.append(f"- `{method} {base}{path}`: {about['summary']}{_parameters(about)}")
        if method == "GET" and about.get("x-example"):
            lines.append(f"  - {base}{about['x-example']}")
    lines += ["", "## The whole contract", "", f"- [OpenAPI 3.1]({base}/api/v1/openapi.json)", ""]
    return "\n".join(lines)


def _parameters(about: Mapping[str, Any]) -> str:
    asked = [one for one in about["parameters"] if one["in"] == "query"]
    named = [one["name"] for one in asked if one.get("x-group") != WORKLOAD]
    more = f" and {len(named) - MANY} more" if len(named) > MANY else ""
    workload = "; a workload (preset, input_tokens, output_tokens, ...)" if len(named) < len(asked) else ""
    return f" Takes {', '.join(named[:MANY])}{more}{workload}." if asked else ""
