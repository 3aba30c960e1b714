"""Why a figure is missing: every absence has its reason, strongest first."""

from __future__ import annotations

from enum import StrEnum


class Absence(StrEnum):
    """The reason of a missing figure; a stated `not_offered` is a value and takes part in the choice, silence is not."""

    NOT_OFFERED = "not_offered"
    NOT_BILLED = "not_billed"
    BILLED_OTHERWISE = "billed_otherwise"
    VARIABLE = "variable"
    OTHER_CURRENCY = "other_currency"
    HELD = "held"
    NOT_PUBLISHED = "not_published"
    BEFORE_FIRST_EVIDENCE = "before_first_evidence"


STRENGTH: dict[Absence, int] = {absence: rank for rank, absence in enumerate(Absence)}


def strongest(absences: list[Absence]) -> Absence:
    """The strongest of the stated reasons; `not_published` where nobody gives one.

    >>> strongest([Absence.NOT_PUBLISHED, Absence.VARIABLE])
    <Absence.VARIABLE: 'variable'>
    """
    return min(absences, key=STRENGTH.__getitem__, default=Absence.NOT_PUBLISHED)
