"""Azure's retail prices of models, by region. Written from the published shape of its API, without a recorded document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.meters import METERS
from aimstats.domain.money import canonical
from aimstats.domain.prices import UNITS, Price, price
from scrapy_project.base import Record, SourceSpider, Tally, is_usable_id, json_list, json_object
from scrapy_project.base.pages import Draft, Page
from scrapy_project.spiders.azure.meters import EMBEDDINGS, Meter, read_meter

HOST: Final = "prices.azure.com"
SERVICE: Final = "Foundry Models"
DATA_ZONE_OF_REGION: Final = {"eastus2": "us", "swedencentral": "eu"}
"""The regions that are read, and the data zone in which each lies."""
LARGEST_SKIP: Final = 50_000
FULL_PAGES: Final = (100, 1_000)
"""Rows of a page that is full: the last one has fewer."""
UNIT_OF_MEASURE: Final = {"1K": "1K tokens", "1M": "1M tokens"}
OTHER_UNITS: Final = frozenset(
    {"1", "10", "100", "1 hour", "1/hour", "1 day", "1/day", "1/month", "1 second", "1 minute", "1 gb"}
)
UNUSED: Final = (
    "location", "meterId", "productId", "skuId", "skuName", "serviceId", "serviceFamily", "armSkuName", "savingsPlan",
    "availabilityId",
)  # fmt: skip

_Figure = tuple[Decimal, str, datetime | None]
"""An amount, its unit, and when it ends."""
Steps = dict[tuple[str, str], dict[datetime, "_Step"]]
"""(meter, plan) -> since when -> what is stated."""


def address(region: str) -> str:
    """Where the prices of a region are read."""
    chosen = f"serviceName eq '{SERVICE}' and armRegionName eq '{region}' and priceType eq 'Consumption'"
    return f"https://{HOST}/api/retail/prices?api-version=2023-01-01-preview&$filter={quote(chosen, safe='')}"


class AzureSpider(SourceSpider):
    """One document a region, served in pages. A model is a listing by deployment: global, data zone, and regional."""

    source = Source(
        id="azure",
        name="Azure retail prices",
        kind="api",
        url="https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices",
        terms_url="https://learn.microsoft.com/en-us/legal/termsofuse",
        attribution="Microsoft",
        priority=10,
        provider="azure",
        hosts=(HOST,),
    )
    start_urls = tuple(map(address, DATA_ZONE_OF_REGION))
    is_paged = True

    def next_page(self, body: bytes, address: str) -> str | None:
        """The page that begins behind this one; refuses a page that does not say, leads elsewhere or back."""
        page = json_object(body, "Azure prices")
        if "NextPageLink" not in page or not isinstance(page.get("Items"), list):
            raise DocumentRefusedError("Azure prices: a page without `Items` or `NextPageLink`; were the keys renamed?")
        link = page["NextPageLink"]
        if link is None:
            return None
        skipped, before = _skip(link), _skip(address) or 0
        if not page["Items"] or skipped is None or not before < skipped <= LARGEST_SKIP:
            raise DocumentRefusedError("Azure prices: `NextPageLink` does not lead on to the rows behind this page")
        return f"{address.partition('&$skip=')[0]}&$skip={skipped}"

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """One listing a model and deployment; refuses pages that are cut, or without prices that are understood."""
        region = next((name for name in DATA_ZONE_OF_REGION if url == address(name)), "")
        if not region:
            raise DocumentRefusedError(f"Azure prices: no region is read at {url}")
        rows = _rows(json_list(body, "Azure prices"))
        feed = _Feed(Page("azure", url), region)
        for row in rows:
            feed.read(row)
        return feed.seen(len(rows))


def _skip(link: object) -> int | None:
    """How many rows a page's address leaves out; None where it does not say or is another address."""
    try:
        parts = urlsplit(link if isinstance(link, str) else "")
        stated = parse_qs(parts.query).get("$skip", [])
    except ValueError:
        return None
    is_ours = parts.hostname == HOST and parts.path == "/api/retail/prices"
    return (
        int(stated[0])
        if is_ours and len(stated) == 1 and stated[0].isascii() and stated[0].isdigit() and len(stated[0]) < 9
        else None
    )


def _rows(pages: list[Any]) -> list[Any]:
    """The rows of all pages. Raises DocumentRefusedError for another currency, and for pages that are cut or not all."""
    rows: list[Any] = []
    for number, page in enumerate(pages, 1):
        if not isinstance(page, dict) or not isinstance(page.get("Items"), list) or "NextPageLink" not in page:
            raise DocumentRefusedError("Azure prices: a page without `Items` or `NextPageLink`; were the keys renamed?")
        if page.get("BillingCurrency") != "USD":
            raise DocumentRefusedError("Azure prices: `BillingCurrency` is not USD")
        items = page["Items"]
        if page.get("Count") != len(items):
            raise DocumentRefusedError("Azure prices: `Count` is not the number of `Items`: the page is cut")
        is_last = number == len(pages)
        if (page["NextPageLink"] is None) != is_last or (is_last and len(items) in FULL_PAGES):
            raise DocumentRefusedError("Azure prices: a full page, and none behind it: the list is cut")
        rows += items
    return rows


def _per_million(amount: Decimal, unit: str) -> Decimal:
    return canonical(amount * UNITS[unit][1])


