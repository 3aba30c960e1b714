"""One model from all that is claimed of it, at any instant."""

from __future__ import annotations

from aimstats.domain.spans import Span
from aimstats.resolution.unit import resolve_unit
from tests.resolution.stated import NOW, ago, claim, document, listing, moment, resolved, source, usd


def test_nothing_in_force_is_no_model() -> None:
    assert resolve_unit("openai/gpt-4o", [listing(usd("input", "1"))], moment(ago(20))) is None


def test_a_model_says_who_sells_it_under_which_names() -> None:
    rows = [
        listing(usd("input", "1"), usd("output", "2"), facts={"name": "OpenAI: GPT-4o", "limit.context": 128_000}),
        listing(usd("input", "3"), usd("output", "4"), provider="azure", external_id="azure/gpt-4o", of=source("other")),
    ]
    body = resolved(*rows).body
    assert body is not None
    assert (body["name"], body["developer"]["id"], body["limit"]["context"]) == ("GPT-4o", "openai", 128_000)
    assert (body["offer_count"], body["providers"]) == (2, ["azure", "openai"])
    assert body["aliases"] == ["azure/gpt-4o", "gpt-4o"]
    assert body["cost_basis"] == {"offer": "openai/openai/gpt-4o", "basis": "first_party"}


def test_of_two_documents_that_say_the_same_the_first_declared_stands_whichever_was_read_first() -> None:
    of = source()
    now, then = document(of, name="b"), document(of, position=1, name="a")
    for claims in ([now, then], [then, now]):
        row = listing(usd("input", "1"), of=of, doc=now)
        row.claims += [claim("fact", "name", "GPT-4o", doc) for doc in claims]
        found = resolved(row)
        assert found.body is not None
        assert found.body["documents"] == [now.id]
        assert [stated["document"] for stated in found.evidence["name"]] == [now.id, then.id]


def test_bodies_never_hold_what_moves_at_every_crawl() -> None:
    found = resolved(listing(usd("input", "1"), facts={"limit.context": 1}))
    assert "checked_at" not in str(found.body) + str(found.offers[0].body) + str(found.offers[0].evidence) + str(found.evidence)


def test_a_price_without_a_start_begins_at_the_release() -> None:
    row = listing(usd("input", "5", valid_to=ago(5)), facts={"release_date": "2026-01-15"})
    resolve_unit("openai/gpt-4o", [row], moment(ago(30), NOW))
    assert [stated.kind for stated in row.current] == ["price"]
    assert resolve_unit("openai/gpt-4o", [row], moment(ago(60), NOW)) is None


def test_a_release_date_that_was_corrected_carries_nothing_back() -> None:
    row = listing(usd("input", "5", valid_to=ago(5)), facts={"release_date": "2026-02-15"})
    doc = row.claims[0].document
    row.claims.append(claim("fact", "release_date", "2020", doc, span=Span(None, None, ago(90), ago(80), True)))
    assert resolve_unit("openai/gpt-4o", [row], moment(ago(30), NOW)) is None


def test_routers_and_fees_are_offers_without_a_model() -> None:
    found = resolved(
        listing(usd("input", "1"), model=None, kind="router", provider="openrouter", external_id="openrouter/auto"), model=None
    )
    assert found.body is None
    assert [(offer.body["kind"], offer.body["model"]) for offer in found.offers] == [("router", None)]


def test_memory_is_the_weights_as_published_else_sixteen_bits_a_parameter_and_of_closed_weights_nobodys() -> None:
    def memory(**facts: object) -> object:
        stated = {key.replace("parameters_", "parameters."): value for key, value in facts.items()}
        body = resolved(listing(usd("input", "1"), facts=stated)).body
        assert body is not None
        return body["memory_gb"]

    assert memory(open_weights=True, weights_bytes=14_000_000_000, parameters_total=14_000_000_000) == "15.4"
    assert memory(open_weights=True, parameters_total=70_000_000_000) == "154"
    assert memory(open_weights=False, parameters_total=70_000_000_000) is None
    assert memory(open_weights=True) is None
