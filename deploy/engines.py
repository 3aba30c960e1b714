"""The two ways to run the image once: a docker engine, or buildah where there is none."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Built:
    """What the image says of itself: the user and command that it runs by itself, its environment, its size in words."""

    user: str
    command: tuple[str, ...]
    environ: Mapping[str, str]
    size: str


class Engine(Protocol):
    """What runs the image on this machine's network, with ``volumes`` (here -> there) and ``environ`` added."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def built(self) -> Built:
        """Inspect the image."""
        ...

    def arguments(self, command: Sequence[str], environ: Mapping[str, str], volumes: Mapping[str, str]) -> list[str]:
        """Return the command line that runs ``command`` in it."""
        ...

    def stop(self, running: subprocess.Popen[str]) -> None:
        """Send SIGTERM to the process that such a command line runs."""
        ...


ENGINES_OWN_WORDS = ("subprocess exited with status", "Error: exit status")
"""How lines begin that buildah adds when a process ends with another status than 0."""


def told(*command: str) -> str:
    """Return what a command prints; raise CalledProcessError when it fails."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _pairs(environ: Sequence[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in environ)


class Docker:
    """A docker engine: each run is a container of its own."""

    def __init__(self, image: str) -> None:
        self._image = image

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def built(self) -> Built:
        """Inspect the image."""
        [about] = json.loads(told("docker", "image", "inspect", self._image))
        config: dict[str, Any] = about["Config"]
        return Built(config["User"], tuple(config["Cmd"]), _pairs(config["Env"]), f"{about['Size'] / 1e6:.0f} MB")

    def arguments(self, command: Sequence[str], environ: Mapping[str, str], volumes: Mapping[str, str]) -> list[str]:
        """Return the command line that runs ``command`` in it."""
        lent = [part for here, there in volumes.items() for part in ("--volume", f"{here}:{there}")]
        told_it = [part for name, value in environ.items() for part in ("--env", f"{name}={value}")]
        return ["docker", "run", "--rm", "--network", "host", *lent, *told_it, self._image, *command]

    def stop(self, running: subprocess.Popen[str]) -> None:
        """Send SIGTERM; the client hands it on."""
        running.terminate()


class Buildah:
    """Buildah, which needs no engine: one working container serves all runs."""

    def __init__(self, image: str) -> None:
        self._image = image
        self._container = ""

    def __enter__(self) -> Self:
        self._container = told("buildah", "from", "--pull-never", self._image)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        told("buildah", "rm", self._container)

    def built(self) -> Built:
        """Inspect the image."""
        about = json.loads(told("buildah", "inspect", "--type", "image", self._image))
        config: dict[str, Any] = about["OCIv1"]["config"]
        [listed] = json.loads(told("buildah", "images", "--json", self._image))
        return Built(config["User"], tuple(config["Cmd"]), _pairs(config["Env"]), listed["size"])

    def arguments(self, command: Sequence[str], environ: Mapping[str, str], volumes: Mapping[str, str]) -> list[str]:
        """Return the command line that runs ``command`` in it."""
        lent = [part for here, there in volumes.items() for part in ("--volume", f"{here}:{there}")]
        told_it = [part for name, value in environ.items() for part in ("--env", f"{name}={value}")]
        return ["buildah", "run", *lent, *told_it, self._container, "--", *command]

    def stop(self, running: subprocess.Popen[str]) -> None:
        """Send SIGTERM to the process itself: buildah would end with it at once, and take it along unasked."""
        pid = running.pid
        while _program(pid).startswith("buildah"):
            [pid] = _children(pid)
        os.kill(pid, signal.SIGTERM)


def _program(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")[0].rpartition("/")[2]


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]


ENGINES: Mapping[str, type[Docker] | type[Buildah]] = {"docker": Docker, "buildah": Buildah}
