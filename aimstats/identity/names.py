"""What goes into the resolver and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A model's name in the words of one source; every part may be empty.

    `facts` is optional evidence that the source states beside the name. Used: `hugging_face_id` (names what a short id leaves
    out), `alias_target` (a floating alias is a router), `tags` (the models of an agent board's row, `;` between them), `board`
    (the board's own name: on `search` boards the search is the board's). Others are ignored.
    """

    source: str = ""
    provider: str = ""
    external_id: str = ""
    name: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a name means: a model (`developer/slug`) with its snapshot and variant, or why it is not one.

    `kind` is `model`, `router`, `agent` or `other`; `model` is None when no single model is named. `variant` holds every
    word that does not change the weights, `+`-joined in alphabetical order, region and plan included; `offer_variant` is
    the same without region and plan words. `confidence` runs from 0 to 1 and orders evidence, it is not a probability.
    """

    kind: str
    model: str | None
    developer: str | None
    snapshot: str = ""
    variant: str = ""
    region: str = ""
    plan: str = ""
    offer_variant: str = ""
    confidence: float = 0.0
    method: str = "none"
    steps: tuple[str, ...] = ()
