"""Whether work on a foreign text ends, and the texts that it may never end on."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Final

SECONDS: Final = 30
"""Of processor time: what takes a moment when it is right and for ever when it is not."""
PIECES: Final = (
    "*a ", "**a ", "<s>", "<del a", "<sup>", "~~a", "![", "[", "[a](", "[a](b ", "`", "\\", "<a ", "| ", "|", " ", "\t", "$1",
    "$1,", "1,000 ", "($", "1 or $1", "(", "a, ", "a and ", "#", "# ", "&amp;", "a.", "-",
)  # fmt: skip


def in_time(work: Callable[[], object], seconds: int = SECONDS) -> bool:
    """Whether it ends, in a process of its own that the system ends where it does not; a busy machine takes nothing from it."""
    process = get_context("fork").Process(target=_limited, args=(work, seconds))
    process.start()
    process.join()
    return process.exitcode == 0


def _limited(work: Callable[[], object], seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds, resource.RLIM_INFINITY))
    work()
