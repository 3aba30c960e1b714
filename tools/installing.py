"""`python tools/installing.py ARGUMENT ...`: `pip install` that says in one line how far it is; what make runs, once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

EVERY_S: Final = 1.0
WITHOUT_TERMINAL_S: Final = 15.0
KEPT_LINES: Final = 30
"""Of pip's own words, shown when it fails."""


def wanted(arguments: list[str]) -> int:
    """How many packages the requirement files among the arguments name.

    >>> wanted(["--no-deps"])
    0
    """
    files = [Path(argument) for argument in arguments if argument.endswith(".txt")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return sum("==" in line and not line.startswith((" ", "#")) for line in lines)


def stage(line: str, fetched: int, total: int) -> tuple[str, int]:
    """What pip is at once it has said this line, and how many packages it has fetched, found here or left out by then.

    >>> stage("Collecting flask==3.1.2 (from -r requirements.txt (line 1))", 4, 60)
    ('fetching packages: 5 of 60', 5)
    >>> stage("Ignoring colorama: markers don't match your environment", 5, 60)
    ('fetching packages: 6 of 60', 6)
    >>> stage("Installing collected packages: flask, jinja2", 60, 60)
    ('writing 2 packages', 60)
    """
    if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied", "Ignoring ")):
        fetched += 1
    if line.startswith("Installing collected packages"):
        return f"writing {line.count(',') + 1} packages", fetched
    return f"fetching packages: {min(fetched, total)} of {total}", fetched


def main(arguments: list[str]) -> int:
    """Run pip; its exit status."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", *arguments]
    total, fetched, said = wanted(arguments), 0, "starting pip"
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    is_terminal = sys.stderr.isatty()
    begun = time.monotonic()
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(EVERY_S if is_terminal else WITHOUT_TERMINAL_S):
            line = f"{said}, {time.monotonic() - begun:.0f} s"
            print(f"\r{line:<60}" if is_terminal else line, end="" if is_terminal else "\n", file=sys.stderr, flush=True)

    print(f"Installing {total} pinned packages into {sys.prefix}; this happens once.", file=sys.stderr, flush=True)
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            kept.append(line)
            said, fetched = stage(line, fetched, total)
    ended.set()
    teller.join()
    if is_terminal:
        print(f"\r{'':<60}\r", end="", file=sys.stderr)
    if pip.returncode:
        print("".join(kept), end="", file=sys.stderr)
    else:
        print(f"Installed after {time.monotonic() - begun:.0f} s.", file=sys.stderr)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
