"""What is not for readers: robots.txt and the sitemap."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from flask import Flask, Response, abort

from aimstats.extensions import current_config
from aimstats.web.editions import edition

STANDING: Final = (
    "/",
    "/costs",
    "/compare",
    "/deprecations",
    "/providers",
    "/sources",
    "/changes",
    "/methodology",
    "/resolve",
    "/docs/api",
)


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
    paths = [
        *STANDING,
        *(f"/models/{one}" for one in catalogue.models.ids),
        *(f"/providers/{one}" for one in catalogue.providers.ids),
    ]
    entries = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Response(body, mimetype="application/xml")


def add_to(app: Flask) -> None:
    """Serve both."""
    app.add_url_rule("/robots.txt", "robots", robots)
    app.add_url_rule("/sitemap.xml", "sitemap", sitemap)
