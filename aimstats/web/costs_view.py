"""What the page of costs shows: the form, the sentence that answers, the rows with their receipts, where their order changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs import COSTS, PARAMETERS, CostPage, CostQuestion, cost_page, question_of
from aimstats.catalogue.costs.questions import FREE, FREE_PLACES, OWN, OWN_BASES, PER
from aimstats.catalogue.engine.query import QueryError, parse
from aimstats.catalogue.engine.select import Selection
from aimstats.domain.facts import MODALITIES
from aimstats.domain.texts import N_, NN_
from aimstats.domain.workload import PRESETS
from aimstats.web import retired
from aimstats.web.costs_form import Field, Given, arguments_of, fields_of, plans_of, presets_of, sentence_of, ttls_of, unit_of
from aimstats.web.crossings import COMPARED, Way, ways_of
from aimstats.web.filters import Chip, chips
from aimstats.web.frames import BASES
from aimstats.web.kept import kept
from aimstats.web.language import plural, t
from aimstats.web.links import link
from aimstats.web.receipts import CostLine, cost_line
from aimstats.web.routes import path_of
from aimstats.web.scores import UNITS, figures_in_column
from aimstats.web.share_lines import ShareLines, share_lines

RECEIPT: Final = "receipt"
IGNORED: Final = ("fragment", "page", RECEIPT)
SCORE: Final = "score"
"""`score` names the benchmark of the column beside the costs."""
MOST_MODELS: Final = 40
"""A benchmark is offered as that column where so many models have a score on it."""
LINES: Final = "lines"
"""`lines=shown` draws the costs along the cached share."""
CARRIED: Final = (retired.PARAMETER, SCORE, LINES)
FLAGS: Final = ("tool_call", "reasoning", "structured_output", "open_weights")
"""The filters of models that the form offers as boxes; all others are kept, and shown as chips."""
LEAST: Final = "min_context"
READS: Final = "modality_in"
TOKENS: Final = frozenset({"input_tokens", "output_tokens"})
ROWS: Final = 25
ALIKE: Final = 4
"""So many filters are tried one by one for what the table would hold without them."""

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "no_offer": NN_("%(number)s sold by nobody", "%(number)s sold by nobody"),
    "ended": NN_("%(number)s has ended", "%(number)s have ended"),
    "median": NN_("%(number)s with no price of the developer’s own", "%(number)s with no price of the developer’s own"),
    "not_published": NN_("%(number)s lacks a price", "%(number)s lack a price"),
    "not_possible": NN_("%(number)s cannot take requests of this kind", "%(number)s cannot take requests of this kind"),
    "not_billed": NN_("%(number)s bills none of it", "%(number)s bill none of it"),
    "billed_otherwise": NN_("%(number)s billed otherwise", "%(number)s billed otherwise"),
    "other_currency": NN_("%(number)s priced in another currency", "%(number)s priced in another currency"),
    "variable": NN_("%(number)s priced from request to request", "%(number)s priced from request to request"),
    "not_offered": NN_("%(number)s does not offer it", "%(number)s do not offer it"),
    "depends_on_condition": NN_("%(number)s priced by what is not asked for", "%(number)s priced by what is not asked for"),
}
"""Why rows have no total, as a chip says it with their number."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first sentence says: the cheapest, and how much dearer the last row of the page is."""

    first: CostLine
    last: CostLine | None
    times: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsView:
    """The page, ready to be drawn."""

    fields: Sequence[Field]
    presets: Sequence[tuple[str, str, bool]]
    assumes: str
    plans: Sequence[tuple[str, bool]]
    flags: Sequence[tuple[str, str, bool]]
    least_context: str
    reads: Sequence[tuple[str, bool]]
    ttls: Sequence[tuple[str, str, bool]]
    q: str
    bases: Sequence[tuple[str, str, bool]]
    pers: Sequence[tuple[str, str, bool]]
    kept: Sequence[tuple[str, str]]
    sentence: str
    unit: str
    has_tokens: bool
    lines: Sequence[CostLine]
    answer: Answer | None
    total: int
    last: int
    chips: Sequence[Chip]
    unpriced: Sequence[str]
    looser: Sequence[tuple[str, str, int]]
    scores: Sequence[tuple[str, str, bool]]
    score_name: str
    score_unit: str
    score_of: Mapping[str, str]
    ways: Sequence[Way]
    turns_query: str
    drawn: ShareLines | None
    lines_place: str
    previous: str
    next: str
    here: str
    beginning: str
    api_query: str
    errors: Sequence[Mapping[str, str]]

    @property
    def least_address(self) -> str:
        """The page that begins with the cheapest, whose receipt is open there."""
        return link("costs", query=self.beginning, anchor=self.answer.first.anchor if self.answer else "")

    def receipt_address(self, line: CostLine) -> str:
        """The page with the receipt of this row open; with none where it is open already."""
        wanted = urlencode({RECEIPT: "" if line.opened is not None else line.id})
        return link("costs", query="&".join(filter(None, [self.here, wanted])), anchor=line.anchor)


