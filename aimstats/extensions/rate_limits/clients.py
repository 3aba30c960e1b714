"""Whom a request counts for, and whether it counts: a digest of the address, and the limited paths."""

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request

from aimstats.config import Config

LIMITED_PATHS = ("/api/v1", "/export", "/mcp")


def current_client() -> str:
    """Who sent this request, as counts are kept by."""
    return client_digest(request.remote_addr, salt_of(current_app.config["AIMSTATS"]))


def salt_of(config: Config) -> bytes:
    """What makes the digests of one deployment its own: out of the database's password, which all instances share and the
    database's rows do not tell; empty where there is none."""
    password = config.database_url.password if config.database_url is not None else None
    return hashlib.blake2b((password or "").encode(), digest_size=32, person=b"aimstats salt").digest() if password else b""


def client_digest(address: str | None, salt: bytes = b"") -> str:
    """Return what stands for a client in the store: a digest keyed with the salt, for no address is kept, nor could one be found
    by trying all; IPv6 counts by its /64 network, since one client has all of it.
    """
    text = address or "unknown"
    try:
        parsed = ip_address(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        text = str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))
    return hashlib.blake2b(text.encode(), digest_size=12, key=salt, person=b"aimstats limits").hexdigest()


def counted_as() -> str:
    """What this request counts as: one scope for all limited paths, those that lead nowhere too; '' does not count."""
    return "api" if request.method != "OPTIONS" and is_limited(request.path) else ""


def is_limited(path: str) -> bool:
    """Whether requests of this path count."""
    return any(path == prefix or path.startswith((prefix + "/", prefix + ".")) for prefix in LIMITED_PATHS)
