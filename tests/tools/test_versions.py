"""A document that another version of it replaces ends where the other is read, and stands in where that is not there."""

import json
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from scrapy_project.sources import spider_classes
from tools.timelapse.editions import editions
from tools.timelapse.replay import replay

SPIDER = spider_classes()["genai_prices"]
(SECOND,) = SPIDER.start_urls
(FIRST,) = SPIDER.stand_ins[SECOND]


def write_edition(folder: Path, day: str, url: str, output: float) -> None:
    (folder / day).mkdir()
    model = {"id": "roadrunner", "match": {"equals": "roadrunner"}, "prices": {"input_mtok": 3, "output_mtok": output}}
    (folder / day / "data.json").write_text(json.dumps([{"id": "acme", "models": [model]}]), encoding="utf-8")
    (folder / day / "MANIFEST.json").write_text(json.dumps([{"url": url, "file": "data.json"}]), encoding="utf-8")


def test_the_first_version_of_genai_prices_stands_in_until_the_second_is_read(tmp_path: Path, database_url: URL) -> None:
    write_edition(tmp_path, "2026-06-01", FIRST, 15)
    write_edition(tmp_path, "2026-08-01", SECOND, 12)
    write_edition(tmp_path, "2026-09-01", FIRST, 15)
    engine = create_engine(database_url, poolclass=NullPool)
    replay(engine, editions([tmp_path]), [SPIDER])
    with engine.connect() as connection:
        steps = connection.execute(
            text(
                "select d.url, c.usd, c.observed_from::date::text as opened, c.observed_to is null as is_open from claim c "
                "join document d on d.id = c.document_id where c.kind = 'price' and c.key like 'output|%' order by c.id"
            )
        )
        assert [tuple(row) for row in steps] == [(FIRST, 15, "2026-06-01", False), (SECOND, 12, "2026-08-01", True)]
    engine.dispose()
