"""Writing small resolved rows into a database, as publishing does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, text

from aimstats.domain.items import Source
from tests.api.events import write_events
from tests.catalogue import bodies

CHECKED = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)

MODEL_EVIDENCE = {
    "limit.context": [
        {
            "source": "alpha_page", "provider": "Alpha", "external_id": "ode-4-5", "value": 200_000,
            "url": "https://example.com/prices", "document": 1, "observed_from": "2026-05-02T00:00:00+00:00",
            "observed_to": None, "won": True, "reason": "the seller's own page",
        }
    ]
}  # fmt: skip
OFFER_EVIDENCE = [
    {
        "source": "big_list", "provider": "hostly", "external_id": "us.alpha.ode-v1:0", "region": "EU",
        "cost": {"input": "2", "cache_read": "0"}, "url": "https://example.org/all.json", "document": 2,
        "observed_from": "2026-05-02T00:00:00+00:00", "agreement": "only",
    }
]  # fmt: skip


def _insert(connection: Connection, statement: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        connection.execute(text(statement), row)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def write_documents(connection: Connection) -> None:
    """Two sources with a document each; the ids are those that the small bodies name."""
    declared = (
        Source(id="alpha_page", name="Alpha's prices", kind="page", url="https://example.com/prices", provider="alpha"),
        Source(id="big_list", name="A big list", kind="catalogue", url="https://example.org/all.json", license="MIT"),
        Source(id="new_one", name="Never crawled", kind="benchmark", url="https://example.net/"),
    )
    _insert(
        connection,
        "insert into source (id, body) values (:id, cast(:body as jsonb))",
        ({"id": source.id, "body": _json(source.declaration())} for source in declared),
    )
    _insert(
        connection,
        "insert into document (id, source, url, checked_at, document_date, stale) overriding system value "
        "values (:id, :source, :url, :checked_at, :document_date, :stale)",
        (
            {
                "id": 1, "source": "alpha_page", "url": "https://example.com/prices", "checked_at": CHECKED,
                "document_date": None, "stale": False,
            },
            {
                "id": 2, "source": "big_list", "url": "https://example.org/all.json", "stale": True,
                "checked_at": CHECKED - timedelta(days=9), "document_date": CHECKED - timedelta(days=10),
            },
        ),
    )  # fmt: skip
    _insert(
        connection,
        "insert into run (source, observed_at, started_at, finished_at, status, stats, software) "
        "values (:source, :at, :at, :at, :status, cast(:stats as jsonb), 'test')",
        (
            {"source": "alpha_page", "at": CHECKED, "status": "published", "stats": "{}"},
            {"source": "big_list", "at": CHECKED - timedelta(days=9), "status": "unchanged", "stats": '{"unknown": {"x": 2}}'},
        ),
    )
    connection.execute(
        text(
            "insert into held (run_id, document_id, item, \"check\", reason, since) select id, 2, '{}'::jsonb, "
            "'unit_slip', 'a thousand times dearer', :at from run where source = 'big_list'"
        ),
        {"at": CHECKED},
    )


def write_rows(connection: Connection, models: Iterable[dict[str, Any]], offers: Iterable[dict[str, Any]]) -> None:
    """Resolved models and offers, with evidence."""
    _insert(
        connection,
        "insert into resolved_model (id, body, evidence, changed_at) "
        "values (:id, cast(:body as jsonb), cast(:evidence as jsonb), :changed_at)",
        (
            {"id": body["id"], "body": _json(body), "evidence": _json(MODEL_EVIDENCE), "changed_at": bodies.CHANGED}
            for body in models
        ),
    )
    _insert(
        connection,
        "insert into resolved_offer (id, model, body, evidence, changed_at) "
        "values (:id, :model, cast(:body as jsonb), cast(:evidence as jsonb), :changed_at)",
        (
            {
                "id": body["id"], "model": body["model"], "body": _json(body), "evidence": _json(OFFER_EVIDENCE),
                "changed_at": bodies.CHANGED,
            }
            for body in offers
        ),
    )  # fmt: skip


def move_version(connection: Connection, *, dataset: bool = True) -> None:
    """Say that something was published (or only confirmed)."""
    connection.execute(
        text(
            "insert into version (id, dataset, checked, published_at, rules_version) values (1, 1, 1, now(), '1') "
            "on conflict (id) do update set dataset = version.dataset + :moved, checked = version.checked + 1, "
            "published_at = coalesce(version.published_at, now()), rules_version = '1'"
        ),
        {"moved": int(dataset)},
    )


def publish_small(connection: Connection) -> None:
    """The whole small catalogue."""
    write_documents(connection)
    write_rows(connection, bodies.MODELS, bodies.OFFERS)
    write_events(connection)
    connection.execute(
        text(
            "insert into published_model (id, first_published, redirect, redirected_at, reason) "
            "values ('alpha/ode-4-5', now(), 'alpha/ode-4.5', now(), 'merged')"
        )
    )
    move_version(connection)
