"""What listings tell of their seller, and which facts of a router become fields."""

from __future__ import annotations

from aimstats.catalogue.columns.offers import OFFERS
from aimstats.catalogue.engine.table import Table
from tests.catalogue import bodies
from tests.resolution.stated import claim, listing, resolved, usd


def test_an_offer_keeps_what_is_told_of_its_seller_and_a_model_what_a_router_states() -> None:
    stated = {
        "supported_parameters": ["tools", "top_p"],
        "tokenizer": "GPT",
        "hugging_face_id": "openai/gpt-4o",
        "regions": ["eu"],
    }
    row = listing(usd("input", "1"), facts=stated)
    told = {"provider_doc": "https://x.org/docs", "provider_api": "https://api.x.org/v1", "provider_env": "A_KEY B_KEY"}
    row.claims.append(claim("identity", "listing", {"kind": "model", "evidence": told}, row.claims[0].document))
    found = resolved(row)
    assert found.body is not None
    assert {key: found.body[key] for key in stated if key != "regions"} == {
        key: stated[key] for key in stated if key != "regions"
    }
    offer = found.offers[0].body
    assert offer["regions"] == ["eu"]
    seller = {"docs": "https://x.org/docs", "api_base": "https://api.x.org/v1", "environment_variables": ["A_KEY", "B_KEY"]}
    assert {key: offer["seller"][key] for key in seller} == seller
    assert "seller" not in Table(OFFERS, [(offer, None)]).json[0].decode()
    catalogue = bodies.catalogue([], [offer])
    provider = catalogue.row("providers", offer["provider"])
    assert provider is not None
    assert {key: provider.body[key] for key in seller} == seller
    assert provider.body["sources"].keys() == seller.keys()
    assert provider.body["sources"]["docs"]["source"] == row.source.id
