"""Where the embedded database lives, and as whom: folders that its account reaches and nobody else does."""

import hashlib
import logging
import os
import pwd
import stat
import string
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aimstats.store.embedded.errors import EmbeddedError

logger = logging.getLogger("aimstats.store.embedded")

SHARED = Path("/var/lib/aimstats")
"""Where root keeps what a closed folder would hide from the server's account."""

START_LOCK = "start.lock"
USERS_LOCK = "users.lock"
CLUSTER = "pg18"
SOCKET_PATH_LIMIT = 88
"""Bytes of a socket folder's path: the kernel takes 104 (macOS) or 108, the socket's own name needs 14."""

_PLAIN = frozenset((string.ascii_letters + string.digits + "/._-").encode())
_said: set[Path] = set()


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the server when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Home:
    """The folder that the database lives in; `account` is None when the server runs as ourselves."""

    folder: Path
    account: Account | None

    def other_major(self) -> str | None:
        """The name of the newest database of another major version that lies here, such as `pg16`."""
        names = [path.parent.name for path in self.folder.glob("pg*/PG_VERSION")]
        others = [name for name in names if name.removeprefix("pg").isdecimal() and name != CLUSTER]
        return max(others, key=lambda name: int(name.removeprefix("pg")), default=None)


def settle(data_dir: Path) -> Home:
    """The home of the database that `data_dir` asks for, created where absent.

    As root it is handed to the server's account; where that account cannot reach it, a folder of its own below
    `SHARED` takes its place. No ancestor's owner or mode is changed. Raises `EmbeddedError` or `OSError`.
    """
    folder = Path(os.path.realpath(data_dir))
    if folder.exists() and not folder.is_dir():
        raise EmbeddedError(f"DATA_DIR {folder} is not a folder: set DATA_DIR to one.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        raise EmbeddedError(f"DATA_DIR {folder} cannot be made ({error.strerror}): set DATA_DIR to another folder.") from error
    account = _server_account(folder)
    if account is not None and not can_enter(folder.parent, account):
        folder = _elsewhere(folder, account)
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        _hand_over(folder, account)
    return Home(folder, account)


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the modes of `folder` and all its ancestors let `account` pass."""
    return all(_allows(each.stat(), account, 0o1) for each in (folder, *folder.parents))


def can_read(path: Path, account: Account) -> bool:
    """Whether `account` reaches and reads `path`, and executes or enters it if anybody does."""
    state = path.stat()
    wanted = 0o5 if state.st_mode & 0o111 else 0o4
    return can_enter(path.parent, account) and _allows(state, account, wanted)


def open_private(path: Path, account: Account | None) -> int:
    """A descriptor of our own file at `path`, created with mode 0600 and owned by `account`; no link is followed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        state = os.fstat(descriptor)
        if account is not None and state.st_uid == 0 and stat.S_ISREG(state.st_mode) and state.st_nlink == 1:
            os.fchown(descriptor, account.uid, account.gid)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def socket_folder(home: Home) -> Path:
    """The private folder of the server's socket: in the home, or in a temporary folder when that path does not fit.

    The temporary one has an unguessable name, kept in the home; one that somebody else has taken meanwhile is not used.
    """
    near = home.folder / "socket"
    if _fits(near):
        if not _make_private(near, home.account):
            raise EmbeddedError(f"{near} belongs to another user: remove it, or set DATA_DIR to another folder.")
        return near
    descriptor = open_private(home.folder / "socket-folder", home.account)
    with os.fdopen(descriptor, "r+b") as record:
        prefix = _socket_prefix(home)
        places = _temporary_folders(home.account)
        kept = Path(os.fsdecode(record.read()) or "/")
        if kept.parent in places and kept.name.startswith(prefix) and _make_private(kept, home.account):
            return kept
        for place in places:
            fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
            if _make_private(fresh, home.account):
                record.seek(0)
                record.truncate()
                record.write(os.fsencode(fresh))
                return fresh
    raise EmbeddedError(f"No temporary folder is fit for the database's socket: set DATA_DIR to a path shorter than {near}.")


def _server_account(folder: Path) -> Account | None:
    if os.geteuid() != 0:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise EmbeddedError(
                f"The user id {os.geteuid()} has no name on this machine and PostgreSQL wants one: "
                "run as a named user, or set DATABASE_URL."
            ) from None
        return None
    owner = (folder if folder.is_dir() else folder.parent).stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        if folder.is_dir() and owner:
            raise EmbeddedError(
                f"{folder} belongs to the user id {owner}, which has no name on this machine: "
                "set DATA_DIR to another folder, or set DATABASE_URL."
            ) from None
        entry = _nobody()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root and there is no account nobody: run as another user, or set DATABASE_URL."
        ) from None


def _allows(state: os.stat_result, account: Account, wanted: int) -> bool:
    if state.st_uid == account.uid:
        granted = state.st_mode >> 6
    elif state.st_gid == account.gid:
        granted = state.st_mode >> 3
    else:
        granted = state.st_mode
    return granted & wanted == wanted


def _elsewhere(folder: Path, account: Account) -> Path:
    if (folder / CLUSTER).exists():
        raise EmbeddedError(
            f"The database in {folder} is out of reach of the account {account.name} that runs it: "
            "let that account enter the folders above it, or set DATA_DIR to another folder."
        )
    other = shared_folder() / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    if folder not in _said:
        _said.add(folder)
        logger.warning("The account %s cannot reach %s: the database lives in %s", account.name, folder, other)
    return other


def shared_folder() -> Path:
    """`SHARED`, made where absent, refused unless only root writes there."""
    if not SHARED.is_dir():
        SHARED.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
    state = SHARED.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != 0 or state.st_mode & 0o022:
        raise EmbeddedError(f"{SHARED} must be a folder that belongs to root and that only root writes: mend or remove it.")
    return SHARED


def _hand_over(folder: Path, account: Account) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_uid != 0:
            return
        names = os.listdir(descriptor)
        if names and START_LOCK not in names:
            raise EmbeddedError(f"DATA_DIR {folder} holds other files: set DATA_DIR to an empty or a new folder.")
        os.fchown(descriptor, account.uid, account.gid)
    finally:
        os.close(descriptor)


def _make_private(folder: Path, account: Account | None) -> bool:
    """Make `folder`, or take it when it is ours already; False when it is somebody else's or no folder."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        owner = os.fstat(descriptor).st_uid
        wanted = account.uid if account else os.geteuid()
        if owner not in (wanted, os.geteuid()):
            return False
        os.fchmod(descriptor, 0o700)
        if account is not None:
            os.fchown(descriptor, account.uid, account.gid)
    finally:
        os.close(descriptor)
    return True


def _fits(folder: Path) -> bool:
    """Whether socket, libpq and URL all take this path: short, and without their separators."""
    raw = os.fsencode(folder)
    return len(raw) <= SOCKET_PATH_LIMIT and _PLAIN.issuperset(raw)


def _socket_prefix(home: Home) -> str:
    state = home.folder.stat()
    name = f"{state.st_dev} {state.st_ino} ".encode() + os.fsencode(home.folder)
    return f"aimstats-{hashlib.sha256(name).hexdigest()[:8]}-"


def _temporary_folders(account: Account | None) -> list[Path]:
    places = [Path(os.path.realpath(each)) for each in (tempfile.gettempdir(), "/tmp", "/var/tmp")]
    return [
        each
        for each in dict.fromkeys(places)
        if each.is_dir()
        and os.access(each, os.W_OK | os.X_OK)
        and _fits(each / "aimstats-00000000-00000000")
        and (account is None or can_enter(each, account))
    ]
