"""`/api/v1/bulk/`: the whole catalogue and every price in files that were made when the last crawl settled."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from aimstats.api.lists import JSON
from aimstats.api.refusals import register_refusals
from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.engine.query import parse
from aimstats.extensions import current_database
from aimstats.extensions.answers import sent_as_kept
from aimstats.extensions.negotiation import GZIP_WINDOW, IDENTITY, accepted_encoding
from aimstats.store.bulk import bytes_of, find, parts_of

taking: Final = Blueprint("api_bulk", __name__, url_prefix="/api/v1/bulk")
register_refusals(taking)

PARQUET: Final = "application/vnd.apache.parquet"
FILES: Final = {"catalog.json": JSON, "catalog.parquet": PARQUET, "prices.parquet": PARQUET}
PATHS: Final = {f"/api/v1/bulk/{name}": media_type for name, media_type in FILES.items()}
COMPRESSED: Final = ("zstd", "gzip")
UNPACKED_BYTES: Final = 2**20


@taking.get("/<name>")
def file_of(name: str) -> Response:
    """The file as it was made, in an encoding that it is kept in; unpacked on the way for who takes neither."""
    parse(OFFERS, request.args.lists(), now=datetime.now(UTC), only=())
    if name not in FILES:
        raise NotFound(f"There is no file {name!r}; there are {', '.join(FILES)}.")
    engine = current_database().engine
    with engine.connect() as connection:
        kept = find(connection, name)
    if kept is None:
        raise NotFound(f"{name} was not made yet: it is when a crawl has settled.")
    encoding = IDENTITY
    if IDENTITY not in kept.sizes:
        encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""), COMPRESSED)

    def read(start: int, stop: int) -> Iterator[bytes]:
        if encoding not in kept.sizes:
            return unpacked(parts_of(engine, kept.digest, "gzip"))
        return bytes_of(engine, kept.digest, encoding, start, stop)

    return sent_as_kept(
        f"{kept.digest}-{encoding}",
        read,
        encoding,
        media_type=FILES[name],
        file_name=name,
        length=kept.sizes.get(encoding),
    )


def unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """What gzip's parts hold, a MiB at a time."""
    stream = zlib.decompressobj(GZIP_WINDOW)
    for part in parts:
        while part:
            yield stream.decompress(part, UNPACKED_BYTES)
            part = stream.unconsumed_tail
    yield stream.flush()
