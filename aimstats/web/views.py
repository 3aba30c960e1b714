"""The pages: each reads its query, fetches and renders."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from aimstats.catalogue.columns.declarations import Collection
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.columns.providers import PROVIDERS
from aimstats.catalogue.columns.sources import SOURCES
from aimstats.catalogue.spellings import model_spelled
from aimstats.domain.texts import N_
from aimstats.extensions.current import current_catalogue, current_holder
from aimstats.web import formats
from aimstats.web.asking import asked_edition, named_edition, table_page
from aimstats.web.errors import answer_refusals, error_page
from aimstats.web.frames import Frame
from aimstats.web.kept import kept
from aimstats.web.language import plural, t
from aimstats.web.links import link
from aimstats.web.model import model_context
from aimstats.web.model_more import more_of
from aimstats.web.rendering import page
from aimstats.web.routes import ROUTES, path_of, serves
from aimstats.web.structured import dataset, product

pages = Blueprint("pages", __name__)
answer_refusals(pages)


def _frame_of(name: str, collection: Collection) -> Frame:
    """The table of a whole collection at the page of that name; one of models can switch between their types."""
    route = ROUTES[name]
    return Frame(
        collection=collection,
        action=path_of(name),
        heading=t(route.title),
        lead=t(route.description),
        has_types=collection is MODELS,
    )


@serves(pages, "models")
def models() -> Response:
    """Every model, under the filters of the URL."""
    frame = _frame_of("models", MODELS)
    return table_page(frame, structured=lambda shown: dataset(shown, "AI Models Stats", frame.lead))


@serves(pages, "model")
def model(identifier: str) -> AnyResponse:
    """One model: facts with their sources, every offer, its names. `offer` names the one whose evidence is open."""
    catalogue = asked_edition(identifier)
    row = catalogue.model(identifier)
    if row is None and (today := current_catalogue().model(identifier)) is not None:
        said = t(
            "Nothing was known of it on that day: the first that this catalogue has of %(name)s is later.", name=today["name"]
        )
        return error_page(200, said, title=today["name"])
    if row is None:
        merged = catalogue.redirects.models.get(identifier)
        target, near = (merged, ()) if merged else model_spelled(current_catalogue(), identifier)
        if target is None:
            return error_page(404, N_("No model has this id."), near=near)
        asked = urlencode([(name, value) for name, values in request.args.lists() for value in values])
        return redirect(link("model", target, query=asked), 301)
    opened, preset = request.args.get("offer", ""), request.args.get("preset", "")
    opened = catalogue.redirects.offers.get(opened, opened)
    if not opened and request.args.get("fragment") == "evidence":  # below a row of a table prices come first
        opened = (row["cost_basis"] or {}).get("offer") or ""

    def make() -> dict[str, Any]:
        context = model_context(catalogue, row, opened=opened)
        said = product(catalogue, row, context["description"])
        return {**context, "structured": said, "more": more_of(catalogue, row, preset, context["view"].weights_bytes)}

    return page("model.html", make, catalogue)


@serves(pages, "developer")
def developer(identifier: str) -> Response:
    """The models of one developer."""
    name = kept(named_edition()).names.developers.get(identifier)
    name = name or kept(current_catalogue()).names.developers.get(identifier) or abort(404, t("No developer has this id."))
    lead = t("The models of %(name)s, at every host.", name=name)
    fixed = {"developer": identifier}
    title, action = t("%(name)s: models and their prices", name=name), path_of("developer", identifier)
    return table_page(Frame(collection=MODELS, action=action, heading=name, title=title, lead=lead, fixed=fixed))


@serves(pages, "providers")
def providers() -> Response:
    """Every provider."""
    return table_page(_frame_of("providers", PROVIDERS))


@serves(pages, "provider")
def provider(identifier: str) -> Response:
    """What one provider sells, at its own prices."""
    shown = named_edition()
    sells = shown.row("providers", identifier)
    row = sells or current_catalogue().row("providers", identifier) or abort(404, t("No provider has this id."))
    lead = plural(
        "What %(name)s sells, at its own prices: %(number)s offer.",
        "What %(name)s sells, at its own prices: %(number)s offers.",
        sells["offer_count"] if sells else 0,
        name=row["name"],
    )
    fixed, homepage = {"provider": identifier}, row["homepage"]
    return table_page(
        Frame(
            collection=OFFERS,
            action=path_of("provider", identifier),
            heading=row["name"],
            title=t("%(name)s: prices of its models", name=row["name"]),
            lead=lead,
            fixed=fixed,
            about=[(t("Home page"), homepage, homepage)] if homepage else (),
        )
    )


@serves(pages, "sources")
def sources() -> Response:
    """Each source and the state that it is in."""
    catalogue = current_holder().with_sources()
    table = catalogue.tables["sources"]
    return table_page(_frame_of("sources", SOURCES), catalogue, further=(table.digest,), is_lasting=False)


@serves(pages, "methodology")
def methodology() -> Response:
    """How each figure is chosen, in plain words."""
    return page("methodology.html", lambda: {"absences": formats.ABSENCES})
