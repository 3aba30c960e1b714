"""Which encoding an `Accept-Encoding` header asks for."""

from __future__ import annotations

import pytest

from aimstats.extensions.negotiation import accepted_encoding


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br;q=0.9", "gzip"),
        ("GZIP;Q=0.5, br;q=0.5", "br"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0, br;q=0", "gzip"),
        ("gzip;q=0.5, identity;q=0.6", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("zstd;q=0.1, br;q=0.1, gzip;q=0.1, *", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=high, br;q=-1", "identity"),
        ("compress, x-br, brotli", "identity"),
        ("," * 5_000 + "gzip", "identity"),
    ],
)
def test_a_clients_own_weights_come_first_and_nobody_is_refused(header: str, expected: str) -> None:
    assert accepted_encoding(header) == expected


def test_only_what_is_offered_is_chosen() -> None:
    assert [accepted_encoding(header, ("br", "gzip")) for header in ("zstd, gzip", "zstd", "br;q=0, gzip", "*")] == [
        "gzip", "identity", "gzip", "br",
    ]  # fmt: skip
