"""A TCP proxy in front of the tests' PostgreSQL, which can refuse, break off, hold back and come again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy.engine import URL

from tests.conftest import as_text


class Proxy:
    """Forwards what comes at `port` to the server of `target`. `delay_s` holds each word of the server back so long."""

    def __init__(self, target: URL) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.delay_s = 0.0
        self.port = 0
        self._thread.start()
        self.listen()

    @property
    def url(self) -> str:
        """The database as it is reached through here."""
        user = self._target.username or "postgres"
        return as_text(URL.create("postgresql", user, self._target.password, "127.0.0.1", self.port, self._target.database))

    def listen(self) -> None:
        """Take connections (again)."""
        self._server = self._run(asyncio.start_server(self._forward, "127.0.0.1", self.port))
        self.port = self._server.sockets[0].getsockname()[1]

    def vanish(self) -> None:
        """Refuse connections and break off those that there are."""
        self._run(self._vanish())

    def close(self) -> None:
        """End."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _vanish(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.sleep(0)

    async def _end(self) -> None:
        await self._vanish()
        held_back = asyncio.all_tasks() - {asyncio.current_task()}
        for task in held_back:
            task.cancel()
        await asyncio.gather(*held_back, return_exceptions=True)
        await self._vanish()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        host, port = (
            self._target.host or self._target.query.get("host"),
            self._target.port or self._target.query.get("port", 5432),
        )
        if str(host).startswith("/"):
            back_reader, back_writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            back_reader, back_writer = await asyncio.open_connection(str(host), int(str(port)))
        self._writers.add(back_writer)
        await asyncio.gather(self._pump(reader, back_writer, False), self._pump(back_reader, writer, True))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_answer: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if is_answer and self.delay_s:
                    await asyncio.sleep(self.delay_s)
                writer.write(data)
                await writer.drain()
        self._writers.discard(writer)
        writer.transport.abort()


@contextmanager
def proxy_to(target: URL) -> Iterator[Proxy]:
    """A proxy, ended with its test."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
