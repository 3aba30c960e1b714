"""The snapshot: facts of open sources only, with their history; a second import writes nothing."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Row, create_engine, text
from sqlalchemy.engine import URL

from aimstats.catalogue.sources import read_sources
from aimstats.domain.items import DocumentSeen, Lifecycle, ListingSeen, Source
from aimstats.domain.prices import price
from aimstats.domain.readings import Reading, SourceResult
from aimstats.ingest.publish import publish
from aimstats.ingest.resolved import write_resolved
from aimstats.ingest.runs import Clock
from aimstats.ingest.snapshot import BUNDLED, SnapshotError, export, import_
from tests.ingest.worlds import FIRST, SECOND, World, day, seen, usd

DAY = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPEN = Source(
    id="models_dev", name="Open list", kind="catalogue", url="https://example.com/open", license="MIT", bundle=True, priority=10
)
CLOSED = replace(OPEN, id="openrouter", name="Closed list", license=None, bundle=False, priority=20)


def listing(external_id: str, dollars: str, provider: str = "anthropic") -> ListingSeen:
    return ListingSeen(
        provider=provider,
        external_id=external_id,
        name="Claude Sonnet 4.5",
        facts={"limit.context": 200_000},
        prices=(price("input", Decimal(dollars)), price("output", Decimal(dollars) * 5)),
    )


def publish_on(connection: Connection, source: Source, day: datetime, *listings: ListingSeen) -> None:
    document = DocumentSeen(url=source.url, date=day, listings=listings)
    sha256 = json.dumps([str(row) for row in listings])
    reading = Reading(url=source.url, status="ok", sha256=sha256, document=document)
    result = SourceResult(source=source, finished=True, close_reason="finished", readings=(reading,))
    publish(connection, result, Clock(started_at=day, now=NOW, observed_at=day), "test")


@pytest.fixture
def engine(database_url: URL) -> Engine:
    return create_engine(database_url)


@pytest.fixture
def imported(filled: Connection, engine: Engine, tmp_path: Path) -> Iterator[Connection]:
    """A new catalogue with the snapshot of it."""
    export(filled, tmp_path / "s.gz")
    with engine.begin() as connection:
        import_(connection, tmp_path / "s.gz", NOW, "test")
        yield connection


@pytest.fixture
def filled(db: Connection) -> Connection:
    """A ledger of two runs of an open source (a price moved, a listing vanished) and one of a closed source."""
    publish_on(db, OPEN, DAY, listing("claude-sonnet-4-5", "4"), listing("claude-haiku-4-5", "1"))
    publish_on(db, OPEN, DAY + timedelta(days=2), listing("claude-sonnet-4-5", "3"))
    publish_on(db, CLOSED, DAY + timedelta(days=1), listing("anthropic/claude-sonnet-4.5", "3", "openrouter"))
    return db


def test_a_new_catalogue_knows_what_was_never_read_and_none_of_what_may_not_be_bundled(
    imported: Connection,
) -> None:
    assert imported.execute(text("select id from source order by id")).scalars().all() == ["models_dev", "openrouter"]
    assert imported.execute(text("select distinct source from listing")).scalars().all() == ["models_dev"]


def test_a_source_was_last_read_when_the_snapshot_says_so_not_when_it_was_imported(
    imported: Connection,
) -> None:
    table = read_sources(imported, NOW)
    row = json.loads(table.json[table.positions["models_dev"]] + b"}")
    assert (row["status"], row["last_run"], row["last_published"]) == ("stale", "2026-03-03T00:00:00Z", "2026-03-03T00:00:00Z")


CLAIMS = """
select l.source, l.provider, l.external_id, c.kind, c.key, c.value::text, c.usd::text, c.observed_from, c.observed_to, c.closed_as
from claim c join listing l on l.id = c.listing_id where l.source = 'models_dev' order by 1, 2, 3, 4, 5, c.observed_from
"""


def test_import_gives_the_same_claims_open_and_closed(filled: Connection, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "s.gz"
    export(filled, file)
    with engine.begin() as connection:
        import_(connection, file, NOW, "test")
        assert connection.execute(text(CLAIMS)).all() == filled.execute(text(CLAIMS)).all()
        closed = connection.execute(text("select closed_as, count(*) from claim where closed_as is not null group by 1")).all()
        assert {row[0] for row in closed} == {"corrected", "vanished"}


def test_import_knows_of_each_reading_which_date_its_document_had(filled: Connection, imported: Connection) -> None:
    readings = "from reading r join document d on d.id = r.document_id where d.source = 'models_dev' order by r.read_at"
    dates = f"select r.document_date {readings}"
    known = filled.execute(text(dates)).scalars().all()
    assert known == [DAY, DAY + timedelta(days=2)]
    assert imported.execute(text(dates)).scalars().all() == known


REPLAYED = {
    "documents": "select url, sha256, document_date, checked_at, gone_at, gone_runs, position from document order by source, url",
    "readings": """select d.url, r.status, r.sha256, r.read_at, r.document_date, n.observed_at
                   from reading r join document d on d.id = r.document_id join run n on n.id = r.run_id order by 1, 4""",
    "claims": """select l.source, l.provider, l.external_id, l.region, d.url, c.kind, c.key, c.value, c.usd, c.url, c.valid_from,
                 c.valid_to, c.observed_from, c.observed_to, c.closed_as, o.observed_at as opened, e.observed_at as closed
                 from claim c join listing l on l.id = c.listing_id join document d on d.id = c.document_id
                 join run o on o.id = c.opened_by left join run e on e.id = c.closed_by
                 order by 1, 2, 3, 4, 5, 6, 7, c.observed_from, c.valid_from""",
    "meanings": """select l.source, l.external_id, a.provider, a.host, a.region, a.billing, a.kind, a.model, a.snapshot,
                   a.variant, a.offer_variant, a.plan, a.method, a.steps, a.valid_from, a.valid_to, a.observed_from, a.observed_to
                   from assignment a join listing l on l.id = a.listing_id order by 1, 2, a.observed_from, a.valid_from""",
    "models": "select id, body, evidence from resolved_model order by id",
    "offers": "select id, body, evidence from resolved_offer order by id",
}


def test_an_import_is_equal_to_the_runs_that_it_tells_of(db: Connection, engine: Engine, tmp_path: Path) -> None:
    """A name that means another model, a step of the past, a document that is gone, what ended and came back."""
    world, other = World(db), replace(CLOSED, id="litellm", bundle=True, license="MIT")
    chat = [usd("input", "0.14"), usd("output", "0.28")]
    steps = [usd("input", "0.27", valid_to=day(5)), usd("input", "0.3", valid_from=day(5))]
    first = [seen("deepseek-chat", *chat, provider="deepseek", name="DeepSeek V3"), seen("o3", usd("input", "2"))]
    world.crawl(day(0), {FIRST: first, SECOND: [seen("gpt-4o", usd("input", "2.5"))]}, OPEN)
    world.crawl(day(1), {FIRST: first[:1], SECOND: "unchanged"}, OPEN)
    retired = Lifecycle(event="retired", at=day(30))
    mine = replace(seen("gpt-4o", usd("input", "2.5"), name="GPT-4o"), lifecycle=(retired,))
    world.crawl(day(2), {FIRST: [mine, seen("deepseek-chat", *steps, provider="deepseek")]}, other)
    renamed = seen("deepseek-chat", usd("input", "0.27"), provider="deepseek", name="DeepSeek V3.1")
    world.crawl(day(9), {FIRST: [renamed, first[1]], SECOND: "gone"}, OPEN)
    world.crawl(day(10), {FIRST: "unchanged", SECOND: "gone"}, OPEN)
    write_resolved(db, NOW, None)
    export(db, tmp_path / "s.gz")
    with engine.begin() as connection:
        done = import_(connection, tmp_path / "s.gz", NOW, "test")
        assert done.sources == {"litellm": "imported", "models_dev": "imported"}
        for what, statement in REPLAYED.items():
            told, replayed = (with_names(one, one.execute(text(statement)).all()) for one in (connection, db))
            assert told == replayed, what
            assert replayed, what
        assert {row.model for row in connection.execute(text("select model from assignment"))} >= {
            "deepseek/deepseek-v3", "deepseek/deepseek-v3.1",
        }  # fmt: skip


def with_names(connection: Connection, rows: Iterable[Row[Any]]) -> list[Any]:
    """The rows with addresses in the place of documents' numbers, which an import gives anew."""
    urls = {row.id: f"{row.source} {row.url}" for row in connection.execute(text("select id, source, url from document"))}

    def named(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: named(part, name) for name, part in value.items()}
        if isinstance(value, list):
            found = [named(part, key) for part in value]
            return sorted(found) if key == "documents" else found
        return urls[value] if key in ("document", "documents") and isinstance(value, int) else value

    return [[named(cell) for cell in row] for row in rows]


