"""The columns and filters of the list of models: a new one is one row here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aimstats.catalogue.columns import (
    AFTER,
    BEFORE,
    IS,
    MAX,
    MIN,
    MIN_SCORE,
    Body,
    Collection,
    Column,
    at,
)
from aimstats.catalogue.cost_columns import cost_columns
from aimstats.catalogue.kinds import (
    COUNT,
    DATE,
    FLAG,
    INSTANT,
    KEY,
    NUMBER,
    TEXT,
    TEXTS,
    Kind,
    choice,
    decimal_of_stored,
    read_number,
    read_text,
    structure,
)
from aimstats.domain.facts import EFFORTS, MODALITIES, STATUSES, TYPES
from aimstats.domain.money import plain

USE_CASES: Final = (
    "document_analysis", "summarization", "rag", "translation", "story_writing", "coding", "image_generation",
    "audio_generation", "video_generation",
)  # fmt: skip


def read_least_score(text: str) -> tuple[str, object]:
    """`<benchmark>:<value>`. Raises ValueError for anything else.

    >>> read_least_score("gpqa-diamond:80")
    ('gpqa-diamond', Decimal('80'))
    """
    benchmark, colon, value = read_text(text).rpartition(":")
    if not colon or not benchmark:
        raise ValueError("must be <benchmark>:<value>, such as gpqa-diamond:80")
    return benchmark, read_number(value)


SCORES: Final = Kind(
    name="scores",
    schema={"type": "object", "additionalProperties": {"type": "number"}},
    parameter={"type": "string", "pattern": "^[^\\x00-\\x1f\\x7f:]{1,100}:[0-9]{1,9}(\\.[0-9]{1,9})?$"},
    stored=decimal_of_stored,
    read=read_least_score,
    text=plain,
    of_text=read_number,
    numeric=True,
    sortable=False,
    is_open=True,
)

_OFFERED_AT: Final = {
    "type": ["object", "null"],
    "properties": {
        "offer": {"type": ["string", "null"]},
        "input": {"type": ["number", "null"]},
        "output": {"type": ["number", "null"]},
    },
}
_BASIS: Final = {
    "type": ["object", "null"],
    "properties": {
        "offer": {"type": ["string", "null"]},
        "basis": {"type": "string", "enum": ["first_party", "cheapest", "median", "only_offer"]},
    },
}


def _flag(key: str, label: str, sentence: str) -> Column:
    return Column(key=key, label=label, help=sentence, kind=FLAG, lookups=(IS,), facet=True, group="Abilities")


COLUMNS: Final = (
    Column(key="id", label="Id", help="The model's id, developer/slug.", kind=KEY, lookups=(IS,)),
    Column(key="name", label="Model", help="The model's name.", kind=TEXT, shown=True, group="Model"),
    Column(
        key="type",
        label="Type",
        help="What kind of model it is.",
        kind=choice(TYPES),
        lookups=(IS,),
        facet=True,
        group="Model",
    ),
    Column(
        key="developer.id",
        label="Developer",
        help="The lab that trained it.",
        kind=KEY,
        stem="developer",
        lookups=(IS,),
        facet=True,
        group="Model",
    ),
    Column(key="developer.name", label="Developer", help="The lab's name.", kind=TEXT, shown=True, group="Model"),
    Column(
        key="family",
        label="Family",
        help="The family it belongs to.",
        kind=TEXT,
        lookups=(IS,),
        facet=True,
        group="Model",
    ),
    Column(
        key="status",
        label="Status",
        help="Where it stands in its life, at its developer.",
        kind=choice(STATUSES),
        lookups=(IS,),
        facet=True,
        group="Life",
    ),
    Column(
        key="release_date",
        label="Released",
        help="When it was released.",
        kind=DATE,
        stem="released",
        lookups=(AFTER, BEFORE),
        shown=True,
        group="Life",
    ),
    Column(
        key="knowledge",
        label="Knowledge",
        help="Until when it knows the world.",
        kind=DATE,
        lookups=(AFTER, BEFORE),
        group="Life",
    ),
    Column(key="last_updated", label="Updated", help="When its developer last updated it.", kind=DATE, group="Life"),
    Column(key="deprecation_date", label="Deprecated", help="When its developer deprecated it.", kind=DATE, group="Life"),
    Column(
        key="retirement_date",
        label="Retires",
        help="When its developer switches it off.",
        kind=DATE,
        stem="retired",
        lookups=(AFTER, BEFORE),
        group="Life",
    ),
    Column(
        key="retirement_not_before",
        label="Not before",
        help="It is not retired sooner than this.",
        kind=DATE,
        group="Life",
    ),
    Column(key="replacements", label="Replacements", help="What its developer advises instead.", kind=TEXTS, group="Life"),
    Column(
        key="open_weights",
        label="Open weights",
        help="Whether its weights can be downloaded.",
        kind=FLAG,
        lookups=(IS,),
        facet=True,
        group="Weights",
    ),
    Column(
        key="license",
        label="Licence",
        help="The licence of its weights.",
        kind=TEXT,
        lookups=(IS,),
        facet=True,
        group="Weights",
    ),
    Column(key="parameters.total", label="Parameters", help="How many parameters it has.", kind=COUNT, group="Weights"),
    Column(
        key="parameters.active",
        label="Active parameters",
        help="How many parameters a token passes through.",
        kind=COUNT,
        group="Weights",
    ),
    Column(
        key="memory_gb",
        label="Memory",
        help="Gigabytes of memory that its weights need.",
        kind=NUMBER,
        lookups=(MIN, MAX),
        group="Weights",
        unit="GB",
    ),
    Column(key="embedding_dimensions", label="Dimensions", help="The length of its embeddings.", kind=COUNT, group="Limits"),
    Column(
        key="limit.context",
        label="Context",
        help="Tokens of context, input and output together.",
        kind=COUNT,
        stem="context",
        lookups=(MIN, MAX),
        shown=True,
        group="Limits",
        unit="tokens",
    ),
    Column(
        key="limit.input",
        label="Input limit",
        help="Tokens of input at most.",
        kind=COUNT,
        stem="input_limit",
        lookups=(MIN, MAX),
        group="Limits",
        unit="tokens",
    ),
    Column(
        key="limit.output",
        label="Output limit",
        help="Tokens of output at most.",
        kind=COUNT,
        stem="output_limit",
        lookups=(MIN, MAX),
        shown=True,
        group="Limits",
        unit="tokens",
    ),
    Column(
        key="modalities.input",
        label="Reads",
        help="What it takes in.",
        kind=choice(MODALITIES, many=True),
        stem="modality_in",
        lookups=(IS,),
        facet=True,
        shown=True,
        group="Abilities",
    ),
    Column(
        key="modalities.output",
        label="Writes",
        help="What it gives out.",
        kind=choice((*MODALITIES, "embedding", "score"), many=True),
        stem="modality_out",
        lookups=(IS,),
        facet=True,
        group="Abilities",
    ),
    _flag("reasoning", "Reasoning", "Whether it reasons before it answers."),
    _flag("tool_call", "Tools", "Whether it calls tools."),
    _flag("structured_output", "Structured output", "Whether it keeps to a given JSON schema."),
    _flag("attachment", "Attachments", "Whether files can be attached."),
    _flag("temperature", "Temperature", "Whether the temperature can be set."),
    Column(
        key="reasoning_efforts",
        label="Efforts",
        help="The reasoning efforts that can be chosen.",
        kind=choice(EFFORTS, many=True),
        stem="reasoning_effort",
        lookups=(IS,),
        group="Abilities",
    ),
    Column(
        key="use_cases",
        label="Use cases",
        help="What it is suited for, by the rules on the methodology page.",
        kind=choice(USE_CASES, many=True),
        stem="use_case",
        lookups=(IS,),
        facet=True,
        group="Abilities",
    ),
    *cost_columns(priced=True),
    Column(
        key="cost_basis",
        label="Price basis",
        help="The offer that the price is of, and which basis chose it.",
        kind=structure(_BASIS, is_open=True),
        group="Price",
    ),
    Column(
        key="cheapest",
        label="Cheapest",
        help="The cheapest active offer, at three input tokens to one output token.",
        kind=structure(_OFFERED_AT, is_open=True),
        group="Price",
    ),
    Column(
        key="median",
        label="Median",
        help="The median of its active offers.",
        kind=structure(_OFFERED_AT, is_open=True),
        group="Price",
    ),
    Column(
        key="offer_count",
        label="Offers",
        help="How many offers there are.",
        kind=COUNT,
        stem="offers",
        lookups=(MIN,),
        shown=True,
        group="Price",
    ),
    Column(
        key="providers",
        label="Providers",
        help="Who sells it.",
        kind=TEXTS,
        stem="provider",
        lookups=(IS,),
        facet=True,
        group="Price",
    ),
    Column(
        key="scores",
        label="Scores",
        help="Benchmark scores, by benchmark.",
        kind=SCORES,
        stem="score",
        lookups=(MIN_SCORE,),
        group="Scores",
    ),
    Column(
        key="agreement.sources",
        label="Sources",
        help="How many independent sources state its figures.",
        kind=COUNT,
        group="Evidence",
    ),
    Column(
        key="agreement.disputed",
        label="Disputed",
        help="The fields in which sources contradict each other.",
        kind=TEXTS,
        stem="disputed",
        lookups=(IS,),
        group="Evidence",
    ),
    Column(key="changed_at", label="Changed", help="When a figure of it last changed here.", kind=INSTANT, group="Evidence"),
    Column(
        key="checked_at",
        label="Checked",
        help="When its documents were last confirmed.",
        kind=INSTANT,
        joined=True,
        group="Evidence",
    ),
)


def _names(body: Body) -> Iterator[str]:
    yield body["id"]
    yield body["id"].partition("/")[2]
    yield from (body.get("name") or "", *(body.get("aliases") or ()))


def _words(body: Body) -> Iterator[str]:
    yield from (at(body, "developer.name") or "", body.get("family") or "", *(body.get("providers") or ()))


MODELS: Final = Collection(
    name="models",
    singular="model",
    columns=COLUMNS,
    exact=_names,
    words=_words,
    has_basis=True,
)
