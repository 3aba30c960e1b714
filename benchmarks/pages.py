"""`python -m benchmarks.pages`: what one page costs the processor and weighs, in this process.

It is asked of the database that DATA_DIR or DATABASE_URL names. No network and no server are in it. Of several rounds the least
counts: what else the machine does only adds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
from backports import zstd
from isal import isal_zlib
from parsel import Selector
from werkzeug.test import EnvironBuilder

from aimstats.config import load_config
from aimstats.factory import create_app
from benchmarks.serving import FACETED, never_seen, searches

ROUNDS: Final = 12
PAGES: Final = 60
"""Of a round; so many addresses are asked before the first, whose rows are not drawn yet."""
WARM: Final = 400
ENCODINGS: Final = ("gzip", "br", "zstd")

Ask = Callable[[str, str], bytes]


def asking() -> Ask:
    """A function that answers an address in an encoding. Raises RuntimeError where that is no page."""
    app = create_app(replace(load_config(), rate_limit=""))

    def ask(address: str, encoding: str) -> bytes:
        said: list[str] = []
        environ = EnvironBuilder(path=address, headers=[("Accept-Encoding", encoding)]).get_environ()
        started = time.process_time()
        parts = app.wsgi_app(environ, lambda status, headers, *rest: said.append(status))  # type: ignore[arg-type]
        body = b"".join(parts)
        spent[0] += time.process_time() - started
        if not said[0].startswith("200"):
            raise RuntimeError(f"{address}: {said[0]}")
        return body

    return ask


spent = [0.0]
"""The processor seconds of all answers so far."""


def least_ms(ask: Ask, addresses: Iterator[str], encoding: str) -> float:
    """The processor time of one answer, in milliseconds: the least of all rounds."""
    rounds = []
    for _ in range(ROUNDS):
        spent[0] = 0.0
        for address in islice(addresses, PAGES):
            ask(address, encoding)
        rounds.append(spent[0] / PAGES * 1_000)
    return min(rounds)


def levels(body: bytes) -> Iterator[tuple[str, int, int, float]]:
    """Bytes and milliseconds of a body at each level that could be chosen."""
    squeeze: dict[str, tuple[Sequence[int], Callable[[bytes, int], bytes]]] = {
        "gzip": ((0, 1, 2, 3), lambda data, level: isal_zlib.compress(data, level, 31)),
        "br": ((1, 2, 3, 4, 5), lambda data, level: bytes(brotli.compress(data, quality=level))),
        "zstd": ((1, 2, 3, 4, 5, 6), lambda data, level: zstd.compress(data, level)),
    }
    for name, (choices, compress) in squeeze.items():
        for level in choices:
            times = []
            for _ in range(30):
                started = time.process_time()
                small = compress(body, level)
                times.append(time.process_time() - started)
            yield name, level, len(small), min(times) * 1_000


def main() -> int:
    """Print the figures."""
    ask = asking()
    kinds = {"three filters": never_seen(FACETED, 1), "a search and a filter": searches(FACETED, 1)}
    for addresses in kinds.values():
        for address in islice(addresses, WARM):
            ask(address, "identity")
    for kind, addresses in kinds.items():
        told = ", ".join(f"{encoding} {least_ms(ask, addresses, encoding):.2f} ms" for encoding in ENCODINGS)
        print(f"a page never seen, {kind}: {told}")
    seen = least_ms(ask, iter([next(kinds["three filters"])] * (ROUNDS * PAGES)), "gzip")
    print(f"a page seen: {seen:.4f} ms")
    body = ask(FACETED, "identity")
    print(f"{FACETED}: {len(body):,} bytes, {len(Selector(body.decode()).xpath('//*')):,} tags")
    for name, level, size, spent_ms in levels(body):
        print(f"  {name} {level}: {size:,} bytes, {spent_ms:.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