def test_what_only_confirmed_is_left_out_of_a_snapshot_of_chosen_days(db: Connection, engine: Engine, tmp_path: Path) -> None:
    world = World(db)
    world.crawl(day(0), [seen("o3", usd("input", "2"))], OPEN)
    for number in (1, 2, 3):
        world.crawl(day(number), {FIRST: "unchanged"}, OPEN)
    world.crawl(day(4), [seen("o3", usd("input", "1"))], OPEN)
    export(db, tmp_path / "s.gz", days=[day(0).date(), day(2).date()])
    with engine.begin() as connection:
        import_(connection, tmp_path / "s.gz", NOW, "test")
        runs = connection.execute(text("select observed_at from run order by 1")).scalars().all()
    assert runs == [day(0), day(2), day(4)]


def test_a_snapshot_of_the_first_format_is_still_read(filled: Connection, engine: Engine, tmp_path: Path) -> None:
    export(filled, tmp_path / "s.gz")
    head, source, *listings = map(json.loads, gzip.decompress((tmp_path / "s.gz").read_bytes()).splitlines())
    head["format"] = 1
    source["documents"] = [document[:4] for document in source["documents"]]
    for row in listings:
        row[-1] = [claim[:9] for claim in row[-1]]
    lines = "".join(json.dumps(line) + "\n" for line in (head, source, *listings))
    (tmp_path / "first.gz").write_bytes(gzip.compress(lines.encode()))
    with engine.begin() as connection:
        import_(connection, tmp_path / "first.gz", NOW, "test")
        assert connection.execute(text(CLAIMS)).all() == filled.execute(text(CLAIMS)).all()


