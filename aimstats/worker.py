"""The worker that gunicorn runs: its own threads, none of which a client can hold by saying nothing or half of something."""

from __future__ import annotations

import ctypes
import errno
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any, cast

from flask import Flask
from gunicorn import sock as listening
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from aimstats.api.unread import HEAD_BYTES, Refused, is_of_api
from aimstats.at_once import REQUEST_BYTES, AtOnce
from aimstats.extensions.current import hold_edition
from aimstats.extensions.front import Front
from aimstats.store.patience import REQUEST_S, be_impatient, patience

ARRIVAL_S = 10.0
"""So long a request may take to arrive, from its first byte to its last; the client that takes longer is dropped."""
LINGER_S = 2.0
"""So long a client may take to close its side, once it was told that this one is closed; what it says until then is not read."""
DISCARDED = 2**21
"""So many bytes of that are taken from it, twice the largest body that is read: the answer to a larger one has to reach it."""

M_ARENA_MAX = -8
"""glibc's name for what `mallopt` sets here (malloc.h)."""


def share_one_heap() -> None:
    """Let all threads of this process, and of those forked from it, take memory from one heap; call it before the first thread.

    With a heap for each thread an edition leaves its holes in that of the thread which loaded it, where no other thread's answers
    fit: the worker holds a sixth more (docs/reliability.md). Only glibc has such heaps; elsewhere there is nothing to do.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


class BoundedUnreader(SocketUnreader):
    """Reads what a client sends, until a moment (monotonic seconds) and no longer."""

    ends_at = 0.0
    head = b""
    """The first bytes of the request."""

    def read(self, size: int | None = None, *further: Any, **named: Any) -> bytes:
        """What is next of a request."""
        found: bytes = super().read(size, *further, **named)
        self.head += found[: HEAD_BYTES - len(self.head)]
        return found

    def chunk(self, size_hint: int | None = None) -> bytes:
        """What has arrived; raises BrokenPipeError, as if the client had gone, when nothing does in time."""
        before = self.sock.gettimeout()
        try:
            self.sock.settimeout(max(0.001, self.ends_at - time.monotonic()))
            arrived: bytes = super().chunk(size_hint)  # type: ignore[call-arg]  # newer than the types that there are
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the request did not arrive in time") from None
        finally:
            self.sock.settimeout(before)
        return arrived


_READING: ContextVar[BoundedUnreader] = ContextVar("reading")
"""What reads the request that a thread is at."""


class Connection(TConn):
    """A client's connection, each of whose requests has to arrive in ARRIVAL_S; `linger` waits until the client has closed it."""

    linger: Callable[[Connection], None]
    asks_again = True
    """Whether its last request was for an address of which something is kept, as then the next may be: it is looked at first."""
    leaves_at = 0.0
    discarded = 0

    def init(self) -> None:
        """Called by a thread before each request, once its first bytes are there."""
        if not self.initialized:
            super().init()
            self._unreader = BoundedUnreader(self.sock)
            assert isinstance(self.parser, RequestParser), "HTTP/2 is not switched on"
            self.parser.unreader = self._unreader
        self._unreader.ends_at = time.monotonic() + ARRIVAL_S
        self._unreader.head = b""
        _READING.set(self._unreader)

    def close(self, graceful: bool = False) -> None:
        """Now, or by and by: gunicorn would wait for the client in the one thread that hands on everybody's requests."""
        if graceful:
            self.linger(self)
        else:
            super().close()


