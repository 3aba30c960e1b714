"""Which of a meter's rates holds: the tier that the prompt reaches, the conditions, the hours of the day, promotions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.tariffs import Rate, Schedule

CONDITION: Final = "depends_on_condition"
"""There are several prices, and which of them holds depends on a condition that the workload does not say."""


class Held(NamedTuple):
    """A rate by its place in the schedule, and in how many minutes of the workload's day it is charged; 0 is all of them."""

    rate: int
    minutes: int = 0
    assumed: str = ""


def in_force(
    schedule: Schedule, workload: Workload, meter: str, thing: str, plan: str, reach: int
) -> tuple[Held, ...] | str | None:
    """The rates of a meter that are charged in turn over the day; the reason why none is known; None where none is stated."""
    stated = schedule.rates
    rates = [index for index in schedule.by_meter.get((meter, thing, plan), ()) if stated[index].tier <= reach]
    if not rates:
        return None
    if len(rates) == 1 and not (stated[rates[0]].window or stated[rates[0]].conditions):
        return (Held(rates[0]),)
    for tier in sorted({stated[index].tier for index in rates}, reverse=True):
        found = _standing([index for index in rates if stated[index].tier == tier], stated, workload)
        if isinstance(found, tuple):
            return _over_the_day(*found, stated, workload.minutes)
        if found:
            return found
    return CONDITION


def _standing(rates: Sequence[int], stated: Sequence[Rate], workload: Workload) -> tuple[list[int], str] | str:
    """Those whose conditions hold, the most particular of them; where that depends on what is not said, all if they agree.

    '' where the conditions of each are contradicted.
    """
    given = dict(workload.conditions)
    certain: dict[int, tuple[int, int]] = {}
    open_: list[int] = []
    names: set[str] = set()
    for index in rates:
        conditions = stated[index].conditions
        known = [_holds(name, value, given, workload.pixels) for name, value in conditions]
        if False in known:
            continue
        if None in known:
            open_.append(index)
            names.update(name for (name, _), holds in zip(conditions, known, strict=True) if holds is None)
        else:
            certain[index] = len(conditions), max((int(value) for name, value in conditions if name == "min_pixels"), default=0)
    if certain:
        best = max(certain.values())
        return [index for index in rates if certain.get(index) == best], ""
    if len({(stated[index].amount, stated[index].unit, stated[index].window) for index in open_}) == 1:
        return open_[:1], ", ".join(sorted(names))
    return CONDITION if open_ else ""


def _holds(name: str, value: str, given: Mapping[str, str], pixels: int | None) -> bool | None:
    """Whether a condition holds; None where the workload does not say."""
    if name == "min_pixels" and value.isdigit() and pixels is not None:
        return pixels >= int(value)
    return given[name] == value if name in given else None


def _over_the_day(rates: Iterable[int], assumed: str, stated: Sequence[Rate], minutes: int) -> tuple[Held, ...] | str:
    """Each window's rate for the minutes that it covers, the one without a window for the rest; of two the promotion."""
    by_window: dict[str, int] = {}
    for index in rates:
        window = stated[index].window
        if window not in by_window or stated[index].promotional:
            by_window[window] = index
    held, rest = [], minutes
    for window, index in sorted(by_window.items()):
        covered = stated[index].minutes & rest
        if window and covered:
            held.append(Held(index, covered.bit_count() if covered != minutes else 0, assumed))
            rest &= ~covered
    if rest and "" in by_window:
        held.append(Held(by_window[""], rest.bit_count() if held else 0, assumed))
    elif rest:
        return "not_published"
    return tuple(held)
