"""The columns of what a model is: its names, life, weights, limits and abilities; a new one is one row here."""

from __future__ import annotations

from typing import Final

from aimstats.catalogue.columns.declarations import AFTER, BEFORE, IS, MAX, MIN, Column
from aimstats.catalogue.columns.kinds import COUNT, DATE, FLAG, KEY, NUMBER, TEXT, TEXTS, choice
from aimstats.domain.facts import EFFORTS, MODALITIES, STATUSES, TYPES
from aimstats.domain.texts import N_
from aimstats.domain.use_cases import USE_CASES


def _flag(key: str, label: str, sentence: str) -> Column:
    return Column(key=key, label=label, help=sentence, kind=FLAG, lookups=(IS,), facet=True, group="Abilities")


FACT_COLUMNS: Final = (
    Column(key="id", label=N_("Id"), help=N_("The model's id, developer/slug."), kind=KEY, lookups=(IS,)),
    Column(key="name", label=N_("Model"), help=N_("The model's name."), kind=TEXT, shown=True, group="Model"),
    Column(
        key="type",
        label=N_("Type"),
        help=N_("What kind of model it is."),
        kind=choice(TYPES),
        lookups=(IS,),
        facet=True,
        group="Model",
    ),
    Column(
        key="developer.id",
        label=N_("Developer"),
        help=N_("The lab that trained it."),
        kind=KEY,
        stem="developer",
        lookups=(IS,),
        facet=True,
        group="Model",
    ),
    Column(key="developer.name", label=N_("Developer"), help=N_("The lab's name."), kind=TEXT, shown=True, group="Model"),
    Column(
        key="family",
        label=N_("Family"),
        help=N_("The family it belongs to."),
        kind=TEXT,
        lookups=(IS,),
        facet=True,
        group="Model",
    ),
    Column(
        key="status",
        label=N_("Status"),
        help=N_("Where it stands in its life; none where nothing is known and nobody sells it."),
        kind=choice(STATUSES, missing="none"),
        lookups=(IS,),
        facet=True,
        group="Life",
    ),
    Column(
        key="developer_status",
        label=N_("At its developer"),
        help=N_("Its developer's own word: open weights may live on at others."),
        kind=choice(STATUSES, missing="none"),
        lookups=(IS,),
        group="Life",
    ),
    Column(
        key="release_date",
        label=N_("Released"),
        help=N_("When it was released."),
        kind=DATE,
        stem="released",
        lookups=(AFTER, BEFORE),
        shown=True,
        group="Life",
    ),
    Column(
        key="knowledge",
        label=N_("Knowledge"),
        help=N_("Until when it knows the world."),
        kind=DATE,
        lookups=(AFTER, BEFORE),
        group="Life",
    ),
    Column(key="last_updated", label=N_("Updated"), help=N_("When its developer last updated it."), kind=DATE, group="Life"),
    Column(key="deprecation_date", label=N_("Deprecated"), help=N_("When its developer deprecated it."), kind=DATE, group="Life"),
    Column(
        key="retirement_date",
        label=N_("Retires"),
        help=N_("When its developer switches it off."),
        kind=DATE,
        stem="retired",
        lookups=(AFTER, BEFORE),
        group="Life",
    ),
    Column(
        key="retirement_not_before",
        label=N_("Not before"),
        help=N_("It is not retired sooner than this."),
        kind=DATE,
        group="Life",
    ),
    Column(
        key="replacements", label=N_("Replacements"), help=N_("What its developer advises instead."), kind=TEXTS, group="Life"
    ),
    Column(
        key="open_weights",
        label=N_("Open weights"),
        help=N_("Whether its weights can be downloaded."),
        kind=FLAG,
        lookups=(IS,),
        facet=True,
        group="Weights",
    ),
    Column(
        key="license",
        label=N_("Licence"),
        help=N_("The licence of its weights, by its SPDX id where it has one, else in the source's words."),
        kind=TEXT,
        lookups=(IS,),
        facet=True,
        group="Weights",
    ),
    Column(key="parameters.total", label=N_("Parameters"), help=N_("How many parameters it has."), kind=COUNT, group="Weights"),
    Column(
        key="parameters.active",
        label=N_("Active parameters"),
        help=N_("How many parameters a token passes through."),
        kind=COUNT,
        group="Weights",
    ),
    Column(
        key="memory_gb",
        label=N_("Memory"),
        help=N_(
            "Gigabytes of memory that its weights need while it runs: as published, else at 16 bits a parameter, and 10 % more."
        ),
        kind=NUMBER,
        lookups=(MIN, MAX),
        group="Weights",
        unit=N_("GB"),
    ),
    Column(
        key="embedding_dimensions", label=N_("Dimensions"), help=N_("The length of its embeddings."), kind=COUNT, group="Limits"
    ),
    Column(
        key="hugging_face_id",
        label=N_("Hugging Face"),
        help=N_("The id of its weights on Hugging Face."),
        kind=KEY,
        lookups=(IS,),
        group="Weights",
    ),
    Column(
        key="tokenizer", label=N_("Tokenizer"), help=N_("The family of its tokenizer."), kind=TEXT, lookups=(IS,), group="Model"
    ),
    Column(
        key="limit.context",
        label=N_("Context"),
        help=N_("Tokens of context, input and output together."),
        kind=COUNT,
        stem="context",
        lookups=(MIN, MAX),
        shown=True,
        group="Limits",
        unit=N_("tokens"),
    ),
    Column(
        key="limit.input",
        label=N_("Input limit"),
        help=N_("Tokens of input at most."),
        kind=COUNT,
        stem="input_limit",
        lookups=(MIN, MAX),
        group="Limits",
        unit=N_("tokens"),
    ),
    Column(
        key="limit.output",
        label=N_("Output limit"),
        help=N_("Tokens of output at most."),
        kind=COUNT,
        stem="output_limit",
        lookups=(MIN, MAX),
        shown=True,
        group="Limits",
        unit=N_("tokens"),
    ),
    Column(
        key="modalities.input",
        label=N_("Reads"),
        help=N_("What it takes in."),
        kind=choice(MODALITIES, many=True),
        stem="modality_in",
        lookups=(IS,),
        facet=True,
        shown=True,
        group="Abilities",
    ),
    Column(
        key="modalities.output",
        label=N_("Writes"),
        help=N_("What it gives out."),
        kind=choice((*MODALITIES, "embedding", "score"), many=True),
        stem="modality_out",
        lookups=(IS,),
        facet=True,
        group="Abilities",
    ),
    _flag("reasoning", N_("Reasoning"), N_("Whether it reasons before it answers.")),
    _flag("tool_call", N_("Tools"), N_("Whether it calls tools.")),
    _flag("structured_output", N_("Structured output"), N_("Whether it keeps to a given JSON schema.")),
    _flag("attachment", N_("Attachments"), N_("Whether files can be attached.")),
    _flag("temperature", N_("Temperature"), N_("Whether the temperature can be set.")),
    Column(
        key="reasoning_efforts",
        label=N_("Efforts"),
        help=N_("The reasoning efforts that can be chosen."),
        kind=choice(EFFORTS, many=True),
        stem="reasoning_effort",
        lookups=(IS,),
        group="Abilities",
    ),
    Column(
        key="supported_parameters",
        label=N_("Parameters taken"),
        help=N_("The request parameters that it takes, as a router names them."),
        kind=TEXTS,
        stem="supported_parameter",
        lookups=(IS,),
        group="Abilities",
    ),
    Column(
        key="use_cases",
        label=N_("Use cases"),
        help=N_("What it is suited for, by the rules on the methodology page."),
        kind=choice(tuple(case.id for case in USE_CASES), many=True),
        stem="use_case",
        lookups=(IS,),
        facet=True,
        group="Abilities",
    ),
)