class _Step:
    """What is stated of one price from one day on: normally one figure; none where nothing that is understood."""

    def __init__(self) -> None:
        self._figures: dict[tuple[bool, Decimal], _Figure] = {}

    def add(self, amount: Decimal, unit: str, ends: datetime | None, *, is_primary: bool) -> None:
        """Take a figure; that of a meter which is not the region's primary one counts only where it is alone."""
        self._figures.setdefault((is_primary, _per_million(amount, unit)), (amount, unit, ends))

    def stated(self) -> list[_Figure]:
        """The different figures that count."""
        primary = [figure for (is_primary, _), figure in self._figures.items() if is_primary]
        return primary or list(self._figures.values())


class _Feed:
    """The rows of one region while they are read."""

    def __init__(self, page: Page, region: str) -> None:
        self._page = page
        self._tally: Tally = page.tally
        self._region = region
        self._places = {"global": "global", "data zone": DATA_ZONE_OF_REGION[region], "regional": region}
        self._steps: dict[tuple[str, str], Steps] = defaultdict(lambda: defaultdict(lambda: defaultdict(_Step)))
        self._doubtful: set[str] = set()
        """Models of which some meter is not understood."""

    def read(self, row: Any) -> None:
        """Take one row: a price of tokens of a model, or count why it is none."""
        if not isinstance(row, dict) or not is_usable_id(row.get("meterName")):
            self._tally.skip("row without a meter's name")
            return
        record = Record(row, "row", self._tally)
        name, product, unit = record.text("meterName"), record.text("productName"), record.text("unitOfMeasure")
        place = (record.text("serviceName"), record.text("armRegionName"), record.text("type"), record.text("currencyCode"))
        if place != (SERVICE, self._region, "Consumption", "USD"):
            self._tally.skip("row of another service, region, type or currency")
            return
        if unit not in UNIT_OF_MEASURE:
            self._skip_unit(unit, name, product)
            return
        meter = read_meter(name, product, unit)
        if meter.reason:
            self._tally.skip(meter.reason)
        elif not meter.meter or meter.meter not in METERS:
            self._tally.count_unknown(f"meter: {name}")
            self._doubtful.add(meter.model)
        else:
            self._take(record, meter, product, UNIT_OF_MEASURE[unit])

    def _skip_unit(self, unit: str, name: str, product: str) -> None:
        reason = read_meter(name, product, unit).reason
        if reason or unit.lower() in OTHER_UNITS:
            self._tally.skip(reason or "billed by something else than tokens")
        else:
            self._tally.count_unknown(f"price: unit {unit}")

    def _take(self, record: Record, meter: Meter, product: str, unit: str) -> None:
        draft = self._page.listing(meter.model, region=self._places[meter.deployment], is_page_name=True)
        draft.evidence.setdefault("product", product)
        if EMBEDDINGS in product.lower():
            draft.state(type="embedding")
        amount, other = record.amount("retailPrice"), record.amount("unitPrice")
        since, ends = _instant(record, "effectiveStartDate"), _instant(record, "effectiveEndDate")
        tier, is_primary = record.number("tierMinimumUnits"), record.flag("isPrimaryMeterRegion")
        record.ignore(*UNUSED)
        record.close()
        if meter.is_long_context:
            self._tally.skip("price of a long context whose beginning is not stated")
            draft.incomplete = True
        elif tier or amount is None or since is None or other not in (None, amount):
            draft.unknown(f"{meter.meter}: a volume tier, two amounts, or no amount and day")
        else:
            step = self._steps[draft.external_id, draft.region][meter.meter, meter.plan][since]
            if amount:
                step.add(amount, unit, ends, is_primary=is_primary is not False)
            else:
                self._tally.skip("price of 0, which says nothing but that an earlier one has ended")
        draft.incomplete |= record.incomplete

    def seen(self, rows: int) -> DocumentSeen:
        """The listings; refuses a feed in which no model has an input and an output price."""
        for (model, region), steps in self._steps.items():
            draft = self._page.listing(model, region=region, is_page_name=True)
            for (meter, plan), by_start in sorted(steps.items()):
                draft.prices += _prices(draft, meter, plan, by_start)
        for draft in self._page.drafts.values():
            draft.incomplete |= draft.external_id in self._doubtful
        if not self._page.has_prices_of("input", "output"):
            raise DocumentRefusedError("Azure prices: no model with an input and an output price; did the meters' names change?")
        self._page.rows = rows
        return self._page.seen(what="Azure prices")


def _instant(record: Record, key: str) -> datetime | None:
    """An instant, aware UTC."""
    stated = record.text(key)
    if not stated:
        return None
    try:
        instant = datetime.fromisoformat(stated)
    except ValueError:
        record.unknown(key, "not an instant")
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _prices(draft: Draft, meter: str, plan: str, by_start: Mapping[datetime, _Step]) -> Iterator[Price]:
    """Dated steps, each until the next: the feed keeps what was superseded beside what counts. A figure that is stated again
    later is one step; a day with two figures has none, and ends the step before it."""
    starts = sorted(by_start)
    standing: list[tuple[datetime, datetime | None, Decimal, str]] = []
    for since, following in zip(starts, [*starts[1:], None], strict=True):
        figures = by_start[since].stated()
        if len(figures) != 1:
            if figures:
                draft.unknown(f"{meter} {plan}: two figures from one day on")
            continue
        [(amount, unit, ends)] = figures
        until = min((day for day in (ends, following) if day is not None), default=None)
        if until is not None and until <= since:
            continue
        before = standing[-1] if standing else None
        if before and before[1] == since and _per_million(*before[2:]) == _per_million(amount, unit):
            standing[-1] = (before[0], until, *before[2:])
        else:
            standing.append((since, until, amount, unit))
    for since, until, amount, unit in standing:
        yield price(meter, amount, unit, plan=plan, valid_from=since, valid_to=until)
