"""What a person should look at: names that met though their prices or limits differ, and models kept apart though alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nlargest
from typing import Any, Final

from aimstats.identity.candidates import CandidateIndex
from aimstats.identity.first_party import first_party

LIST_PRICES: Final = ("input|standard|0|||USD|", "output|standard|0|||USD|")
"""The price keys of a list price: standard plan, lowest tier, no window, no condition, US dollars."""
LIMITS: Final = ("limit.context", "limit.output")
NEIGHBOURS_ASKED: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One listing with what it was read as. `provider` is ours, `stated_provider` the source's spelling; `prices` are US dollars
    by price key, `limits` tokens by fact."""

    source: str
    stated_provider: str
    provider: str
    external_id: str
    model: str
    snapshot: str = ""
    variant: str = ""
    plan: str = ""
    region: str = ""
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_first_party(self) -> bool:
        """Whether the model's own lab sells it."""
        return self.provider in first_party(self.model.partition("/")[0])

    @property
    def list_price(self) -> tuple[Decimal | None, ...] | None:
        """Input and output; None where nothing is stated, or all of it is free: a free tier is no list price."""
        stated = tuple(self.prices.get(key) for key in LIST_PRICES)
        return stated if any(stated) else None

    @property
    def limit(self) -> tuple[int | None, ...] | None:
        """Context and output tokens; None where neither is stated."""
        stated = tuple(self.limits.get(key) for key in LIMITS)
        return stated if any(stated) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Names that one source lists at one provider for one build of one model, with what each is said to have."""

    model: str
    source: str
    provider: str
    build: str
    stated: tuple[tuple[str, tuple[Any, ...]], ...]

    def __str__(self) -> str:
        names = "; ".join(f"{name} {' / '.join('-' if one is None else str(one) for one in said)}" for name, said in self.stated)
        return f"{self.model}{f' ({self.build})' if self.build else ''} at {self.provider}, says {self.source}: {names}"


def price_contradictions(listings: Iterable[Listed]) -> list[Contradiction]:
    """First-party names of one model at one provider with different list prices, unless they are snapshots, variants, plans or
    regions: a false merge, or a price that its source has wrong."""
    return _contradictions((row for row in listings if row.is_first_party), "list_price")


def limit_contradictions(listings: Iterable[Listed]) -> list[Contradiction]:
    """The same of limits: a hint and no proof, for sources often leave a limit unmended."""
    return _contradictions((row for row in listings if row.is_first_party), "limit")


def _contradictions(listings: Iterable[Listed], what: str) -> list[Contradiction]:
    """A listing without the figure contradicts nothing; a figure that one name lacks and another has does not either."""
    groups: dict[tuple[str, ...], dict[str, set[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(set))
    for row in listings:
        figures = getattr(row, what)
        if figures is not None:
            key = (row.model, row.source, row.stated_provider, row.snapshot, row.variant, row.plan, row.region)
            groups[key][row.external_id].add(figures)
    found = []
    for (model, source, provider, *build), names in sorted(groups.items()):
        stated = sorted(((name, min(figures, key=repr)) for name, figures in names.items()), key=repr)
        if len(stated) > 1 and any(_differ(one, other) for _, one in stated for _, other in stated):
            words = " ".join(word for word in build if word)
            found.append(Contradiction(model=model, source=source, provider=provider, build=words, stated=tuple(stated)))
    return found


def _differ(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return any(left is not None and right is not None and left != right for left, right in zip(one, other, strict=True))


def largest_clusters(listings: Iterable[Listed], limit: int) -> list[tuple[str, int, int]]:
    """The models with most different names: (model, names, listings)."""
    names: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    for row in listings:
        names[row.model].add(row.external_id.casefold())
        counts[row.model] += 1
    rows = ((model, len(ids), counts[model]) for model, ids in names.items())
    return nlargest(limit, rows, key=lambda row: (row[1], row[2], row[0]))


def nearest_apart(models: Iterable[str], limit: int) -> list[tuple[str, str, float]]:
    """Models of one lab whose ids are likest and that were kept apart: (model, other, likeness 0 to 1), the likest first."""
    known = sorted(set(models))
    index = CandidateIndex((model, model) for model in known)
    pairs: dict[tuple[str, str], float] = {}
    for model in known:
        developer = model.partition("/")[0]
        for other, score in index.search(model, NEIGHBOURS_ASKED):
            if other != model and other.partition("/")[0] == developer:
                pairs[min(model, other), max(model, other)] = score
    rows = ((one, other, score) for (one, other), score in pairs.items())
    return nlargest(limit, rows, key=lambda row: (row[2], row[0], row[1]))
