"""What must hold of a source after a crawl with a fault in its documents."""

from typing import Any

from scrapy_project.sources import spider_classes
from tests.faults.crawls import Crawled
from tests.faults.laboratory import Laboratory


def judge(laboratory: Laboratory, fault: str, source: str) -> None:
    """What stands of the source is what stood, and its run says why (a text that was cut may have lost nothing that is read)."""
    outcome = laboratory.under(fault)
    assert source in outcome.injected
    before, after = laboratory.before, outcome.crawled
    assert _stated(after, source) == _stated(before, source), after.said
    if fault.startswith("truncated") and after.runs[source].status in ("published", "unchanged"):
        return
    if after.runs[source].status == "unchanged" and spider_classes()[source].stand_ins:
        return  # only its copy had the fault, or another address that says the same was read instead
    run, held = after.runs[source], after.held.get(source, [])
    failed = run.status == "failed" or run.stats["documents"].get("failed")
    assert failed or held, after.said
    reasons = [reason for _, reason in held] + list(run.stats.get("errors", []))
    assert all(len(reason) > 20 for reason in reasons)
    assert after.status == 1 or not failed, after.said


def _stated(crawled: Crawled, source: str) -> set[Any]:
    """The claims in force, whichever rows of one listing state them: those that differed by a price that is held may be two."""
    return {(*claim[:6], *claim[7:]) for claim in crawled.claims.get(source, ())}
