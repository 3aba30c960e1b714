"""What went wrong with the embedded database, in one sentence that says what to do."""

import errno
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedError(RuntimeError):
    """The embedded database cannot be used; the message is one line and says what to do."""


def disk_full(folder: Path) -> EmbeddedError:
    """The error of a full disk under `folder`."""
    return EmbeddedError(f"The disk that holds {folder} is full: free some space there, or set DATA_DIR to another disk.")


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn any `OSError` met while using `folder` into an `EmbeddedError`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise EmbeddedError(
                f"The user {_user_name()} may not use {error.filename or folder}, which belongs to another user: "
                "set DATA_DIR to a folder of your own, or set DATABASE_URL."
            ) from error
        raise EmbeddedError(
            f"{error.filename or folder} cannot be used ({error.strerror or error}): "
            "set DATA_DIR to another folder, or set DATABASE_URL."
        ) from error


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "of this process"
