"""How old a figure is, in every answer that shows it."""

from __future__ import annotations

from datetime import timedelta

import orjson
from flask import Flask
from sqlalchemy import Engine, text

from tests.api.published import CHECKED, OFFER_EVIDENCE

CONFIRMED = CHECKED - timedelta(days=4)
HELD = {
    "since": (CHECKED - timedelta(days=3)).isoformat(),
    "confirmed_at": CONFIRMED.isoformat(),
    "check": "moved",
    "reason": "input price went from $2 to $2,000",
}


def test_a_figure_whose_successor_is_held_says_so_and_is_as_old_as_its_last_confirmation(small: Flask, writer: Engine) -> None:
    with writer.begin() as connection:
        offer = connection.execute(text("select id from resolved_offer where model is not null order by id limit 1")).scalar_one()
        connection.execute(
            text(
                "update resolved_offer set evidence = cast(:evidence as jsonb), body = body || cast(:frozen as jsonb) "
                "|| jsonb_build_object('prices', jsonb_build_array(body->'prices'->0 || cast(:held as jsonb))) where id = :id"
            ),
            {
                "id": offer,
                "evidence": orjson.dumps([OFFER_EVIDENCE[0] | {"held": HELD}]).decode(),
                "frozen": orjson.dumps({"frozen_at": CONFIRMED.isoformat()}).decode(),
                "held": orjson.dumps({"held": HELD}).decode(),
            },
        )
        connection.execute(text("update version set dataset = dataset + 1, checked = checked + 1"))
    answered = small.test_client().get("/api/v1/offers?limit=500").get_json()["data"]
    row = next(row for row in answered if row["id"] == offer)
    at = CONFIRMED.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (row["checked_at"], row["evidence"][0]["checked_at"]) == (at, at)
    assert row["evidence"][0]["held"] == row["prices"][0]["held"] == HELD
    assert "frozen_at" not in row
    others = [row for row in answered if row["id"] != offer]
    assert {stated["held"] for row in others for stated in row["evidence"] or ()} <= {None}
    assert {price["held"] for row in others for price in row["prices"]} == {None}
