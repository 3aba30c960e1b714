"""The files of the whole catalogue: made when a crawl settles, served as they are kept, read by pyarrow, DuckDB and Python."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from backports import zstd
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.config import load_config
from aimstats.factory import create_app
from aimstats.ingest.publish import publish, settle_crawl
from aimstats.ingest.runs import Clock
from aimstats.store import bulk
from jobs.bulk.making import NAMES, make_bulk
from scrapy_project.sources import spider_classes
from tests.conftest import as_text
from tests.read_here import read_here

PAGES = Path(__file__).parents[1] / "pages"
LISTS = ("litellm", "openrouter")


def begin(engine: Engine) -> AbstractContextManager[Connection]:
    return engine.begin()


def crawl(engine: Engine, day: int, *, dearer: bool = False) -> None:
    """Two lists are crawled: one under a licence, one under none."""
    now = datetime(2026, 6, day, 12, tzinfo=UTC)
    with engine.begin() as connection:
        for source in LISTS:
            spider = spider_classes()[source]
            document = (PAGES / source / "page.json").read_bytes()
            if dearer:
                document = document.replace(b'"input_cost_per_token": 2.5e-06', b'"input_cost_per_token": 2.6e-06')
                document = document.replace(b'"0.0000025"', b'"0.0000026"')
            result = read_here(spider, {spider.start_urls[0].split("://", 1)[1]: document})
            publish(connection, result, Clock(started_at=now, now=now, observed_at=now), "test")
        settle_crawl(connection, now)


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """A catalogue that was crawled, with its files."""
    engine = create_engine(database_url, poolclass=NullPool)
    crawl(engine, 1)
    assert make_bulk(engine, begin, datetime.now(UTC))
    yield engine
    engine.dispose()


@pytest.fixture
def api(engine: Engine, database_url: URL) -> Iterator[FlaskClient]:
    """The API on it."""
    app = create_app(replace(load_config({"DATABASE_URL": as_text(database_url)}), rate_limit=""))
    yield app.test_client()
    app.extensions["database"].close()


def duck(statement: str) -> list[tuple[object, ...]]:
    """What DuckDB finds."""
    found = duckdb.sql(statement)
    assert found is not None
    return found.fetchall()


def taken(api: FlaskClient, name: str, encoding: str = "identity") -> bytes:
    answer = api.get(f"/api/v1/bulk/{name}", headers={"Accept-Encoding": encoding})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    data: bytes = answer.data
    return data


def test_the_catalogue_is_what_the_lists_answer_in_every_encoding(api: FlaskClient) -> None:
    plain = taken(api, "catalog.json")
    assert plain == gzip.decompress(taken(api, "catalog.json", "gzip")) == zstd.decompress(taken(api, "catalog.json", "zstd"))
    whole = json.loads(plain)
    for name in ("models", "offers", "providers"):
        listed = json.loads(api.get(f"/api/v1/{name}?limit=500").data)["data"]
        moving = ("checked_at", "stale_after", "evidence")
        assert whole[name] == [{key: row[key] for key in row if key not in moving} for row in listed]
    licences = {source["id"]: source["license"] for source in whole["sources"]}
    assert (licences["litellm"], licences["openrouter"]) == ("MIT", None)


def test_offers_are_a_table_for_pyarrow_and_duckdb(api: FlaskClient, tmp_path: Path) -> None:
    table = pq.read_table(io.BytesIO(taken(api, "catalog.parquet")))
    listed = {row["id"]: row for row in json.loads(api.get("/api/v1/offers?limit=500").data, parse_float=Decimal)["data"]}
    assert table.column("id").to_pylist() == list(listed)
    for row in table.to_pylist():
        stated = listed[row["id"]]["cost"]["input"]
        assert (row["cost.input"] is None) == (stated is None)
        assert stated is None or row["cost.input"] == Decimal(stated)
    (tmp_path / "c.parquet").write_bytes(taken(api, "catalog.parquet"))
    open_only = duck(
        f"select distinct unnest(licenses) from '{tmp_path}/c.parquet' where list_contains(licenses, 'MIT') and len(licenses) = 1"
    )
    assert open_only == [("MIT",)]


def test_prices_hold_now_and_then_and_a_reader_leaves_out_what_has_no_licence(
    engine: Engine, api: FlaskClient, tmp_path: Path
) -> None:
    crawl(engine, 3, dearer=True)
    assert make_bulk(engine, begin, datetime.now(UTC))
    (tmp_path / "p.parquet").write_bytes(taken(api, "prices.parquet"))
    with engine.connect() as connection:
        claimed = connection.execute(
            text(
                "select l.source, count(*), count(*) filter (where c.observed_to is null) from claim c "
                "join listing l on l.id = c.listing_id where c.kind = 'price' group by 1 order by 1"
            )
        ).all()
    file = f"'{tmp_path}/p.parquet'"
    found = duck(f"select source, count(*), count(*) filter (where observed_to is null) from {file} group by 1 order by 1")
    assert found == [tuple(row) for row in claimed]
    assert any(now < both for _, both, now in claimed), "a price that is stated no longer"
    moved = duck(
        f"select usd, current from {file} where external_id = 'roadrunner-2' and source = 'litellm' and region = 'default' "
        "and meter = 'input' and plan = 'standard' and min_context_tokens = 0 order by observed_from"
    )
    assert moved == [(Decimal("2.5"), False), (Decimal("2.6"), True)]
    licensed = pq.read_table(tmp_path / "p.parquet", filters=pc.field("license") == "MIT")
    assert set(licensed.column("source").to_pylist()) == {"litellm"}
    groups = pq.ParquetFile(tmp_path / "p.parquet").metadata
    place = pq.read_schema(tmp_path / "p.parquet").get_field_index("license")
    spans = [groups.row_group(number).column(place).statistics for number in range(groups.num_row_groups)]
    assert all(not span.has_min_max or span.min == span.max for span in spans), "a group of rows has one licence"


def test_a_file_is_sent_again_only_where_it_is_another(engine: Engine, api: FlaskClient) -> None:
    first = api.get("/api/v1/bulk/prices.parquet")
    again = {"If-None-Match": first.headers["ETag"]}
    assert api.get("/api/v1/bulk/prices.parquet", headers=again).status_code == 304
    assert not make_bulk(engine, begin, datetime.now(UTC)), "nothing moved"
    head = api.head("/api/v1/bulk/prices.parquet")
    assert (head.data, int(head.headers["Content-Length"])) == (b"", len(first.data))
    crawl(engine, 3, dearer=True)
    assert make_bulk(engine, begin, datetime.now(UTC))
    assert api.get("/api/v1/bulk/prices.parquet", headers=again).status_code == 200


class Ranged(io.RawIOBase):
    """A file that is read by ranges of its bytes, as httpfs does; it counts them."""

    def __init__(self, api: FlaskClient, path: str) -> None:
        self._api, self._path, self._place = api, path, 0
        self._length = int(api.head(path).headers["Content-Length"])
        self.taken = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._length}[whence]
        return self._place

    def read(self, size: int = -1) -> bytes:
        wanted = self._length - self._place if size < 0 else size
        if not wanted or self._place >= self._length:
            return b""
        answer = self._api.get(self._path, headers={"Range": f"bytes={self._place}-{self._place + wanted - 1}"})
        assert answer.status_code == (206 if len(answer.data) < self._length else 200)
        self._place += len(answer.data)
        self.taken += len(answer.data)
        return bytes(answer.data)


def test_a_table_is_read_by_ranges_and_of_it_only_the_columns_that_are_wanted(engine: Engine, api: FlaskClient) -> None:
    path = "/api/v1/bulk/prices.parquet"
    assert pq.read_table(Ranged(api, path)).equals(pq.read_table(io.BytesIO(taken(api, "prices.parquet"))))
    dice, file = random.Random(7), io.BytesIO()
    large = pa.table({name: [dice.random() for _ in range(100_000)] for name in ("wanted", "other", "third")})
    pq.write_table(large, file, compression=None, use_dictionary=False)
    body = file.getvalue()
    parts = [body[place : place + bulk.PART_BYTES] for place in range(0, len(body), bulk.PART_BYTES)]
    with engine.begin() as connection:
        bulk.keep(connection, [bulk.Made("prices.parquet", "large", {"identity": parts})], 1, 1, datetime.now(UTC))
    ranged = Ranged(api, path)
    assert pq.read_table(ranged, columns=["wanted"]).equals(large.select(["wanted"]))
    assert ranged.taken < len(body) / 2


def test_one_range_of_the_very_version_is_sent_and_else_the_whole(
    engine: Engine, api: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART_BYTES", 7)
    body = bytes(range(100))
    parts = [body[place : place + 7] for place in range(0, 100, 7)]
    with engine.begin() as connection:
        made = bulk.Made("prices.parquet", "digest", {"identity": parts})
        bulk.keep(connection, [made], 1, 1, datetime.now(UTC))
    etag = '"digest-identity"'

    def asked(range_: str, **headers: str) -> tuple[int, bytes, str | None]:
        answer = api.get("/api/v1/bulk/prices.parquet", headers={"Range": range_, **headers})
        assert answer.status_code == 416 or int(answer.headers["Content-Length"]) == len(answer.data)
        return answer.status_code, answer.data, answer.headers.get("Content-Range")

    for first, last in ((0, 0), (3, 20), (7, 13), (99, 99), (14, 99)):
        assert asked(f"bytes={first}-{last}") == (206, body[first : last + 1], f"bytes {first}-{last}/100")
    assert asked("bytes=-8") == (206, body[-8:], "bytes 92-99/100")
    assert asked("bytes=90-") == (206, body[90:], "bytes 90-99/100")
    assert asked("bytes=90-2000") == (206, body[90:], "bytes 90-99/100")
    assert asked("bytes=3-4", **{"If-Range": etag})[0] == 206
    for others in ({"If-Range": '"other"'}, {"If-Range": f"W/{etag}"}, {"If-Range": "Sun, 29 Nov 2026 12:00:00 GMT"}):
        assert asked("bytes=3-4", **others) == (200, body, None)
    for not_one in ("bytes=0-1,5-6", "rows=0-1", "bytes=x", "bytes=5-2"):
        assert asked(not_one) == (200, body, None)
    assert api.get("/api/v1/bulk/prices.parquet", headers={"Range": "bytes=0-1", "If-None-Match": etag}).status_code == 304
    beyond = api.get("/api/v1/bulk/prices.parquet", headers={"Range": "bytes=100-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */100")
    assert beyond.content_type == "application/problem+json"
    head = api.head("/api/v1/bulk/prices.parquet", headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.headers["Content-Length"], head.headers["Accept-Ranges"]) == (200, "100", "bytes")


def test_who_is_reading_a_file_reads_it_to_its_end_while_it_is_replaced(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine.begin() as connection:
        file = bulk.Made("big", "first", {"identity": [b"a", b"b", b"c"]})
        bulk.keep(connection, [file], 1, 1, datetime.now(UTC))
    reading = bulk.parts_of(engine, "first", "identity")
    assert next(reading) == b"a"
    with engine.begin() as connection:
        bulk.keep(connection, [bulk.Made("big", "second", {"identity": [b"x"]})], 2, 1, datetime.now(UTC))
    assert b"".join(reading) == b"bc"
    with engine.begin() as connection:
        bulk.keep(connection, [bulk.Made("big", "third", {"identity": [b"y"]})], 3, 1, datetime.now(UTC))
        assert connection.execute(text("select count(*) from bulk_part where digest = 'first'")).scalar_one() == 0


def test_before_the_first_crawl_has_settled_there_is_none(database_url: URL) -> None:
    app = create_app(replace(load_config({"DATABASE_URL": as_text(database_url)}), rate_limit=""))
    answers = [app.test_client().get(f"/api/v1/bulk/{name}") for name in (*NAMES, "other.zip")]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "settled" in answers[0].text
    app.extensions["database"].close()
