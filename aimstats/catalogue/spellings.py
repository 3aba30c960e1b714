"""Which model an address means that is no id: the one that it surely names, else those that it may mean."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.names import NearName, name_in
from aimstats.domain.reasons import Reason
from aimstats.identity import Name

SURE: Final = 0.8
"""From this confidence on a reading is one that nobody need ask about, but for an alias without a number: a family's name
(`sonnet`) is somebody's id of one of its models too."""
MAX_CHARACTERS: Final = 200


def model_spelled(catalogue: Catalogue, text: str) -> tuple[str | None, tuple[NearName, ...]]:
    """The model that the text surely names (a snapshot, a seller's own id, an offer's id, another spelling) and no candidates;
    else None and the models that it may mean, best first."""
    if len(text) > MAX_CHARACTERS:
        return None, ()
    named = name_in(catalogue, Name(external_id=text))
    if named.model is None:
        return None, named.candidates
    if named.confidence >= SURE and (named.method != "alias" or any(letter.isdigit() for letter in text)):
        return named.model, ()
    row = catalogue.model(named.model)
    name = row["name"] if row is not None else named.model
    return None, (NearName(model=named.model, name=name, score=named.confidence, reason=Reason("may_be_read_so")),)
