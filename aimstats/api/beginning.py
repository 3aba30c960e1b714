"""Where one begins: `/api/v1`, an index of what can be asked, and `/llms.txt`, the same in words for a program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request

from aimstats.api.index import index_json, llms_text
from aimstats.api.lists import JSON
from aimstats.api.openapi import PREFIX, document
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.columns.sources import SOURCES
from aimstats.catalogue.engine.query import parse
from aimstats.extensions import current_config
from aimstats.extensions.answers import answer
from aimstats.extensions.current import software_version

TEXT: Final = "text/plain; charset=utf-8"

beginning: Final = Blueprint("api_beginning", __name__)
register_refusals(beginning)


@beginning.get(PREFIX, strict_slashes=False)
def index() -> Response:
    """Every address with an example."""
    parse(SOURCES, request.args.lists(), now=datetime.now(UTC), only=())
    config = current_config()
    base, pages = config.public_api_url or "", (config.public_url or "").rstrip("/")

    def make() -> bytes:
        return index_json(document(base), base.rstrip("/") + PREFIX, pages)

    return answer("index.json", f"{base} {pages}", (software_version(),), make, media_type=JSON)


@beginning.get("/llms.txt")
def llms() -> Response:
    """What a program can ask, in a page."""
    config = current_config()
    base = (config.public_api_url or config.public_url or f"http://localhost:{config.port}").rstrip("/")
    return answer("llms.txt", base, (software_version(),), lambda: llms_text(document(base), base).encode(), media_type=TEXT)
