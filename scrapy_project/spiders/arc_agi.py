"""ARC Prize's leaderboard: puzzles that are easy for people, with the cost of a task."""

from __future__ import annotations

import re
from typing import Any

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Score, Source
from aimstats.domain.money import NumberRefusedError, json_of
from aimstats.domain.text import clean_text, clean_url
from scrapy_project.base import Record, SourceSpider, Tally
from scrapy_project.base.scores import Board, day, figure, percent, refuse_percentages
from scrapy_project.base.shared_benchmarks import ARC_AGI

SITE = "https://arcprize.org/media/data/"
EVALUATIONS = f"{SITE}leaderboard/evaluations.json"
SUBSETS = {"Semi_Private": "", "Public_Eval": "public", "Private_Eval": "private"}
"""The board ranks by the semi-private set."""
KINDS = {"Base LLM": "model", "CoT": "model", "CoT + Synthesis": "model"}
_DATASET = re.compile(r"v(\d)_(Semi_Private|Public_Eval|Private_Eval)\Z")


class ArcAgiSpider(SourceSpider):
    """Reads the models (an index: who made what, and what is no model), then the evaluations of all of them.

    People and programs for the contest are on the board too: they are of kind `other` and never a model. A data set's id says
    its version and part (`v2_Semi_Private`), and a provider's id is its name, so that their two documents add nothing.
    """

    source = Source(
        id="arc_agi",
        name="ARC Prize leaderboard",
        kind="benchmark",
        url="https://arcprize.org/leaderboard",
        license=None,
        terms_url="https://arcprize.org/terms",
        attribution="ARC Prize Foundation",
        bulk=False,
        hosts=("arcprize.org",),
    )
    start_urls = (f"{SITE}models.json",)
    indexes = start_urls

    models: dict[str, Record]

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """The models or the evaluations, told apart by their address; refuses either without its keys."""
        rows = _rows(body, "ARC Prize evaluations" if url == EVALUATIONS else "ARC Prize models")
        tally = Tally()
        if url == EVALUATIONS:
            return _evaluations(rows, url, getattr(self, "models", {}), tally)
        models = {str(row.get("id")): Record(row, "model", tally) for row in rows if isinstance(row.get("id"), str)}
        if not any("displayName" in model.left for model in models.values()):
            raise DocumentRefusedError("ARC Prize models: no record has `id` and `displayName`; was a key renamed?")
        self.models = models
        return DocumentSeen(url=url, links=(EVALUATIONS,), rows=len(rows))


def _rows(body: bytes, what: str) -> list[dict[str, Any]]:
    try:
        data = json_of(body)
    except (ValueError, NumberRefusedError) as error:
        raise DocumentRefusedError(f"{what}: not JSON: {clean_text(str(error), 200)}") from error
    if not isinstance(data, list) or not data or not all(isinstance(row, dict) for row in data):
        raise DocumentRefusedError(f"{what}: a list of objects is expected")
    return data


def _evaluations(rows: list[dict[str, Any]], url: str, models: dict[str, Record], tally: Tally) -> DocumentSeen:
    board = Board("arc_agi", tally)
    refuse_percentages((figure(row.get("score")) for row in rows), "ARC Prize evaluations")
    for row in rows:
        record = Record(row, "evaluation", tally)
        model_id = record.take("modelId")
        dataset = record.text("datasetId")
        share, cost = record.amount("score"), figure(record.take("costPerTask"))
        shown = record.flag("display")
        link = clean_url(record.text("resultsUrl"))
        record.close()
        match = _DATASET.match(dataset)
        if match is None or match[1] not in ARC_AGI:
            tally.count_unknown(f"data set {clean_text(dataset, 40)}")
            continue
        if share is None or share > 1:
            tally.skip("evaluation without a score" if share is None else "evaluation with a score above 1")
            continue
        value = percent(share)
        assert value is not None
        model = dict(models[model_id].left) if isinstance(model_id, str) and model_id in models else {}
        score = Score(
            benchmark=f"arc-agi-{match[1]}",
            subset=SUBSETS[match[2]],
            measured_by="arc_agi",
            value=value,
            unit="percent",
            cost_per_task_usd=cost if cost is None or cost >= 0 else None,
            self_reported=False,
            complete=shown is not False,
            url=link,
        )
        _add(board, model_id, model, score)
    if not board.listings():
        raise DocumentRefusedError("ARC Prize evaluations: none has `modelId`, `datasetId` and `score`; was a key renamed?")
    return DocumentSeen(
        url=url,
        listings=board.listings(),
        benchmarks=tuple(ARC_AGI.values()),
        unknown=tally.unknown,
        skipped=tally.skipped,
        rows=len(rows),
    )


def _add(board: Board, model_id: Any, model: dict[str, Any], score: Score) -> None:
    record = Record(model, "model", board.tally)
    kind = record.text("modelType")
    name, provider = record.text("displayName"), record.text("providerId")
    released = day(record.text("modelReleaseDate"))
    if kind and kind not in KINDS and kind != "Custom":
        board.tally.count_unknown(f"model.modelType: the word {kind!r}")
    is_model = kind in KINDS or not model
    facts = {"name": name if name != model_id else "", "release_date": released} if is_model else {"name": name}
    board.add(
        model_id,
        score,
        provider=provider,
        kind="model" if is_model else "other",
        facts=record.facts(facts),
        evidence={"model_type": kind},
    )
