"""Two laboratories: small invented catalogues for every run of the tests, the whole mirror for the long ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from scrapy_project.sources import spider_classes
from tests.faults.documents import ADDRESSES, mirrored, small
from tests.faults.laboratory import Laboratory


@pytest.fixture(scope="session")
def small_laboratory(admin: Engine, template_url: URL) -> Iterator[Laboratory]:
    """Five invented catalogues, published once."""
    with Laboratory(admin, template_url, small(), list(ADDRESSES)) as laboratory:
        yield laboratory


@pytest.fixture(scope="session")
def mirror_laboratory(admin: Engine, template_url: URL, shared: Path) -> Iterator[Laboratory]:
    """Every source that is crawled by default and has documents in the mirror, published once."""
    documents = mirrored(shared / "mirror")
    sources = [
        id_ for id_, cls in spider_classes().items() if any(url.split("://", 1)[1] in documents for url in cls.first_documents())
    ]
    with Laboratory(admin, template_url, documents, sources) as laboratory:
        yield laboratory