def asked(given: Given) -> CostQuestion:
    """The question of the form: retired models are left out and free ones stand last unless it says otherwise.

    Raises QueryError.
    """
    now = datetime.now(UTC)
    arguments = arguments_of(given)
    question = question_of(parse(COSTS, arguments, now=now, only=PARAMETERS, own=OWN, ignored=IGNORED, carried=CARRIED))
    stated = question.query.stated
    wrong = [(retired.PARAMETER, retired.SHOWN), (LINES, retired.SHOWN)]
    if len(stated.get(SCORE, ())) > 1:
        raise QueryError([{"parameter": SCORE, "message": "may be given once only"}])
    errors = [
        {"parameter": name, "message": f"may only be {word!r}"} for name, word in wrong if stated.get(name, (word,)) != (word,)
    ]
    if errors:
        raise QueryError(errors)
    if not question.query.has("limit"):
        question = replace(question, query=replace(question.query, limit=ROWS))
    if not question.query.has(FREE):
        question = replace(question, free_last=True)
    if not _leaves_out(question):
        return question
    models = replace(question.models, filters={**question.models.filters, retired.STATUS: retired.LIVING})
    return replace(question, models=models)


def _leaves_out(question: CostQuestion) -> bool:
    """Whether retired models are left out."""
    return not question.query.has(retired.PARAMETER) and not question.query.has(retired.STATUS)


def costs_view(catalogue: Catalogue, question: CostQuestion, number: int, receipt: str | None) -> CostsView:
    """The page of this number; `receipt` names the offer whose receipt is open, the first one's by default, none for ''."""
    query, workload = question.query, question.workload
    names = kept(catalogue).names
    found = cost_page(catalogue, question, start=(number - 1) * query.limit)
    least = found.least.receipt.total if found.least else Decimal(0)
    opened = receipt if receipt is not None else (found.rows[0].receipt.offer if found.rows else "")
    lines = [
        cost_line(
            catalogue, names, row, rank=found.first + place + 1, least=least, is_opened=opened == row.receipt.offer
        )
        for place, row in enumerate(found.rows)
    ]  # fmt: skip
    compared = [line.model.id for line in lines if line.model] if question.per == PER[0] else []
    score = query.stated.get(SCORE, ("",))[0]
    declared = catalogue.benchmarks.get(score, {})
    ways, turns_query = ways_of(catalogue, question, compared)
    preset = PRESETS.get(query.own.get("preset", ""))
    chosen = list(_chips(catalogue, question, found))
    step = found.first + len(lines) < found.total
    return CostsView(
        fields=fields_of(question),
        presets=presets_of(query),
        assumes=preset.assumes if preset else "",
        plans=plans_of(workload),
        flags=[(name, MODELS.filters[name][0].label, query.has(name, "true")) for name in FLAGS],
        least_context=query.stated.get(LEAST, ("",))[0],
        reads=[(word, query.stated.get(READS) == (word,)) for word in MODALITIES if word != "text"],
        ttls=ttls_of(question),
        q=query.q,
        bases=[(value, label, value == query.basis) for value, label in BASES if value in OWN_BASES],
        pers=[(PER[0], N_("a model"), question.per == PER[0]), (PER[1], N_("an offer"), question.per == PER[1])],
        kept=list(_kept(question)),
        sentence=sentence_of(workload),
        unit=unit_of(workload),
        has_tokens=any(getattr(workload, name) for name in TOKENS),
        lines=lines,
        answer=_answer(catalogue, found, lines),
        total=found.total,
        last=found.first + len(lines),
        chips=chosen,
        unpriced=[plural(*said, found.unpriced[key]) for key, said in REASONS.items() if found.unpriced.get(key)],
        looser=list(_looser(catalogue, question, chosen)) if not lines else [],
        scores=list(_scores(catalogue, score)),
        score_name=declared.get("name", ""),
        score_unit=UNITS.get(declared.get("unit", ""), ""),
        score_of=_score_column(score, lines) if declared else {},
        ways=ways,
        turns_query=turns_query,
        drawn=share_lines(catalogue, question, compared[:COMPARED]) if ways and query.has(LINES) else None,
        lines_place=link("costs", query=query.url_with(lines=None if query.has(LINES) else retired.SHOWN), anchor="turns"),
        previous=link("costs", query=query.url_with(page=number - 1 if number > 2 else None)) if number > 1 else "",
        next=link("costs", query=query.url_with(page=number + 1)) if step else "",
        beginning=query.text,
        here=query.url_with(page=number if number > 1 else None),
        api_query=_asked_of_api(question),
        errors=(),
    )


