"""`/export/`: the catalogue in the formats of others, of any day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from aimstats.api.lists import JSON
from aimstats.api.refusals import register_refusals
from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.engine.query import parse
from aimstats.catalogue.exports.litellm import litellm_map
from aimstats.catalogue.exports.models_dev import models_dev_catalogue
from aimstats.catalogue.exports.offers import Evidence
from aimstats.catalogue.exports.openrouter import openrouter_list
from aimstats.catalogue.holder import CatalogueUnavailableError
from aimstats.extensions.answers import answer
from aimstats.extensions.current import current_holder, stamp_of

exporting: Final = Blueprint("api_exports", __name__, url_prefix="/export")
register_refusals(exporting)
_making = threading.Lock()

PARAMETERS: Final = ("as_of", "known_at")
FORMATS: Final[Mapping[str, Callable[[Catalogue, Evidence], dict[str, Any]]]] = {
    "litellm": litellm_map,
    "models.dev": models_dev_catalogue,
    "openrouter": openrouter_list,
}
PATHS: Final = tuple(f"/export/{name}.json" for name in FORMATS)


@exporting.get("/<name>.json")
def exported(name: str) -> Response:
    """The whole map of one format."""
    if name not in FORMATS:
        raise NotFound(f"There is no export {name!r}; there are {', '.join(FORMATS)}.")
    query = parse(OFFERS, request.args.lists(), now=datetime.now(UTC), only=PARAMETERS)
    holder = current_holder()
    catalogue = holder.at(query.as_of, query.known_at)

    def make() -> bytes:
        evidence = holder.evidence(catalogue, "offers", catalogue.offers.ids)
        if evidence is None:
            raise CatalogueUnavailableError("the database does not answer")
        return wire.dumps(FORMATS[name](catalogue, evidence))

    is_present = catalogue.as_of is None and catalogue.known_at is None
    made = (lambda: _once(catalogue, name, make)) if is_present else make
    return answer(f"export/{name}.json", query.text, stamp_of(catalogue), made, media_type=JSON)


def _once(catalogue: Catalogue, name: str, make: Callable[[], bytes]) -> bytes:
    """The export of these rows, made by one thread for all encodings: it takes up to two seconds of a processor."""
    key = f"export/{name}"
    with _making:
        if key not in catalogue.made_of_rows:
            catalogue.made_of_rows[key] = make()
    made: bytes = catalogue.made_of_rows[key]
    return made