def test_resolved_rows_after_an_import_are_those_of_the_open_source_alone(
    filled: Connection, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "s.gz"
    export(filled, file)
    with engine.begin() as connection:
        import_(connection, file, NOW, "test")
        body = connection.execute(text("select body from resolved_model")).scalar_one()
    assert body["id"] == "anthropic/claude-sonnet-4.5"
    assert body["cost"]["input"] == "3"
    assert body["agreement"]["sources"] == 1


def test_of_closed_sources_nothing_but_our_declaration_is_exported(filled: Connection, tmp_path: Path) -> None:
    file = tmp_path / "s.gz"
    assert list(export(filled, file)) == ["models_dev"]
    head, *lines = gzip.decompress(file.read_bytes()).splitlines()
    assert [row["id"] for row in json.loads(head)["declared"]] == ["models_dev", "openrouter"]
    assert not any(b"openrouter" in line for line in lines)


def test_exporting_twice_gives_the_same_bytes(filled: Connection, tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        export(filled, tmp_path / name)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_second_import_writes_nothing(filled: Connection, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "s.gz"
    export(filled, file)
    with engine.begin() as connection:
        import_(connection, file, NOW, "test")
    tables = ("run", "reading", "listing", "claim", "assignment", "resolved_model", "version")
    counts = " union all ".join(f"select '{table}', count(*), max(xmin::text::bigint) from {table}" for table in tables)
    with engine.begin() as connection:
        before = connection.execute(text(counts)).all()
        done = import_(connection, file, NOW, "test")
        assert done.sources == {"models_dev": "known"}
        assert connection.execute(text(counts)).all() == before


def test_a_source_that_was_read_later_is_refused(filled: Connection, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "s.gz"
    export(filled, file)
    with engine.begin() as connection:
        publish_on(connection, OPEN, DAY + timedelta(days=9), listing("claude-sonnet-4-5", "9"))
        done = import_(connection, file, NOW, "test")
        assert done.sources["models_dev"].startswith("refused")
        assert connection.execute(text("select count(*) from run")).scalar_one() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"not gzip", gzip.compress(b"[]"), gzip.compress(b'{"format": 99}\n')],
    ids=["empty", "not gzip", "no head", "another format"],
)
def test_what_is_no_snapshot_is_refused_in_one_line(content: bytes, db: Connection, tmp_path: Path) -> None:
    file = tmp_path / "s.gz"
    file.write_bytes(content)
    with pytest.raises(SnapshotError) as refused:
        import_(db, file, NOW, "test")
    assert "\n" not in str(refused.value)


STATING = """
select id, body->>'license', (body->>'bundle')::boolean from source
where id in (select source from document) or id in (select source from listing)
"""


def test_the_bundled_snapshot_is_small() -> None:
    assert BUNDLED.stat().st_size < 3_000_000


@pytest.mark.long
def test_the_bundled_snapshot_loads_on_the_current_schema(engine: Engine) -> None:
    with engine.begin() as connection:
        done = import_(connection, BUNDLED, datetime.now(UTC), "test")
        licences = connection.execute(text(STATING)).all()
        assert connection.execute(text("select count(*) from resolved_model")).scalar_one() > 1_000
    assert set(done.sources.values()) == {"imported"}
    assert licences
    assert all(licence and bundle for _, licence, bundle in licences)
