"""models.dev: an open catalogue of models by provider, prices in US dollars per million tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from aimstats.domain.dialects.models_dev import IMAGE_METERS, METERS, MODALITIES, OVER_TOKENS, PLAN_OF_MODE, STATUSES
from aimstats.domain.facts import EFFORTS
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import MTOK, Price, price
from aimstats.domain.text import clean_text, clean_url
from scrapy_project.base import Record, SourceSpider, Tally, distinct_prices, is_usable_id, json_object
from scrapy_project.base.euros import as_stated
from scrapy_project.base.image_tokens import is_of_images


class ModelsDevSpider(SourceSpider):
    """Reads `api.json`: providers by id, each with its models by id.

    Silence stays silence: a record without `cost` makes no price claim, while a stated 0 stays 0 (at subscription
    providers too: that is judged later). A limit of 0 means unknown.
    """

    source = Source(
        id="models_dev",
        name="models.dev",
        kind="catalogue",
        url="https://models.dev",
        license="MIT",
        terms_url="https://github.com/anomalyco/models.dev/blob/dev/LICENSE",
        attribution="models.dev contributors",
        bundle=True,
        priority=10,
        hosts=("models.dev",),
    )
    start_urls = ("https://models.dev/api.json",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """Listings of every provider; refuses a document without models, limits or costs."""
        providers = json_object(body, "models.dev catalogue")
        tally = Tally()
        listings: list[ListingSeen] = []
        rows = 0
        for provider_id, value in providers.items():
            if not isinstance(value, dict) or not isinstance(value.get("models"), dict) or not is_usable_id(provider_id):
                tally.skip("provider without models")
                continue
            provider = Record(value, "provider", tally)
            models = provider.take("models")
            evidence = {
                "provider_name": provider.text("name"),
                "provider_doc": clean_url(provider.text("doc")) or "",
                "provider_api": clean_url(provider.text("api")) or "",
                "provider_env": " ".join(provider.texts("env")),
            }
            provider.ignore("id", "npm")
            provider.close()
            rows += len(models)
            listings.extend(_listings(provider_id, models, {key: text for key, text in evidence.items() if text}, tally))
        if not listings:
            raise DocumentRefusedError("models.dev catalogue: no provider has an object `models`")
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError("models.dev catalogue: no model states a price in `cost`; was the key renamed?")
        if not any("limit.context" in listing.facts for listing in listings):
            raise DocumentRefusedError("models.dev catalogue: no model states `limit.context`; was the key renamed?")
        return DocumentSeen(url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=rows)


def _listings(provider: str, models: dict[str, Any], evidence: dict[str, str], tally: Tally) -> Iterator[ListingSeen]:
    for model_id, value in models.items():
        if not isinstance(value, dict) or not is_usable_id(model_id):
            tally.skip("record without a usable id")
            continue
        yield _listing(provider, model_id, Record(value, "model", tally), evidence)


def _listing(provider: str, model_id: str, record: Record, evidence: dict[str, str]) -> ListingSeen:
    stated_id = record.take("id")
    facts = _facts(record)
    meters = _meters(facts.get("modalities.output", ()), record.left.get("cost"))
    prices = list(_prices(record.record("cost", priced=True), meters))
    prices += _mode_prices(record, meters)
    override = record.record("provider")
    if override:
        evidence = evidence | {f"override_{key}": text for key in ("npm", "api", "shape") if (text := override.text(key))}
        override.ignore("headers", "body")
        override.close()
    record.ignore("options", "headers", "variants")
    record.close()
    return ListingSeen(
        provider=provider,
        external_id=model_id,
        name=facts.get("name", ""),
        facts=facts,
        prices=distinct_prices(as_stated(ModelsDevSpider.source.id, provider, prices), record),
        aliases=(stated_id,) if stated_id != model_id and is_usable_id(stated_id) else (),
        evidence=evidence,
        incomplete=record.incomplete,
    )


def _meters(makes: Sequence[str], cost: Any) -> Mapping[str, str]:
    """What answers with images alone is billed for them, what writes as well where the figure is one of image tokens."""
    if makes == ["image"]:
        return IMAGE_METERS
    return IMAGE_METERS if "image" in makes and isinstance(cost, dict) and is_of_images(cost, "input", "output") else METERS


def _facts(record: Record) -> dict[str, Any]:
    limit = record.record("limit")
    modalities = record.record("modalities")
    status = record.text("status").lower()
    if status and status not in STATUSES:
        record.unknown("status", f"the word {clean_text(status, 30)!r}")
    stated: dict[str, Any] = {
        "name": record.text("name"),
        "family": record.text("family"),
        "release_date": record.date("release_date"),
        "knowledge": record.date("knowledge"),
        "last_updated": record.date("last_updated"),
        "status": STATUSES.get(status),
        "flags.interleaved": _interleaved(record),
        "reasoning_efforts": _efforts(record),
    }
    stated |= {
        key: record.flag(key)
        for key in ("attachment", "reasoning", "tool_call", "structured_output", "temperature", "open_weights")
    }
    if limit:
        stated |= {f"limit.{name}": limit.count(name) for name in ("context", "input", "output")}
        limit.close()
    if modalities:
        stated |= {f"modalities.{side}": modalities.words(side, MODALITIES) for side in ("input", "output")}
        modalities.close()
    return record.facts(stated)


def _interleaved(record: Record) -> bool | str | None:
    value = record.take("interleaved")
    if isinstance(value, dict):
        part = record.child(value, "interleaved")
        field = part.text("field")
        part.close()
        return field
    if value is None or isinstance(value, bool):
        return value
    record.unknown("interleaved", "neither true nor an object")
    return None


def _efforts(record: Record) -> list[str]:
    """`reasoning_options` of newer documents: the option `effort` names levels; `toggle`, `budget_tokens` have none."""
    efforts: list[str] = []
    for option in record.records("reasoning_options"):
        kind = option.text("type")
        if kind == "effort":
            values = option.take("values")
            if isinstance(values, list):
                values = [value for value in values if value not in (None, "default")]
            option.left["values"] = values
            efforts = option.words("values", {word: word for word in EFFORTS})
        elif kind in ("toggle", "budget_tokens"):
            option.ignore("min", "max")
        elif kind:
            option.unknown("type", f"the word {clean_text(kind, 30)!r}")
        option.close()
    return efforts


def _mode_prices(record: Record, meters: Mapping[str, str]) -> Iterator[Price]:
    experimental = record.take("experimental")
    if not isinstance(experimental, dict):
        if experimental is not None and not isinstance(experimental, bool):
            record.unknown("experimental", "not an object")
        return
    part = record.child(experimental, "experimental")
    modes = part.record("modes")
    for name in list(modes.left) if modes else ():
        mode = modes.record(name) if modes else None
        if mode is None:
            continue
        if name in PLAN_OF_MODE:
            yield from _prices(mode.record("cost", priced=True), meters, plan=PLAN_OF_MODE[name])
            mode.ignore("provider")
            mode.close()
        else:
            mode.priced = True
            mode.close()
    part.close()


def _prices(cost: Record | None, meters: Mapping[str, str], *, plan: str = "standard", tier: int = 0) -> Iterator[Price]:
    """Prices of a `cost` object. `tiers` state their exact size; `context_over_200k` is read only where there are none,
    since it then repeats the one tier under a name that need not be its size."""
    if cost is None:
        return
    for key, meter in meters.items():
        amount: Decimal | None = cost.amount(key)
        if amount is not None:
            yield price(meter, amount, MTOK, plan=plan, min_context_tokens=tier)
    tiers = cost.records("tiers")
    for inner in tiers:
        size = _tier_size(inner)
        if size is None:
            inner.unknown("tier", "not a context size")
            continue
        yield from _prices(inner, meters, plan=plan, tier=size)
    over = cost.record("context_over_200k")
    if over and not tiers:
        yield from _prices(over, meters, plan=plan, tier=OVER_TOKENS)
    cost.close()


def _tier_size(tier: Record) -> int | None:
    part = tier.record("tier")
    if part is None:
        return None
    kind, size = part.text("type"), part.count("size")
    part.close()
    return size if kind == "context" else None
