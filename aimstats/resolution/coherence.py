"""Figures that cannot stand together are not shown together: one source's coherent set is, the rest is in dispute."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aimstats.domain.reasons import Reason
from aimstats.resolution.voices import Outcome, Voice, is_first_hand, voices_of

LIMITS: Final = ("limit.context", "limit.input", "limit.output")
SIDES: Final = ("limit.input", "limit.output")
DATES: Final = ("release_date", "knowledge")


Values = dict[str, Any]
IsCoherent = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Settled:
    """What is shown of the fields, and which of them are in dispute: a chosen value could not stand beside the others."""

    chosen: dict[str, Outcome]
    disputed: tuple[str, ...] = ()


def settle(chosen: Mapping[str, Outcome], stated: Mapping[str, Sequence[Voice]], own: frozenset[str]) -> Settled:
    """The chosen values with those replaced or left out that cannot stand beside the others.

    A prompt is no longer than the context, nor is an answer; nobody knows of a time after the release. The first source whose own
    figures can stand together gives them: fresh, at first hand, then whose figures are the chosen ones most, then by the
    order of sources. What it does not state stays where it can stand beside them, else what another says that can. Where no
    source has such a set, the figures at first hand stay, then the context and the release.
    """
    settled, disputed = dict(chosen), list[str]()
    for fields, is_coherent in ((LIMITS, _are_limits), (DATES, _are_dates)):
        before = {field: settled.pop(field) for field in fields if field in settled}
        after = before if is_coherent(_values(before)) else _together(before, stated, own, is_coherent)
        settled |= after
        disputed += [field for field, outcome in before.items() if field not in after or after[field].value != outcome.value]
    return Settled(settled, tuple(disputed))


def _are_limits(values: Mapping[str, Any]) -> bool:
    context = values.get("limit.context")
    return context is None or all(values.get(side, 0) <= context for side in SIDES)


def _are_dates(values: Mapping[str, Any]) -> bool:
    release, knowledge = values.get("release_date"), values.get("knowledge")
    if release is None or knowledge is None:
        return True
    precision = min(len(release), len(knowledge))
    return bool(knowledge[:precision] <= release[:precision])


def _values(outcomes: Mapping[str, Outcome]) -> Values:
    return {field: outcome.value for field, outcome in outcomes.items()}


def _together(
    before: Mapping[str, Outcome], stated: Mapping[str, Sequence[Voice]], own: frozenset[str], is_coherent: IsCoherent
) -> dict[str, Outcome]:
    kept = _set_of_one_source(before, stated, own, is_coherent)
    rest = sorted(
        (field for field in before if field not in kept),
        key=lambda field: (not is_first_hand(before[field].voice[1], own), [*LIMITS, *DATES].index(field)),
    )
    for field in rest:
        for outcome in (before[field], *_others(before[field].value, stated[field], own)):
            if is_coherent(_values({**kept, field: outcome})):
                kept[field] = outcome
                break
    return kept


def _others(chosen: Any, rows: Sequence[Voice], own: frozenset[str]) -> list[Outcome]:
    """What sources say in the place of the chosen value: the fresh first, figures by how near they come to it, in their order."""
    voices = sorted(
        voices_of(rows, own),
        key=lambda voice: (voice[0].stale, abs(voice[0].value - chosen) if isinstance(chosen, int) else 0),
    )
    return [Outcome(voice[0].value, voice, Reason("coherent", source=voice[1].source.name)) for voice in voices]


def _set_of_one_source(
    before: Mapping[str, Outcome], stated: Mapping[str, Sequence[Voice]], own: frozenset[str], is_coherent: IsCoherent
) -> dict[str, Outcome]:
    by_source: dict[str, dict[str, Voice]] = {}
    for field in before:
        for voice in voices_of(stated[field], own):
            by_source.setdefault(voice[1].source.id, {})[field] = voice
    sets = []
    for said in by_source.values():
        figures = {field: voice[0].value for field, voice in said.items()}
        if len(said) > 1 and is_coherent(figures):
            hands = sum(is_first_hand(voice[1], own) for voice in said.values())
            same = sum(before[field].value == figure for field, figure in figures.items())
            lead = next(iter(said.values()))
            sets.append(((any(voice[0].stale for voice in said.values()), -hands, -same, lead[1].sorting), said))
    if not sets:
        return {}
    _, chosen = min(sets, key=lambda pair: pair[0])
    return {
        field: before[field]
        if before[field].value == voice[0].value
        else Outcome(voice[0].value, voice, Reason("coherent", source=voice[1].source.name))
        for field, voice in chosen.items()
    }
