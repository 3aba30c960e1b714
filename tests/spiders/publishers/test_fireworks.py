"""Fireworks' changelog: models that leave its serverless API."""

from __future__ import annotations

import pytest

from aimstats.domain.items import DocumentRefusedError
from tests.spiders.altered import altered, events
from tests.spiders.replayed import life, needs_mirror


def test_without_a_day_of_removal_the_models_are_deprecated_from_the_entrys_day() -> None:
    document = altered("fireworks_retirement", "page.md", "decommissioned on **May 14, 2026**", "decommissioned soon")
    (event,) = events(document)["Deep V8.1", ""]
    assert (event.event, f"{event.at:%Y-%m-%d}", event.replacements) == ("deprecated", "2026-05-14", ("Kim 6", "Gim 5.1"))


def test_a_deprecation_whose_models_are_written_otherwise_is_counted() -> None:
    document = altered("fireworks_retirement", "page.md", "**Deep V9** is deprecated from serverless", "Deep V9 leaves")
    assert dict(document.unknown) == {"serverless deprecation that names no model": 1}


def test_a_document_cut_off_within_an_entry_is_refused() -> None:
    with pytest.raises(DocumentRefusedError):
        altered(
            "fireworks_retirement", "page.md", "Kim 6](https://app.fireworks.ai/models/fireworks/kim-6)**\n</Update>", "Kim 6"
        )


@needs_mirror
def test_the_models_of_may_2026_end_on_the_day_that_the_text_states() -> None:
    event = life("fireworks_retirement", "DeepSeek V3.2")["retired"]
    assert (f"{event.at:%Y-%m-%d}", event.replacements) == ("2026-05-14", ("Kimi K2.6", "GLM 5.1"))
