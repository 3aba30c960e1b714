"""What pages and API answer under load, and what a worker holds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

from benchmarks.load import ACCEPTED, SECONDS, Load, Told, put
from benchmarks.processes import Server, serving

REPEATS: Final = 3
NEVER_SEEN: Final = 20_000
"""So many different questions, that none is asked twice in a measurement."""
FACETED: Final = "/"
WORDS: Final = ("gpt", "claude", "llama", "gemini", "mini", "flash", "qwen 3", "sonnet", "4o", "embed")
JSON_LIST: Final = "/api/v1/models"
SEEN_LIST: Final = f"{JSON_LIST}?limit=50&sort=-release_date"
COSTS: Final = "/api/v1/costs"
HOT: Final = "/?type=text&open_weights=true&min_context=100000&sort=cost.input"


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request: which addresses in turn, with which headers, and the status that it must have."""

    name: str
    paths: list[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: str = "200"


def never_seen(path: str, seed: int) -> Iterator[str]:
    """Addresses of three filters and a sort, each different, the same in every run."""
    chance = random.Random(seed)
    contexts = chance.sample(range(1_000, 1_000 + 4 * NEVER_SEEN), NEVER_SEEN)
    for context in contexts:
        asked = {
            "open_weights": chance.choice(("true", "false")),
            "min_context": context,
            "max_input_cost": chance.choice(("0.5", "1", "3", "10")),
            "sort": chance.choice(("cost.input", "-cost.output", "-release_date", "name")),
        }
        yield f"{path}?{urlencode(asked)}"


def searches(path: str, seed: int) -> Iterator[str]:
    """Addresses of a word and a filter, each different, the same in every run."""
    chance = random.Random(seed)
    for context in chance.sample(range(1_000, 1_000 + 4 * NEVER_SEEN), NEVER_SEEN):
        yield f"{path}?{urlencode({'q': chance.choice(WORDS), 'min_context': context})}"


def never_seen_costs(path: str, seed: int) -> Iterator[str]:
    """Addresses of workloads, each different, the same in every run: prompts of all tiers, with and without cache and batches."""
    chance = random.Random(seed)
    for prompt in chance.sample(range(200, 300_000), NEVER_SEEN):
        asked = {
            "input_tokens": prompt,
            "output_tokens": chance.randrange(50, 8_000),
            "cache_hit": chance.choice(("0", "0.5", "0.9")),
            "batch_share": chance.choice(("0", "0", "0.25")),
            "basis": chance.choice(("first_party", "cheapest")),
            "type": "text",
        }
        yield f"{path}?{urlencode(asked)}"


def cases(server: Server, repeat: int) -> list[Case]:
    """What is measured of a server, in this repeat."""
    etag = server.etag(HOT, {"Accept-Encoding": ACCEPTED})
    list_etag = server.etag(SEEN_LIST, {"Accept-Encoding": ACCEPTED})
    return [
        Case("page, three filters and facets, never seen", list(never_seen(FACETED, repeat))),
        Case("page, a search and a filter, never seen", list(searches(FACETED, repeat))),
        Case("JSON list, three filters, never seen", list(never_seen(JSON_LIST, repeat))),
        Case("costs of a workload with 50 receipts, never seen", list(never_seen_costs(COSTS, repeat))),
        Case("JSON list, seen", [SEEN_LIST]),
        Case("JSON list that the client has (304)", [SEEN_LIST], {"If-None-Match": list_etag}, "304"),
        Case("page, seen", [HOT]),
        Case("page that the client has (304)", [HOT], {"If-None-Match": etag}, "304"),
    ]


@dataclass(frozen=True, slots=True)
class Served:
    """All figures of the running server: each case's median repeat, and each worker's memory before and after."""

    first_page_s: float
    told: Mapping[str, Told]
    idle_mb: list[float]
    loaded_mb: list[float]


def served(settings: Mapping[str, str], work: Path, seconds: float = SECONDS) -> Served:
    """Start the server on a filled catalogue and measure it. Raises RuntimeError where an answer is not the one expected."""
    with serving({**settings, "RATE_LIMIT": ""}, work / "serving.txt"):
        pass  # The first start may migrate; what is measured is the second, as after a reboot.
    with serving({**settings, "RATE_LIMIT": ""}, work / "serving.txt") as server:
        _ask_every_worker(server)
        idle_mb = server.worker_mb()
        seen: dict[str, list[Told]] = {}
        for repeat in range(REPEATS):
            for case in cases(server, repeat):
                seen.setdefault(case.name, []).append(_measured(server, case, seconds))
        told = {name: _median(repeats) for name, repeats in seen.items()}
        loaded_mb = server.worker_mb()
    with serving({**settings, "RATE_LIMIT": "1000000000/minute"}, work / "counting.txt") as counting:
        case = Case("JSON list, seen, requests counted in PostgreSQL", [SEEN_LIST])
        told[case.name] = _median([_measured(counting, case, seconds) for _ in range(REPEATS)])
    return Served(server.first_page_s, told, idle_mb, loaded_mb)


def _ask_every_worker(server: Server) -> None:
    put(Load(port=server.port, paths=["/healthz", HOT], seconds=0.5))


def _measured(server: Server, case: Case, seconds: float) -> Told:
    told = put(Load(port=server.port, paths=case.paths, headers=case.headers, seconds=seconds))
    if set(told.statuses) != {case.status}:
        raise RuntimeError(f"{case.name}: answered {dict(told.statuses)}")
    return told


def _median(repeats: list[Told]) -> Told:
    middle = median(told.per_second for told in repeats)
    return next(told for told in repeats if told.per_second == middle)
