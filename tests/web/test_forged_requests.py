"""Headers that anybody may write change no answer that others are given, and lead nobody away."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.addresses import ADDRESSES

EVIL = "evil.example"
UNKEYED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Port": "1337",
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-For": "203.0.113.9",
    "Forwarded": f"host={EVIL};proto=gopher",
    "X-Original-URL": "/nothing",
    "X-Rewrite-URL": "/nothing",
    "X-HTTP-Method-Override": "DELETE",
    "X-Host": EVIL,
    "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/",
    "Cookie": "session=evil",
    "Accept-Language": "es",
    "HX-Request": "true",
    "HX-Target": "table",
    "HX-Current-URL": f"https://{EVIL}/",
    "User-Agent": EVIL,
}
EVERYTHING = [
    *ADDRESSES, "/changes.atom", "/deprecations.ics", "/sitemap.xml", "/robots.txt", "/api/v1/models", "/api/v1/offers?limit=2",
    "/api/v1/models.csv", "/api/v1/openapi.json", "/api/v1/changes", "/healthz", "/readyz", "/nothing-here",
    "/api/v1/nothing-here",
]  # fmt: skip


@pytest.mark.parametrize("address", EVERYTHING)
def test_a_header_that_is_no_part_of_a_caches_key_changes_nothing(pages: FlaskClient, address: str) -> None:
    plain = pages.get(address)
    forged = pages.get(address, headers=UNKEYED)
    assert (forged.status_code, forged.data) == (plain.status_code, plain.data)
    assert forged.headers.get("ETag") == plain.headers.get("ETag")
    assert EVIL not in forged.text
    assert EVIL not in str(forged.headers)
    assert "Set-Cookie" not in forged.headers


@pytest.mark.parametrize(
    "address",
    [
        "/models/alpha/ode-4-5", "/models/alpha/ode-4.5/", f"//{EVIL}/%2e%2e", f"/\\{EVIL}", f"/models//{EVIL}", "/providers/",
        "/api/v1/models/alpha/ode-4-5", f"/?q=%0d%0aLocation:%20https://{EVIL}", f"/%0d%0aSet-Cookie:%20{EVIL}=1", "/api/v1",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(pages: FlaskClient, address: str) -> None:
    answer = pages.get(address, headers={"Host": EVIL})
    led = answer.headers.get("Location", "/")
    assert led.startswith("/")
    assert not led.startswith(("//", "/\\"))
    assert EVIL not in {name for name, _ in answer.headers} | {value.partition(":")[0] for _, value in answer.headers}
    assert not any("\r" in value or "\n" in value for _, value in answer.headers)
    assert "Set-Cookie" not in answer.headers
