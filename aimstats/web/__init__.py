"""The pages' door: what the browser sees."""

from __future__ import annotations

from flask import Flask

from aimstats.web import formats, marks, plain, receipts, scores
from aimstats.web.assets import serve_assets
from aimstats.web.benchmarks import measuring
from aimstats.web.cards import card_of
from aimstats.web.changes import changes_pages
from aimstats.web.compare import comparing
from aimstats.web.costs import costing
from aimstats.web.departures import departing
from aimstats.web.disagreements import disagreeing
from aimstats.web.drawing import hole
from aimstats.web.editions import source_name
from aimstats.web.errors import page_of
from aimstats.web.frontier import weighing
from aimstats.web.kept import KEPT, KeptTexts
from aimstats.web.language import speak
from aimstats.web.links import address, forget_days, link
from aimstats.web.model import meter_unit, ordered_meters
from aimstats.web.names import resolving
from aimstats.web.reference import reference_pages
from aimstats.web.rendering import LOOK, secure
from aimstats.web.routes import navigation
from aimstats.web.views import pages

__all__ = ["page_of", "register", "register_reference"]


def register(app: Flask) -> None:
    """Add the pages to the app."""
    register_reference(app)
    app.extensions[KEPT] = KeptTexts()
    plain.add_to(app)
    app.register_blueprint(pages)
    app.register_blueprint(resolving)
    app.register_blueprint(changes_pages)
    app.register_blueprint(costing)
    app.register_blueprint(comparing)
    app.register_blueprint(departing)
    app.register_blueprint(measuring)
    app.register_blueprint(weighing)
    app.register_blueprint(disagreeing)


def register_reference(app: Flask) -> None:
    """Add the API's reference, which stands wherever the API or the pages are, and all that any page needs: the static files, the
    look of errors, what templates use.
    """
    app.jinja_env.filters.update(
        formats.FILTERS,
        because=marks.because,
        said=marks.said,
        failure=marks.failure,
        amount=receipts.amount_text,
        score=scores.figure_text,
        source_name=source_name,
    )
    app.jinja_env.globals.update(
        address=address,
        link=link,
        hole=hole,
        navigation=navigation,
        meter_unit=meter_unit,
        ordered_meters=ordered_meters,
        card_of=card_of,
    )
    speak(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[LOOK] = serve_assets(app)
    app.after_request(secure)
    app.teardown_request(forget_days)
    app.register_blueprint(reference_pages)
