"""Together AI's list of models, which wants a key: what each serverless model costs, in US dollars per million tokens.

No document of it was at hand: written from the published shape of `GET /v1/models`.
"""

from __future__ import annotations

from typing import Any, Final

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.prices import MTOK, price
from scrapy_project.base import Record, SourceSpider, Tally, is_usable_id, json_list

TYPES: Final = {
    "chat": "text", "language": "text", "code": "text", "embedding": "embedding", "rerank": "rerank", "moderation": "moderation",
    "image": "image", "video": "video", "audio": "speech", "transcribe": "transcription",
}  # fmt: skip
BY_TOKENS: Final = frozenset({"chat", "language", "code", "embedding", "rerank", "moderation"})
METERS: Final = {"input": "input", "output": "output", "cached_input": "cache_read"}


class TogetherApiSpider(SourceSpider):
    """Reads one list of models. A model at 0 for input and output is not sold by the token: the list does not say what is free.

    What other types cost is stated in units that the list does not name: such a price makes the listing incomplete. The hour
    of a dedicated endpoint is no price of the model.
    """

    source = Source(
        id="together_api",
        name="Together AI API",
        kind="api",
        url="https://docs.together.ai/reference/models-1",
        terms_url="https://www.together.ai/terms-of-service",
        attribution="Together AI",
        provider="togetherai",
        priority=20,
        hosts=("api.together.xyz",),
        key_variable="TOGETHER_API_KEY",
    )
    start_urls = ("https://api.together.xyz/v1/models",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a list in which no model has an id, a type and prices."""
        tally = Tally()
        rows = json_list(body, "Together AI's models")
        listings = [listing for value in rows if (listing := _listing(value, tally))]
        if not any(listing.prices for listing in listings):
            raise DocumentRefusedError(
                "Together AI's models: no model has `id`, `type` and prices by the token; were keys renamed?"
            )
        return DocumentSeen(url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=len(rows))


def _listing(value: Any, tally: Tally) -> ListingSeen | None:
    if not isinstance(value, dict) or not is_usable_id(value.get("id")):
        tally.skip("record without a usable id")
        return None
    record = Record(value, "model", tally)
    id_, stated = record.take("id"), record.text("type")
    if stated is not None and stated not in TYPES:
        record.unknown("type", stated[:40])
    prices = record.record("pricing")
    amounts = {meter: prices.amount(key) for key, meter in METERS.items()} if prices else {}
    if prices:
        prices.ignore("hourly", "base", "finetune")
        prices.close()
    is_sold = any(amounts.get(meter) for meter in ("input", "output"))
    if is_sold and stated not in BY_TOKENS:
        record.mark_incomplete()
        tally.skip("price of a type whose unit is not stated")
    elif prices and not is_sold:
        tally.skip("price of 0: not sold by the token")
    facts = {
        "type": TYPES.get(stated or ""), "license": record.text("license"), "limit.context": record.count("context_length")
    }  # fmt: skip
    name = record.text("display_name")
    record.ignore("object", "created", "organization", "link", "running", "config")
    record.close()
    taken = amounts if is_sold and stated in BY_TOKENS else {}
    return ListingSeen(
        provider="togetherai",
        external_id=id_,
        name=name or "",
        facts={key: fact for key, fact in facts.items() if fact},
        prices=tuple(price(meter, amount, MTOK) for meter, amount in taken.items() if amount is not None),
        incomplete=record.incomplete,
    )
