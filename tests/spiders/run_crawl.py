"""One crawl for a process of its own, since an event loop runs once: a case as JSON, its results as JSON on standard output."""

from __future__ import annotations

import json
import sys
from typing import Any, ClassVar

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.money import json_of
from aimstats.domain.readings import Known, SourceResult
from aimstats.log import configure_logging
from scrapy_project.base import SourceSpider
from scrapy_project.crawl import crawl
from scrapy_project.sources import spider_classes


class NamesSpider(SourceSpider):
    """Reads `{"names": [...], "links": [...]}`; the name "crash" is one that it does not survive."""

    standing: ClassVar[dict[str, str]] = {}
    """Address -> the document that it is for good."""

    def document_url(self, address: str) -> str:
        """As the case says."""
        return self.standing.get(address, address)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a name."""
        data = json_of(body)
        if "names" not in data:
            raise DocumentRefusedError("no `names` in the document")
        if "crash" in data["names"]:
            raise KeyError("crash")
        if "shout" in data["names"]:
            raise DocumentRefusedError(f"the key is {self._key}")
        if "crash on the key" in data["names"]:
            raise KeyError(self._key)
        listings = tuple(ListingSeen(provider="p", external_id=name) for name in data["names"])
        return DocumentSeen(url=url, listings=listings, rows=len(listings), links=tuple(data.get("links", ())) or None)


class PagesSpider(NamesSpider):
    """Reads such documents one after the other, as `"next"` names them, as one."""

    is_paged: ClassVar[bool] = True

    def next_page(self, body: bytes, address: str) -> str | None:
        """As the page says."""
        data = json_of(body)
        if "next" not in data:
            raise DocumentRefusedError(f"{address}: no `next` in the page")
        return data["next"]  # type: ignore[no-any-return]  # a test writes it

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a name of all pages."""
        names = [name for page in json_of(body) for name in page["names"]]
        return super().parse_document(json.dumps({"names": names}).encode(), url)


def spider_class(row: dict[str, Any]) -> type[SourceSpider]:
    """A spider from `{"id", "urls", "hosts"?, "index"?, "standing"?, "stand_ins"?, "key_variable"?, "paged"?}`; one with an id
    alone is the project's own."""
    if set(row) == {"id"}:
        return spider_classes()[row["id"]]
    said = {"hosts": tuple(row.get("hosts", ())), "key_variable": row.get("key_variable", "")}
    source = Source(id=row["id"], name=row["id"], kind="catalogue", url=row["urls"][0], **said)
    body = {"source": source, "start_urls": tuple(row["urls"]), "indexes": tuple(row["urls"]) if row.get("index") else ()}
    body |= {"standing": row.get("standing", {}), "stand_ins": row.get("stand_ins", {})}
    return type(f"{row['id']}Spider", (PagesSpider if row.get("paged") else NamesSpider,), body)


def run_case(text: str) -> None:
    """Crawl the case, then tell each source's result and how the caller's own failure came out."""
    case = json.loads(text)
    configure_logging("INFO", secrets=case.get("keys", {}).values(), stream=sys.stderr)
    results: list[dict[str, Any]] = []

    def closed(result: SourceResult) -> None:
        print("closed", result.source.id, file=sys.stderr, flush=True)
        if result.source.id == case.get("fail_on"):
            raise RuntimeError("the caller failed")
        told = {
            reading.url: {
                "status": reading.status,
                "error": reading.error,
                "etag": reading.etag,
                "is_index": reading.is_index,
                "position": reading.position,
                "address": reading.address,
                "sha256": reading.sha256,
                "names": [listing.external_id for listing in reading.document.listings] if reading.document else None,
            }
            for reading in result.readings
        }
        results.append(
            {
                "id": result.source.id,
                "finished": result.finished,
                "reason": result.close_reason,
                "errors": list(result.errors),
                "readings": told,
            }
        )

    failure = ""
    progress: list[tuple[str, int, int]] = []
    known = {source: {url: Known(**fields) for url, fields in urls.items()} for source, urls in case.get("known", {}).items()}
    try:
        crawl(
            [spider_class(row) for row in case["spiders"]],
            on_source_closed=closed,
            known=known,
            keys=case.get("keys"),
            mirror_url=case["mirror"],
            contact="ops@example.org",
            progress=lambda source, read, asked: progress.append((source, read, asked)),
            overrides={"RETRY_BACKOFF_SECONDS": 0.05, **case.get("overrides", {})},
        )
    except RuntimeError as error:
        failure = str(error)
    json.dump({"results": results, "failure": failure, "progress": progress}, sys.stdout)
