"""What pages say to programs that read schema.org: the whole as a Dataset, a model as a Product with its offers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson
from markupsafe import Markup

from aimstats.catalogue.catalogue import Catalogue, Row
from aimstats.domain.money import plain
from aimstats.web.kept import kept
from aimstats.web.links import address, link
from aimstats.web.rendering import api_base, canonical

CONTEXT: Final = "https://schema.org"
MOST_OFFERS: Final = 10
_ESCAPES: Final[dict[str, str | int | None]] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def script_of(said: Mapping[str, Any]) -> Markup:
    """JSON that may stand in a script element: data, which no policy of scripts forbids, and which nothing in it can end.

    >>> script_of({"name": "</script>"})
    Markup('{"name":"\\\\u003c/script\\\\u003e"}')
    """
    text = orjson.dumps(said).decode()
    return Markup(text.translate(str.maketrans(_ESCAPES)))  # what could end the element is escaped


def dataset(catalogue: Catalogue, name: str, description: str) -> Markup:
    """The catalogue as a Dataset, with its lists as distributions; empty where the site does not know its own address."""
    here = canonical()
    if not here:
        return Markup("")
    base = here[: here.index("/", 8)]
    lists = [
        {
            "@type": "DataDownload",
            "name": f"{collection} ({form})",
            "encodingFormat": media_type,
            "contentUrl": _absolute(base, address(f"/{collection}{ending}", base=api_base())),
        }
        for collection in ("models", "offers", "benchmarks")
        for form, ending, media_type in (("CSV", ".csv", "text/csv"), ("NDJSON", ".ndjson", "application/x-ndjson"))
    ]
    published = catalogue.version.published_at
    return script_of(
        {
            "@context": CONTEXT,
            "@type": "Dataset",
            "name": name,
            "description": description,
            "url": here,
            "isAccessibleForFree": True,
            "version": str(catalogue.version.dataset),
            "keywords": ["AI models", "prices", "benchmarks", "retirements"],
            "creator": {"@type": "Organization", "name": "AI Models Stats", "url": f"{base}/"},
            "license": _absolute(base, link("sources", keeps_day=False)),
            "distribution": lists,
        }
        | ({"dateModified": published.isoformat()} if published else {})
    )


def product(catalogue: Catalogue, row: Row, description: str) -> Markup:
    """A model as a Product: what its offers ask for a million tokens of input; empty where none is priced, or the site does not
    know its own address."""
    here = canonical()
    names = kept(catalogue).names.providers
    priced = [(price, offer) for offer in catalogue.offers_of(row.id) if (price := offer["cost.input"]) is not None]
    priced = [(price, offer) for price, offer in priced if offer["status"] != "retired" and offer["comparable"]]
    if not here or not priced:
        return Markup("")
    priced.sort(key=lambda pair: (pair[0], pair[1].id))
    return script_of(
        {
            "@context": CONTEXT,
            "@type": "Product",
            "name": row["name"] or row.id,
            "sku": row.id,
            "category": "AI model",
            "description": description,
            "url": here,
            "brand": {"@type": "Brand", "name": row["developer.name"] or row["developer.id"]},
            "offers": {
                "@type": "AggregateOffer",
                "priceCurrency": "USD",
                "lowPrice": plain(priced[0][0]),
                "highPrice": plain(priced[-1][0]),
                "offerCount": len(priced),
                "offers": [_offer(price, offer, names) for price, offer in priced[:MOST_OFFERS]],
            },
        }
    )


def _offer(price: Decimal, offer: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "price": plain(price),
        "priceCurrency": "USD",
        "seller": {"@type": "Organization", "name": names.get(offer["provider"]) or offer["provider"]},
        "priceSpecification": [
            {
                "@type": "UnitPriceSpecification",
                "name": side,
                "price": plain(figure),
                "priceCurrency": "USD",
                "referenceQuantity": {"@type": "QuantitativeValue", "value": 1_000_000, "unitText": "tokens"},
            }
            for side in ("input", "output")
            if (figure := offer[f"cost.{side}"]) is not None
        ],
    }


def _absolute(base: str, place: str) -> str:
    return place if place.startswith("http") else base + place
