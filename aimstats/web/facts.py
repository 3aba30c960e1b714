"""The facts of one model as its page lists them, each with what every source says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.columns.declarations import at
from aimstats.catalogue.columns.models import MODELS
from aimstats.web import formats
from aimstats.web.editions import source_name
from aimstats.web.language import t
from aimstats.web.marks import Mark, because, marks_of_statement

FEATURE_SHEET: Final = ("Model", "Limits", "Abilities", "Weights", "Life")
"""The groups of columns that the list goes through, in order."""
NOT_FACTS: Final = frozenset(
    {"id", "name", "developer.id", "developer.name", "changed_at", "checked_at", "offer_count", "providers", "scores"}
)
OPEN_FAMILIES: Final = ("flags.", "limits.")
"""Facts that have no column: what some sources state under names of their own."""

Claim = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Saying:
    """What one source says of one fact; `more` counts its further listings that say the same."""

    source: str
    url: str
    text: str
    named: str
    more: int
    since: str
    won: bool
    reason: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; `text` is None where nobody states it, `exact` the figure behind a shortened one."""

    key: str
    label: str
    text: str | None
    exact: str
    sayings: Sequence[Saying]
    disputed: bool

    @property
    def mark(self) -> Mark | None:
        """What marks the figure that is shown."""
        return next((mark for saying in self.sayings if saying.won for mark in saying.marks), None)

    @property
    def sources(self) -> int:
        """How many sources state it."""
        return len({saying.source for saying in self.sayings})


def facts_of(catalogue: Catalogue, body: Mapping[str, Any], claims: Mapping[str, Sequence[Claim]]) -> list[Fact]:
    """Every fact that is stated, and those that a reader looks for though nobody states them."""
    declared = list(_declared(catalogue, body, claims))
    return [*declared, *_others(catalogue, claims, {fact.label for fact in declared})]


def _declared(catalogue: Catalogue, body: Mapping[str, Any], claims: Mapping[str, Sequence[Claim]]) -> Iterator[Fact]:
    disputed = set(body["agreement"]["disputed"])
    for group in FEATURE_SHEET:
        for column in MODELS.columns:
            if column.group != group or column.key in NOT_FACTS or column.kind.name == "structure":
                continue
            value, said = at(body, column.key), claims.get(column.key, ())
            if said or value not in (None, [], ()) or column.shown or column.kind.name == "flag":
                text, exact = fact_text(value, column.kind.name, column.unit)
                sayings = _sayings(catalogue, said, column.kind.name, column.unit)
                yield Fact(column.key, t(column.label), text, exact, sayings, column.key in disputed)


def _others(catalogue: Catalogue, claims: Mapping[str, Sequence[Claim]], taken: Set[str]) -> Iterator[Fact]:
    """The facts without a column; one that is called as a column is (`taken`) has beside its name who calls it so."""
    for key in sorted(claims):
        if key.startswith(OPEN_FAMILIES):
            won = next((claim for claim in claims[key] if claim["won"]), claims[key][0])
            label = formats.words(key.partition(".")[2]).capitalize()
            if label in taken:
                label = f"{label} ({source_name(won['source'])})"
            yield Fact(key, label, *fact_text(won["value"]), _sayings(catalogue, claims[key]), disputed=False)


def _sayings(catalogue: Catalogue, claims: Sequence[Claim], kind: str = "", unit: str = "") -> list[Saying]:
    """One line for each source and value, the chosen one first; listings that repeat it are counted."""
    lines: dict[tuple[str, str], list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: not claim["won"]):
        text, exact = fact_text(claim["value"], kind, unit)
        lines.setdefault((claim["source"], exact or text or ""), []).append(claim)
    return [_saying(catalogue, source, text, told) for (source, text), told in lines.items()]


def _saying(catalogue: Catalogue, source: str, text: str, told: Sequence[Claim]) -> Saying:
    first = told[0]
    since = min(claim["observed_from"] for claim in told)
    return Saying(
        source=source,
        url=first.get("url") or "",
        text=text,
        named=first["external_id"],
        more=len(told) - 1,
        since=since,
        won=first["won"],
        reason=because(first),
        marks=marks_of_statement(catalogue, first),
    )


def fact_text(value: Any, kind: str = "", unit: str = "") -> tuple[str | None, str]:
    """A value in words and, where that shortens it, exactly.

    >>> fact_text(200000, "count", "tokens"), fact_text(True), fact_text(None)
    (('200K tokens', '200,000'), ('yes', ''), (None, ''))
    """
    if value is None or value in ([], ()):
        return None, ""
    if isinstance(value, bool):
        return t("yes") if value else t("no"), ""
    if isinstance(value, list | tuple):
        return ", ".join(map(formats.words, value)), ""
    if isinstance(value, int):
        text = formats.tokens(value) if value >= 10_000 else formats.count(value)
        return f"{text} {t(unit) if unit else ''}".strip(), formats.count(value)
    if kind == "date":
        return formats.day(value), ""
    return f"{formats.words(value) if kind == 'choice' else value} {t(unit) if unit else ''}".strip(), ""
