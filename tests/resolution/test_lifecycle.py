"""Where models and offers stand in their lives: floors and placeholders are no dates, hosts do not retire a model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aimstats.domain.items import Lifecycle
from aimstats.resolution.inputs import ListingView
from aimstats.resolution.lifecycle import life_of
from tests.resolution.stated import NOW, ago, document, listing, only_offer, resolved, source, usd

PAGE = source("openai_life", "lifecycle", provider="openai")
GROQ = source("groq_life", "lifecycle", provider="groq")


def event(name: str, days: float | None = None, **rest: Any) -> Lifecycle:
    """An event so many days from now."""
    return Lifecycle(event=name, at=None if days is None else ago(-days), **rest)


def told(*events: Lifecycle, of: Any = PAGE, **rest: Any) -> ListingView:
    """What a lifecycle page says."""
    return listing(of=of, life=events, **rest)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("retired", 10)], {"retirement_date": "2026-03-11", "is_deprecated": True, "is_retired": False}),
        ([event("retired", -1)], {"retirement_date": "2026-02-28", "is_retired": True}),
        ([event("retired", 10, precision="floor")], {"retirement_date": None, "retirement_not_before": "2026-03-11"}),
        ([event("retired", -10, precision="floor")], {"is_retired": True, "retirement_date": "2026-02-19"}),
        ([event("retired", None, precision="none")], {"retirement_date": None, "is_retired": False}),
        ([event("deprecated", -10)], {"deprecation_date": "2026-02-19", "is_deprecated": True, "is_retired": False}),
        ([event("deprecated", 10)], {"deprecation_date": "2026-03-11", "is_deprecated": False}),
        ([event("legacy")], {"is_deprecated": True, "is_retired": False, "deprecation_date": None}),
        ([event("redirected", -1, effect="redirect")], {"is_retired": True}),
        (
            [event("redirected", -1, effect="redirect"), event("retired", 10)],
            {"is_retired": False, "is_deprecated": True, "retirement_date": "2026-03-11"},
        ),
        ([event("retired", 10, replacements=("gpt-5", "o3"))], {"replacements": ["openai/gpt-5", "openai/o3"]}),
        ([], {"retirement_date": None, "is_deprecated": False, "is_retired": False, "replacements": []}),
    ],
    ids=str,
)
def test_a_life_is_read_from_its_events(events: list[Lifecycle], expected: dict[str, Any]) -> None:
    found = life_of([told(*events)], NOW)
    assert {name: getattr(found, name) for name in expected} == expected


def floor(days: float, page_days_ago: float = 0, **facts: Any) -> ListingView:
    """What a page of so many days ago says of the earliest end."""
    page = replace(document(PAGE), document_date=ago(page_days_ago))
    return told(event("retired", days, precision="floor"), doc=page, facts=facts)


def test_a_floor_behind_its_pages_own_day_is_an_end_one_that_passed_since_is_none() -> None:
    ended, passed = life_of([floor(-10, page_days_ago=5)], NOW), life_of([floor(-10, page_days_ago=20)], NOW)
    assert (ended.is_retired, ended.retirement_date, ended.retirement_not_before) == (True, "2026-02-19", None)
    assert (passed.is_retired, passed.retirement_date, passed.retirement_not_before) == (False, None, "2026-02-19")
    assert (passed.is_deprecated, passed.is_past_floor) == (True, True)


def test_what_its_page_calls_active_has_not_ended_with_its_floor() -> None:
    life = life_of([floor(-10, page_days_ago=5, status="active")], NOW)
    assert (life.is_retired, life.is_deprecated, life.retirement_not_before) == (False, False, "2026-02-19")


def test_what_retires_in_a_month_lives_until_the_month_ends() -> None:
    month = Lifecycle(event="retired", at=datetime(2026, 3, 1, tzinfo=UTC), precision="month")
    assert life_of([told(month)], NOW).is_retired is False
    assert life_of([told(month)], datetime(2026, 4, 1, tzinfo=UTC)).is_retired is True
    assert life_of([told(month)], NOW).retirement_date == "2026-03-31"


def test_the_sellers_page_states_an_event_before_a_catalogue() -> None:
    rows = [told(event("retired", 5), of=source("litellm", priority=1)), told(event("retired", 50))]
    assert life_of(rows, NOW).retirement_date == "2026-04-20"
    assert life_of(rows[::-1], NOW).retirement_date == "2026-04-20"


def body(*rows: ListingView) -> dict[str, Any]:
    """The model's body."""
    found = resolved(*rows).body
    assert found is not None
    return found


