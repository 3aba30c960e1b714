"""Figures and dates as people say them: `3`, `0.075`, `1M`, `29 Sep 2025`; and why a figure is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from aimstats.domain.spans import is_over
from aimstats.domain.texts import N_
from aimstats.identity import provider_name
from aimstats.web.language import plural, t

MAX_DECIMALS: Final = 4
MIN_DIGITS: Final = 2
BARS: Final = 20
CHEAPEST_BAR: Final = 0.01
DEAREST_BAR: Final = 1000

ABSENCES: Final[Mapping[str, str]] = {
    "not_offered": N_("not offered"),
    "not_billed": N_("not billed"),
    "billed_otherwise": N_("billed otherwise, by subscription for instance"),
    "variable": N_("varies from request to request"),
    "other_currency": N_("stated in another currency only"),
    "held": N_("stated, but held back as doubtful"),
    "not_published": N_("no source states it"),
    "before_first_evidence": N_("nothing was seen of it by that day"),
}
"""The reason of a missing figure, in words; keyed as `aimstats.domain.absence`."""

_MONTHS: Final = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


STATES: Final[Mapping[str, str]] = {
    "published": N_("read, published"),
    "unchanged": N_("read, nothing new"),
    "quarantined": N_("read, held back"),
    "failed": N_("could not be read"),
    "stale": N_("not read lately"),
    "not_configured": N_("needs a key"),
    "never_run": N_("not read yet"),
    "absent": N_("not found"),
}
"""What the states of a source mean for whoever reads its figures."""


@dataclass(frozen=True, slots=True)
class PriceText:
    """A price cut at its decimal point; `bar` is its step (1 to 20) on a log scale from $0.01 to $1,000."""

    whole: str
    fraction: str
    exact: str
    bar: int

    @property
    def text(self) -> str:
        """The figure without its sign of currency."""
        return self.whole + self.fraction


@lru_cache(maxsize=8_192)
def price(figure: Decimal | str) -> PriceText:
    """A price, to four decimals, or to two significant digits where it is smaller than that.

    >>> price("0.075").text, price("15.00").text, price("0.0000125").text, price("1234.5").text
    ('0.075', '15', '0.000013', '1,234.5')
    """
    value = Decimal(figure)
    places = MAX_DECIMALS
    if value and abs(value) < Decimal("0.001"):
        places = MIN_DIGITS - 1 - value.adjusted()
    shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = format(shown, ",f").partition(".")
    fraction = fraction.rstrip("0")
    return PriceText(whole, f".{fraction}" if fraction else "", format(value.normalize(), "f"), _bar(value))


def _bar(value: Decimal) -> int:
    if value <= 0:
        return 0
    share = math.log10(float(value) / CHEAPEST_BAR) / math.log10(DEAREST_BAR / CHEAPEST_BAR)
    return min(BARS, max(1, round(share * BARS)))


def dollars(figure: Decimal | str | None) -> str:
    """A price in running text: `$3`, `free`, or a dash where there is none.

    >>> dollars("3.0"), dollars("0"), dollars(None)
    ('$3', 'free', '–')
    """
    if figure is None:
        return "–"
    return f"${price(figure).text}" if Decimal(figure) else t("free")


def tokens(number: int) -> str:
    """A count of tokens to three significant digits, as people say it.

    >>> tokens(200_000), tokens(1_048_576), tokens(8_192), tokens(512)
    ('200K', '1.05M', '8.19K', '512')
    """
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if number >= size or (size > 10**3 and round(number / (size // 1000)) >= 1000):
            return f"{number / size:.3g}{letter}"
    return str(number)


def count(number: int) -> str:
    """A whole number with its thousands parted.

    >>> count(6497)
    '6,497'
    """
    return f"{number:,}"


def month(number: int) -> str:
    """The short name of a month.

    >>> month(9)
    'Sep'
    """
    return t(_MONTHS[number - 1])


def day(text: str) -> str:
    """A date as precise as it is stated.

    >>> day("2025-09-29"), day("2025-07"), day("2025")
    ('29 Sep 2025', 'Jul 2025', '2025')
    """
    year, _, rest = text[:10].partition("-")
    of_year, _, of_month = rest.partition("-")
    name = month(int(of_year)) if of_year else ""
    return " ".join(filter(None, [of_month.lstrip("0"), name, year]))


def short_day(text: str) -> str:
    """A date without its year.

    >>> short_day("2025-12-02")
    '2 Dec'
    """
    return day(text).rsplit(" ", 1)[0]


def instant(value: datetime | str | None) -> datetime | None:
    """An aware instant from what a row holds; None stays None."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def moment(value: datetime | str | None) -> str:
    """An instant to the minute, in UTC: `23 Nov 2026, 18:05 UTC`; empty where there is none."""
    at = instant(value)
    if at is None:
        return ""
    at = at.astimezone(UTC)
    return f"{day(at.date().isoformat())}, {at:%H:%M} UTC"


