"""Writing resolved rows into a database, as publishing does, so that the pages have something to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, text

from aimstats.domain.items import Source
from aimstats.resolution.version import RESOLVER_VERSION

Body = Mapping[str, Any]
CHANGED = datetime(2026, 10, 1, 8, tzinfo=UTC)


def publish(
    connection: Connection,
    models: Iterable[Body],
    offers: Iterable[Body],
    *,
    evidence: Mapping[str, Any] | None = None,
    checked_at: datetime | None = None,
    dataset: int = 1,
    resolver_version: str = RESOLVER_VERSION,
) -> None:
    """Replace what is published by these bodies; `evidence` by id of the model or offer."""
    said = evidence or {}
    now = checked_at or datetime.now(UTC)
    connection.execute(text("delete from resolved_model"))
    connection.execute(text("delete from resolved_offer"))
    source = asdict(Source(id="models_dev", name="models.dev", kind="catalogue", license="MIT", url="https://example.com/"))
    connection.execute(
        text("insert into source (id, body) values ('models_dev', :body) on conflict (id) do nothing"),
        {"body": orjson.dumps(source).decode()},
    )
    connection.execute(
        text(
            "insert into document (source, url, checked_at) values ('models_dev', 'https://example.com/prices', :now) "
            "on conflict (source, url) do update set checked_at = :now"
        ),
        {"now": now},
    )
    document = connection.scalar(text("select min(id) from document"))
    model_rows = [_row(body, document, said.get(body["id"], {})) for body in models]
    offer_rows = [_row(body, document, said.get(body["id"], [])) | {"model": body["model"]} for body in offers]
    if model_rows:
        connection.execute(
            text("insert into resolved_model (id, body, evidence, changed_at) values (:id, :body, :evidence, :changed)"),
            model_rows,
        )
    if offer_rows:
        connection.execute(
            text(
                "insert into resolved_offer (id, model, body, evidence, changed_at) "
                "values (:id, :model, :body, :evidence, :changed)"
            ),
            offer_rows,
        )
    connection.execute(
        text(
            "insert into version (id, dataset, checked, published_at, rules_version, resolver_version) "
            "values (1, :dataset, 1, :now, '1', :resolver) "
            "on conflict (id) do update set dataset = :dataset, published_at = :now, resolver_version = :resolver"
        ),
        {"dataset": dataset, "now": now, "resolver": resolver_version},
    )


def _row(body: Body, document: int | None, evidence: Any) -> dict[str, Any]:
    stated = {**body, "documents": [document]}
    return {
        "id": body["id"],
        "body": orjson.dumps(stated).decode(),
        "evidence": orjson.dumps(evidence).decode(),
        "changed": CHANGED,
    }