def sold(provider: str = "openai", **rest: Any) -> ListingView:
    """A listing with a price."""
    return listing(usd("input", "1"), usd("output", "2"), provider=provider, **rest)


def test_the_developers_page_retires_the_model() -> None:
    found = body(sold(), told(event("retired", -1, replacements=("gpt-5",))))
    assert (found["status"], found["retirement_date"], found["replacements"]) == ("retired", "2026-02-28", ["openai/gpt-5"])


def test_a_host_that_retires_a_model_retires_its_own_offer_alone() -> None:
    rows = [sold(), sold("groq"), told(event("retired", -1), of=GROQ, provider="groq")]
    assert body(*rows)["status"] == "active"
    assert {offer.key.provider: offer.body["status"] for offer in resolved(*rows).offers} == {
        "openai": "active",
        "groq": "retired",
    }


def test_a_model_without_its_developer_lives_while_any_host_sells_it() -> None:
    gone = [sold("azure"), told(event("retired", -1), of=source("azure_life", "lifecycle", provider="azure"), provider="azure")]
    assert body(*gone, sold("groq"))["status"] == "active"
    assert body(*gone)["status"] == "retired"


def test_a_model_that_hosts_only_still_keep_is_deprecated() -> None:
    assert body(sold("groq", facts={"status": "deprecated"}))["status"] == "deprecated"


def test_a_hosts_word_is_not_the_developers() -> None:
    rows = [sold(), sold("azure", facts={"status": "deprecated"}), sold("groq", facts={"status": "deprecated"})]
    assert body(*rows)["status"] == "active"


