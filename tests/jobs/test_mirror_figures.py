"""Every figure that is served of 300 random records equals the document's, which this test reads by itself."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from tests.jobs.jobs_run import THREE, URLS, jobs_on, table_of

MILLION = Decimal(1_000_000)
METERS = {"input": "input", "output": "output", "cache_read": "cache_read", "cache_write": "cache_write"}
PER_TOKEN = {
    "litellm": {
        "input": "input_cost_per_token",
        "output": "output_cost_per_token",
        "cache_read": "cache_read_input_token_cost",
        "cache_write": "cache_creation_input_token_cost",
    },
    "openrouter": {
        "input": "prompt",
        "output": "completion",
        "cache_read": "input_cache_read",
        "cache_write": "input_cache_write",
    },
}
HELD_ABOVE = Decimal(2_000)
Figures = dict[str, Decimal]


def figure(stated: object, factor: Decimal) -> Decimal:
    """The stated number times the factor at twelve digits."""
    return Context(prec=12).multiply(Decimal(str(stated)), factor)


def records(source: str, data: Any) -> Iterator[tuple[str, str, Figures]]:
    """(provider, id, figures in dollars per million tokens) of every record of a document."""
    if source == "models_dev":
        for provider, about in data.items():
            for id_, record in about["models"].items() if provider != "scaleway" else ():  # euros
                cost = record.get("cost", {})
                yield provider, id_, {meter: figure(cost[meter], Decimal(1)) for meter in METERS if meter in cost}
        return
    rows = data["data"] if source == "openrouter" else [record | {"id": id_} for id_, record in data.items()]
    for record in rows:
        stated = record["pricing"] if source == "openrouter" else record
        names = PER_TOKEN[source].items()
        if "input_cost_per_token_cache_hit" in record:
            stated = {"cache_read_input_token_cost": record["input_cost_per_token_cache_hit"]} | record
        figures = {meter: figure(stated[name], MILLION) for meter, name in names if stated.get(name) is not None}
        provider = "openrouter" if source == "openrouter" else record.get("litellm_provider", "")
        if provider == "ovhcloud":  # euros
            continue
        yield provider, record["id"], {meter: usd for meter, usd in figures.items() if usd >= 0}


@pytest.mark.long
def test_every_served_figure_of_300_random_records_equals_the_documents(shared: Path, database_url: URL) -> None:
    manifest = json.loads((shared / "mirror" / "MANIFEST.json").read_text(encoding="utf-8"))
    files = {entry["url"]: shared / "mirror" / entry["file"] for entry in manifest}
    with jobs_on(database_url, shared / "mirror") as jobs:
        first, second = jobs.run(*THREE), jobs.run(*THREE)
        evidence = [(row, offer) for (rows, offer) in jobs.rows("select evidence, id from resolved_offer") for row in rows]
    assert first.returncode in (0, 1), first.stderr
    assert {cells[name] for cells in table_of(second.stderr).values() for name in ("opened", "models", "offers")} == {"0"}
    served = {(row["source"], row["provider"], row["external_id"]): row["cost"] for row, _ in evidence}
    dice = random.Random(300)
    for source in THREE:
        data = json.loads(files[URLS[source]].read_text(encoding="utf-8"), parse_float=Decimal)
        known = [row for row in records(source, data) if (source, row[0], row[1]) in served]
        assert len(known) > 0.85 * len(list(records(source, data)))
        for provider, id_, figures in dice.sample(known, 100):
            shown = served[source, provider, id_]
            for meter, usd in figures.items():
                if usd > HELD_ABOVE:
                    assert meter not in shown, f"{source} {provider}/{id_}: {meter} is held"
                elif meter in shown:
                    assert Decimal(shown[meter]) == usd, f"{source} {provider}/{id_}: {meter}"
            assert set(shown) & set(METERS) <= set(figures), f"{source} {provider}/{id_}: {shown} is not {figures}"
