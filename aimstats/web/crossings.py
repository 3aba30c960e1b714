"""Where the order of costs changes, as sentences: which two models change places, at which share or length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations
from typing import Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs import WORKLOAD, CostQuestion, crossovers
from aimstats.catalogue.costs.crossovers import LIST_PARAMETERS, OWN
from aimstats.catalogue.costs.questions import COSTS
from aimstats.catalogue.engine.query import parse
from aimstats.domain.texts import N_
from aimstats.domain.workload import Crossing
from aimstats.web import formats
from aimstats.web.language import t

COMPARED: Final = 6
"""So many models, the cheapest that are shown, are compared with each other."""
SENTENCES: Final = 5
"""So many sentences a way of changing the workload; the API has all."""
WAYS: Final[Mapping[str, str]] = {
    "cached_share": N_("If more or less of the input came from the cache"),
    "output_share": N_("If more or less of the tokens were the answer"),
    "prompt_length": N_("If prompts were longer or shorter"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """Two models (id and name) that change places: below `point` the first is cheaper, above it the second."""

    point: str
    cheaper: tuple[str, str]
    dearer: tuple[str, str]
    is_jump: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One way to change the workload: where the order changes along it, nearest to the workload first; `left` are not shown."""

    title: str
    turns: Sequence[Turn]
    left: int


def ways_of(catalogue: Catalogue, question: CostQuestion, models: Sequence[str]) -> tuple[list[Way], str]:
    """Where these models change places, and the question to the API that says all of it; nothing where they are not two, or where
    no text is priced."""
    workload = question.workload
    if len(models) < 2 or not (workload.input_tokens or workload.output_tokens):
        return [], ""
    kept = {*LIST_PARAMETERS, *(parameter.name for parameter in WORKLOAD)}
    asked = {name: list(values) for name, values in question.query.stated.items() if name in kept}
    asked["models"] = [",".join(models[:COMPARED])]
    query = parse(COSTS, asked.items(), now=datetime.now(UTC), only=LIST_PARAMETERS, own=OWN)
    found = crossovers(catalogue, query).rows
    here = {
        "cached_share": workload.cache_hit,
        "output_share": workload.output_tokens / (workload.input_tokens + workload.output_tokens),
        "prompt_length": workload.input_tokens,
    }
    ways = []
    for along, title in WAYS.items():
        crossings = sorted((one for way, one in found if way == along), key=lambda one: abs(one.at - Fraction(here[along])))
        turns = [turn for one in crossings for turn in _turns(catalogue, along, one)]
        if turns:
            ways.append(Way(title, turns[:SENTENCES], max(0, len(turns) - SENTENCES)))
    return ways, query.text


def _turns(catalogue: Catalogue, along: str, crossing: Crossing) -> Iterator[Turn]:
    after = {model: place for place, model in enumerate(crossing.after)}
    for cheaper, dearer in combinations(crossing.before, 2):
        if cheaper in after and dearer in after and after[dearer] < after[cheaper]:
            yield Turn(_point(along, crossing.at), _named(catalogue, cheaper), _named(catalogue, dearer), crossing.jump)


def _named(catalogue: Catalogue, model: str) -> tuple[str, str]:
    row = catalogue.model(model)
    return model, (row["name"] if row else "") or model


def _point(along: str, at: Fraction) -> str:
    """Where it is, as the sentence says it.

    >>> _point("cached_share", Fraction(77, 100)), _point("prompt_length", Fraction(272000))
    ('77 % from cache', '272K tokens of prompt')
    """
    if along == "prompt_length":
        return t("%(tokens)s tokens of prompt", tokens=formats.tokens(round(at)))
    text = N_("%(share)s %% from cache") if along == "cached_share" else N_("%(share)s %% of the tokens in the answer")
    share = f"{float(at) * 100:.3g}"
    return t(text, share=share)
