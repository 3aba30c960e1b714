"""The replay says what became of every edition: what was published, what was held, and what its source took back."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from scrapy_project.sources import spider_classes
from tools.timelapse.editions import EditionsError, editions
from tools.timelapse.outcome import taken_back
from tools.timelapse.replay import replay
from tools.timelapse.report import as_json, gather, held_lines, report

CURRENT, HISTORY = spider_classes()["llm_prices"].start_urls


def write_edition(folder: Path, day: str, **documents: object) -> None:
    """An edition of the documents `current` and `history`; None for one that is gone, text for one that is no list of prices."""
    (folder / day).mkdir(parents=True)
    rows = []
    for name, body in documents.items():
        url = CURRENT if name == "current" else HISTORY
        rows.append({"url": url, "file": f"{name}.json"} | ({"gone": True} if body is None else {}))
        text = body if isinstance(body, str) else json.dumps({"updated_at": day, "prices": body})
        (folder / day / f"{name}.json").write_text(text, encoding="utf-8")
    (folder / day / "MANIFEST.json").write_text(json.dumps(rows), encoding="utf-8")


def row(**more: object) -> dict[str, object]:
    return {"id": "roadrunner", "vendor": "acme", "name": "Roadrunner", "input": 3, "output": 15, "input_cached": None} | more


def replayed(database: URL, *folders: Path, wanted: tuple[date, ...] = ()) -> tuple[dict[str, Any], str]:
    engine = create_engine(database, poolclass=NullPool)
    done = replay(engine, editions(folders, wanted), [spider_classes()["llm_prices"]])
    with engine.connect() as connection:
        gathered = gather(connection, done)
    engine.dispose()
    return as_json(gathered), "\n".join((report(gathered), *held_lines(gathered)))


def test_every_document_has_a_row_and_every_held_figure_an_end(tmp_path: Path, database_url: URL) -> None:
    write_edition(tmp_path, "2026-01-01", current=[row()])
    write_edition(tmp_path, "2026-02-01", current=[row(input=90_000)])
    write_edition(tmp_path, "2026-02-11", current="<html>Just a moment...</html>")
    write_edition(tmp_path, "2026-03-01", current=[row(input=2)])
    said, text = replayed(database_url, tmp_path)
    (current,) = said["documents"]
    # From the page that was no list to the next edition it stood still, 18 days.
    assert (current["editions"], current["published"], current["failed"], current["still"]) == (4, 3, 3, 18)
    ((day, why),) = current["why"]
    assert day.startswith("2026-02-11")
    assert f"{why}\n" in text
    held = next(figure for figure in said["held"] if figure["stated"] == "90000 per 1M tokens")
    assert (held["fate"], held["standing"], held["since"][:10]) == ("taken back", "$3", "2026-02-01")
    assert (held["later"], held["later_at"][:10]) == ("$2", "2026-03-01")
    assert said["checks"][held["check"]]["taken back"] == 1
    assert said["taken_back"] == []
    assert said["opened"] == 3
    assert "90000 per 1M tokens instead of $3: taken back on 2026-03-01, then $2" in text


def test_a_source_none_of_whose_documents_is_there_did_not_fail(tmp_path: Path, database_url: URL) -> None:
    cls = spider_classes()["openrouter_endpoints"]
    folder = tmp_path / "2026-01-01"
    folder.mkdir()
    (folder / "models.json").write_text(json.dumps({"data": [{"id": "acme/roadrunner"}]}), encoding="utf-8")
    manifest = [{"url": cls.start_urls[0], "file": "models.json"}]
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    engine = create_engine(database_url, poolclass=NullPool)
    done = replay(engine, editions([tmp_path]), [cls])
    engine.dispose()
    assert {report.status for _, report in done.reports} == {"absent"}
    assert done.documents == {}


_LEDGER = """
insert into source (id, body) values ('acme', '{}');
insert into run (source, observed_at, started_at, status, stats, software)
    values ('acme', '2026-01-01', '2026-01-01', 'published', '{}', '');
insert into document (source, url) values ('acme', 'https://acme.example');
insert into listing (source, provider, external_id) values ('acme', 'acme', 'roadrunner');
insert into claim (listing_id, document_id, kind, key, value, usd, observed_from, observed_to, opened_by, closed_by, closed_as)
select l.id, d.id, 'price', key, '{}', usd::numeric, s::timestamptz, e::timestamptz, r.id,
       case when e is not null then r.id end, case when e is not null then 'corrected' end
from listing l, document d, run r, (values
    ('input|standard', '200', '2026-01-01', '2026-02-01'), ('input|standard', '2.5', '2026-02-01', null),
    ('output|standard', '199', '2026-01-01', '2026-02-01'), ('output|standard', '2.5', '2026-02-01', null),
    ('cache_read|standard', '0.001', '2026-01-01', '2026-02-01'), ('cache_read|standard', '0.08', '2026-02-01', null)
) as stated (key, usd, s, e)
"""


def test_what_was_published_and_taken_back_by_eighty_times_is_told(db: Connection) -> None:
    for statement in _LEDGER.split(";"):
        db.exec_driver_sql(statement)
    assert [(row.key, row.usd, row.then_usd) for row in taken_back(db)] == [
        ("cache_read|standard", Decimal("0.001"), Decimal("0.08")),
        ("input|standard", Decimal(200), Decimal("2.5")),
    ]


def test_editions_of_several_folders_are_laid_over_one_another(tmp_path: Path) -> None:
    write_edition(tmp_path / "one", "2026-01-01", current=[row()], history=[row()])
    write_edition(tmp_path / "two", "2026-02-01", history=None)
    write_edition(tmp_path / "one", "2026-03-01", current=[row(input=2)])
    first, second, third = editions([tmp_path / "one", tmp_path / "two"])
    assert [set(world.documents) for world in (first, second, third)] == [{CURRENT, HISTORY}, {CURRENT}, {CURRENT}]
    assert [set(world.changed) for world in (second, third)] == [{HISTORY}, {CURRENT}]
    assert first.noon == datetime(2026, 1, 1, 12, tzinfo=UTC)
    (only,) = editions([tmp_path / "one", tmp_path / "two"], [date(2026, 3, 1)])
    assert [set(only.documents), set(only.changed)] == [{CURRENT}, {CURRENT, HISTORY}]
    with pytest.raises(EditionsError, match="no edition of 2026-04-01; there are: 2026-01-01"):
        list(editions([tmp_path / "one"], [date(2026, 4, 1)]))
    with pytest.raises(EditionsError, match="no edition"):
        list(editions([tmp_path]))
