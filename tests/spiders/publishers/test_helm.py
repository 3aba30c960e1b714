"""HELM's registry: facts and no scores."""

from __future__ import annotations

import re

from scrapy_project.sources import spider_classes
from tests.spiders.replayed import needs_mirror, real_text, replay


@needs_mirror
def test_helm_states_facts_and_no_scores() -> None:
    seen = replay("helm")[0]
    assert (seen.rows, len(seen.listings), dict(seen.unknown)) == (615, 614, {"model.release: not a date": 4})
    assert not any(row.scores or row.prices for row in seen.listings)
    facts = {row.external_id: row.facts for row in seen.listings}
    assert facts["ai21/j1-jumbo"]["parameters.total"] == 178_000_000_000
    assert facts["ai21/j1-jumbo"]["release_date"] == "2021-08-11"
    assert facts["adobe/giga-gan"]["open_weights"] is False
    assert facts["huggingface/smollm2-135m"]["open_weights"] is True
    parameters = re.findall(r"(?m)^    num_parameters: ([1-9]\d*)", real_text(spider_classes()["helm"].start_urls[0]))
    assert [row.facts["parameters.total"] for row in seen.listings if "parameters.total" in row.facts] == list(
        map(int, parameters)
    )
