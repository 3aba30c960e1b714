"""How fast names resolve and candidates are found, on names made from a file of identity rows."""

import csv
import sys
import time
from pathlib import Path

from aimstats.identity import CandidateIndex, Name, resolve
from aimstats.identity.reading import read
from aimstats.identity.resolver import forget


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def bench_identity(path: Path, wanted: int = 10_000) -> dict[str, float]:
    """Seconds for `wanted` different names (cold caches), and for 1,000 unknown names against 10,000 aliases.

    `path` is a CSV with the columns source, host_provider, external_id and name (a gold file will do).
    """
    rows = _rows(path)
    names = []
    for number in range(wanted):
        row = rows[number % len(rows)]
        suffix = f"-x{number // len(rows)}" if number >= len(rows) else ""
        identifier = row["external_id"] + suffix if row["external_id"] else ""
        shown = row["name"] + suffix if row["name"] else ""
        names.append(Name(source=row["source"], provider=row["host_provider"], external_id=identifier, name=shown))
    forget()
    started = time.perf_counter()
    found = [resolve(name) for name in names]
    resolving = time.perf_counter() - started
    known = [(name.external_id or name.name, result.model or "none") for name, result in zip(names, found, strict=True)]
    started = time.perf_counter()
    index = CandidateIndex(known)
    building = time.perf_counter() - started
    unknown = [f"{(name.name or name.external_id)[::2]}-{number}" for number, name in enumerate(names[:1000])]
    started = time.perf_counter()
    for text in unknown:
        index.search(text)
    searching = time.perf_counter() - started
    return {
        "names": float(wanted),
        "resolve_s": resolving,
        "build_s": building,
        "search_1000_s": searching,
        "read_cache": float(read.cache_info().currsize),
    }


if __name__ == "__main__":
    for key, value in bench_identity(Path(sys.argv[1])).items():
        print(f"{key:16}{value:10.3f}")
