"""Names of hosts become public addresses or none: a declared name that somebody points into our own network is not asked."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

logger = logging.getLogger(__name__)


def is_public(address: str) -> bool:
    """Whether an address is one of the open network.

    >>> [is_public(one) for one in ("93.184.215.14", "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.1")]
    [True, False, False, False, False, False]
    """
    found = ipaddress.ip_address(address)
    return found.is_global and not found.is_multicast


def _proxies() -> set[str]:
    """The hosts of proxies that the environment names: those may be at home."""
    return {urlsplit(proxy).hostname or "" for proxy in getproxies().values()}


class PublicResolver(CachingThreadedResolver):
    """Scrapy's, whose answers are looked at each time: what it gives is what is connected to, so no second answer can differ."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  # Twisted's word
        """The address of a host; fails with DNSLookupError where that is not public."""
        return super().getHostByName(name, timeout).addCallback(self._looked_at, name)

    def _looked_at(self, address: Any, name: str) -> Any:
        if not is_public(str(address)) and name not in _proxies():
            logger.warning("%s leads to %s, which is no public address: it is not asked", name, address)
            raise DNSLookupError(f"{name} leads to {address}, which is no public address")
        return address
