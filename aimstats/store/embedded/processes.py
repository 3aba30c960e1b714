"""Which processes are our server's, told by the kernel and never by a pid file; only those are ever signalled."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def postmaster(cluster: Path, sockets: Path) -> int | None:
    """The pid of the live postmaster of `cluster`, None when there is none; zombies are dead."""
    if not (_PROC / "self" / "stat").exists():
        return postmaster_by_ps(cluster, sockets)
    ours = _living(cluster)
    return next((pid for pid, parent in ours.items() if parent not in ours and not _is_titled(pid)), None)


def postmaster_by_ps(cluster: Path, sockets: Path) -> int | None:
    """The same where there is no /proc (macOS): the pid file names it, its command line must name our socket."""
    try:
        pid = int((cluster / "postmaster.pid").read_text(errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if pid <= 0:
        return None
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, command = shown.stdout.strip().partition(" ")
    program = Path(command.strip().split(" -", 1)[0]).name
    return pid if state[:1] not in ("", "Z") and program == "postgres" and str(sockets) in command else None


def stop(cluster: Path, sockets: Path) -> None:
    """Stop the postmaster of `cluster` if it lives: fast, after 10 s at once; returns when it is gone or after 15 s."""
    for kind, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0)):
        pid = postmaster(cluster, sockets)
        if pid is None:
            return
        _signal(pid, cluster, kind)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if postmaster(cluster, sockets) != pid and _has_ended(pid):
                return
            time.sleep(0.01)


def _has_ended(pid: int) -> bool:
    """Whether the process is gone or a zombie: one that is ending has left its folder a moment before."""
    try:
        state = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(") ")[2][:1]
    except OSError:
        return True
    return state in "ZX"


def end_orphans(cluster: Path) -> None:
    """End what a killed postmaster left behind: busy back-ends outlive it and keep its shared memory."""
    for kind, seconds in ((signal.SIGQUIT, 1.0), (signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + seconds
        for pid in _living(cluster):
            _signal(pid, cluster, kind)
        while _living(cluster):
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)


def _signal(pid: int, cluster: Path, kind: signal.Signals) -> None:
    """Signal `pid` unless it has become another process: the descriptor pins it before the check."""
    if sys.platform != "linux":
        os.kill(pid, kind)
        return
    descriptor = None
    try:
        with suppress(PermissionError):  # old container sandboxes refuse it
            descriptor = os.pidfd_open(pid)
        if pid not in _living(cluster, [str(pid)]):
            return
        if descriptor is None:
            os.kill(pid, kind)
        else:
            signal.pidfd_send_signal(descriptor, kind)
    except ProcessLookupError:
        return
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _living(cluster: Path, names: list[str] | None = None) -> dict[int, int]:
    """Every live `postgres` process that works in `cluster`, with its parent's pid."""
    try:
        home = cluster.stat()
        names = [name for name in os.listdir(_PROC) if name.isdigit()] if names is None else names
    except FileNotFoundError:
        return {}
    found: dict[int, int] = {}
    for name in names:
        try:
            command, _, rest = (_PROC / name / "stat").read_text(errors="replace").rpartition(") ")
            state, parent = rest.split()[:2]
            if not command.endswith("(postgres") or state in "ZX":
                continue
            if os.path.samestat((_PROC / name / "cwd").stat(), home):
                found[int(name)] = int(parent)
        except (OSError, ValueError):  # gone meanwhile, or another user's
            continue
    return found


def _is_titled(pid: int) -> bool:
    """Whether the process calls itself "postgres: <role>", as all but the postmaster do."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().startswith(b"postgres: ")
    except OSError:
        return True
