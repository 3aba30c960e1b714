"""METR's time horizons: how long a task, measured by the time of an expert, a model finishes half of the time."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from scrapy_project.base import Record, SourceSpider, Tally
from scrapy_project.base.scores import Board
from scrapy_project.base.shared_benchmarks import METR_TIME_HORIZON
from scrapy_project.formats.tables import text_of
from scrapy_project.formats.yaml_data import yaml_data

METRICS = {"p50_horizon_length": ("", "minutes"), "p80_horizon_length": ("p80", "minutes")}
PAGE: Final = "https://metr.org/time-horizons/"
KNOWN: Final = tuple(f"https://metr.org/assets/benchmark_results_{edition}.yaml" for edition in ("1_1", "1_0"))
"""The editions of which documents were seen: read as long as they are there, as the page may link to its newest alone."""
_FILE = re.compile(r"""(?<=["'(=\s])[\w./:-]{0,200}\bbenchmark_results_\w{1,40}\.ya?ml(?![\w/])""")
_ABOUT = re.compile(r"time[ -]horizon", re.IGNORECASE)
_EDITION = re.compile(r"METR-Horizon-v(\d+\.\d+)\Z")


class MetrSpider(SourceSpider):
    """Reads the page for the files that it links to, one YAML file an edition; each model with its interval of 95 %.

    Others report that the page links to its data as `/assets/benchmark_results_1_1.yaml`; the page itself was not at hand. So
    one that names no such file is counted, and the known files are read.
    """

    source = Source(
        id="metr",
        name="METR time horizons",
        kind="benchmark",
        url=PAGE,
        license=None,
        terms_url=PAGE,
        attribution="METR",
        bulk=False,
        hosts=("metr.org",),
    )
    start_urls = (PAGE,)
    indexes = start_urls
    stand_ins = {PAGE: KNOWN}  # noqa: RUF012  # the base class says ClassVar

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a file that names no edition or has no result with a horizon."""
        if url == PAGE:
            return _page(text_of(body, "METR's page"))
        data = yaml_data(body, "METR results")
        results = data.get("results") if isinstance(data, dict) else None
        edition = _EDITION.match(str(data.get("benchmark_name"))) if isinstance(data, dict) else None
        if not isinstance(results, dict) or edition is None:
            raise DocumentRefusedError("METR results: `benchmark_name: METR-Horizon-v...` and `results` are expected")
        tally = Tally()
        board = Board("metr", tally)
        for name, value in results.items():
            if isinstance(value, dict) and isinstance(name, str):
                _take(name, Record({str(key): part for key, part in value.items()}, "result", tally), edition[1], board)
            else:
                tally.skip("entry that is no result")
        if not board.listings():
            raise DocumentRefusedError("METR results: no result states `p50_horizon_length`; was the key renamed?")
        return DocumentSeen(
            url=url,
            listings=board.listings(),
            benchmarks=(METR_TIME_HORIZON,),
            unknown=tally.unknown,
            skipped=tally.skipped,
            rows=len(results),
        )


def _page(text: str) -> DocumentSeen:
    named = (urljoin(PAGE, address) for address in _FILE.findall(text))
    files = [address for address in dict.fromkeys(named) if address.startswith("https://metr.org/")]
    tally = Tally()
    if not files:
        if not _ABOUT.search(text):
            raise DocumentRefusedError("METR's page is not the one about time horizons and names no file of results")
        tally.count_unknown("page: no link to a file of results")
    return DocumentSeen(url=PAGE, links=tuple(dict.fromkeys([*files, *KNOWN])), rows=len(files), unknown=tally.unknown)


def _take(name: str, record: Record, edition: str, board: Board) -> None:
    metrics = record.record("metrics")
    harness = {"harness": "inspect"} if name.endswith("_inspect") else {}
    scores = []
    for key, (metric, unit) in METRICS.items():
        part = metrics.record(key) if metrics else None
        value = part.amount("estimate") if part else None
        if part is None or value is None:
            continue
        low, high = part.amount("ci_low"), part.amount("ci_high")
        part.close()
        scores.append(
            Score(
                benchmark=METR_TIME_HORIZON.id,
                edition=edition,
                metric=metric,
                settings=harness,
                measured_by="metr",
                value=value,
                unit=unit,
                ci_low=low,
                ci_high=high,
                self_reported=False,
            )
        )
    average = metrics.record("average_score") if metrics else None
    if metrics and average and (share := average.amount("estimate")) is not None:
        scores.append(
            Score(
                benchmark=METR_TIME_HORIZON.id,
                edition=edition,
                metric="average_score",
                settings=harness,
                measured_by="metr",
                value=share,
                unit="share",
                self_reported=False,
            )
        )
    if metrics:
        metrics.ignore("is_sota")
        metrics.close()
    facts = {"release_date": record.date("release_date")}
    record.ignore("benchmark_name", "scaffolds")
    record.close()
    if any(score.metric == "" for score in scores):
        board.add(name, *scores, facts=record.facts(facts))
    else:
        board.tally.skip("result without a horizon")
