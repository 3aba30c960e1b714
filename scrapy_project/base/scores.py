"""What the spiders of benchmarks share: figures as boards write them, and listings that gather their scores."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.facts import EFFORTS
from aimstats.domain.items import DocumentRefusedError, ListingSeen, Score
from aimstats.domain.money import NumberRefusedError, canonical, decimal_of
from aimstats.domain.text import clean_text
from scrapy_project.base.record import Tally, is_usable_id

NOTHING: Final = frozenset({"", "n/a", "na", "-", "--", "–", "—", "none", "null", "nan", "tbd"})
"""How boards write that there is no figure."""
HUNDRED: Final = Decimal(100)
NORMAL_95: Final = Decimal("1.96")
"""Standard errors to the half width of a 95 % interval."""

_INTERVAL = re.compile(r"=?\+?\s*(\d+(?:\.\d+)?)\s*/\s*[-−–]\s*(\d+(?:\.\d+)?)\Z")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?\Z", re.DOTALL)
FEWEST_SHARES: Final = 5
"""So many figures of at most 1 % are no percentages but shares."""
FEWEST_ABOVE_ONE: Final = 3
MOST_ABOVE_ONE: Final = Decimal("0.25")
"""So many figures above 1, and a larger part of a column of shares, are no slip of a row or two."""
_COMMAS = re.compile(r"\$?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*%?\Z")
_NAMES_TOO: Final = ("max", "none")
"""Efforts that end names of models as well (Qwen3-Max): only after `_`, a comma or a bracket."""
_EFFORT = re.compile(
    rf"(?:[_\s(-]\(?(x-high|{'|'.join(word for word in EFFORTS if word not in _NAMES_TOO)})|[_(,]\s*({'|'.join(_NAMES_TOO)}))"
    r"(?:\s+(?:reasoning|thinking|effort))?\)?\Z",
    re.IGNORECASE,
)


def figure(value: object) -> Decimal | None:
    """The number that a cell states, a percent sign left off; None where it states none. A comma parts thousands only.

    >>> figure("77.47%"), figure("1.8 %"), figure("N/A"), figure("1,204"), figure("77,47%")
    (Decimal('77.47'), Decimal('1.8'), None, Decimal('1204'), None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        value = value.strip()
        value = value.replace(",", "") if _COMMAS.match(value) else value
        value = value.removesuffix("%").strip().removeprefix("$")
        if value.lower() in NOTHING:
            return None
    if not isinstance(value, str | int | Decimal):
        return None
    try:
        return decimal_of(value)
    except NumberRefusedError:
        return None


def states_nothing(value: object) -> bool:
    """Whether a cell says that there is no figure (as opposed to one that cannot be read).

    >>> states_nothing("N/A"), states_nothing("12.x")
    (True, False)
    """
    return value is None or (isinstance(value, str) and value.strip().lower() in NOTHING)


def percent(share: Decimal | None) -> Decimal | None:
    """A share of 0 to 1 in percent.

    >>> percent(Decimal("0.0312"))
    Decimal('3.12')
    """
    return None if share is None else canonical(share * HUNDRED)


def interval(text: str, value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Low and high end of a value written with `+5/-4` beside it.

    >>> interval("+5/-4", Decimal(1470))
    (Decimal('1466'), Decimal('1475'))
    """
    match = _INTERVAL.match(text.strip())
    return (value - Decimal(match[2]), value + Decimal(match[1])) if match else (None, None)


def around(
    value: Decimal, standard_error: Decimal | None, *, most: Decimal | None = None
) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % interval of a value with a standard error; of a figure between 0 and `most`, what of it lies on that scale.

    >>> around(Decimal(50), Decimal(2))
    (Decimal('46.08'), Decimal('53.92'))
    >>> around(Decimal(2), Decimal(2), most=HUNDRED)
    (Decimal('0'), Decimal('5.92'))
    """
    if standard_error is None or standard_error < 0:
        return None, None
    half = standard_error * NORMAL_95
    low, high = value - half, value + half
    if most is not None:
        low, high = max(low, Decimal(0)), min(high, most)
    return canonical(low), canonical(high)


def day(text: str) -> str:
    """The day of a date or instant; '' where there is none.

    >>> day("2026-04-15T14:38:56.000Z"), day("soon")
    ('2026-04-15', '')
    """
    match = _DAY.match(text.strip())
    return match[1] if match else ""


def effort_of(name: str) -> str:
    """The reasoning effort that a name ends with; '' where it names none.

    >>> effort_of("gpt-5.4_xhigh"), effort_of("GPT-5 nano (medium reasoning)"), effort_of("GPT-5.2 (X-High)"), effort_of("o3")
    ('xhigh', 'medium', 'xhigh', '')
    >>> effort_of("Opus 4.6 (120K, Max)"), effort_of("sonnet_max"), effort_of("Qwen3-Max")
    ('max', 'max', '')
    """
    match = _EFFORT.search(name.strip())
    return (match[1] or match[2]).lower().replace("-", "") if match else ""


def setting(text: str) -> str:
    """A setting's value without the marks that part a score's key.

    >>> setting("a|b=c & d")
    'a/b:c + d'
    """
    return clean_text(text, 200).replace("|", "/").replace("=", ":").replace("&", "+")


def refuse_shares(values: Iterable[Decimal | None], what: str) -> None:
    """Refuse a board of percentages none of which is above 1: it writes shares now."""
    stated = [value for value in values if value is not None]
    if len(stated) >= FEWEST_SHARES and max(stated) <= 1:
        raise DocumentRefusedError(f"{what}: no figure above 1; are these shares where percentages were?")


def refuse_percentages(values: Iterable[Decimal | None], what: str) -> None:
    """Refuse a column of shares of which many are above 1: it holds percentages now, and 0.8 would be 80 %."""
    stated = [value for value in values if value is not None]
    above = sum(value > 1 for value in stated)
    if above >= FEWEST_ABOVE_ONE and above > MOST_ABOVE_ONE * len(stated):
        raise DocumentRefusedError(f"{what}: many figures above 1; are these percentages where shares were?")


@dataclass(slots=True)
class _Entry:
    listing: ListingSeen
    scores: list[Score] = field(default_factory=list)


class Board:
    """The listings of a document by name, each with all of its scores.

    `provider` is whom the document names as the maker of a listing, else the board itself. A percentage beyond 0 to 100 is
    counted and left out, and so is an interval that its value does not lie in.
    """

    def __init__(self, board: str, tally: Tally) -> None:
        self.board = board
        self.tally = tally
        self._entries: dict[tuple[str, str, str, str], _Entry] = {}

    def add(
        self,
        name: object,
        *scores: Score,
        provider: str = "",
        kind: str = "model",
        is_page_name: bool = False,
        facts: Mapping[str, Any] | None = None,
        evidence: Mapping[str, str] | None = None,
        url: str | None = None,
        apart: str = "",
    ) -> None:
        """Note the scores of one row; what the first row of a name says of it stands, later ones add to it.

        Rows of one name that differ in `apart` are listings of their own.
        """
        if not isinstance(name, str) or not is_usable_id(name):
            self.tally.skip("row without a usable name")
            return
        listing = ListingSeen(
            provider=clean_text(provider, 200) or self.board,
            external_id=name,
            is_page_name=is_page_name,
            kind=kind,
            facts={key: value for key, value in (facts or {}).items() if value not in (None, "", [])},
            evidence={key: value for key, value in (evidence or {}).items() if value},
            url=url,
        )
        entry = self._entries.setdefault((listing.provider, name, kind, apart), _Entry(listing))
        entry.listing = replace(
            entry.listing,
            facts={**listing.facts, **entry.listing.facts},
            evidence={**listing.evidence, **entry.listing.evidence},
        )
        entry.scores += map(_canonical, filter(self._is_possible, map(self._with_sound_interval, scores)))

    def _is_possible(self, score: Score) -> bool:
        possible = score.unit != "percent" or 0 <= score.value <= HUNDRED
        if not possible:
            self.tally.count_unknown(f"{score.benchmark} {score.metric or score.subset}".strip() + ": no percentage")
        return possible

    def _with_sound_interval(self, score: Score) -> Score:
        low, high = score.ci_low, score.ci_high
        if (low is None or low <= score.value) and (high is None or high >= score.value):
            return score
        self.tally.count_unknown(f"{score.benchmark}: the interval does not hold its value")
        return replace(score, ci_low=None, ci_high=None)

    def listings(self) -> tuple[ListingSeen, ...]:
        """All listings, in the order of the document."""
        return tuple(replace(entry.listing, scores=distinct_scores(entry.scores)) for entry in self._entries.values())


def _canonical(score: Score) -> Score:
    """The score without float noise (ledger.md, Numbers and currency)."""
    low, high = (end if end is None else canonical(end) for end in (score.ci_low, score.ci_high))
    return replace(score, value=canonical(score.value), ci_low=low, ci_high=high)


def distinct_scores(scores: list[Score]) -> tuple[Score, ...]:
    """The scores, equal ones once wherever they are linked; further different runs under one key are numbered by the setting
    `run`, oldest first."""
    by_key: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        same = by_key[score.key]
        known = next((place for place, known in enumerate(same) if replace(known, url=score.url) == score), None)
        if known is None:
            same.append(score)
        elif same[known].url is None:
            same[known] = score
    kept: list[Score] = []
    for same in by_key.values():
        ordered = sorted(same, key=lambda score: (score.measured_on, score.value)) if len(same) > 1 else same
        kept += ordered[:1]
        kept += [replace(score, settings={**score.settings, "run": str(number)}) for number, score in enumerate(ordered[1:], 2)]
    return tuple(kept)
