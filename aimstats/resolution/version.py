"""Which resolver resolved what stands: a digest of its own code, so that a change of it resolves everything anew."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final


def _digest(folder: Path) -> str:
    """Of all modules of a package, by name and content."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


RESOLVER_VERSION: Final = _digest(Path(__file__).parent)
"""Changes whenever a module of this package does."""