class Worker(ThreadWorker):
    """It listens once it holds the published edition; a new connection takes no thread before it says something, and none at all
    for what is kept; told to stop, it takes what has already connected and listens no more.
    """

    kept: AtOnce
    """What it answers without a thread."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._lingering: deque[Connection] = deque()

    def load_wsgi(self) -> None:
        """Load the app and its edition."""
        be_impatient()
        super().load_wsgi()
        app: Any = self.wsgi
        assert isinstance(app, Flask)
        assert isinstance(app.wsgi_app, Front)
        self.kept = AtOnce(app.wsgi_app, self.cfg)
        hold_edition(app)

    def run(self) -> None:
        """Listen, and serve until told to stop."""
        self.cfg.set("reuse_port", True)  # `pre_fork` of gunicorn.conf.py took it away
        self.sockets = list[Any](listening.create_sockets(self.cfg, self.log))
        super().run()

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer one request, which waits for the database so long and no longer."""
        conn.asks_again = self.kept.knows(req.path, req.query)
        with patience(REQUEST_S):
            return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """Say why a request cannot be read, in the form of what it asks for."""
        reading, app = _READING.get(None), cast("Flask", self.wsgi)
        told: Any = Refused(client, app, exc) if reading is not None and is_of_api(reading.head) else client
        super().handle_error(req, told, addr, exc)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Answer the next request of a connection, or hand it to a thread."""
        if not self._answered_at_once(conn, self.keepalived_conns):
            super().on_client_socket_readable(conn, client)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """Answer the first request of a connection, or hand it to a thread."""
        if not self._answered_at_once(conn, self.pending_conns):
            super().on_pending_socket_readable(conn, client)

    def accept(self, listener: Any) -> None:
        """Take one connection and wait for its first bytes beside all others."""
        self._accepted(listener)

    def watch(self, connection: Connection) -> None:
        """Wait for the first bytes of a connection."""
        self.nr_conns += 1
        connection.linger = self._linger
        connection.set_timeout()
        self.pending_conns.append(connection)
        self.poller.register(connection.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, connection))

    def set_accept_enabled(self, enabled: bool | None) -> None:
        """Take connections or leave them; at the end those that wait are taken, and nobody can connect any more."""
        super().set_accept_enabled(enabled)
        if self.alive or enabled:
            return
        for listener in self.sockets:
            while self._accepted(listener):
                pass
            listener.close()
        self.sockets = []

    def murder_pending(self) -> None:
        """Close what has waited long enough: for a client's first word, or for its last."""
        super().murder_pending()
        while self._lingering and self._lingering[0].leaves_at <= time.monotonic():
            self._end(self._lingering.popleft())

    def _answered_at_once(self, connection: Connection, among: deque[Any]) -> bool:
        """Answer here what is kept: a thread and the way there and back take three times as long (docs/performance.md)."""
        if not connection.asks_again or not self.alive or len(self.keepalived_conns) >= self.max_keepalived:
            return False
        try:
            said = connection.sock.recv(REQUEST_BYTES, socket.MSG_PEEK)
        except OSError:
            return False
        answer = self.kept.answer(said)
        if answer is None:
            return False
        try:
            connection.sock.recv(len(said))
            sent = connection.sock.send(answer)
        except OSError:  # a thread finds out which, and closes what has to be closed
            sent = 0
        among.remove(connection)
        connection.data_ready = True
        if sent < len(answer):
            self.poller.unregister(connection.sock)
            rest = self.tpool.submit(self._send_rest, connection, answer[sent:])
            rest.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, connection, done))
            return True
        connection.set_timeout()
        self.keepalived_conns.append(connection)
        self.poller.modify(connection.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, connection))
        return True

    def _send_rest(self, connection: Connection, rest: bytes) -> bool:
        """Send what the client did not take at once, in a thread; whether the connection is kept."""
        connection.init()
        connection.sock.setblocking(True)
        try:
            connection.sock.sendall(rest)
        except OSError:
            return False
        return True

    def _linger(self, connection: Connection) -> None:
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            connection.close()
            return
        connection.sock.setblocking(False)
        connection.leaves_at = time.monotonic() + LINGER_S
        self.nr_conns += 1
        self._lingering.append(connection)
        self.poller.register(connection.sock, selectors.EVENT_READ, partial(self._discard, connection))

    def _discard(self, connection: Connection, _: Any) -> None:
        try:
            said = connection.sock.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        connection.discarded += len(said)
        if not said or connection.discarded >= DISCARDED:
            self._lingering.remove(connection)
            self._end(connection)

    def _end(self, connection: Connection) -> None:
        self.poller.unregister(connection.sock)
        self.nr_conns -= 1
        connection.close()

    def _accepted(self, listener: Any) -> bool:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return False
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.watch(Connection(self.cfg, client, address, listener.getsockname()))
        return True

    def _cap_keepalive(self, deadline: float) -> None:
        """Those who have connected and said nothing wait no longer for a worker that stops than those who are kept alive."""
        super()._cap_keepalive(deadline)  # type: ignore[misc]  # newer than the types that there are
        for connection in self.pending_conns:
            connection.timeout = min(connection.timeout or deadline, deadline)
