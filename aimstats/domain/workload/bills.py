"""Which rates a workload is charged at by one schedule: all that depends on the shape of the workload and not on its amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from aimstats.domain.meters import TEXT
from aimstats.domain.workload import notes
from aimstats.domain.workload.asked import Workload
from aimstats.domain.workload.selection import Held, in_force
from aimstats.domain.workload.tariffs import Schedule

NOT_POSSIBLE: Final = "not_possible"
NOT_PUBLISHED: Final = "not_published"
NOT_BILLED: Final = "not_billed"
BILLED_OTHERWISE: Final = "billed_otherwise"
BY_THE_PIECE: Final = frozenset({"image", "video", "speech", "transcription"})
SECONDS: Final = {"speech": "output_audio", "video": "output_video"}
"""Whose seconds are billed, by type of model; of the others those of the input."""
WRITE_NOTHING: Final = frozenset({"embedding", "rerank"})
"""Types of model that give numbers and no tokens: they answer no request for some, whatever their sellers bill."""


class Measure(NamedTuple):
    """How much of a thing is charged: of one request's `name`, for the requests of one part, in so many minutes of their day (0
    is all of them), in units of so many things."""

    name: str
    part: int
    minutes: int
    things: int


class Charge(NamedTuple):
    """One line to be: the rate by its place in the schedule, what is measured, and for which meter it stands."""

    rate: int
    measure: Measure
    meter: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bill:
    """The charges of a workload; of `choices` the cheapest is charged besides, which only the amounts can tell."""

    charges: tuple[Charge, ...]
    choices: tuple[tuple[Charge, ...], ...] = ()
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no total, and of which meter."""

    reason: str
    meter: str = ""


class _RefusedError(Exception):
    """Ends the making of a bill."""

    def __init__(self, reason: str, meter: str = "") -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason, meter)


def bill_of(schedule: Schedule, workload: Workload, reach: int) -> Bill | Refusal:
    """The bill of every workload of this shape whose prompt reaches the tier `reach` of the schedule."""
    if schedule.billing == "subscription" and all(rate.plan != "standard" for rate in schedule.rates):
        return Refusal(BILLED_OTHERWISE)
    if workload.output_tokens and schedule.type in WRITE_NOTHING:
        return Refusal(NOT_POSSIBLE)
    bills = []
    try:
        for part, (plan, _) in enumerate(workload.parts):
            bills.append(_Part(schedule, workload, reach, part, plan).bill())
    except _RefusedError as refused:
        return refused.refusal
    choices = tuple(choice for bill in bills for choice in bill.choices)
    if len(bills) > 1 and choices:
        choices = _crossed(*(bill.choices or ((),) for bill in bills))
    charges = tuple(charge for bill in bills for charge in bill.charges)
    return Bill(charges, choices, schedule.incomplete) if charges or choices else Refusal(NOT_BILLED)


def _crossed(left: tuple[tuple[Charge, ...], ...], right: tuple[tuple[Charge, ...], ...]) -> tuple[tuple[Charge, ...], ...]:
    """Each choice of one part with each of the other's."""
    return tuple((*one, *other) for one in left for other in right)


