"""The bundled snapshot is made by one command: history of what may be bundled from editions, scores from one folder."""

import json
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from aimstats.domain.spans import start_of_date
from aimstats.ingest.snapshot import import_
from tests.spiders.expected import PAGES
from tools.timelapse.bundle import main

LITELLM = "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
LLM_PRICES = "https://www.llm-prices.com/current-v1.json"
REGISTRY = "https://raw.githubusercontent.com/stanford-crfm/helm/main/src/helm/config/model_metadata.yaml"
BOARD = "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/polyglot_leaderboard.yml"


def write_folder(folder: Path, *entries: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    (folder / "MANIFEST.json").write_text(json.dumps(entries), encoding="utf-8")


def write_edition(folder: Path, day: str, dollars: float) -> None:
    row = {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": dollars / 1e6, "max_input_tokens": 128_000}
    write_folder(folder / day, {"url": LITELLM, "file": "a.json"})
    (folder / day / "a.json").write_text(json.dumps({"gpt-4o": row}), encoding="utf-8")


def test_editions_give_history_and_one_folder_the_scores(tmp_path: Path, database_url: URL) -> None:
    write_edition(tmp_path / "editions", "2026-01-01", 5)
    write_edition(tmp_path / "editions", "2026-02-01", 2.5)
    write_folder(tmp_path / "more" / "2026-01-15", {"url": LLM_PRICES, "file": "b.json"})
    closed = {
        "updated_at": "2026-01-15",
        "prices": [{"id": "gpt-4o", "vendor": "openai", "name": "GPT-4o", "input": 5, "output": 15}],
    }
    (tmp_path / "more" / "2026-01-15" / "b.json").write_text(json.dumps(closed), encoding="utf-8")
    (board,), (registry,) = ((PAGES / source).glob("page.*") for source in ("aider", "helm"))
    entries = [
        {"url": BOARD, "file": "board", "commit_date": "2026-01-20T00:00:00+00:00"},
        {"url": REGISTRY, "file": "registry", "commit_date": "2026-01-21T00:00:00+00:00"},
    ]
    write_folder(tmp_path / "mirror", *entries)
    (tmp_path / "mirror" / "board").write_bytes(board.read_bytes())
    (tmp_path / "mirror" / "registry").write_bytes(registry.read_bytes())
    folders = [str(tmp_path / "editions"), str(tmp_path / "more")]
    assert main([*folders, "--scores", str(tmp_path / "mirror"), "--out", str(tmp_path / "s.gz")]) == 0
    now = start_of_date("2026-03-01")
    assert now is not None
    with create_engine(database_url).begin() as connection:
        done = import_(connection, tmp_path / "s.gz", now, "test")
        assert done.sources == {"aider": "imported", "helm": "imported", "litellm": "imported"}
        steps = connection.execute(
            text("select usd, observed_from::date::text, observed_to::date::text from claim where kind = 'price' order by id")
        )
        assert [tuple(row) for row in steps] == [(5, "2026-01-01", "2026-02-01"), (2.5, "2026-02-01", None)]
        runs = connection.execute(text("select source, observed_at::date::text from run order by 1, 2")).all()
        assert [tuple(run) for run in runs] == [
            ("aider", "2026-01-20"), ("helm", "2026-01-21"),
            ("litellm", "2026-01-01"), ("litellm", "2026-01-15"), ("litellm", "2026-02-01"),
        ]  # fmt: skip
        assert connection.execute(text("select count(*) from claim where kind = 'score'")).scalar_one() > 0
