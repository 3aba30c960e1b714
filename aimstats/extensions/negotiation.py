"""Which encoding a client takes, and bytes in it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
from backports import zstd
from isal import isal_zlib
from werkzeug.http import parse_accept_header

IDENTITY: Final = "identity"
PREFERRED: Final = ("zstd", "br", "gzip")
"""A client's own weights come first."""
ZSTD_LEVEL, BROTLI_QUALITY, GZIP_LEVEL = 3, 3, 2
"""Chosen by `benchmarks.pages`: what higher levels save costs more time than the page (docs/performance.md)."""
MIN_BYTES: Final = 256
"""Smaller bodies are not worth compressing."""
GZIP_WINDOW: Final = 31
MAX_HEADER_CHARACTERS: Final = 1_000
_OF_THREAD: Final = threading.local()


def accepted_encoding(header: str, offered: tuple[str, ...] = PREFERRED) -> str:
    """The encoding to answer in, out of those that are `offered`, best first, and identity, for an `Accept-Encoding` header.

    A client that accepts none of them (not even identity) gets identity: never a 406.

    >>> accepted_encoding("gzip, deflate, br;q=0.9"), accepted_encoding("gzip;q=0"), accepted_encoding("*")
    ('gzip', 'identity', 'zstd')
    """
    return _best(header[:MAX_HEADER_CHARACTERS], offered)


@lru_cache(maxsize=256)
def _best(header: str, offered: tuple[str, ...]) -> str:
    accepted = parse_accept_header(header)
    best = max(offered, key=accepted.quality)
    return best if accepted.quality(best) > 0 and accepted.quality(best) >= accepted.quality(IDENTITY) else IDENTITY


def encoded(body: bytes, encoding: str) -> bytes:
    """The body in an encoding."""
    if encoding == "zstd":
        return _zstd_of_thread().compress(body, zstd.ZstdCompressor.FLUSH_FRAME)
    if encoding == "br":
        compressed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return compressed
    if encoding == "gzip":
        return bytes(isal_zlib.compress(body, GZIP_LEVEL, GZIP_WINDOW))
    return body


def _zstd_of_thread() -> zstd.ZstdCompressor:
    """One for each thread: making its tables costs a third of the time of compressing a page."""
    made: zstd.ZstdCompressor | None = getattr(_OF_THREAD, "zstd", None)
    if made is None:
        made = _OF_THREAD.zstd = zstd.ZstdCompressor(level=ZSTD_LEVEL)
    return made


def _gzip() -> isal_zlib.Compress:
    return isal_zlib.compressobj(GZIP_LEVEL, isal_zlib.DEFLATED, GZIP_WINDOW)


def encoded_stream(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The parts in an encoding, as they come."""
    if encoding == IDENTITY:
        yield from parts
        return
    add, finish = _compressor(encoding)
    for part in parts:
        if compressed := add(part):
            yield compressed
    yield finish()


def _compressor(encoding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    if encoding == "zstd":
        stream = zstd.ZstdCompressor(level=ZSTD_LEVEL)
        return stream.compress, stream.flush
    if encoding == "br":
        brotli_stream = brotli.Compressor(quality=BROTLI_QUALITY)
        return brotli_stream.process, brotli_stream.finish
    gzip_stream = _gzip()
    return gzip_stream.compress, gzip_stream.flush
