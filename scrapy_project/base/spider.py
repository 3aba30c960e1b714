"""The spider of one source: asks for its documents, hands their bodies to a pure function, says how each was read."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from aimstats.domain.copies import is_copy
from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from aimstats.domain.readings import Known, Reading
from aimstats.domain.reasons import Reason
from aimstats.domain.text import clean_text

logger = logging.getLogger(__name__)

MAX_REASON_CHARACTERS = 300
MAX_PAGES = 50
MAX_PAGES_BYTES = 64 * 1024 * 1024
"""Pages of one document, and all of them together: as much as a document that is served whole may have."""


class Lanes(Protocol):
    """What the crawl's downloader shares between spiders (scrapy_project.lanes)."""

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of the host for that long."""


class SourceSpider(scrapy.Spider):
    """A spider declares `source` and `start_urls` and writes `parse_document`; all else is here.

    `indexes` are those start documents whose `links` are read too; an index is always asked for whole. So is a document
    that is served in pages (`is_paged`): `next_page` names the page that follows, `parse_document` gets all of them as one
    JSON list, so that a part is never taken for the whole and nothing hangs on where a page ends. `stand_ins` are, by a
    document's `document_url`, the documents that are asked for where it is not there (404). A stand-in that is a page's rendered
    copy (`aimstats.domain.copies`) is asked for too where the page refuses, or is not the page that is known.
    """

    source: ClassVar[Source]
    start_urls: tuple[str, ...]  # type: ignore[assignment]  # scrapy says list; nothing appends to it
    indexes: ClassVar[tuple[str, ...]] = ()
    stand_ins: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    is_paged: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "source" in cls.__dict__:
            cls.name = cls.source.id

    def __init__(
        self,
        *args: Any,
        known: Mapping[str, Known] | None = None,
        lanes: Lanes | None = None,
        progress: Callable[[str, int, int], None] | None = None,
        key: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._key = key
        self.known = known or {}
        self.lanes = lanes
        self.progress = progress
        self.readings: list[Reading] = []
        self.asked: dict[str, int] = {}

    @classmethod
    def hosts(cls) -> frozenset[str]:
        """The hosts that may be asked: those that the source declares, else those of its start documents."""
        return frozenset(cls.source.hosts or (urlsplit(url).hostname or "" for url in cls.start_urls))

    @classmethod
    def first_documents(cls) -> tuple[str, ...]:
        """The start documents and their stand-ins, each once: of a source that can be read one of them is there."""
        return tuple(dict.fromkeys((*cls.start_urls, *(url for urls in cls.stand_ins.values() for url in urls))))

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """What the document says; pure. Raises DocumentRefusedError where its shape is not the one that is known."""
        raise NotImplementedError  # abstract: every spider writes its own, and tests/spiders/test_pages.py runs each

    def document_url(self, address: str) -> str:
        """The document that is read at this address: the address itself, unless the publisher gives it another one from day
        to day. Then this names it for good, and the ledger compares a day with the day before."""
        return address

    def next_page(self, body: bytes, address: str) -> str | None:
        """Where the page after this one is read; None for the last. Pure. Raises DocumentRefusedError where it does not say."""
        raise NotImplementedError  # abstract: asked only where `is_paged`, and those spiders write their own

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the source's start documents."""
        for url in self.start_urls:
            if request := self.request(url, is_index=url in self.indexes):
                yield request

    def request(self, url: str, *, is_index: bool = False) -> Request | None:
        """A request for a document, with the validators of its last reading; None where it was asked for already."""
        document = self.document_url(url)
        if document in self.asked:
            return None
        self.asked[document] = len(self.asked)
        known = self.known.get(document)
        headers = {}
        if known and not (is_index or self.is_paged) and document == url:  # validators are an address's own
            headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return self._request(url, {"document_url": document, "address": url, "is_index": is_index}, headers)

    def _request(self, url: str, meta: dict[str, Any], headers: Mapping[str, str]) -> Request:
        headers = {name: value for name, value in headers.items() if value}
        if self._key:  # Scrapy takes it off a redirect to another host
            headers["Authorization"] = f"Bearer {self._key}"
        return Request(url, headers=headers, callback=self.parse, errback=self.read_failed, meta=meta, dont_filter=True)

    def collect(self, reading: Reading) -> None:
        """Keep a reading for the source's result."""
        self.readings.append(reading)
        if self.progress is not None:
            self.progress(self.source.id, len(self.readings), len(self.asked))

    def parse(self, response: Response, **_: Any) -> Iterator[Reading | Request]:
        """Say how the document was read; of an index, ask for the documents that it names, of a page for the one after it."""
        request = response.request
        assert request is not None
        url = request.meta["document_url"]
        if self._key and self._key.lower().encode() in response.body.lower():  # nothing of it is kept, not even its hash
            yield self._reading(request, "failed", response, error=Reason("key_repeated"))
            return
        try:
            following, body = self._whole(request, response.body)
        except ValueError as refused:
            yield self._reading(request, "failed", response, error=str(refused))
            return
        if following is not None:
            yield following
            return
        digest = hashlib.sha256(body).hexdigest()
        known = self.known.get(url)
        unchanged = known is not None and known.sha256 == digest
        document, error = None, ""
        if not unchanged or response.meta["is_index"]:
            document, error = self._understand(body, request.meta["address"])
        status = "unchanged" if unchanged else "failed" if document is None else "ok"
        is_kept = response.meta["is_index"] or not unchanged  # what an index names is wanted all the same
        kept = self._named(document, url) if document is not None and is_kept else None
        yield self._reading(request, status, response, sha256=digest, document=kept, error=error)
        if status == "failed":
            yield from self._instead(url, copies_only=True)
        for link in (document.links or ()) if document and response.meta["is_index"] else ():
            if request := self.request(link):
                yield request

    def _instead(self, document: str, *, copies_only: bool = False) -> Iterator[Request]:
        """Ask for what stands in for a document."""
        for url in self.stand_ins.get(document, ()):
            if (is_copy(url) or not copies_only) and (request := self.request(url, is_index=url in self.indexes)):
                yield request

    def _whole(self, request: Request, body: bytes) -> tuple[Request | None, bytes]:
        """The request for the page that follows, if one does; and the whole document: of one in pages all as one JSON list.

        Raises ValueError for what may not be read on.
        """
        if not self.is_paged:
            return None, body
        pages = (*request.meta.get("pages", ()), body)
        following = self.next_page(body, request.meta.get("page", request.meta["address"]))
        if following is None:
            return None, b"[" + b",".join(pages) + b"]"
        if len(pages) >= MAX_PAGES or sum(map(len, pages)) > MAX_PAGES_BYTES:
            raise DocumentRefusedError(f"a document of more than {MAX_PAGES} pages, or {MAX_PAGES_BYTES} bytes")
        kept = {name: request.meta[name] for name in ("document_url", "address", "is_index")}
        return self._request(following, {**kept, "pages": pages, "page": following}, {}), body

    def _named(self, document: DocumentSeen, url: str) -> DocumentSeen:
        links = None if document.links is None else tuple(map(self.document_url, document.links))
        return replace(document, url=url, links=links)

    def _understand(self, body: bytes, url: str) -> tuple[DocumentSeen | None, str]:
        try:
            return self.parse_document(body, url), ""
        except ValueError as error:
            return None, str(error) or type(error).__name__
        except Exception as error:
            logger.exception("%s: the spider failed on %s", self.name, url)
            return None, f"the spider failed: {type(error).__name__}: {error}"

    def without_key(self, text: str) -> str:
        """The text without the source's key, however its letters are written: a host's name loses its capitals."""
        return re.sub(re.escape(self._key), "***", text, flags=re.IGNORECASE) if self._key else text

    def _reading(
        self, request: Request, status: str, response: Response | None = None, *, error: str = "", **rest: Any
    ) -> Reading:
        def header(name: str) -> str:
            value = response.headers.get(name) if response is not None else None
            return clean_text(self.without_key(value.decode("latin-1")), 200) if value else ""

        url, address = request.meta["document_url"], request.meta["address"]
        return Reading(
            url=url,
            address="" if address == url else address,
            status=status,
            etag=header("ETag"),
            last_modified=header("Last-Modified"),
            bytes=len(response.body) if response is not None else 0,
            is_index=request.meta["is_index"],
            position=self.asked[url],
            error=error if isinstance(error, Reason) else clean_text(self.without_key(error), MAX_REASON_CHARACTERS),
            **rest,
        )

    def read_failed(self, failure: Failure) -> Iterator[Reading | Request]:
        """Say why a document was not read: unchanged and gone are answers, everything else is a failure.

        For a document that is gone its stand-ins are asked, for one that refuses its copies.
        """
        request: Request = failure.request  # type: ignore[attr-defined]  # scrapy sets it on the failure
        error = failure.value
        if isinstance(error, HttpError):
            response: Response = error.response
            known = self.known.get(request.meta["document_url"])
            if response.status == 304:
                yield self._reading(request, "unchanged", response, sha256=known.sha256 if known else "")
            elif response.status in (404, 410) and "pages" not in request.meta:
                yield self._reading(request, "gone", response, error=f"HTTP {response.status}")
                yield from self._instead(request.meta["document_url"])
            else:
                said = f"HTTP {response.status}{_wait_asked_for(response)}"
                if self._key and response.status in (401, 403):
                    said = Reason("key_not_right", status=response.status, variable=self.source.key_variable)
                yield self._reading(request, "failed", response, error=said)
                yield from self._instead(request.meta["document_url"], copies_only=True)
            return
        reason = error.args[0] if isinstance(error, IgnoreRequest) and error.args else f"{type(error).__name__}: {error}"
        yield self._reading(request, "failed", error=reason or type(error).__name__)


def _wait_asked_for(response: Response) -> str:
    value = response.headers.get("Retry-After")
    return f" (Retry-After: {clean_text(value.decode('latin-1'), 60)})" if value else ""
