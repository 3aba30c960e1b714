"""`/api/v1/costs` and its twins, and `/costs/crossovers`: what the small catalogue's offers cost."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

from flask.testing import FlaskClient

from tests.api.asked import data, errors, whole

WORK = "input_tokens=1000000&output_tokens=100000"


def test_a_row_is_a_receipt_that_adds_up(api: FlaskClient) -> None:
    answer = whole(api, f"/costs?{WORK}&per=offer&q=ode-4.5")
    assert [(row["offer"], row["total"]) for row in answer["data"]] == [
        ("hostly/alpha/ode-4.5", 2.9), ("alpha/alpha/ode-4.5", 4.5),
    ]  # fmt: skip
    for row in answer["data"]:
        assert row["total"] == sum(line["amount"] for line in row["lines"])
        assert all(
            Decimal(str(line["quantity"])) * Decimal(str(line["usd_per_unit"])) == Decimal(str(line["amount"]))
            for line in row["lines"]
        )
    batch = data(api, f"/costs?{WORK}&per=offer&q=ode-4.5&batch_share=1&provider=alpha")[0]["lines"]
    assert [(line["plan"], line["starred"]) for line in batch] == [("standard", True)] * 2  # no output in batches is stated


def test_the_answer_says_what_has_no_total_and_can_be_trimmed(api: FlaskClient) -> None:
    answer = whole(api, f"/costs?{WORK}&fields=model,total,lines")
    assert [list(row) for row in answer["data"]] == [["model", "total", "lines"]]
    assert answer["meta"]["unpriced"] == {"median": 1, "no_offer": 1, "not_published": 2}
    assert answer["meta"]["total"] == 1


def test_csv_and_ndjson_hold_the_same_rows(api: FlaskClient) -> None:
    rows = data(api, f"/costs?{WORK}&per=offer")
    lines = api.get(f"/api/v1/costs.ndjson?{WORK}&per=offer").get_data(as_text=True).splitlines()
    assert [json.loads(line) for line in lines] == rows
    cells = list(csv.DictReader(io.StringIO(api.get(f"/api/v1/costs.csv?{WORK}&per=offer").get_data(as_text=True))))
    assert [(row["offer"], float(row["total"]), json.loads(row["lines"])) for row in cells] == [
        (row["offer"], row["total"], row["lines"]) for row in rows
    ]


def test_both_parameters_of_what_does_not_go_together_are_named(api: FlaskClient) -> None:
    assert errors(api, "/costs?input_tokens=1&cache_hit=0.9&cache_write=0.2") == ["cache_hit", "cache_write"]
    assert errors(api, "/costs") == ["input_tokens", "output_tokens"]
    assert errors(api, "/costs/crossovers?models=alpha/ode-4.5&input_tokens=1") == ["models"]
    assert errors(api, "/costs/crossovers?models=alpha/ode-4.5,alpha/nothing&input_tokens=1") == ["models"]


def test_an_answer_is_not_made_again_for_a_client_that_has_it(api: FlaskClient) -> None:
    first = api.get(f"/api/v1/costs?{WORK}")
    assert api.get(f"/api/v1/costs?{WORK}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert api.get(f"/api/v1/costs?{WORK}&requests=2").headers["ETag"] != first.headers["ETag"]


def test_crossovers_name_the_offers_that_they_compare(api: FlaskClient) -> None:
    answer = whole(api, "/costs/crossovers?models=alpha/ode-4.5,beta/vector-1,alpha/ode-mini&input_tokens=1000&output_tokens=10")
    assert answer["meta"]["offers"] == {"alpha/ode-4.5": "alpha/alpha/ode-4.5"}
    assert answer["meta"]["unpriced"] == {"alpha/ode-mini": "not_published", "beta/vector-1": "median"}
    assert answer["data"] == []
