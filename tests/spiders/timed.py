"""Whether work on a foreign text ends, and the texts that it may never end on."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from typing import Final

SECONDS: Final = 30
"""What takes a moment when it is right and for ever when it is not."""
PIECES: Final = (
    "*a ", "**a ", "<s>", "<del a", "<sup>", "~~a", "![", "[", "[a](", "[a](b ", "`", "\\", "<a ", "| ", "|", " ", "\t", "$1",
    "$1,", "1,000 ", "($", "1 or $1", "(", "a, ", "a and ", "#", "# ", "&amp;", "a.", "-",
)  # fmt: skip


def in_time(work: Callable[[], object]) -> bool:
    """Whether it ends: in a process of its own, which can be ended where it does not."""
    process = get_context("fork").Process(target=work)
    process.start()
    process.join(SECONDS)
    ended = process.exitcode
    process.kill()
    process.join()
    return ended == 0