def _scores(catalogue: Catalogue, chosen: str) -> Iterator[tuple[str, str, bool]]:
    """The benchmarks that the column may be of: none, then by name."""
    table = catalogue.tables["benchmarks"]
    counts = dict(zip(table.ids, table.values_of("model_count"), strict=True))
    yield "", t("no score"), not chosen
    named = sorted((str(one["name"]), name) for name, one in catalogue.benchmarks.items())
    for label, name in named:
        if name == chosen or (counts.get(name) or 0) >= MOST_MODELS:
            yield name, label, name == chosen


def _score_column(score: str, lines: Iterable[CostLine]) -> dict[str, str]:
    """By model what the column has of it; nothing of those without a score."""
    known = {line.model.id: line.model[f"scores.{score}"] for line in lines if line.model}
    found = {name: value for name, value in known.items() if value is not None}
    return dict(zip(found, figures_in_column(list(found.values())), strict=True))


def _answer(catalogue: Catalogue, found: CostPage, lines: Sequence[CostLine]) -> Answer | None:
    if not found.least or not lines:
        return None
    first = cost_line(
        catalogue, kept(catalogue).names, found.least, rank=1, least=found.least.receipt.total, is_opened=False
    )  # fmt: skip
    last = lines[-1] if lines[-1].rank > 1 and lines[-1].total.exact != "0" else None
    return Answer(first, last, last.times if last else "")


def _asked_of_api(question: CostQuestion) -> str:
    changes: dict[str, Any] = {FREE: FREE_PLACES[question.free_last], retired.PARAMETER: None, SCORE: None, LINES: None}
    if _leaves_out(question):
        changes[retired.STATUS] = retired.LIVING
    return question.query.url_with(**changes)


def _chips(catalogue: Catalogue, question: CostQuestion, found: CostPage) -> Iterator[Chip]:
    """The chosen filters; how many are retired; how many cost nothing and stand behind."""
    query = question.query
    yield from chips(query, path_of("costs"), kept(catalogue).names)
    if _leaves_out(question):
        gone = replace(question.models, filters={**question.models.filters, retired.STATUS: (retired.RETIRED,)})
        hidden = Selection(catalogue, gone).bits.bit_count()
        if hidden:
            yield Chip(
                plural("%(number)s retired hidden", "%(number)s retired hidden", hidden),
                link("costs", query=query.url_with(**{retired.PARAMETER: retired.SHOWN})),
                True,
            )
    elif query.has(retired.PARAMETER):
        yield Chip(t("Retired shown"), link("costs", query=query.without(retired.PARAMETER)))
    if not question.free_last:
        yield Chip(t("Free ones first"), link("costs", query=query.without(FREE)))
    elif 0 < found.free < found.total:
        yield Chip(
            plural("%(number)s free of charge, listed last", "%(number)s free of charge, listed last", found.free),
            link("costs", query=query.url_with(**{FREE: FREE_PLACES[0]})),
            True,
        )


def _looser(catalogue: Catalogue, question: CostQuestion, chosen: Iterable[Chip]) -> Iterator[tuple[str, str, int]]:
    """What each chosen filter is called, the address without it, and how many rows there would be."""
    for chip in [chip for chip in chosen if not chip.is_default][:ALIKE]:
        other = asked(parse_qs(urlsplit(chip.href).query).items())
        total = cost_page(catalogue, other, start=0).total
        if total:
            yield chip.label, chip.href, total


def _kept(question: CostQuestion) -> Iterator[tuple[str, str]]:
    """What the address states and no field of the form shows."""
    query = question.query
    in_form = {SCORE, "preset", "plan", "q", "basis", "per", "cursor", LEAST, *(field.name for field in fields_of(question))}
    in_form |= {"cache_hit", "cache_write", "cache_ttl", "batch_share"}
    if len(query.stated.get(READS, ())) == 1 and query.stated[READS][0] in MODALITIES[1:]:
        in_form.add(READS)
    for name, values in query.stated.items():
        yield from ((name, value) for value in values if name not in in_form and not (name in FLAGS and value == "true"))
