"""Answering with a page, or with the one block of it that `fragment=` names."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, abort, render_template, request
from jinja2_fragments import BlockNotFoundError
from jinja2_fragments.flask import render_block

from aimstats.extensions import current_config

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load: its own files only, and nothing inline."""


def page(template: str, *, title: str, description: str, status: int = 200, address: str = "", **context: Any) -> Response:
    """The page, or its block that `fragment=` names: that answer sets `HX-Push-Url` to `address`, the view's clean URL.

    A block that the template does not have is a 400.
    """
    context |= {"title": title, "description": description, "canonical": canonical(), "section": _section(), "api": api_base()}
    block = request.args.get("fragment", "")
    if not block:
        return Response(render_template(template, is_fragment=False, **context), status)
    try:
        html = render_block(template, block, is_fragment=True, **context)
    except BlockNotFoundError:
        abort(400, f"This page has no part called {block[:40]!r}.")
    answer = Response(html, status)
    if address:
        answer.headers["HX-Push-Url"] = address
    return answer


def canonical() -> str:
    """The page's own address below PUBLIC_URL, without a query; empty where that is not set."""
    base = current_config().public_url
    return f"{base.rstrip('/')}{request.path}" if base else ""


def api_base() -> str:
    """Where the API is: at PUBLIC_API_URL, else on this very server."""
    return (current_config().public_api_url or "").rstrip("/") + "/api/v1"


def _section() -> str:
    """Which entry of the main navigation the page belongs to."""
    first = request.path.split("/")[1]
    places = {"": "/", "models": "/", "developers": "/", "docs": "/docs/api"}
    return places.get(first, f"/{first}")


def secure(answer: Response) -> Response:
    """The headers that every HTML answer carries."""
    if answer.mimetype == "text/html":
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    return answer
