"""Zip archives read safely: a bounded number of members, bounded sizes, names that are plain relative paths."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Final

from aimstats.domain.items import DocumentRefusedError

MAX_MEMBERS: Final = 500
MAX_MEMBER_BYTES: Final = 16 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 64 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_ .()+/-]{1,200}\Z")


def zip_members(body: bytes, what: str, suffix: str) -> dict[str, bytes]:
    """The members whose name ends with `suffix`, by name, in the archive's order.

    Raises DocumentRefusedError, naming `what` it should be, for what is no zip, for more or larger members than the limits
    (as read, whatever their headers claim), for encrypted ones, names that leave the archive and names that stand twice.
    """
    members: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_MEMBERS:
                raise DocumentRefusedError(f"{what}: {len(entries)} members, at most {MAX_MEMBERS}")
            for entry in entries:
                name = entry.filename
                if not _NAME.match(name) or name.startswith("/") or ".." in name.split("/"):
                    raise DocumentRefusedError(f"{what}: the member name {ascii(name)[:80]} is no plain path")
                if entry.is_dir() or not name.endswith(suffix):
                    continue
                if entry.flag_bits & 1:
                    raise DocumentRefusedError(f"{what}: {name} is encrypted")
                if name in members:
                    raise DocumentRefusedError(f"{what}: {name} stands twice")
                with archive.open(entry) as handle:
                    members[name] = handle.read(MAX_MEMBER_BYTES + 1)
                total += len(members[name])
                if len(members[name]) > MAX_MEMBER_BYTES or total > MAX_TOTAL_BYTES:
                    raise DocumentRefusedError(f"{what}: {name} is too large, or all members together")
    except DocumentRefusedError:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DocumentRefusedError(f"{what}: not a sound zip archive: {str(error)[:120]}") from error
    return members
