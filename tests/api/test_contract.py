"""The API's promise holds: no name goes, no type changes, nothing that was optional is asked for."""

from __future__ import annotations

import copy

from tests.api.contract import broken, kept, promise


def test_what_was_promised_is_there_with_its_type() -> None:
    assert not broken(kept(), promise())


def test_what_was_added_is_promised_too() -> None:
    assert kept() == promise(), "run: python -m tests.api.contract"


def test_a_change_that_breaks_a_program_is_seen_and_an_addition_is_none() -> None:
    before, after = promise(), copy.deepcopy(promise())
    after["GET /api/v1/models"]["new"] = "query string"
    after["Model"]["new"] = "string"
    assert not broken(before, after)
    del after["Model"]["cost.input"]
    after["Model"]["release_date"] = "integer"
    del after["GET /api/v1/models"]["provider"]
    after["GET /api/v1/models"]["type"] = after["GET /api/v1/models"]["type"].replace(" video", "")
    after["GET /api/v1/offers"]["key"] = "query required string"
    del after["GET /api/v1/sources"]
    seen = broken(before, after)
    gone = ("cost.input is gone", "release_date was", "provider is gone", "type was", "key must be given", "GET /api/v1/sources:")
    for word in gone:
        assert any(word in line for line in seen), word
