"""What lets caches keep a page: its validator, its age, its encoding; an unchanged page is answered before it is made."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import brotli
from flask import Blueprint, Flask, Response, current_app, request

from aimstats.catalogue.loader import CatalogueUnavailableError, EmptyCatalogueError
from aimstats.extensions import current_config
from aimstats.web.editions import holder

MAX_AGE_S: Final = 60
BROTLI_QUALITY: Final = 5
GZIP_LEVEL: Final = 6
SMALL_BYTES: Final = 500
SOFTWARE: Final = "page_software"


def fingerprint(app: Flask, assets: str) -> str:
    """A mark of the templates and static files: a release without RELEASE set changes validators too."""
    digest = hashlib.sha256(assets.encode())
    for path in sorted(Path(app.template_folder or "", app.root_path).parent.rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def encoding_asked() -> str:
    """br or gzip where the client accepts it; '' for the plain text."""
    accepted = request.accept_encodings
    return next((name for name in ("br", "gzip") if accepted.quality(name) > 0), "")


def validator() -> str | None:
    """The strong validator of this very answer; None where nothing was published.

    It is made of the edition (rows, confirmed documents, rules), the software, the UTC date (ages are shown), the whole
    address and the encoding.
    """
    try:
        version = holder().current().version
    except (EmptyCatalogueError, CatalogueUnavailableError):
        return None
    parts = (
        version.dataset,
        version.checked,
        version.rules_version,
        holder().stale_reason,
        current_config().release,
        current_app.extensions[SOFTWARE],
        datetime.now(UTC).date(),
        request.full_path,
    )
    mark = hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
    return "-".join(filter(None, (mark, encoding_asked())))


def unchanged() -> Response | None:
    """304 for a client that holds this very answer; None goes on to the view."""
    tag = validator() if request.method in ("GET", "HEAD") else None
    if tag is None or tag not in request.if_none_match:
        return None
    return _cacheable(Response(status=304), tag)


def finish(answer: Response) -> Response:
    """Encode a page and say how long it may be kept."""
    if answer.status_code == 200 and not answer.cache_control.no_store and "ETag" not in answer.headers:
        tag = validator()
        if tag is not None:
            _cacheable(answer, tag)
    return _encoded(answer)


def _cacheable(answer: Response, tag: str) -> Response:
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _encoded(answer: Response) -> Response:
    encoding = encoding_asked()
    body = answer.get_data() if answer.mimetype in ("text/html", "application/xml") else b""
    if not encoding or len(body) < SMALL_BYTES:
        return answer
    packed = brotli.compress(body, quality=BROTLI_QUALITY) if encoding == "br" else gzip.compress(body, GZIP_LEVEL, mtime=0)
    answer.set_data(packed)
    answer.headers["Content-Encoding"] = encoding
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def keep_fresh(app: Flask, pages: Blueprint, assets: str) -> None:
    """Do all of this for every page."""
    app.extensions[SOFTWARE] = fingerprint(app, assets)
    pages.before_request(unchanged)
    pages.after_request(finish)
