"""`python -m tests.web.left_out`: write down, for the pages, which sources are off by default, from their declarations."""

from __future__ import annotations

import json

from aimstats.web.left_out import DECLARED
from scrapy_project.sources import spider_classes

FIELDS = ("id", "name", "kind", "url", "license")


def declared() -> str:
    """The file as it is to be."""
    sources = [spider.source for spider in spider_classes().values()]
    rows = [{field: getattr(source, field) for field in FIELDS} for source in sources if not source.default]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DECLARED.write_text(declared(), "utf-8")