def test_a_retired_snapshot_does_not_retire_the_model_nor_its_other_snapshots() -> None:
    days = ("2024-05-13", "2024-08-06")
    rows = [sold(), *(sold(external_id=f"gpt-4o-{day}", snapshot=day) for day in days)]
    rows.append(told(event("retired", -1), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13"))
    assert body(*rows)["status"] == "active"
    assert {offer.key.snapshot: offer.body["status"] for offer in resolved(*rows).offers} == {
        "": "active",
        "2024-05-13": "retired",
        "2024-08-06": "active",
    }


def test_a_seller_that_only_tells_of_an_end_has_an_offer_that_ends_and_no_price() -> None:
    sold = listing(usd("input", "2"), provider="azure")
    found = resolved(sold, told(event("retired", 10), of=GROQ, provider="groq"))
    (ending,) = (offer.body for offer in found.offers if offer.key.provider == "groq")
    assert (ending["status"], ending["retirement_date"], ending["prices"]) == ("deprecated", "2026-03-11", [])
    assert found.body is not None
    assert found.body["cost_basis"] == {"offer": "azure/openai/gpt-4o", "basis": "only_offer"}
    named = told(of=GROQ, provider="groq", facts={"name": "GPT-4o"})
    assert [offer.key.provider for offer in resolved(sold, named).offers] == ["azure"]


def test_a_snapshot_that_its_sellers_page_calls_live_does_not_end_with_the_undated_name() -> None:
    """Which may stand for an older one by now."""
    notice = told(event("deprecated", -10), snapshot="")
    page = source("openai", "page", provider="openai")
    live = listing(usd("input", "2"), of=page, facts={"status": "active"}, snapshot="2024-08-06")
    silent = listing(usd("input", "3"), of=page, snapshot="2024-05-13")
    offers = {offer.key.snapshot: offer.body["status"] for offer in resolved(notice, live, silent).offers}
    assert offers == {"2024-08-06": "active", "2024-05-13": "deprecated"}


def test_a_model_of_snapshots_alone_retires_with_the_last() -> None:
    days = {"2024-05-13": -5, "2024-08-06": 5}
    rows = [listing(usd("input", "1"), external_id=day, snapshot=day, life=(event("retired", days[day]),)) for day in days]
    assert (body(*rows)["status"], body(*rows)["retirement_date"]) == ("deprecated", "2026-03-06")


def test_no_model_replaces_itself_and_a_snapshot_keeps_its_name_as_text() -> None:
    ends = event("retired", -5, replacements=("gpt-4o-2024-08-06", "gpt-4o", "gpt-5"))
    found = body(told(ends, external_id="gpt-4o-2024-05-13", snapshot="2024-05-13"))
    assert found["replacements"] == ["gpt-4o-2024-08-06", "openai/gpt-5"]
    dated = {"external_id": "gpt-4o-2024-05-13", "snapshot": "2024-05-13"}
    (offer,) = resolved(told(ends, **dated), sold(**dated)).offers
    assert offer.body["replacements"] == ["gpt-4o-2024-08-06", "gpt-4o", "openai/gpt-5"]
    assert body(told(event("retired", -5, replacements=("gpt-4o",))))["replacements"] == []


def test_a_page_that_prices_the_undated_name_does_not_keep_the_model_alive() -> None:
    page = sold(of=source("openai", "page", provider="openai"), external_id="GPT-4o", is_page_name=True)
    end = told(event("retired", -5, replacements=("gpt-5",)), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13")
    found = body(page, end)
    assert (found["status"], found["retirement_date"], found["replacements"]) == ("retired", "2026-02-24", ["openai/gpt-5"])
    later = told(event("retired", 5), external_id="gpt-4o-2024-08-06", snapshot="2024-08-06")
    assert (body(page, end, later)["status"], body(page, end, later)["retirement_date"]) == ("deprecated", "2026-03-06")


def test_a_sellers_undated_offer_ends_with_its_last_snapshot_but_latest_goes_on() -> None:
    end = told(event("retired", -5), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13")
    dated = sold(external_id="gpt-4o-2024-05-13", snapshot="2024-05-13")
    other = sold(external_id="gpt-4o-2024-08-06", snapshot="2024-08-06", life=(event("retired", -9),))
    assert {offer.key.id: offer.body["status"] for offer in resolved(sold(), dated, other, end).offers} == {
        "openai/openai/gpt-4o": "retired",
        "openai/openai/gpt-4o:2024-05-13": "retired",
        "openai/openai/gpt-4o:2024-08-06": "retired",
    }
    latest = sold(external_id="gpt-4o-latest", snapshot="latest")
    offers = resolved(latest, dated, other, end).offers
    assert {offer.body["external_id"]: offer.body["status"] for offer in offers}["gpt-4o-latest"] == "active"


def test_the_one_snapshot_that_goes_on_gives_the_model_its_floor() -> None:
    end = told(event("retired", -5), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13")
    floor = told(event("retired", 90, precision="floor"), external_id="gpt-4o-2024-08-06", snapshot="2024-08-06")
    found = body(sold(), end, floor)
    assert (found["status"], found["retirement_date"], found["retirement_not_before"]) == ("active", None, "2026-05-30")


def test_an_undated_name_that_becomes_the_next_build_does_not_end_with_one() -> None:
    end = told(event("retired", -5), external_id="qwen-vl-plus-2024-08-09", snapshot="2024-08-09", provider="alibaba")
    rows = [sold("alibaba", external_id="qwen-vl-plus"), end]
    unit = resolved(*[replace(row, model="alibaba/qwen-vl-plus") for row in rows], model="alibaba/qwen-vl-plus")
    assert unit.body is not None
    assert (unit.body["status"], unit.body["retirement_date"]) == ("active", None)


@pytest.mark.parametrize(("days", "retirement"), [(30, None), (20, None), (31, "2026-04-01")])
def test_a_catalogue_that_copies_a_floor_as_a_day_retires_nothing(days: float, retirement: str | None) -> None:
    copied = sold(life=(event("retired", days),))
    found = body(copied, told(event("retired", 30, precision="floor")))
    assert (found["retirement_date"], found["retirement_not_before"]) == (retirement, None if retirement else "2026-03-31")
    assert only_offer(copied, told(event("retired", 30, precision="floor")))["retirement_date"] == retirement


def test_every_date_of_a_life_has_its_evidence() -> None:
    page = told(event("deprecated", -40), event("retired", 10, replacements=("gpt-5",)))
    catalogue = sold(of=source("litellm", priority=1), life=(event("retired", 12),))
    other = told(event("retired", -90), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13")
    evidence = resolved(catalogue, page, other).evidence
    said = [(row["source"], row["external_id"], row["value"], row["won"]) for row in evidence["retirement_date"]]
    assert said == [
        ("openai_life", "gpt-4o", "2026-03-11", True),
        ("openai_life", "gpt-4o-2024-05-13", "2025-12-01", False),
        ("litellm", "gpt-4o", "2026-03-13", False),
    ]
    assert evidence["retirement_date"][0]["reason"] == "the developer's own page"
    assert [row["value"] for row in evidence["deprecation_date"]] == ["2026-01-20"]
    assert [(row["value"], row["won"]) for row in evidence["replacements"]] == [(["openai/gpt-5"], True)]


@pytest.mark.parametrize("kind", ["benchmark", "registry"])
def test_a_board_that_names_the_maker_does_not_keep_the_model_alive(kind: str) -> None:
    board = listing(of=source("board", kind), external_id="GPT-4o")
    ended = told(event("retired", -1), external_id="gpt-4o-2024-05-13", snapshot="2024-05-13")
    assert (body(ended, board)["status"], body(ended, board)["retirement_date"]) == ("retired", "2026-02-28")
    gone = told(event("retired", -1), of=source("azure_life", "lifecycle", provider="azure"), provider="azure")
    assert body(sold("azure"), gone, board)["status"] == "retired"


def test_a_floor_is_shown_and_changes_no_status() -> None:
    found = only_offer(sold(), told(event("retired", 30, precision="floor")))
    assert (found["status"], found["retirement_date"], found["retirement_not_before"]) == ("active", None, "2026-03-31")


def test_a_preview_is_a_preview() -> None:
    assert body(sold(facts={"status": "preview"}))["status"] == "preview"


def google(*rows: ListingView) -> list[ListingView]:
    """The same rows, of a model of Google's."""
    return [replace(row, model="google/gemini-x") for row in rows]


GEMINI = source("gemini_life", "lifecycle", provider="google")
VERTEX = source("vertex_life", "lifecycle", provider="google-vertex")


def test_a_previews_dates_never_reach_the_release() -> None:
    rows = google(
        sold("google", external_id="gemini-x"),
        sold("google", external_id="gemini-x-preview", snapshot="preview-05-06", facts={"status": "preview"}),
        told(event("retired", -1), of=GEMINI, provider="google", external_id="gemini-x-preview", snapshot="preview-05-06"),
    )
    found = resolved(*rows, model="google/gemini-x")
    assert found.body is not None
    assert (found.body["status"], found.body["retirement_date"]) == ("active", None)
    assert {offer.key.snapshot: offer.body["status"] for offer in found.offers} == {"": "active", "preview-05-06": "retired"}


def test_a_second_shops_dates_are_its_own() -> None:
    rows = google(sold("google"), sold("google-vertex"), told(event("retired", 30), of=VERTEX, provider="google-vertex"))
    found = resolved(*rows, model="google/gemini-x")
    assert found.body is not None
    assert (found.body["status"], found.body["retirement_date"]) == ("active", None)
    assert {offer.key.provider: offer.body["retirement_date"] for offer in found.offers} == {
        "google": None,
        "google-vertex": "2026-03-31",
    }


def test_open_weights_live_on_at_others() -> None:
    ended = [told(event("retired", -1))]
    others = [sold("groq", facts={"open_weights": True}), sold("azure", facts={"open_weights": True})]
    found = body(*ended, *others)
    assert (found["status"], found["developer_status"]) == ("active", "retired")
    closed = body(*ended, sold("azure", facts={"open_weights": False}))
    assert (closed["status"], closed["developer_status"]) == ("retired", "retired")
    assert body(*ended, listing(of=source("hub", "registry"), facts={"open_weights": True}))["status"] == "retired"


def test_a_model_ends_with_the_last_of_its_developers_variants() -> None:
    variants = {"thinking": -5, "non-thinking": -2}
    rows = [told(event("retired", days), external_id=name, variant=name) for name, days in variants.items()]
    assert (body(sold(), *rows)["status"], body(sold(), *rows)["retirement_date"]) == ("retired", "2026-02-27")
    assert body(sold(), rows[0], sold(external_id="other", variant="other"))["status"] == "active"


def test_of_what_nobody_sells_and_nothing_is_known_no_status_is_told() -> None:
    board = listing(of=source("board", "benchmark"), facts={"release_date": "2025-01-01"})
    assert (body(board)["status"], body(board)["developer_status"]) == (None, None)
