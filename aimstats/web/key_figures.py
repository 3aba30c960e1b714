"""What stands on top of a model's page: where it stands in words, and its key figures with what contradicts them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from aimstats.catalogue.catalogue import Catalogue
from aimstats.domain.spans import is_over
from aimstats.domain.texts import N_
from aimstats.web import formats
from aimstats.web.editions import source_name
from aimstats.web.language import plural, t
from aimstats.web.marks import Mark

KINDS: Final[Mapping[str, str]] = {
    "text": N_("text model"),
    "embedding": N_("embedding model"),
    "rerank": N_("rerank model"),
    "image": N_("image model"),
    "video": N_("video model"),
    "speech": N_("speech model"),
    "transcription": N_("transcription model"),
    "moderation": N_("moderation model"),
    "other": N_("other model"),
}


PRICED_BY: Final[Mapping[str, str]] = {
    "first_party": N_("a million tokens"),
    "median": N_("a million tokens, the median of its offers"),
    "cheapest": N_("a million tokens, at its cheapest offer"),
}
"""What a price is of and whose it is, by what stands for the model."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the large figures on top; `text` is None where it is missing, for `reason`. `others` are what sources say that
    contradict it."""

    label: str
    text: str | None
    reason: str | None = None
    note: str = ""
    exact: str = ""
    mark: Mark | None = None
    is_disputed: bool = False
    others: Sequence[str] = ()


def status_words(body: Mapping[str, Any], today: date) -> list[tuple[str, bool]]:
    """Short words on where the model stands; True marks those that warn."""
    said = [(t(KINDS.get(body["type"], body["type"])), False)] if body.get("type") else []
    status = body.get("status")
    dates = {"deprecated": body.get("deprecation_date"), "retired": body.get("retirement_date")}
    if status is None:
        said.append((t("no seller known"), False))
    if status and status != "active":
        since = dates.pop(status, None)
        if since and status == "retired":
            told = formats.ending(since, status, today)
        else:
            told = f"{formats.words(status)} {formats.day(since)}" if since else formats.words(status)
        said.append((told, status != "preview"))
    if deprecated := dates.get("deprecated"):
        said.append((t("deprecated %(day)s", day=formats.day(deprecated)), formats.is_soon(deprecated, today)))
    if ends := dates.get("retired"):
        said.append((formats.ending(ends, status, today), is_over(ends, today) or formats.is_soon(ends, today)))
    if floor := body.get("retirement_not_before"):
        if floor > today.isoformat():
            said.append((t("not retired before %(day)s", day=formats.day(floor)), False))
        elif status == "deprecated":
            said.append((t("past its earliest end, %(day)s", day=formats.day(floor)), True))
    if body.get("open_weights"):
        said.append((t("open weights"), False))
    return said


def disputes_of(catalogue: Catalogue, body: Mapping[str, Any]) -> dict[str, list[str]]:
    """By meter, the prices that contradict the one that stands for the model, each with who states it."""
    offer = catalogue.row("offers", (body.get("cost_basis") or {}).get("offer") or "")
    found: dict[str, list[str]] = {}
    for price in offer.body["prices"] if offer else ():
        if price["plan"] == "standard" and not price["conditions"] and price["usd"] == body["cost"].get(price["meter"]):
            by_figure: dict[Any, list[str]] = {}
            for other in price["disputed"]:
                by_figure.setdefault(other["usd"], []).append(source_name(other["source"]))
            found[price["meter"]] = [f"{formats.dollars(usd)} ({', '.join(who)})" for usd, who in by_figure.items()]
    return found


def hours_of(catalogue: Catalogue, body: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    """The hours of the day (UTC) in which the offer that stands for a model asks other standard prices than in most, with these
    by meter; hours with the same prices are told together."""
    offer = catalogue.row("offers", (body.get("cost_basis") or {}).get("offer") or "")
    by_window: dict[str, dict[str, str]] = {}
    for price in offer.body["prices"] if offer else ():
        is_plain = price["plan"] == "standard" and not (price["min_context_tokens"] or price["conditions"])
        if price["window"] and is_plain and price["usd"] is not None:
            by_window.setdefault(price["window"], {})[price["meter"]] = price["usd"]
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for window, prices in sorted(by_window.items()):
        alike.setdefault(tuple(sorted(prices.items())), []).append(formats.hours(window))
    return [(", ".join(windows), dict(prices)) for prices, windows in alike.items()]


def key_figures(
    body: Mapping[str, Any],
    marks: Mapping[str, Mark],
    disputes: Mapping[str, Sequence[str]],
    hours: Sequence[tuple[str, Mapping[str, str]]] = (),
) -> list[KeyFigure]:
    cost, limit = body["cost"], body["limit"]
    absent = cost.get("absent") or {}
    disputed = set(body["agreement"]["disputed"])
    priced = t(PRICED_BY[(body.get("cost_basis") or {}).get("basis") or "first_party"])
    figures = [
        KeyFigure(
            label,
            _dollars(cost.get(meter)),
            absent.get(meter),
            "; ".join([priced, *(_at_hours(told, prices[meter]) for told, prices in hours if meter in prices)]),
            mark=marks.get(f"cost.{meter}"),
            is_disputed=f"cost.{meter}" in disputed,
            others=disputes.get(meter, ()),
        )
        for label, meter in ((t("Input"), "input"), (t("Output"), "output"))
    ]
    figures += [
        KeyFigure(label, _tokens(limit.get(key)), note=t("tokens"), exact=_exact(limit.get(key)), mark=marks.get(f"limit.{key}"))
        for label, key in ((t("Context"), "context"), (t("Longest answer"), "output"))
    ]
    figures.append(KeyFigure(t("Released"), _day(body.get("release_date")), mark=marks.get("release_date")))
    figures.append(KeyFigure(t("Knowledge until"), _day(body.get("knowledge")), mark=marks.get("knowledge")))
    return figures


def _at_hours(hours: str, usd: str) -> str:
    return t("%(price)s at %(hours)s UTC", price=formats.dollars(usd), hours=hours)


def _dollars(value: Any) -> str | None:
    return None if value is None else formats.dollars(value)


def _tokens(value: int | None) -> str | None:
    return None if value is None else formats.tokens(value)


def _exact(value: int | None) -> str:
    return "" if value is None else plural("%(number)s token", "%(number)s tokens", value)


def _day(value: str | None) -> str | None:
    return None if value is None else formats.day(value)