class _Part:
    """The charges of the requests that are billed on one plan."""

    def __init__(self, schedule: Schedule, workload: Workload, reach: int, part: int, plan: str) -> None:
        self.schedule = schedule
        self.workload = workload
        self.reach = reach
        self.part = part
        self.base = schedule.base_plan
        self.plan = plan if plan != "standard" else self.base
        self.notes: tuple[str, ...] = (notes.FREE_TIER,) if self.base == "free" else ()
        self.needs = frozenset(workload.measures)
        if self.plan != self.base and not self._is_sold():
            self.plan, self.notes = self.base, (*self.notes, notes.PLAN_AS_STANDARD)

    def bill(self) -> Bill:
        """The bill of this part. Raises _RefusedError."""
        tier = self._tier_of(self.plan)
        if self.plan != self.base and tier < self._tier_of(self.base):
            raise _RefusedError(NOT_POSSIBLE)
        if any(plan == self.plan and tier < closed <= self.reach for plan, closed in self.schedule.closed):
            raise _RefusedError(NOT_POSSIBLE)
        tokens = {"input": self._input(), "output": list(self._output())}
        pieces = {name: ways for name in ("character", "second", "image", "page") if (ways := self._ways_of(name)) is not None}
        self._check(tokens, pieces)
        charges = [charge for found in tokens.values() for charge in found]
        choices: list[tuple[Charge, ...]] = []
        for name, ways in pieces.items():
            if name == "character" and ways and tokens["input"] and self._are_alternatives(ways[0]):
                charges = [charge for charge in charges if charge not in tokens["input"]]
                ways = [tuple(tokens["input"]), *ways]
            if len(ways) > 1:
                choices = list(_crossed(tuple(choices) or ((),), tuple(map(_chosen, ways))))
            else:
                charges.extend(charge for way in ways for charge in way)
        charges.extend(self._beside())
        return Bill(tuple(charges), tuple(choices))

    def _is_sold(self) -> bool:
        """Whether the plan prices all that stands for the workload on the standard plan."""
        meters = [meter for meter in TEXT if self._is_needed(meter)]
        needed = {meter for meter in meters if self._has(meter, "token", self.base)}
        pieces = [ways for ways in self._piece_meters() if any(self._has(meter, thing, self.base) for meter, thing in ways)]
        if not needed and not pieces:
            needed = set(meters)
        return all(self._has(meter, "token", self.plan) for meter in needed) and all(
            any(self._has(meter, thing, self.plan) for meter, thing in ways) for ways in pieces
        )

    def _is_needed(self, meter: str) -> bool:
        names = {"input", "cache_read", "cache_write"} if meter == "input" else {"output"}
        return not names.isdisjoint(self.needs)

    def _piece_meters(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """For each thing but text tokens that the workload has, the meters that may bill it."""
        for name in ("character", "second", "image", "output_image", "page"):
            if name in self.needs:
                yield ((SECONDS.get(self.schedule.type, "input_audio"), "second"),) if name == "second" else _METERS_OF[name]

    def _has(self, meter: str, thing: str, plan: str) -> bool:
        return (meter, thing, plan) in self.schedule.by_meter

    def _tier_of(self, plan: str) -> int:
        """The highest tier within reach for which the plan prices what is needed."""
        rates, meters = self.schedule.rates, [meter for meter in TEXT if self._is_needed(meter)]
        places = (index for meter in meters for index in self.schedule.by_meter.get((meter, "token", plan), ()))
        return max((rates[one].tier for one in places if rates[one].tier <= self.reach), default=0)

    def _rates(self, meter: str, thing: str = "token") -> tuple[Held, ...] | None:
        """The rates of a meter on the part's plan; None where none is stated. Raises _RefusedError."""
        found = in_force(self.schedule, self.workload, meter, thing, self.plan, self.reach)
        if isinstance(found, str):
            raise _RefusedError(found, meter)
        return found

    def _charges(self, held: tuple[Held, ...], name: str, meter: str, *further: str) -> Iterator[Charge]:
        for one in held:
            rate = self.schedule.rates[one.rate]
            said = (*self.notes, *further)
            if one.assumed:
                said = (*said, notes.CONDITION_ASSUMED)
            if rate.promotional:
                said = (*said, notes.PROMOTION)
            yield Charge(one.rate, Measure(name, self.part, one.minutes, rate.things), meter, said)

    def _input(self) -> list[Charge]:
        """The prompt: what is read from the cache, written to it, and the rest; nothing where not all of it has a price."""
        plain = self._rates("input")
        stored = (notes.STORAGE_NOT_CHARGED,) if self.schedule.stores else ()
        charges: list[Charge] = []
        for name, meters in (("cache_read", ("cache_read",)), ("cache_write", self._write_meters())):
            if name not in self.needs:
                continue
            for place, meter in enumerate(meters):
                if held := self._rates(meter):
                    said = (notes.HOUR_AS_FIVE_MINUTES,) if place else ()
                    charges.extend(self._charges(held, name, meters[0], *said, *stored))
                    break
            else:
                if plain is None:
                    return []
                charges.extend(self._charges(plain, name, meters[0], notes.CACHE_AS_INPUT, *stored))
        if "input" in self.needs:
            if plain is None:
                return []
            charges.extend(self._charges(plain, "input", "input"))
        return charges

    def _write_meters(self) -> tuple[str, ...]:
        return ("cache_write_1h", "cache_write") if self.workload.cache_ttl == "1h" else ("cache_write",)

    def _output(self) -> Iterator[Charge]:
        """The answer, and its reasoning where that has a price of its own."""
        if "output" not in self.needs:
            return
        plain = self._rates("output")
        thought = self._rates("reasoning") if "reasoning" in self.needs else None
        if thought is None or plain is None:
            yield from self._charges(plain or (), "output", "output")
        elif self.schedule.thinking_covers_output:
            yield from self._charges(thought, "output", "reasoning", notes.THINKING_COVERS_OUTPUT)
        else:
            yield from self._charges(thought, "reasoning", "reasoning")
            if "written" in self.needs:
                yield from self._charges(plain, "written", "output")

    def _ways_of(self, name: str) -> list[tuple[Charge, ...]] | None:
        """Each way in which a thing other than text tokens can be billed here; None where the workload has none of it."""
        if name == "image":
            if self.needs.isdisjoint(("image", "output_image")):
                return None
            asked = [(key, meter, thing) for key in ("image", "pixel", "output_image") for meter, thing in _METERS_OF[key]]
        elif name not in self.needs:
            return None
        elif name == "second":
            meter = SECONDS.get(self.schedule.type, "input_audio")
            asked = [("second", meter, "second"), ("second", "second", "second")]
        else:
            asked = [(name, meter, thing) for meter, thing in _METERS_OF[name]]
        ways = [
            tuple(self._charges(held, key, meter))
            for key, meter, thing in asked
            if key in self.needs and (held := self._rates(meter, thing))
        ]
        if name == "second" and not ways and (by_token := self._speech_by_token()):
            ways = [by_token]
        return ways if name == "image" else ways[:1]

    def _speech_by_token(self) -> tuple[Charge, ...]:
        """Seconds of speech in tokens of sound, where the seller states how many a second is."""
        tokens = self.schedule.speech_tokens_a_second
        held = self._rates("output_audio") if tokens and self.schedule.type == "speech" else None
        charges = self._charges(held or (), "second", "output_audio", notes.TOKENS_OF_SECONDS)
        return tuple(one._replace(measure=one.measure._replace(things=one.measure.things // tokens)) for one in charges)

    def _are_alternatives(self, way: tuple[Charge, ...]) -> bool:
        return any(self.schedule.rates[charge.rate].alternative_of == "input" for charge in way) or self.schedule.type == "text"

    def _beside(self) -> Iterator[Charge]:
        """What is charged besides: each request where it has a price, and searches."""
        if held := self._rates("request", "request"):
            yield from self._charges(held, "request", "request")
        if "web_search" in self.needs:
            held = self._rates("web_search", "request")
            if not held:
                raise _RefusedError(self._reason("web_search"), "web_search")
            yield from self._charges(held, "web_search", "web_search")

    def _check(self, tokens: dict[str, list[Charge]], pieces: dict[str, list[tuple[Charge, ...]]]) -> None:
        """Refuse where something that the workload needs has no price, and is not covered by the price of something else."""
        by_piece = any(pieces.values())
        by_request = self.schedule.type == "rerank" and self._has("request", "request", self.plan)
        has_tokens = any(self._has(meter, "token", self.plan) for meter in TEXT)
        for name, ways in pieces.items():
            covered = name == "character" and bool(tokens["input"])
            others = by_piece and self.schedule.type in BY_THE_PIECE and not (name == "character" and self._has_input())
            if not ways and not covered and not others:
                raise _RefusedError(self._reason(name), name)
        for meter in TEXT:
            if not self._is_needed(meter) or tokens[meter] or (meter == "input" and pieces.get("character")):
                continue
            reason = self._reason(meter)
            covered = (by_piece and (self.schedule.type in BY_THE_PIECE or not has_tokens)) or by_request
            if reason != NOT_BILLED and not (covered and reason != "other_currency"):
                raise _RefusedError(reason, meter)

    def _has_input(self) -> bool:
        return self._has("input", "token", self.plan)

    def _reason(self, meter: str) -> str:
        """Why a meter has no price: what is stated, else that others are billed in its place, else nothing is published."""
        stated = dict(self.schedule.absent)
        for key in (meter, *(other for other, _ in _METERS_OF.get(meter, ()))):
            if key in stated:
                return stated[key]
        instead = any(rate.meter not in _BESIDE for rate in self.schedule.rates)
        return BILLED_OTHERWISE if instead and meter not in (*TEXT, "web_search") else NOT_PUBLISHED


_BESIDE: Final = frozenset({"request", "web_search", "web_fetch", "file_search", "maps_grounding"})
_METERS_OF: Final = {
    "character": (("input_character", "character"), ("character", "character")),
    "image": (("image", "image"),),
    "pixel": (("image", "pixel"), ("pixel", "pixel")),
    "output_image": (("output_image", "token"),),
    "page": (("ocr_page", "page"), ("page", "page")),
}


def _chosen(way: tuple[Charge, ...]) -> tuple[Charge, ...]:
    """The way's charges, saying that there was another."""
    return tuple(charge._replace(notes=(*charge.notes, notes.CHEAPER_ALTERNATIVE)) for charge in way)
