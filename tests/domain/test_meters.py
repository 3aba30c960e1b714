"""The one table of meters: what is derived from it, and that no row contradicts another."""

import pytest

from aimstats.domain.meters import IN_ORDER, INSTEAD, METERS, PARTS, TEXT, USUAL, Meter, Stands
from aimstats.domain.prices import UNITS


@pytest.mark.parametrize("meter", METERS.values(), ids=lambda meter: meter.id)
def test_a_row_of_the_table_can_be_true(meter: Meter) -> None:
    assert UNITS[meter.unit][0] == meter.unit, "its unit is a base unit, in which figures are kept"
    assert bool(meter.label) == bool(meter.help)
    assert (meter.stands is Stands.PART) == bool(meter.part_of)
    if meter.part_of:
        whole = METERS[meter.part_of]
        assert (whole.side, whole.unit) == (meter.side, meter.unit)
        assert whole.stands is not Stands.PART


def test_each_meter_stands_in_one_way_to_the_tokens_of_text() -> None:
    assert TEXT == ("input", "output")
    assert {"reasoning", "cache_read", "cache_write_1h", "cache_read_audio"} <= PARTS
    assert {"image", "second", "page", "request", "output_image"} <= INSTEAD
    assert PARTS.isdisjoint(INSTEAD | set(TEXT))
    assert {"web_search", "cache_storage", "capacity"}.isdisjoint({*PARTS, *INSTEAD, *TEXT})


def test_people_read_the_prompt_before_the_answer_and_text_before_the_rest() -> None:
    assert USUAL == ("input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning")
    assert IN_ORDER[: len(USUAL)] == USUAL
    assert sorted(IN_ORDER) == sorted(METERS)
    rest = [meter for meter in METERS if meter not in USUAL]
    assert list(IN_ORDER[len(USUAL) :]) == rest
