"""What the API reference is drawn from: the OpenAPI document that the API's door describes itself with."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app

from aimstats.extensions import current_config
from aimstats.web.rendering import api_base, page
from aimstats.web.routes import serves

OPENAPI: Final = "openapi"
"""Under this name the API's door leaves a function that returns its OpenAPI document."""
METHODS: Final = ("get", "post")
OWN: Final = "The address"
WORKLOAD: Final = "Workload"
MAX_LINES: Final = 60
"""Of a shown body."""
TWINS: Final = (".csv", ".ndjson")
"""A list's other forms take the same parameters: they are named beside it."""


reference_pages = Blueprint("reference", __name__)


@serves(reference_pages, "reference")
def api_reference() -> Response:
    """Every address of the API with its parameters."""
    return page("api.html", reference, further=(_origin(),))


def reference() -> dict[str, Any]:
    """What the reference page shows: operations with their parameters, references resolved. 404 where no API is served here."""
    describe = current_app.extensions.get(OPENAPI) or abort(404, "The API is not served here.")
    document: Mapping[str, Any] = describe(current_config().public_api_url or "")
    operations = [
        _operation(document, path, method, about)
        for path, item in document["paths"].items()
        for method, about in item.items()
        if method in METHODS and not path.endswith(TWINS)
    ]
    return {
        "operations": operations,
        "version": document["openapi"],
        "base": api_base(),
        "origin": (current_config().public_api_url or "").rstrip("/"),
        "example": _origin() + api_base(),
    }


def _origin() -> str:
    """Where an example asks: PUBLIC_URL, else this machine; nothing where the API has an address of its own."""
    config = current_config()
    return "" if config.public_api_url else (config.public_url or f"http://localhost:{config.port}").rstrip("/")


def _operation(document: Mapping[str, Any], path: str, method: str, about: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(document, parameter) for parameter in about.get("parameters", ())]
    return {
        "path": path,
        "method": method.upper(),
        "anchor": about.get("operationId") or path.strip("/").replace("/", "-"),
        "summary": about.get("summary") or "",
        "description": about.get("description") or "",
        "twins": [path + ending for ending in TWINS if path + ending in document["paths"]],
        "parameters": len(parameters),
        "groups": _grouped({**one, "shape": shape(_resolved(document, one.get("schema") or {}))} for one in parameters),
        "body": _printed(_example(about.get("requestBody", {}))),
        "answer": _printed(_example(about["responses"]["200"])),
        "fields": list(_fields(document, _row(document, about["responses"]["200"]))),
        "asked": about.get("x-example") or "",
    }


def _grouped(parameters: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The parameters under their headings: what every list takes first, filters as columns are grouped, the workload last."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in sorted(parameters, key=lambda one: (one.get("x-group") == WORKLOAD, "x-group" in one)):
        found[one.get("x-group") or OWN].append(one)
    return dict(found)


def _example(part: Mapping[str, Any]) -> Any:
    return part.get("content", {}).get("application/json", {}).get("example")


def _printed(value: Any) -> str:
    """A body as it is shown: the first lines of a long one."""
    if value is None:
        return ""
    lines = json.dumps(value, indent=1, ensure_ascii=False).splitlines()
    return "\n".join(lines if len(lines) <= MAX_LINES else [*lines[:MAX_LINES], "..."])


def _row(document: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what an answer is about: of a list, of a row."""
    content = answer["content"].get("application/json")
    schema = _resolved(document, content["schema"]) if content else {}
    data = schema.get("properties", {}).get("data")
    if data is None:
        return schema
    items: Mapping[str, Any] = data.get("items") or data
    return _resolved(document, items["anyOf"][0] if "anyOf" in items else items)


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Every field of an object with its type and what it means, nested ones by their dotted keys."""
    for name, stated in schema.get("properties", {}).items():
        about = _resolved(document, stated)
        kinds = about.get("type") or "any"
        if name != "meta":
            yield prefix + name, kinds if isinstance(kinds, str) else " or ".join(kinds), about.get("description") or ""
            if "$ref" not in stated:
                yield from _fields(document, about, f"{prefix}{name}.")
                yield from _fields(document, about.get("items") or {}, f"{prefix}{name}[].")


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node itself, or what its `$ref` points at."""
    if "$ref" not in node:
        return node
    found: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return dict(found)


def shape(schema: Mapping[str, Any]) -> str:
    """A parameter's schema in a few words.

    >>> shape({"type": "array", "items": {"enum": ["a", "b"]}}), shape({"type": "integer", "minimum": 1, "maximum": 500})
    ('a, b; repeat it for OR', 'integer, 1 to 500')
    """
    if schema.get("type") == "array":
        return f"{shape(schema.get('items') or {})}; repeat it for OR"
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    said = str(schema.get("format") or schema.get("type") or "text")
    if "minimum" in schema and "maximum" in schema:
        said += f", {schema['minimum']} to {schema['maximum']}"
    return f"{said}, {schema['default']} by default" if "default" in schema else said