def days_ago(value: datetime | str, today: date) -> str:
    """How many days ago an instant was; coarse enough for a page that is kept for a day.

    >>> [days_ago(f"2026-11-{day}T23:00:00Z", date(2026, 11, 26)) for day in (26, 25, 12)]
    ['today', 'yesterday', '14 days ago']
    """
    at = instant(value)
    assert at is not None
    days = (today - at.astimezone(UTC).date()).days
    return t("today") if days <= 0 else t("yesterday") if days == 1 else plural("%(number)s day ago", "%(number)s days ago", days)


def is_soon(text: str | None, today: date, days: int = 90) -> bool:
    """Whether a stated day lies within the next 90 days."""
    if text is None or len(text) < 10:
        return False
    return 0 <= (date.fromisoformat(text[:10]) - today).days <= days


def ending(day_of: str, status: str | None, today: date) -> str:
    """When something ends, in the tense of the day: ahead, or over at a seller (who may state no more) or by its own status."""
    if not is_over(day_of, today):
        return t("retires %(day)s", day=day(day_of))
    return t("retired %(day)s", day=day(day_of)) if status == "retired" else t("ended %(day)s", day=day(day_of))


def hours(window: str) -> str:
    """An interval of the day.

    >>> hours("0100-0400")
    '01:00–04:00'
    """
    return "–".join(f"{end[:2]}:{end[2:]}" for end in window.split("-"))


def absence(reason: str | None) -> str:
    """Why a figure is missing, in words; what no source states by default."""
    return t(ABSENCES.get(reason or "not_published", ABSENCES["not_published"]))


def monogram(name: str) -> str:
    """Two letters for a developer: the initials of two words, else the first two letters.

    >>> monogram("Mistral AI"), monogram("OpenAI"), monogram("xai")
    ('MA', 'Op', 'Xa')
    """
    words = [word for word in name.replace("-", " ").replace(".", " ").split() if word[0].isalnum()]
    if len(words) > 1:
        return (words[0][0] + words[1][0]).upper()
    return (words[0] if words else name)[:2].capitalize()


def state(value: str) -> str:
    """How a source stands, for readers of the page.

    >>> state("unchanged"), state("odd_state")
    ('read, nothing new', 'odd state')
    """
    return t(STATES[value]) if value in STATES else words(value)


def words(value: Any) -> str:
    """A key as words, in the language of the request where it is one that we know: `image_generation` is `image generation`."""
    return t(str(value).replace("_", " "))


def sentence(text: str | None) -> str:
    """A message as a sentence of its own.

    >>> sentence("none of its documents is there (404)")
    'None of its documents is there (404).'
    >>> sentence("no record states a price; were the keys renamed?")
    'No record states a price; were the keys renamed?'
    """
    if not text:
        return ""
    whole = text[:1].upper() + text[1:]
    plain = whole.striptags() if isinstance(whole, Markup) else whole
    return whole if plain.endswith((".", "?")) else whole + "."


FILTERS: Final[Mapping[str, Any]] = {
    function.__name__: function
    for function in (
        absence,
        count,
        day,
        days_ago,
        dollars,
        ending,
        moment,
        monogram,
        price,
        provider_name,
        sentence,
        short_day,
        state,
        tokens,
        words,
    )
}
"""The functions above that templates use as filters, under their own names."""
