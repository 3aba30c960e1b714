"""The static files of the pages: named by their content, compressed once, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
from flask import Flask, Response, abort, request

from aimstats.extensions.negotiation import IDENTITY, accepted_encoding
from aimstats.web.cards import CARDS

STATIC: Final = Path(__file__).parent / "static"
CACHE_S: Final = 31_536_000
HASH_DIGITS: Final = 10

BUNDLES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "app.css": (
        "text/css; charset=utf-8",
        ("tokens.css", "base.css", "table.css", "pages.css", "costs.css", "charts.css", "tray.css"),
    ),
    "app.js": ("text/javascript; charset=utf-8", ("app.js", "tray.js")),
    "favicon.svg": ("image/svg+xml", ("favicon.svg",)),
    **{f"card-{name}.png": ("image/png", (f"card-{name}.png",)) for name in CARDS},
}
"""Each file that is served: its type, and the files of `static/` that it is joined from, in order."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file; `name` holds the digest of its content, `bodies` its bytes by encoding, identity among them."""

    name: str
    mimetype: str
    bodies: Mapping[str, bytes]

    def response(self, accepts: str) -> Response:
        """The file in the best encoding of those that the client accepts."""
        encoding = accepted_encoding(accepts, tuple(self.bodies))
        answer = Response(self.bodies[encoding], content_type=self.mimetype)
        answer.headers["Cache-Control"] = f"public, max-age={CACHE_S}, immutable"
        answer.headers["Vary"] = "Accept-Encoding"
        if encoding != IDENTITY:
            answer.headers["Content-Encoding"] = encoding
        return answer


def _asset(name: str, mimetype: str, body: bytes) -> Asset:
    digest = hashlib.sha256(body).hexdigest()[:HASH_DIGITS]
    stem, _, suffix = name.rpartition(".")
    bodies = {IDENTITY: body}
    if mimetype != "image/png":  # packed already: compressing them took each worker 0.7 s at its start, and saved a tenth
        bodies = {"br": brotli.compress(body, quality=11), "gzip": gzip.compress(body, 9, mtime=0), **bodies}
    return Asset(f"{stem}.{digest}.{suffix}", mimetype, bodies)


def htmx_path() -> Path:
    """Where the wheel of django-htmx keeps htmx 2; Django itself is never imported. Raises FileNotFoundError without it."""
    spec = find_spec("django_htmx")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("htmx is missing: pip install --no-deps -r requirements-nodeps.txt")
    return Path(spec.submodule_search_locations[0]) / "static" / "django_htmx" / "htmx-2.min.js"


@cache
def load_assets() -> Mapping[str, Asset]:
    """Every static file, by the name that templates use; compressed once a process."""
    assets = {
        name: _asset(name, mimetype, b"\n".join((STATIC / part).read_bytes() for part in parts))
        for name, (mimetype, parts) in BUNDLES.items()
    }
    assets["htmx.js"] = _asset("htmx.js", "text/javascript; charset=utf-8", htmx_path().read_bytes())
    return assets


def serve_assets(app: Flask) -> str:
    """Serve the files below /static/ and give templates `asset(name)`, their address.

    Returns a mark of the look: of these files and of every template.
    """
    assets = load_assets()
    by_address = {asset.name: asset for asset in assets.values()}

    def asset_url(name: str) -> str:
        return f"/static/{assets[name].name}"

    def static_file(name: str) -> Response:
        if name not in by_address:
            abort(404)
        return by_address[name].response(request.headers.get("Accept-Encoding", ""))

    app.add_url_rule("/static/<name>", "pages.asset", static_file)
    app.jinja_env.globals["asset"] = asset_url
    mark = hashlib.sha256(" ".join(sorted(by_address)).encode())
    for path in sorted(Path(app.root_path, app.template_folder or "").rglob("*.*")):
        mark.update(path.read_bytes())
    return mark.hexdigest()[:HASH_DIGITS]
