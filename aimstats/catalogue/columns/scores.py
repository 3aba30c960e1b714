"""The columns and filters of the scores of one benchmark: every headline figure of an edition, with its rank and its terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aimstats.catalogue.columns.declarations import IS, Body, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, DATE, FLAG, KEY, NUMBER, TEXT, read_text, structure
from aimstats.catalogue.engine.parameters import Parameter

_SETTINGS: Final = {"type": "object", "additionalProperties": {"type": "string"}}


def _figure(key: str) -> Callable[[Body], Any]:
    return lambda body: body.get(key)


def _number(key: str, label: str, sentence: str) -> Column:
    """A figure that may lie below zero: it is in no parameter."""
    return Column(key=key, label=label, help=sentence, kind=NUMBER, value=_figure(key), sort=False)


EDITION: Final = Parameter(
    name="edition",
    help="Of which edition of the benchmark: the one that tables show by default. Scores are comparable within an edition only.",
    schema={"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\x00-\\x1f\\x7f]+$"},
    read=read_text,
)

SCORED: Final = Collection(
    name="scores",
    singular="score",
    columns=(
        Column(key="id", label="Id", help="The model, and which of its scores it is.", kind=KEY, sort=False),
        Column(
            key="place",
            label="Place",
            help="Its place by value among those that stand for a model and are not self-reported; null for the others.",
            kind=COUNT,
            relative=True,
        ),
        Column(
            key="rank",
            label="Rank",
            help="The best rank that it may have: one more than there are models whose intervals lie wholly on its better side. "
            "Intervals that overlap share their ranks.",
            kind=COUNT,
            relative=True,
        ),
        Column(key="rank_to", label="Rank to", help="The worst rank that it may have.", kind=COUNT, relative=True),
        Column(key="model", label="Model", help="The model's id.", kind=KEY, lookups=(IS,)),
        Column(key="name", label="Name", help="The model's name.", kind=TEXT),
        Column(key="developer", label="Developer", help="The lab's id.", kind=KEY, lookups=(IS,)),
        _number("value", "Score", "The score, in the benchmark's unit."),
        _number("ci_low", "Interval from", "The lower end of the interval of 95 %; null where none is stated."),
        _number("ci_high", "Interval to", "The upper end of it."),
        Column(
            key="stands",
            label="Stands",
            help="Whether it is the score that stands for its model in this edition.",
            kind=FLAG,
            lookups=(IS,),
        ),
        Column(
            key="self_reported",
            label="Self-reported",
            help="True: by the developer of the model; false: measured by others; null: the source does not tell.",
            kind=FLAG,
            lookups=(IS,),
        ),
        Column(key="edition", label="Edition", help="The edition of the benchmark; null where it has none.", kind=TEXT),
        Column(key="snapshot", label="Snapshot", help="The build that was measured.", kind=TEXT),
        Column(key="variant", label="Variant", help="How it was run.", kind=TEXT, lookups=(IS,)),
        Column(key="settings", label="Settings", help="On which terms it was measured.", kind=structure(_SETTINGS, is_open=True)),
        Column(key="n", label="Questions", help="How many questions, tasks or votes it is of.", kind=COUNT, sort=False),
        _number("run_cost", "Cost of the run", "US dollars that the run cost."),
        _number("cost_per_task", "Cost per task", "US dollars that a task cost."),
        Column(key="measured_on", label="Measured", help="When it was measured, as exact as is stated.", kind=DATE),
        Column(key="measured_by", label="Measured by", help="Whose figure it is.", kind=TEXT, lookups=(IS,)),
        Column(key="complete", label="Complete", help="An incomplete row stands for no model.", kind=FLAG),
        Column(key="multi_model", label="Several models", help="Whether several models worked together.", kind=FLAG),
        Column(key="source", label="Source", help="The source that states it.", kind=KEY, lookups=(IS,)),
        Column(key="url", label="Page", help="Where it is stated.", kind=TEXT, sort=False),
    ),
    exact=lambda body: (body["model"], body["name"] or ""),
    words=lambda body: (body["developer"] or "",),
    default_sort="place",
)
