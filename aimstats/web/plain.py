"""What is not for readers: robots.txt and the sitemap."""

from __future__ import annotations

from itertools import chain
from xml.sax.saxutils import escape

from flask import Flask, Response, abort

from aimstats.extensions import current_config
from aimstats.web.editions import edition
from aimstats.web.language import LANGUAGES, prefixed
from aimstats.web.routes import ROUTES, path_of


def robots() -> Response:
    """Let crawlers read the pages, but not every combination of filters; the API is limited."""
    lines = ["User-agent: *", "Disallow: /api/", "Disallow: /export/", "Disallow: /*?"]
    base = current_config().public_url
    if base:
        lines.append(f"Sitemap: {base.rstrip('/')}/sitemap.xml")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def sitemap() -> Response:
    """Every page without a query; 404 unless PUBLIC_URL says where the pages are."""
    base = (current_config().public_url or abort(404, "There is no sitemap: PUBLIC_URL is not set.")).rstrip("/")
    catalogue = edition()
    paths = chain(
        (route.path for route in ROUTES.values() if route.stands_alone),
        (path_of("model", one) for one in catalogue.models.ids),
        (path_of("provider", one) for one in catalogue.providers.ids),
    )
    entries = "".join(_entry(base, path) for path in paths)
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset {spaces}>{entries}</urlset>'
    return Response(body, mimetype="application/xml")


def _entry(base: str, path: str) -> str:
    """A page with what it is in the other languages; the others find it by that."""
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{one.tag}" href="{escape(base + prefixed(path, one))}"/>'
        for one in LANGUAGES.values()
    )
    return f"<url><loc>{escape(base + path)}</loc>{others}</url>"


def add_to(app: Flask) -> None:
    """Serve both."""
    app.add_url_rule("/robots.txt", "robots", robots)
    app.add_url_rule("/sitemap.xml", "sitemap", sitemap)
