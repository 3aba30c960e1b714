"""What can be billed: one table of meters, from which everything that is known of them is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from aimstats.domain.texts import N_

MTOK: Final = "1M tokens"
SIDES: Final = ("input", "output", "other")


class Stands(IntEnum):
    """How a meter stands to the tokens of text: it is one of their two prices, that of a part of them which is priced apart, or
    one in their place (by the image, the second, the request); or it is billed beside whatever else is."""

    TEXT = 0
    PART = 1
    INSTEAD = 2
    BESIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One meter. `unit` is the base unit that goes without saying; `side` is the prompt's, the answer's or neither; `part_of`
    names the meter that a PART is charged in the place of. It has a column where it has a `help`, under `label`; `is_shown`: in
    the table unless the visitor chooses otherwise.
    """

    id: str
    unit: str
    side: Literal["input", "output", "other"]
    stands: Stands
    part_of: str = ""
    label: str = ""
    help: str = ""
    is_shown: bool = False

    @property
    def unit_text(self) -> str:
        """What one price of it is for, as the head of a column says it.

        >>> METERS["input"].unit_text, METERS["image"].unit_text
        ('$/M', '$/image')
        """
        return "$/M" if self.unit == MTOK else f"$/{self.unit}"


def _text(side: Literal["input", "output"], label: str, said: str) -> Meter:
    return Meter(id=side, unit=MTOK, side=side, stands=Stands.TEXT, label=label, help=said, is_shown=True)


def _part(meter: str, part_of: str, label: str = "", said: str = "") -> Meter:
    side: Literal["input", "output"] = "output" if part_of.startswith("output") else "input"
    return Meter(id=meter, unit=MTOK, side=side, stands=Stands.PART, part_of=part_of, label=label, help=said)


def _instead(
    meter: str,
    unit: str,
    side: Literal["input", "output", "other"],
    label: str = "",
    said: str = "",
) -> Meter:
    return Meter(id=meter, unit=unit, side=side, stands=Stands.INSTEAD, label=label, help=said)


def _beside(meter: str, unit: str, label: str = "", said: str = "") -> Meter:
    return Meter(id=meter, unit=unit, side="other", stands=Stands.BESIDE, label=label, help=said)


def _table() -> Iterator[Meter]:
    yield _text("input", N_("Input"), N_("US dollars per million input tokens."))
    yield _text("output", N_("Output"), N_("US dollars per million output tokens."))
    # It replaces `output` for reasoning tokens, and is not added to it.
    yield _part(
        "reasoning", "output", N_("Reasoning"), N_("US dollars per million reasoning tokens, in the place of the output price.")
    )
    yield _part(
        "cache_read", "input", N_("Cache read"), N_("US dollars per million input tokens that are read from the cache."),
    )  # fmt: skip
    yield _part(
        "cache_write", "input", N_("Cache write"), N_("US dollars per million input tokens that are written to the cache."),
    )  # fmt: skip
    yield _part("cache_write_1h", "input", N_("Cache write, 1 h"), N_("US dollars per million tokens that are kept for an hour."))
    yield _beside("cache_storage", "1M tokens hour")
    yield _instead("input_audio", MTOK, "input", N_("Audio in"), N_("US dollars per million tokens of audio input."))
    yield _instead("output_audio", MTOK, "output", N_("Audio out"), N_("US dollars per million tokens of audio output."))
    yield _part("cache_read_audio", "input_audio")
    yield _part("cache_write_audio", "input_audio")
    yield _instead("input_image", MTOK, "input", N_("Image in"), N_("US dollars per million tokens of image input."))
    yield _instead("output_image", MTOK, "output", N_("Image out"), N_("US dollars per million tokens of image output."))
    yield _part("cache_read_image", "input_image")
    yield _instead("input_video", MTOK, "input")
    yield _instead("output_video", MTOK, "output")
    yield _part("cache_read_video", "input_video")
    yield _beside("citation", MTOK)
    yield _beside("training", MTOK)
    yield _instead("input_character", "1M characters", "input")
    yield _instead("output_character", "1M characters", "output")
    # One generated image.
    yield _instead("image", "image", "output", N_("Image"), N_("US dollars for one generated image."))
    yield _instead("pixel", "1M pixels", "other")
    yield _instead("second", "second", "other", N_("Second"), N_("US dollars per second of audio or video."))
    yield _instead("character", "1M characters", "other", N_("Characters"), N_("US dollars per million characters."))
    yield _instead("page", "page", "input", N_("Page"), N_("US dollars per page."))
    yield _instead("ocr_page", "page", "input")
    # Where there are token prices too, it is added to them.
    yield _instead("request", "request", "other", N_("Request"), N_("US dollars per request, beside the price of the tokens."))
    yield _beside("web_search", "request", N_("Web search"), N_("US dollars per web search."))
    yield _beside("web_fetch", "request")
    yield _beside("file_search", "request")
    yield _beside("file_storage", "GB day")
    yield _beside("maps_grounding", "request")
    yield _instead("session", "session", "other")
    yield _beside("capacity", "hour")
    yield _instead("step", "step", "other")


METERS: Final[Mapping[str, Meter]] = {meter.id: meter for meter in _table()}
"""Every meter by its id, in the order of the table."""

TEXT: Final = tuple(meter.id for meter in METERS.values() if meter.stands is Stands.TEXT)
"""What is asked of every offer: the prices of tokens of text, in and out."""
PARTS: Final = frozenset(meter.id for meter in METERS.values() if meter.stands is Stands.PART)
"""Parts of what goes in or out: a list that is silent on them writes 0, though nobody gives them away beside a paid rest."""
INSTEAD: Final = frozenset(meter.id for meter in METERS.values() if meter.stands is Stands.INSTEAD)
"""Where one of these has a price, an offer without prices of tokens lacks nothing: it is billed otherwise."""


def _is_usual(meter: Meter) -> bool:
    return meter.stands is Stands.TEXT or meter.part_of in TEXT


IN_ORDER: Final = tuple(
    meter.id
    for meter in sorted(
        METERS.values(), key=lambda meter: (meter.stands, SIDES.index(meter.side)) if _is_usual(meter) else (Stands.INSTEAD, 0)
    )
)
"""As people read them: tokens of text, the parts of the prompt and of the answer, then the rest in the order of the table."""
USUAL: Final = tuple(meter for meter in IN_ORDER if _is_usual(METERS[meter]))
"""What answers always say, with the reason where it is not known."""
