"""Ends a job that was told to stop and does not, from a process of its own: a call that holds the interpreter stops every thread.

Run as a script it is that process; `Watchdog` is the job's side of it. It learns of a signal from the part of Python's handler
that runs at once, in C, and writes the signal's number to a pipe. The pipe's end tells it that the job ended, in whatever way.
"""

from __future__ import annotations

import faulthandler
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

TRACE_S = 0.3
"""So long the job has to write where it hangs."""


class Watchdog:
    """The process that kills this one `seconds` after SIGTERM or SIGINT, unless it has ended by then."""

    def __init__(self, seconds: float) -> None:
        """Begin to watch; in the main thread, whose signals these are."""
        read_end, self._pipe = os.pipe()
        os.set_blocking(self._pipe, False)
        command = [sys.executable, "-I", "-S", __file__, str(seconds)]
        none = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=read_end, stdout=none, stderr=none, start_new_session=True)
        os.close(read_end)
        faulthandler.register(signal.SIGUSR1, file=sys.__stderr__ or sys.stderr)
        self._before = signal.set_wakeup_fd(self._pipe, warn_on_full_buffer=False)

    def end(self) -> None:
        """The job ends by itself."""
        signal.set_wakeup_fd(self._before)
        os.close(self._pipe)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        faulthandler.unregister(signal.SIGUSR1)


def watch(seconds: float) -> None:
    """Wait for the job's signal, then for its end; kill it when that does not come."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    job = os.getppid()
    if not os.read(0, 1):
        return
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if select.select([0], [], [], left)[0] and not os.read(0, 64):
            return
    os.kill(job, signal.SIGUSR1)
    time.sleep(TRACE_S)
    os.kill(job, signal.SIGKILL)


if __name__ == "__main__":
    watch(float(sys.argv[1]))
