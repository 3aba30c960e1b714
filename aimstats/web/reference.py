"""What the API reference is drawn from: the OpenAPI document that the API's door describes itself with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app

from aimstats.extensions import current_config
from aimstats.web.rendering import api_base, page
from aimstats.web.routes import serves

OPENAPI: Final = "openapi"
"""Under this name the API's door leaves a function that returns its OpenAPI document."""
METHODS: Final = ("get", "post")
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
        "parameters": [{**one, "shape": shape(_resolved(document, one.get("schema") or {}))} for one in parameters],
    }


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
