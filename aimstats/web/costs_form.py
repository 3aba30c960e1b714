"""The form of a workload: its fields in percent and with thousands parted, and the sentence that says the workload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aimstats.catalogue.costs import CostQuestion
from aimstats.catalogue.engine.query import Query, QueryError
from aimstats.domain.texts import N_, NN_
from aimstats.domain.workload import PRESETS, Workload, read_quantity
from aimstats.domain.workload.asked import PLANS_ASKED, QUANTITIES, TTLS
from aimstats.web import formats
from aimstats.web.language import plural, t

Given = Iterable[tuple[str, Sequence[str]]]

USUAL: Final = "support_chat"
USUAL_REQUESTS: Final = "80000"
"""What is priced where the address states no workload: ten thousand chats of eight turns, for one costs too little to compare."""
PERCENTS: Final[Mapping[str, str]] = {"cached": "cache_hit", "written": "cache_write", "batch": "batch_share"}
"""The form's fields in percent, and the shares that they state."""
_FIELDS: Final = (
    ("requests", N_("Requests"), ""),
    ("input_tokens", N_("Tokens in"), N_("each")),
    ("cached", N_("from cache"), "%"),
    ("written", N_("to cache"), "%"),
    ("output_tokens", N_("Tokens out"), N_("each")),
    ("reasoning_tokens", N_("of them reasoning"), N_("each")),
    ("images", N_("Images"), N_("each")),
    ("output_image_tokens", N_("Tokens of images"), N_("each")),
    ("seconds", N_("Seconds"), N_("each")),
    ("characters", N_("Characters"), N_("each")),
    ("pages", N_("Pages"), N_("each")),
    ("web_searches", N_("Web searches"), N_("each")),
    ("batch", N_("as batch"), "%"),
)
_ALWAYS: Final = frozenset({"requests", "batch"})
_TEXT: Final = frozenset({"input_tokens", "cached", "written", "output_tokens"})
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "images": NN_("%(number)s image", "%(number)s images"),
    "output_image_tokens": NN_("%(number)s token of images", "%(number)s tokens of images"),
    "seconds": NN_("%(number)s second", "%(number)s seconds"),
    "characters": NN_("%(number)s character", "%(number)s characters"),
    "pages": NN_("%(number)s page", "%(number)s pages"),
    "web_searches": NN_("%(number)s web search", "%(number)s web searches"),
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
        found["preset"] = [USUAL]
        if not any(found.get("requests", ())):
            found["requests"] = [USUAL_REQUESTS]
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
    return [("", N_("My own quantities"), not chosen), *((key, one.label, key == chosen) for key, one in PRESETS.items())]


def plans_of(workload: Workload) -> list[tuple[str, bool]]:
    """The choices of plans for what does not go in batches."""
    return [(plan, plan == workload.plan) for plan in PLANS_ASKED]


def ttls_of(question: CostQuestion) -> list[tuple[str, str, bool]]:
    """The choices of how long what is written to the cache is kept: value, label, whether chosen; none where nothing is read."""
    workload = question.workload
    if not any(field.name == "written" for field in fields_of(question)):
        return []
    preset = PRESETS.get(question.query.own.get("preset", ""))
    usual = Workload(**preset.values).cache_ttl if preset else TTLS[0]
    return [("" if ttl == usual else ttl, ttl, ttl == workload.cache_ttl) for ttl in TTLS]


def sentence_of(workload: Workload) -> str:
    """What is priced, in one sentence without its end.

    >>> sentence_of(Workload(requests=Decimal(8), input_tokens=Decimal(2500), output_tokens=Decimal(150), plan="flex"))
    '8 requests, each 2,500 tokens in and 150 tokens out, on flex'
    """
    parts = []
    if workload.input_tokens:
        cached = [(workload.cache_hit, N_("%(share)s %% from cache")), (workload.cache_write, N_("%(share)s %% to cache"))]
        shares = ", ".join(t(text, share=percent(share)) for share, text in cached if share)
        parts.append(t("%(number)s tokens in", number=number(workload.input_tokens)) + (f" ({shares})" if shares else ""))
    if workload.output_tokens:
        thought = (
            t(" (%(number)s of them reasoning)", number=number(workload.reasoning_tokens)) if workload.reasoning_tokens else ""
        )
        parts.append(t("%(number)s tokens out", number=number(workload.output_tokens)) + thought)
    for name, (one, many) in _SAID.items():
        if amount := getattr(workload, name):
            parts.append(plural(one, many, 1 if amount == 1 else 2, number=number(amount)))
    said = t("%(first)s and %(last)s", first=", ".join(parts[:-1]), last=parts[-1]) if len(parts) > 1 else parts[0]
    each = requests_of(workload) + (t(", each %(what)s", what=said) if workload.requests != 1 else f", {said}")
    if workload.batch_share:
        each += t(", %(share)s %% of them in batches", share=percent(workload.batch_share))
    if workload.plan != PLANS_ASKED[0]:
        plan = formats.words(workload.plan)
        each += t(", the others on %(plan)s", plan=plan) if workload.batch_share else t(", on %(plan)s", plan=plan)
    return each


def requests_of(workload: Workload) -> str:
    """How many requests there are."""
    return plural(
        "%(number)s request", "%(number)s requests", 1 if workload.requests == 1 else 2, number=number(workload.requests)
    )


def unit_of(workload: Workload) -> str:
    """What a total is for, as the head of a column says it."""
    return t("$ a request") if workload.requests == 1 else t("$ for %(requests)s", requests=requests_of(workload))
