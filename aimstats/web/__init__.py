"""The pages' door: what the browser sees."""

from __future__ import annotations

from flask import Flask

from aimstats.web import formats
from aimstats.web.assets import serve_assets
from aimstats.web.editions import hold_catalogue
from aimstats.web.errors import install_errors
from aimstats.web.freshness import keep_fresh
from aimstats.web.kept import KEPT, Kept
from aimstats.web.model import meter_unit, ordered_meters
from aimstats.web.rendering import secure
from aimstats.web.views import pages


def register(app: Flask) -> None:
    """Add the pages, their static files, their errors and what their templates use to the app."""
    app.extensions[KEPT] = Kept()
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(meter_unit=meter_unit, ordered_meters=ordered_meters)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    hold_catalogue(app)
    assets = serve_assets(app)
    install_errors(app, pages)
    keep_fresh(app, pages, assets)
    pages.after_request(secure)
    app.register_blueprint(pages)
