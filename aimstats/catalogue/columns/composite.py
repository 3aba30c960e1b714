"""The columns of a composite of benchmarks, and the parameter that weighs them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aimstats.catalogue.columns.declarations import IS, Collection, Column
from aimstats.catalogue.columns.kinds import COUNT, KEY, NUMBER, SHARE, TEXT, read_number, read_text, structure
from aimstats.catalogue.engine.parameters import Parameter
from aimstats.domain.money import plain

MOST: Final = 12
"""So many benchmarks may be weighed together."""


def read_use(text: str) -> Mapping[str, Decimal]:
    """Benchmarks with their weights, such as `gpqa-diamond:2,swe-bench-verified:1`; 1 where none is given. Raises ValueError.

    >>> read_use("a:2,b")
    {'a': Decimal('2'), 'b': Decimal('1')}
    """
    use: dict[str, Decimal] = {}
    for part in read_text(text).split(","):
        name, colon, weight = part.partition(":")
        if not name or name in use:
            raise ValueError("must name each benchmark once, such as gpqa-diamond:2,swe-bench-verified:1")
        use[name] = read_number(weight) if colon else Decimal(1)
        if not 0 < use[name] <= 100:
            raise ValueError("a weight is above 0 and 100 at most")
    if len(use) > MOST:
        raise ValueError(f"may name {MOST} benchmarks at most")
    return use


def write_use(use: Mapping[str, Decimal]) -> str:
    """The one text of these weights.

    >>> write_use(read_use("a:2.0,b"))
    'a:2,b:1'
    """
    return ",".join(f"{name}:{plain(weight.normalize())}" for name, weight in use.items())


USE: Final = Parameter(
    name="use",
    help="Benchmarks with weights, such as gpqa-diamond:2,swe-bench-verified:1: the answer then ranks models by them together.",
    schema={
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": "^[a-z0-9][a-z0-9._-]*(:[0-9.]+)?(,[a-z0-9._-]+(:[0-9.]+)?)*$",
    },
    read=read_use,
    write=write_use,
)

_PARTS: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "benchmark": KEY.schema,
            "value": {"type": ["number", "null"], "description": "The score; null where it has none: then 0 to 100."},
            "low": {"type": "number", "description": "The percentile of the worse end of its interval."},
            "high": {"type": "number", "description": "That of the better end."},
            "has_interval": {"type": ["boolean", "null"], "description": "False: no interval is stated, so that it is a point."},
        },
    },
}

COMPOSITE: Final = Collection(
    name="composite",
    singular="model",
    columns=(
        Column(key="id", label="Model", help="The model's id.", kind=KEY, lookups=(IS,), sort=False),
        Column(key="place", label="Place", help="Its place by the lower end.", kind=COUNT, relative=True),
        Column(key="name", label="Name", help="The model's name.", kind=TEXT),
        Column(key="developer", label="Developer", help="The lab's id.", kind=KEY, lookups=(IS,)),
        Column(
            key="low",
            label="From",
            help="The lower end: the weighted mean of the percentiles of its intervals' worse ends, 0 where it has no score.",
            kind=NUMBER,
            value=lambda body: body["low"],
            sort=False,
        ),
        Column(
            key="high",
            label="To",
            help="The upper end: that of the better ends, 100 where it has no score.",
            kind=NUMBER,
            value=lambda body: body["high"],
            sort=False,
        ),
        Column(key="coverage", label="Coverage", help="Which share of the weight it has scores on.", kind=SHARE),
        Column(key="parts", label="Parts", help="What each benchmark adds.", kind=structure(_PARTS)),
    ),
    exact=lambda body: (body["id"], body["name"] or ""),
    words=lambda body: (body["developer"] or "",),
    default_sort="place",
)
