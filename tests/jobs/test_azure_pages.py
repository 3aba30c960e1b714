"""Azure's regions in pages: one document a region, what both say is said once, and no page is taken for the whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from scrapy_project.spiders.azure.azure import address
from tests.jobs.jobs_run import Jobs, table_of
from tests.spiders.expected import PAGES
from tests.spiders.scripted_server import Answer, scripted_server

Pages = dict[str, dict[str, Any]]
"""Path -> page."""


def path(url: str) -> str:
    """Where the mirror is asked for an address."""
    return "/" + url.split("://", 1)[1]


def pages() -> Pages:
    """The small pages as a server gives them: two of one region, one of the other."""
    america, europe = (
        json.loads((PAGES / "azure" / name).read_text(encoding="utf-8")) for name in ("page.json", "page-europe.json")
    )
    first = path(address("eastus2"))
    return {first: america[0], f"{first}&$skip=1000": america[1], path(address("swedencentral")): europe[0]}


@contextmanager
def served(database: URL, folder: Path, documents: Mapping[str, Any]) -> Iterator[Jobs]:
    """Jobs whose mirror gives these pages; what is no page is an answer."""
    answers = {
        where: [page if isinstance(page, Answer) else Answer(body=json.dumps(page).encode())] for where, page in documents.items()
    }
    with scripted_server(answers) as server:
        yield Jobs(database, server.url, folder)


def test_what_two_regions_say_of_one_offer_is_no_disagreement(database_url: URL, tmp_path: Path) -> None:
    with served(database_url, tmp_path, pages()) as jobs:
        done = jobs.run("azure")
        assert (done.returncode, table_of(done.stderr)["azure"]["status"]) == (0, "published"), done.stderr
        assert table_of(jobs.run("azure").stderr)["azure"]["opened"] == "0"
    offers = dict(jobs.rows("select id, body from resolved_offer where id like 'azure/openai/gpt-9-mini%'"))
    assert {id_: body["cost"]["input"] for id_, body in offers.items()} == {
        "azure/openai/gpt-9-mini": "0.25",
        "azure/openai/gpt-9-mini@us": "0.275",
        "azure/openai/gpt-9-mini@eu": "0.28",
        "azure/openai/gpt-9-mini@eastus2": "0.3",
        "azure/openai/gpt-9-mini@swedencentral": "0.31",
    }
    assert {(body["agreement"]["sources"], len(body["agreement"]["disputed"])) for body in offers.values()} == {(1, 0)}
    assert jobs.rows("select count(*) from listing where external_id = 'gpt 9 mini' and region = 'global'") == [(1,)]
    assert jobs.rows("select count(*) from document where source = 'azure'") == [(2,)]


def broken(where: str, page: Any) -> Pages:
    """The small pages with another one at a place."""
    first = path(address("eastus2"))
    return pages() | {{"first": first, "second": f"{first}&$skip=1000", "europe": path(address("swedencentral"))}[where]: page}


def without_link() -> dict[str, Any]:
    """The first page of two as if it were the only one, and full."""
    page = pages()[path(address("eastus2"))]
    rows = [page["Items"][0] | {"meterId": str(number)} for number in range(1_000)]
    return page | {"Items": rows, "Count": 1_000, "NextPageLink": None}


FAULTS: Mapping[str, tuple[str, Any]] = {
    "the second page fails": ("second", Answer(500)),
    "the second page is missing": ("second", Answer(404)),
    "the second page is in euros": ("second", pages()[path(address("swedencentral"))] | {"BillingCurrency": "EUR"}),
    "the second page is an anti-bot page": ("second", Answer(body=b"<html><title>Just a moment...</title></html>")),
    "the first page names no next": ("first", without_link()),
    "the other region fails": ("europe", Answer(403)),
}


@pytest.mark.long
def test_a_page_that_fails_publishes_nothing_and_takes_nothing_away(database_url: URL, tmp_path: Path) -> None:
    with served(database_url, tmp_path, pages()) as jobs:
        assert jobs.run("azure").returncode == 0
    before = jobs.rows("select id, value, observed_to from claim order by id")
    assert before
    for fault, change in FAULTS.items():
        with served(database_url, tmp_path, broken(*change)) as jobs:
            done = jobs.run("azure")
        assert (done.returncode, table_of(done.stderr)["azure"]["status"]) == (1, "failed"), (fault, done.stderr)
        assert jobs.rows("select id, value, observed_to from claim order by id") == before, fault


def test_rows_that_move_from_one_page_to_another_write_nothing(database_url: URL, tmp_path: Path) -> None:
    with served(database_url, tmp_path, pages()) as jobs:
        assert jobs.run("azure").returncode == 0
    before = jobs.rows("select id, observed_to from claim order by id")
    moved, first = pages(), path(address("eastus2"))
    one, two = moved[first], moved[f"{first}&$skip=1000"]
    two["Items"] = one["Items"][10:] + two["Items"]
    one["Items"] = one["Items"][:10]
    for page in (one, two):
        page["Count"] = len(page["Items"])
    with served(database_url, tmp_path, moved) as jobs:
        assert jobs.run("azure").returncode == 0
    assert jobs.rows("select id, observed_to from claim order by id") == before
