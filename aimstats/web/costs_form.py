"""The form of a workload: its fields in percent and with thousands parted, and the sentence that says the workload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aimstats.catalogue.costs import CostQuestion
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.domain.workload import PRESETS, Workload, read_quantity
from aimstats.domain.workload.asked import PLANS_ASKED, QUANTITIES

Given = Iterable[tuple[str, Sequence[str]]]

USUAL: Final[Mapping[str, str]] = {"preset": "support_chat", "requests": "80000"}
"""What is priced where the address states no workload: ten thousand chats of eight turns."""
PERCENTS: Final[Mapping[str, str]] = {"cached": "cache_hit", "written": "cache_write", "batch": "batch_share"}
"""The form's fields in percent, and the shares that they state."""
_FIELDS: Final = (
    ("requests", "Requests", ""),
    ("input_tokens", "Tokens in", "each"),
    ("cached", "from cache", "%"),
    ("written", "to cache", "%"),
    ("output_tokens", "Tokens out", "each"),
    ("reasoning_tokens", "of them reasoning", "each"),
    ("images", "Images", "each"),
    ("output_image_tokens", "Tokens of images", "each"),
    ("seconds", "Seconds", "each"),
    ("characters", "Characters", "each"),
    ("pages", "Pages", "each"),
    ("web_searches", "Web searches", "each"),
    ("batch", "as batch", "%"),
)
_ALWAYS: Final = frozenset({"requests", "batch"})
_TEXT: Final = frozenset({"input_tokens", "cached", "output_tokens"})
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "images": ("image", "images"),
    "output_image_tokens": ("token of images", "tokens of images"),
    "seconds": ("second", "seconds"),
    "characters": ("character", "characters"),
    "pages": ("page", "pages"),
    "web_searches": ("web search", "web searches"),
}
_SHORT: Final = 40
"""Longer texts are no number: they are refused as they are."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the workload; what it does not state is as `usual` says."""

    name: str
    label: str
    unit: str
    value: str
    usual: str
    is_refused: bool


def arguments_of(given: Given) -> list[tuple[str, Sequence[str]]]:
    """The parameters of the form as those of every other door: percent as shares, thousands unparted, a workload in any case.

    Raises QueryError for a percentage that cannot be read.
    """
    found: dict[str, list[str]] = {}
    errors = []
    for name, texts in given:
        if name in PERCENTS:
            try:
                texts = [_share(text) for text in texts if text.strip()]
            except ValueError as error:
                errors.append({"parameter": name, "message": str(error)})
                continue
            name = PERCENTS[name]
        elif name in _NUMBERS:
            texts = [_unparted(text) for text in texts]
        found.setdefault(name, []).extend(texts)
    if errors:
        raise QueryError(errors)
    if not any(text.strip() for name in ("preset", *QUANTITIES) for text in found.get(name, ())):
        found |= {name: [text] for name, text in USUAL.items() if name == "preset" or not any(found.get(name, ()))}
    return list(found.items())


_NUMBERS: Final = frozenset({"requests", "reasoning_tokens", *QUANTITIES})


def _unparted(text: str) -> str:
    return text.replace(",", "").replace("\u00a0", "").replace(" ", "") if len(text) < _SHORT else text


def _share(text: str) -> str:
    """A percentage as a share.

    >>> _share("62.5"), _share("70 %")
    ('0.625', '0.7')
    """
    try:
        percent = read_quantity(text[:_SHORT].strip().removesuffix("%").strip())
    except ValueError:
        percent = Decimal(101)
    if percent > 100:
        raise ValueError("must be a percentage from 0 to 100, such as 70")
    return f"{(percent / 100).quantize(Decimal('0.000001')).normalize():f}"


def number(value: Decimal) -> str:
    """A quantity with its thousands parted.

    >>> number(Decimal("50000.0")), number(Decimal("0.5"))
    ('50,000', '0.5')
    """
    return f"{value.normalize():,f}"


def percent(share: Decimal) -> str:
    """A share in percent.

    >>> percent(Decimal("0.625"))
    '62.5'
    """
    return number(share * 100)


def fields_of(question: CostQuestion) -> list[Field]:
    """The fields that this workload needs."""
    query, workload = question.query, question.workload
    preset = PRESETS.get(query.own.get("preset", ""))
    usual = Workload(**preset.values) if preset else Workload()
    made = []
    for name, label, unit in _FIELDS:
        key = PERCENTS.get(name, name)
        say = percent if name in PERCENTS else number
        is_text = name in _TEXT and (preset is None or bool(usual.input_tokens or usual.output_tokens))
        if name in _ALWAYS or is_text or getattr(workload, key) or query.has(key):
            value = say(getattr(workload, key)) if query.has(key) else ""
            made.append(Field(name, label, unit, value, say(getattr(usual, key)), False))
    return made


def typed_fields(typed: Mapping[str, str], refused: frozenset[str]) -> list[Field]:
    """The fields of a workload that could not be read, with the texts as they were typed."""
    errors = refused | {name for name, key in PERCENTS.items() if key in refused}
    shown = _ALWAYS | _TEXT | typed.keys()
    return [Field(name, label, unit, typed.get(name, ""), "", name in errors) for name, label, unit in _FIELDS if name in shown]


def presets_of(query: Query) -> list[tuple[str, str, bool]]:
    """The choices of tasks; the first is that the quantities alone say what is asked."""
    chosen = query.own.get("preset", "")
    return [("", "My own quantities", not chosen), *((key, one.label, key == chosen) for key, one in PRESETS.items())]


def plans_of(workload: Workload) -> list[tuple[str, bool]]:
    """The choices of plans for what does not go in batches."""
    return [(plan, plan == workload.plan) for plan in PLANS_ASKED]


def sentence_of(workload: Workload) -> str:
    """What is priced, in one sentence without its end.

    >>> sentence_of(Workload(requests=Decimal(8), input_tokens=Decimal(2500), output_tokens=Decimal(150), plan="flex"))
    '8 requests, each 2,500 tokens in and 150 tokens out, on flex'
    """
    parts = []
    if workload.input_tokens:
        cached = [(workload.cache_hit, "from cache"), (workload.cache_write, "to cache")]
        shares = ", ".join(f"{percent(share)} % {where}" for share, where in cached if share)
        parts.append(f"{number(workload.input_tokens)} tokens in" + (f" ({shares})" if shares else ""))
    if workload.output_tokens:
        thought = f" ({number(workload.reasoning_tokens)} of them reasoning)" if workload.reasoning_tokens else ""
        parts.append(f"{number(workload.output_tokens)} tokens out{thought}")
    for name, (one, many) in _SAID.items():
        if amount := getattr(workload, name):
            parts.append(f"{number(amount)} {one if amount == 1 else many}")
    said = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    each = f"{requests_of(workload)}, {'each ' if workload.requests != 1 else ''}{said}"
    if workload.batch_share:
        each += f", {percent(workload.batch_share)} % of them in batches"
    if workload.plan != PLANS_ASKED[0]:
        each += f", {'the others ' if workload.batch_share else ''}on {workload.plan}"
    return each


def requests_of(workload: Workload) -> str:
    """How many requests there are."""
    return "1 request" if workload.requests == 1 else f"{number(workload.requests)} requests"


def unit_of(workload: Workload) -> str:
    """What a total is for, as the head of a column says it."""
    return "$ a request" if workload.requests == 1 else f"$ for {requests_of(workload)}"
