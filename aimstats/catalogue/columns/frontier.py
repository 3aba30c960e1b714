"""What is asked of the frontier of cost and score, and the columns of the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aimstats.catalogue.columns.declarations import IS, Body, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, DATE, FLAG, KEY, NUMBER, TEXT, choice, read_text
from aimstats.catalogue.columns.models import MODELS
from aimstats.catalogue.costs.questions import WORKLOAD
from aimstats.catalogue.engine.parameters import Parameter, parameters

FRONTIER_STATE, NEAR, BEATEN = "frontier", "near", "beaten"
STATES: Final = (FRONTIER_STATE, NEAR, BEATEN)
PRICE, BY_WORKLOAD, PER_TASK = "price", "workload", "task"
AGAINST: Final = (PRICE, BY_WORKLOAD, PER_TASK)

_SCORE: Final = Parameter(
    name="score",
    help="The benchmark; by default that of most priced models, of those that say when they were measured.",
    schema={"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\x00-\\x1f\\x7f]+$"},
    read=read_text,
    orders=True,
)
_AGAINST: Final = Parameter(
    name="against",
    help="`price`: dollars a million tokens, three read to one written (by default); `workload`: what the stated workload costs "
    "(by default where one is stated); `task`: what a task of the benchmark cost whoever measured it.",
    schema=choice(AGAINST).parameter,
    read=choice(AGAINST).read,
    orders=True,
)


def _figure(key: str, label: str, sentence: str) -> Column:
    def read(body: Body) -> object:
        return body.get(key)

    return Column(key=key, label=label, help=sentence, kind=NUMBER, value=read, sort=False)


POINT_COLUMNS: Final = (
    Column(key="id", label="Model", help="The model's id.", kind=KEY, lookups=(IS,)),
    Column(key="place", label="Place", help="Its place by cost, the cheapest first.", kind=COUNT, relative=True),
    Column(key="name", label="Name", help="The model's name.", kind=TEXT),
    Column(key="developer", label="Developer", help="The lab's id.", kind=KEY),
    _figure("score", "Score", "The score that stands for it, in the benchmark's unit."),
    _figure("ci_low", "Interval from", "The lower end of its interval of 95 %; null where none is stated."),
    _figure("ci_high", "Interval to", "The upper end."),
    _figure("cost", "Cost", "US dollars, as `against` says."),
    Column(
        key="state",
        label="State",
        help="`frontier`: no other costs no more and scores better; `near`: not clearly beaten, since its interval reaches that "
        "of every model that costs no more; `beaten`: the rest.",
        kind=choice(STATES),
        stem="state",
        lookups=(IS,),
    ),
    Column(
        key="beaten_by",
        label="Beaten by",
        help="The model of the frontier with the best score for no more money; null on the frontier.",
        kind=KEY,
    ),
    _figure("gain", "Gain", "On the frontier: by how much its score is better than that of the next cheaper one."),
    _figure("times", "Times", "On the frontier: how many times the cost of the next cheaper one."),
    Column(key="disputed", label="Disputed", help="Whether sources differ on a price of it.", kind=FLAG),
    Column(key="measured_on", label="Measured", help="When the score was measured, as exact as is stated.", kind=DATE),
)
FRONTIER: Final = Collection(
    name="frontier",
    singular="point",
    columns=(
        *POINT_COLUMNS,
        *(replace(column, served=False, csv=False) for column in MODELS.columns if column.lookups and column.key != "id"),
    ),
    exact=lambda body: (),
    words=lambda body: (),
    default_sort="place",
    has_basis=True,
)
PARAMETERS: Final = tuple(name for name in parameters(FRONTIER) if name != "q")
OWN: Final = (_SCORE, _AGAINST, *WORKLOAD)
