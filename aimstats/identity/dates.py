"""Snapshots in names: dates in many forms, numbered releases and stages (preview, exp, beta, latest)."""

import re
from collections.abc import Sequence

from aimstats.identity.wordset import word_set

STAGES = word_set("preview exp experimental beta alpha latest early rc nightly")
_MONTH_NAMES = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"), ("jul", "july"),
    ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
)  # fmt: skip
MONTHS = frozenset(name for names in _MONTH_NAMES for name in names)
_FULL = re.compile(r"(20[12]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_SHORT = re.compile(r"2[2-9](0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_YEAR_MONTH = re.compile(r"20[12]\d(0[1-9]|1[0-2])")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
YEAR_MONTH_CODE = re.compile(r"2[2-9](0[1-9]|1[0-2])")
_YEAR = re.compile(r"20[12]\d")
_MONTH = re.compile(r"0[1-9]|1[0-2]")
_DAY = re.compile(r"0[1-9]|[12]\d|3[01]")
_NUMBERED = re.compile(r"00\d|v?0\d\d\d")
_STAGE_NUMBER = re.compile(r"(beta|alpha|exp|rc|preview)\d{1,2}")


def _three(words: Sequence[str]) -> str | None:
    first, second, third = words[:3]
    if _YEAR.fullmatch(first) and _MONTH.fullmatch(second) and _DAY.fullmatch(third):
        return f"{first}-{second}-{third}"
    if _YEAR.fullmatch(third) and _MONTH.fullmatch(first) and _DAY.fullmatch(second):
        return f"{third}-{first}-{second}"
    return None


def _two(words: Sequence[str]) -> str | None:
    first, second = words[:2]
    if _MONTH.fullmatch(first) and (_DAY.fullmatch(second) or _YEAR.fullmatch(second)):
        return f"{first}-{second}"
    if _YEAR.fullmatch(first) and _MONTH.fullmatch(second):
        return f"{first}-{second}"
    if first in MONTHS and re.fullmatch(r"(?:20)?2\d", second):
        return f"{first}-20{second[-2:]}"
    if YEAR_MONTH_CODE.fullmatch(first + second) and len(second) == 2:
        return first + second
    return None


def _month_word(word: str) -> bool:
    """june, feb24."""
    return word in MONTHS or (word[:3] in MONTHS and len(word) == 5 and word[3:].isdigit())


def date_at(words: Sequence[str]) -> tuple[int, str]:
    """How many leading words are a date and the date as the name spells it; (0, '') when they are not one.

    A full date in the American order is turned.

    >>> date_at(["2024", "08", "06", "high"]), date_at(["03", "27", "2025"]), date_at(["20250929"])
    ((3, '2024-08-06'), (3, '2025-03-27'), (1, '20250929'))
    >>> date_at(["05", "06"]), date_at(["09", "2025"]), date_at(["0613"]), date_at(["70b"])
    ((2, '05-06'), (2, '09-2025'), (1, '0613'), (0, ''))
    """
    first = words[0]
    if not first[0].isdigit():
        if first[0] == "v" and _NUMBERED.fullmatch(first) and len(first) == 5:
            return 1, first[1:]
        if first in MONTHS and len(words) > 1 and (found := _two(words)):
            return 2, found
        return (1, first) if _month_word(first) and (len(words) == 1 or len(first) == 5) else (0, "")
    if len(words) > 2 and (found := _three(words)):
        return 3, found
    if len(words) > 1 and len(first) in (2, 4) and (found := _two(words)):
        return 2, found
    if _NUMBERED.fullmatch(first) and len(first) == 3:
        return 1, first
    length = len(first)
    if (
        (length == 8 and _FULL.fullmatch(first))
        or (length == 6 and (_SHORT.fullmatch(first) or _YEAR_MONTH.fullmatch(first)))
        or (length == 4 and (_MONTH_DAY.fullmatch(first) or YEAR_MONTH_CODE.fullmatch(first)))
    ):
        return 1, first
    if length == 5 and first[2] == "." and YEAR_MONTH_CODE.fullmatch(first.replace(".", "")):
        return 1, first.replace(".", "")
    return 0, ""


def is_stage(word: str) -> bool:
    """Whether a word is a stage of one marketing name.

    >>> is_stage("preview"), is_stage("beta1"), is_stage("mini")
    (True, True, False)
    """
    return word in STAGES or (word[-1].isdigit() and _STAGE_NUMBER.fullmatch(word) is not None)


def month_day(date: str) -> str:
    """The month and day of a date with its year, as sources abbreviate it: 250528, 2025-05-28, 20250528 -> 0528; else itself.

    >>> month_day("250528"), month_day("2025-05-28"), month_day("0528")
    ('0528', '0528', '0528')
    """
    digits = re.sub(r"\D", "", date)
    if len(digits) == 8 and digits.startswith("20"):
        return digits[4:]
    if len(digits) == 6 and _SHORT.fullmatch(digits):
        return digits[2:]
    return digits if len(digits) == 4 else date
