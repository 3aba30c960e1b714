"""SIGTERM under load: every answer that has begun is sent whole, and who is kept alive is told before the door closes."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection

import pytest
from sqlalchemy.engine import URL

from tests.forked import HUNG_S
from tests.serving.server import Served, asked, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="production runs on Linux")

CONNECTIONS = 16
PATHS = ("/", "/models/alpha/ode-4.5", "/api/v1/models", "/api/v1/offers.csv")
CUT, RESET = "cut after its first byte", "kept-alive connection reset"


class Load:
    """So many clients, each on one connection that it keeps as long as it may; it ends when nobody listens any more."""

    def __init__(self, server: Served) -> None:
        self.seen: Counter[str] = Counter()
        self._server = server
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CONNECTIONS)]
        self.answered = threading.Semaphore(0)
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Wait until nobody can connect any more."""
        for thread in self._threads:
            thread.join(HUNG_S)
            assert not thread.is_alive()

    def _ask(self, number: int) -> None:
        connection = HTTPConnection("127.0.0.1", self._server.port, timeout=HUNG_S)
        while True:
            is_kept = connection.sock is not None
            said = asked(connection, PATHS[number % len(PATHS)])
            number += 1
            kind = {-1: CUT, 0: RESET if is_kept else "refused"}.get(said.status, str(said.status))
            with self._lock:
                self.seen[kind] += 1
            self.answered.release()
            if said.status <= 0:
                connection.close()
                if not is_kept:
                    return


@pytest.mark.parametrize("stops", [2, pytest.param(20, marks=pytest.mark.long)])
def test_a_stop_under_load_cuts_nothing(published_url: URL, stops: int) -> None:
    whole: Counter[str] = Counter()
    longest_s = 0.0
    for _ in range(stops):
        with serving(published_url, WEB_CONCURRENCY="2") as server:
            load = Load(server)
            for _ in range(CONNECTIONS * 4):
                load.answered.acquire()
            begun = time.monotonic()
            server.process.signal(signal.SIGTERM)
            ended = server.process.end()
            longest_s = max(longest_s, time.monotonic() - begun)
            load.end()
            assert ended.returncode == 0
        whole += load.seen
    print(f"{stops} stops at {CONNECTIONS} connections: {dict(whole)}; the longest took {longest_s:.1f} s")
    assert whole[CUT] == 0
    assert whole[RESET] <= stops
    assert set(whole) <= {"200", "refused", RESET}
