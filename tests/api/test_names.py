"""`POST /api/v1/resolve`: what names mean in the catalogue, in the order asked; a bad body is a problem, never a 500."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from aimstats.catalogue.names import KnownNames, known_names, name_in
from aimstats.identity import Name
from tests.api.published import move_version as moved
from tests.api.published import publish_small, write_documents, write_rows
from tests.catalogue import bodies

URL = "/api/v1/resolve"
JSON = "application/json"


def asked(client: FlaskClient, *names: Any) -> list[dict[str, Any]]:
    answer = client.post(URL, json={"names": list(names)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["data"]
    return found


@pytest.fixture
def known(writer: Engine, empty: Flask) -> FlaskClient:
    """The API over three models with the names that sources list them under."""
    models = [
        bodies.model("anthropic/claude-sonnet-4.5", name="Claude Sonnet 4.5", aliases=["claude-sonnet-4-5"]),
        bodies.model(
            "openai/gpt-4o", name="GPT-4o", status="deprecated", retirement_date="2027-03-01",
            replacements=["Claude Sonnet 4.5", "gpt-5"], aliases=["house-special"],
        ),
        bodies.model("deepseek/deepseek-v3.1", name="DeepSeek V3.1", aliases=["deepseek-chat", "shared-id"]),
        bodies.model("deepseek/deepseek-v3.2", name="DeepSeek V3.2", aliases=["shared-id"]),
    ]  # fmt: skip
    offers = [bodies.offer("deepseek", "deepseek/deepseek-v3.1", external_id="deepseek-reasoner")]
    with writer.begin() as connection:
        write_documents(connection)
        write_rows(connection, models, offers)
        moved(connection)
    return empty.test_client()


def test_the_answer_has_what_the_contract_names_in_the_order_asked(known: FlaskClient) -> None:
    answer = known.post(URL, json={"names": ["GPT-4o", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"]})
    first, second = answer.get_json()["data"]
    assert list(first) == [
        "name", "kind", "model", "snapshot", "variant", "confidence", "method", "steps", "candidates", "status",
        "retirement_date", "replacements", "offer", "provider", "cost", "receipt", "unpriced", "sources",
    ]  # fmt: skip
    assert (first["model"], first["status"], first["retirement_date"]) == ("openai/gpt-4o", "deprecated", "2027-03-01")
    assert first["replacements"] == ["anthropic/claude-sonnet-4.5", "gpt-5"]
    assert (second["model"], second["snapshot"], second["variant"]) == ("anthropic/claude-sonnet-4.5", "20250929", "us")
    assert second["steps"]
    assert answer.get_json()["meta"]["dataset_version"] == 1


def test_a_text_and_an_object_are_read_alike(known: FlaskClient) -> None:
    text, by_id, by_name = asked(known, "claude-sonnet-4-5", {"external_id": "claude-sonnet-4-5"}, {"name": "Claude Sonnet 4.5"})
    assert text["model"] == by_id["model"] == by_name["model"] == "anthropic/claude-sonnet-4.5"


@pytest.mark.parametrize("name", ["gpt-99-ultra", "claude-sonet-4.5-max-extra", "qwxzy"])
def test_an_unknown_name_has_candidates_and_never_a_guess(known: FlaskClient, name: str) -> None:
    row = asked(known, name)[0]
    assert (row["model"], row["status"], row["confidence"], row["method"]) == (None, None, 0, "none")
    known_ids = {"anthropic/claude-sonnet-4.5", "openai/gpt-4o", "deepseek/deepseek-v3.1", "deepseek/deepseek-v3.2"}
    assert {one["model"] for one in row["candidates"]} <= known_ids


def test_candidates_are_near_names_only() -> None:
    claude, gpt = ("anthropic/claude-sonnet-4.5", "anthropic/claude-opus-4.5"), ("openai/gpt-4o", "openai/gpt-4o-mini")
    known = bodies.catalogue([bodies.model(one) for one in (*claude, *gpt, "unknown/ace-step-1.5")], [])

    def near(name: str) -> list[str]:
        return [one.model for one in name_in(known, Name(external_id=name)).candidates]

    assert near("claude-sonet-4.5") == list(claude)
    assert near("gpt4o-mni") == ["openai/gpt-4o-mini", "openai/gpt-4o"]
    assert near("foo-bar-1") == []


def test_the_nearest_candidate_comes_first(known: FlaskClient) -> None:
    near = asked(known, "claude-sonet-4.5-x")[0]["candidates"]
    assert near[0]["model"] == "anthropic/claude-sonnet-4.5"
    assert [one["score"] for one in near] == sorted((one["score"] for one in near), reverse=True)


def test_an_id_that_only_one_model_is_listed_under_means_it(known: FlaskClient) -> None:
    alone, shared = asked(known, "house-special", "shared-id")
    assert (alone["model"], alone["method"]) == ("openai/gpt-4o", "alias")
    assert shared["model"] is None


def test_a_providers_own_id_means_what_that_provider_sells_under_it(known: FlaskClient) -> None:
    theirs, nobodys = asked(
        known,
        {"provider": "deepseek", "external_id": "deepseek-reasoner"},
        {"provider": "openrouter", "external_id": "deepseek-reasoner"},
    )
    assert (theirs["model"], theirs["method"]) == ("deepseek/deepseek-v3.1", "listing")
    assert nobodys["model"] is None


@pytest.fixture
def families(writer: Engine, empty: Flask) -> FlaskClient:
    """The API over models of one family each."""
    released = {
        "anthropic/claude-sonnet-4": "2025-05-22", "anthropic/claude-sonnet-4.5": "2025-09-29", "openai/gpt-4o": "2024-05-13",
        "deepseek/deepseek-r1": "2025-01-20", "deepseek/deepseek-r1-distill-qwen-14b": "2025-01-21",
    }  # fmt: skip
    with writer.begin() as connection:
        write_documents(connection)
        write_rows(connection, [bodies.model(model, release_date=day) for model, day in released.items()], [])
        moved(connection)
    return empty.test_client()


@pytest.mark.parametrize("name", ["azure/gpt-4o-2024-08-06-eu", "gpt-4o-global", "wrapper-api-gpt-4o"])
def test_a_deployments_name_has_the_model_within_it_as_its_first_candidate(families: FlaskClient, name: str) -> None:
    (row,) = asked(families, name)
    assert (row["model"], row["confidence"], row["candidates"][0]["model"]) == (None, 0.3, "openai/gpt-4o")
    assert "is a part of the name" in row["candidates"][0]["reason"]
    assert row["steps"][-1].startswith("perhaps openai/gpt-4o")


def test_a_familys_name_means_no_model_and_its_candidates_are_the_newest_first(families: FlaskClient) -> None:
    sonnet, distill = asked(families, "sonnet", "deepseek-r1:14b")
    assert (sonnet["model"], sonnet["confidence"]) == (None, 0)
    assert [one["model"] for one in sonnet["candidates"][:2]] == ["anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4"]
    assert "ambiguous" in sonnet["steps"][-1]
    assert (distill["model"], distill["candidates"][0]["model"]) == (None, "deepseek/deepseek-r1-distill-qwen-14b")


def test_a_router_is_no_model_and_has_no_candidates(known: FlaskClient) -> None:
    row = asked(known, "openrouter/auto")[0]
    assert (row["kind"], row["model"], row["candidates"]) == ("router", None, [])


def test_a_merged_id_means_the_model_that_it_leads_to(writer: Engine, empty: Flask) -> None:
    with writer.begin() as connection:
        publish_small(connection)
        connection.exec_driver_sql(
            "insert into published_model (id, first_published, redirect, redirected_at, reason) "
            "values ('openai/gpt-4o', now(), 'alpha/ode-4.5', now(), 'merged')"
        )
    row = asked(empty.test_client(), "gpt-4o")[0]
    assert row["model"] == "alpha/ode-4.5"
    assert any("merged" in step for step in row["steps"])


def test_no_names_is_an_empty_answer(known: FlaskClient) -> None:
    assert asked(known) == []


def test_a_post_takes_a_workload_and_a_day_and_no_parameter_of_lists(api: FlaskClient) -> None:
    assert api.post(f"{URL}?input_tokens=1&as_of=2026-11-01", json={"names": []}).get_json()["meta"]["as_of"] == "2026-11-01"
    answer = api.post(f"{URL}?limit=2", json={"names": []})
    assert [error["parameter"] for error in answer.get_json()["errors"]] == ["limit"]


def test_one_name_can_be_asked_for_in_the_address(known: FlaskClient) -> None:
    posted = asked(known, {"provider": "deepseek", "external_id": "deepseek-reasoner"})
    answer = known.get(f"{URL}?name=deepseek-reasoner&provider=deepseek")
    assert (answer.status_code, answer.get_json()["data"]) == (200, posted)
    assert answer.headers["ETag"]
    refused = known.get(URL)
    assert [error["parameter"] for error in refused.get_json()["errors"]] == ["name"]


def test_a_name_means_the_offer_of_its_own_snapshot_and_seller(writer: Engine, empty: Flask) -> None:
    """GPT-4o lives, its snapshot of May 2024 costs twice as much and ends."""
    dear = "openai/openai/gpt-4o:2024-05-13"
    old = {"id": dear, "snapshot": "2024-05-13", "retirement_date": "2026-10-23", "status": "deprecated"}
    prices = [
        bodies.price("input", "5", document=1),
        bodies.price("output", "15", source="big_list", url="https://x.org/p"),
    ]
    offers = [
        bodies.offer("openai", "openai/gpt-4o", cost=bodies.cost(input="2.5", output="10")),
        bodies.offer("openai", "openai/gpt-4o", cost=bodies.cost(input="5", output="15"), prices=prices, **old),
        bodies.offer("azure", "openai/gpt-4o", cost=bodies.cost(input="2.6", output="10"), external_id="gpt-4o-house"),
    ]
    with writer.begin() as connection:
        write_documents(connection)
        write_rows(connection, [bodies.model("openai/gpt-4o", name="GPT-4o")], offers)
        moved(connection)
    client = empty.test_client()
    dated, plain, azure = asked(client, "gpt-4o-2024-05-13", "gpt-4o", {"provider": "azure", "external_id": "gpt-4o"})
    assert (dated["offer"], dated["cost"]["input"], dated["retirement_date"]) == (dear, 5, "2026-10-23")
    assert (plain["offer"], plain["cost"]["input"], plain["retirement_date"]) == ("openai/openai/gpt-4o", 2.5, None)
    assert (azure["offer"], azure["provider"]) == ("azure/openai/gpt-4o", "azure")
    own_ids = asked(client, "azure/gpt-4o", dear, "openai/gpt-4o")
    assert [row["offer"] for row in own_ids] == ["azure/openai/gpt-4o", dear, "openai/openai/gpt-4o"]
    assert dated["sources"] == {
        "cost.input": {"source": "alpha_page", "url": "https://example.com/prices"},
        "cost.output": {"source": "big_list", "url": "https://x.org/p"},
    }
    assert (dated["receipt"], dated["unpriced"]) == (None, None)
    for address in (f"{URL}?input_tokens=1000&output_tokens=100&requests=1000", f"{URL}?batch_share=1&input_tokens=1000"):
        (row,) = client.post(address, json={"names": ["gpt-4o-2024-05-13"]}).get_json()["data"]
        filters = address.partition("?")[2] + "&per=offer&id=openai/gpt-4o"
        costs = client.get(f"/api/v1/costs?{filters}").get_json()
        assert row["receipt"] == next((one for one in costs["data"] if one["offer"] == dear), None)
        assert bool(row["receipt"]) != bool(row["unpriced"])
        assert client.get(f"{address}&name=gpt-4o-2024-05-13").get_json()["data"] == [row]


def test_one_offer_has_an_address_of_its_own(known: FlaskClient) -> None:
    answer = known.get("/api/v1/offers/deepseek/deepseek/deepseek-v3.1")
    assert (answer.status_code, answer.get_json()["external_id"]) == (200, "deepseek-reasoner")
    assert known.get("/api/v1/offers/nobody/no/thing").status_code == 404


def test_an_empty_catalogue_is_a_503(empty: Flask) -> None:
    answer = empty.test_client().post(URL, json={"names": ["gpt-4o"]})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")


def test_a_large_answer_is_compressed_and_kept_by_nobody(api: FlaskClient) -> None:
    answer = api.post(URL, json={"names": ["ode"] * 50}, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_names_are_indexed_once_for_the_rows_of_a_version() -> None:
    catalogue = bodies.catalogue()
    confirmed = catalogue.rechecked(catalogue.version, catalogue.documents)
    assert known_names(catalogue) is known_names(confirmed)
    assert known_names(bodies.catalogue()) is not known_names(catalogue)
    assert isinstance(known_names(catalogue), KnownNames)


def test_a_thousand_unknown_names_have_candidates(writer: Engine, empty: Flask) -> None:
    words = ["alpha", "nova", "ultra", "vision", "chat", "instruct", "pro", "mini", "code", "flash"]
    models = [
        bodies.model(f"lab/{first}-{second}-{number}", aliases=[f"{first}-{second}-v{number}", f"lab/{second}-{first}-{number}"])
        for number in range(20)
        for first in words
        for second in words
    ]
    with writer.begin() as connection:
        write_documents(connection)
        write_rows(connection, models, [])
        moved(connection)
    client = empty.test_client()
    asked(client, "wholly-unknown")
    names = [f"{words[n % 10]}-{words[n // 100]}-x{n}" for n in range(1_000)]
    rows = asked(client, *names)
    assert all(row["model"] is None for row in rows)
    assert sum(bool(row["candidates"]) for row in rows) > 500


def test_a_resellers_name_for_the_latest_is_no_model_that_a_familys_name_means(writer: Engine, empty: Flask) -> None:
    models = ["anthropic/claude-sonnet", "anthropic/claude-sonnet-4.5", "openai/chatgpt-4o"]
    offers = [
        bodies.offer("nano-gpt", models[0], external_id="anthropic/claude-sonnet-latest"),
        bodies.offer("openai", models[2], external_id="chatgpt-4o-latest"),
    ]
    with writer.begin() as connection:
        write_documents(connection)
        write_rows(connection, [bodies.model(model) for model in models], offers)
        moved(connection)
    sonnet, latest, own_id, chat = asked(empty.test_client(), "sonnet", "claude-sonnet-latest", models[0], "chatgpt-4o")
    assert (sonnet["model"], {one["model"] for one in sonnet["candidates"]}) == (None, set(models[:2]))
    assert "anthropic/claude-sonnet is a reseller's name for whichever is the latest" in sonnet["steps"]
    assert latest["model"] == own_id["model"] == models[0]
    assert chat["model"] == models[2]
