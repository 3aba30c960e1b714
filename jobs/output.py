"""What an admin command prints on stdout, whoever reads it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_a_reader() -> Iterator[None]:
    """A reader that has seen enough (`| head`) ends the printing, without a stack trace."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the interpreter's last flush succeeds
