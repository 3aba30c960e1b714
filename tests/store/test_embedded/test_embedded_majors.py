"""A database of another major version is named at start, and carried over whole by the command that is named."""

import shutil
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from aimstats.store.embedded import EmbeddedError, EmbeddedPostgres
from aimstats.store.embedded.binaries import programs_of, server_programs, wheel
from aimstats.store.embedded.carrying import HALF, carry_over
from aimstats.store.embedded.cluster import NAME, PORT, Cluster
from aimstats.store.embedded.place import settle, socket_folder
from aimstats.store.migrate import schema_state, upgrade
from jobs import carry_over as command
from tests.ingest.worlds import START, World, both, seen

DEBIAN = Path("/usr/lib/postgresql/15/bin")
ROWS = "select to_jsonb(t)::text from {} t order by 1"


def older(data: Path, major: str, programs: Path | None) -> dict[str, list[str]]:
    """Make the database of an older release there, with a small ledger; what it holds."""
    home = settle(data)
    programs = programs or programs_of(major, wheel(), home.account)
    made = home.folder / f"pg{major}"
    account = home.account
    subprocess.run(
        [programs / "initdb", "-D", made, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True, capture_output=True, cwd="/", user=account.uid if account else None,
    )  # fmt: skip
    cluster = Cluster(home, programs, socket_folder(home), False, made.name)
    cluster.wake()
    try:
        address = f"postgresql+psycopg2://{NAME}@/{NAME}?host={cluster.sockets}&port={PORT}"
        engine = create_engine(address, poolclass=NullPool)
        with engine.connect() as connection:
            assert str(connection.scalar(text("show server_version"))).startswith(f"{major}.")
            upgrade(connection)
        with engine.begin() as connection:
            World(connection).crawl(START, [seen("gpt-4o", *both("2.5", "10"))])
        return held(address)
    finally:
        cluster.stop()


def leave_as_if_killed(data: Path) -> None:
    """A half new database whose server goes on, as a command that was killed leaves it."""
    home = settle(data)
    Cluster(home, server_programs(wheel(), home.account), socket_folder(home), False, HALF).wake()


def held(address: str) -> dict[str, list[str]]:
    """Every row of every table."""
    with create_engine(address, poolclass=NullPool).connect() as connection:
        assert schema_state(connection) == "current"
        tables = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        return {table: list(connection.scalars(text(ROWS.format(table)))) for table in tables}


@pytest.mark.parametrize(("major", "programs"), [("16", None), ("15", DEBIAN)], ids=["of the wheel", "of a package"])
def test_a_database_of_another_major_version_is_named_and_carried_over(
    major: str, programs: Path | None, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if programs is not None and not programs.is_dir():
        pytest.skip(f"there is no {programs}")
    data = folder / "data"
    before = older(data, major, programs)
    assert len(before["claim"]) > 1
    with pytest.raises(EmbeddedError, match=rf"is of PostgreSQL {major}, this is 18: .*`python -m jobs\.carry_over`"):
        EmbeddedPostgres(data, durable=False)
    assert not (data / "pg18").exists()

    monkeypatch.setenv("DATA_DIR", str(data))
    if programs is not None:
        assert command.main([]) == 1
        assert f"--programs {DEBIAN}" in capsys.readouterr().err
    leave_as_if_killed(data)
    assert command.main(["--programs", str(programs)] if programs else []) == 0
    assert f"pg{major} was carried over to pg18" in capsys.readouterr().out

    with EmbeddedPostgres(data, durable=False) as postgres:
        assert held(postgres.url.render_as_string()) == before
        with pytest.raises(EmbeddedError, match="stop that first"):
            carry_over(data)
    assert sorted(path.name for path in data.glob("*pg*")) == [f"pg{major}", "pg18"]
    assert not list(data.glob("*.dump"))
    with pytest.raises(EmbeddedError, match="nothing to carry over"):
        carry_over(data)


def test_a_failure_leaves_the_old_database_and_no_new_one(folder: Path) -> None:
    data = folder / "data"
    older(data, "16", None)
    nowhere = folder / "nowhere"
    nowhere.mkdir()
    for name in ("postgres", "pg_ctl"):
        shutil.copy("/bin/false", nowhere / name)
    nowhere.chmod(0o755)
    with pytest.raises(EmbeddedError):
        carry_over(data, nowhere)
    assert not (data / "pg18").exists()
    assert carry_over(data) == "pg16"
