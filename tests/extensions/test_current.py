"""The edition of a process: with the next one it goes, and all that was made of it."""

from __future__ import annotations

import gc
from weakref import ref

from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from aimstats.extensions.current import EXTENSION
from tests.api.published import move_version, publish_small
from tests.forked import until

ASKED = (
    "/?q=ode&min_context=1000&sort=-cost.input",
    "/?as_of=2026-05-01",
    "/es/",
    "/models/alpha/ode-4.5",
    "/models/alpha/od-4.5",
    "/providers/alpha",
    "/developers/alpha",
    "/costs?input_tokens=1000&output_tokens=100",
    "/compare?models=alpha/ode-4.5",
    "/resolve?name=ode",
    "/api/v1/models/alpha/ode-4.5",
    "/api/v1/models?basis=cheapest&input_tokens=500&output_tokens=10",
    "/api/v1/costs?input_tokens=2000&output_tokens=300",
    "/api/v1/history?model=alpha/ode-4.5",
    "/api/v1/resolve?name=ode",
)
"""What is asked beside each address that names nothing: each may make and keep something of an edition in its own way."""


def test_a_new_edition_leaves_nothing_of_the_former_in_memory(app: Flask, database_url: URL) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        publish_small(connection)
    holder = app.extensions[EXTENSION]
    client = app.test_client()

    everywhere = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]

    def ask() -> None:
        for path in (*everywhere, *ASKED):
            with client.get(path, headers={"Accept-Encoding": "br"}) as said:
                assert said.status_code in (200, 301, 302, 303, 308, 400, 404, 405), path
                said.get_data()

    ask()
    former = holder.current()
    kept = [ref(one) for one in (former, *former.tables.values(), *filter(is_object, former.made_of_rows.values()))]
    dataset = former.version.dataset
    del former
    with engine.begin() as connection:
        move_version(connection)
    engine.dispose()
    until(lambda: holder.current().version.dataset > dataset)
    ask()
    gc.collect()
    assert [one() for one in kept if one() is not None] == []


def is_object(made: object) -> bool:
    """Whether it can be held weakly: not what is of Python's own kinds."""
    return hasattr(made, "__dict__")
