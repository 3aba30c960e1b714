"""gunicorn as `make run` starts it: the embedded database outlives its workers, and nothing outlives gunicorn."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from parsel import Selector

from aimstats.config import SETTINGS
from aimstats.config.values import PROJECT_ROOT
from aimstats.extensions.negotiation import encoded
from aimstats.web.assets import load_assets
from tests.forked import HUNG_S, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the server's processes in /proc")


@dataclass
class Server:
    """A running gunicorn, its port and the folder of its database."""

    process: subprocess.Popen[str]
    port: int
    data_dir: Path

    def answer(self, path: str) -> tuple[int, str]:
        """The status and body of a GET, 0 where nobody listens."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def wait_for(self, path: str, status: int) -> None:
        """Ask until the answer is as expected."""
        until(lambda: self.process.poll() is not None or self.answer(path)[0] == status)
        assert self.process.poll() is None


def environment(**extra: str) -> dict[str, str]:
    ours = {name for setting in SETTINGS for name in (setting.name, *setting.aliases)}
    return {name: value for name, value in os.environ.items() if name not in ours} | extra


def postmasters(data_dir: Path) -> list[int]:
    """Pids of the PostgreSQL servers whose working folder lies below ``data_dir``, zombies left out.

    A server's child bears the server's command line until it has given itself a name: it is none.
    """
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            folder = Path(os.readlink(entry / "cwd")) if entry.name.isdigit() else Path("/")
            if data_dir in folder.parents and b"-D" in (entry / "cmdline").read_bytes().split(b"\0"):
                status = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                found[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
        except OSError:
            continue
    return [pid for pid, parent in found.items() if parent not in found]


def started(data_dir: Path, **extra: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"],
        cwd=PROJECT_ROOT, env=environment(DATA_DIR=str(data_dir), **extra), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="aimstats-serving-")))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(data_dir: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with started(data_dir, PORT=str(port)) as process:
        yield Server(process, port, data_dir)
        process.terminate()


def assert_light(html: str) -> None:
    """The first page over a whole catalogue weighs what docs/performance.md says."""
    body = html.encode()
    page = Selector(html)
    assert len(page.css("tbody th.lead")) == 25
    assert len(page.xpath("//*")) <= 1_500
    assert len(body) <= 60_000
    for encoding, most in (("zstd", 9_000), ("br", 9_000), ("gzip", 11_000)):
        assert len(encoded(body, encoding)) <= most, encoding
    loaded = [len(asset.bodies["br"]) for asset in load_assets().values() if asset.name.endswith((".css", ".js"))]
    assert len(encoded(body, "br")) + sum(loaded) <= 40_000


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda pid: os.kill(pid, signal.SIGTERM), id="sigterm"),
        pytest.param(lambda pid: os.killpg(pid, signal.SIGINT), id="ctrl-c", marks=pytest.mark.long),
    ],
)
def test_a_signal_ends_everything_that_was_started(server: Server, end: Callable[[int], None]) -> None:
    server.wait_for("/readyz", 200)
    assert len(postmasters(server.data_dir)) == 1
    assert json.loads(server.answer("/api/v1/models?limit=1")[1])["meta"]["total"] > 1_000, "the bundled snapshot is there"
    assert_light(server.answer("/")[1])
    end(server.process.pid)
    said, _ = server.process.communicate(timeout=HUNG_S)
    assert server.process.returncode == 0
    assert postmasters(server.data_dir) == []
    assert f"http://localhost:{server.port}/" in said
    assert "Traceback" not in said


@pytest.mark.long
def test_a_killed_database_server_is_started_again(server: Server) -> None:
    server.wait_for("/readyz", 200)
    [before] = postmasters(server.data_dir)
    os.kill(before, signal.SIGKILL)
    until(lambda: server.answer("/readyz")[0] == 200 and before not in postmasters(server.data_dir))
    assert len(postmasters(server.data_dir)) == 1


@pytest.mark.parametrize("is_shared", [False, True], ids=["another program", "another gunicorn, which lets the port be shared"])
def test_a_port_in_use_is_said_in_one_line(data_dir: Path, is_shared: bool) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, is_shared)
        listener.bind(("0.0.0.0", 0))
        listener.listen()
        port = listener.getsockname()[1]
        says_one_line(data_dir, {"PORT": str(port)}, f"PORT: 0.0.0.0:{port} ")
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize(("extra", "named"), [({"PORT": "eighty"}, "PORT: expected"), ({"DATA_DIR": __file__}, "DATA_DIR")])
def test_what_cannot_be_served_is_said_in_one_line(data_dir: Path, extra: dict[str, str], named: str) -> None:
    says_one_line(data_dir, extra, named)


def says_one_line(data_dir: Path, extra: dict[str, str], named: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"],
        cwd=PROJECT_ROOT, env=environment(**{"DATA_DIR": str(data_dir), **extra}), text=True, capture_output=True,
        timeout=HUNG_S,
    )  # fmt: skip
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert named in ended.stderr
