"""`python -m benchmarks.costs`: what one answer of `/api/v1/costs` about a workload never seen costs the processor.

As in `benchmarks.pages`: in this process, on the database that DATA_DIR or DATABASE_URL names, the least of several rounds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Final

from benchmarks.pages import WARM, asking, least_ms
from benchmarks.serving import COSTS, never_seen_costs

ENCODING: Final = "zstd"


def kinds() -> Iterator[tuple[str, Iterator[str]]]:
    """Each kind of question with its addresses: those of the load, and each basis and a row an offer apart."""
    yield "as in the load", never_seen_costs(COSTS, 1)
    for basis in ("first_party", "cheapest"):
        yield f"basis={basis}", (one for one in never_seen_costs(COSTS, 2) if f"basis={basis}" in one)
    yield "per=offer", (f"{one}&per=offer" for one in never_seen_costs(COSTS, 3))


def main() -> int:
    """Print the figures."""
    ask = asking()
    for kind, addresses in kinds():
        for address in islice(addresses, WARM):
            ask(address, ENCODING)
        print(f"costs, 50 rows, never seen, {kind}: {least_ms(ask, addresses, ENCODING):.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
