"""Folders of editions laid over one another by address: what every document said on a day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path


class EditionsError(ValueError):
    """A folder that holds no editions, or one whose manifest cannot be read; the message is one line."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The world on one day: every document that is there, by address, and which addresses are new or other than before."""

    day: date
    documents: Mapping[str, Path]
    changed: frozenset[str]

    @property
    def noon(self) -> datetime:
        """The instant at which it is read first."""
        return datetime.combine(self.day, time(12), UTC)


def editions(folders: Iterable[Path], wanted: Iterable[date] = ()) -> Iterator[Edition]:
    """The editions of all folders in the order of their days; of those `wanted` only, what came before lying below them.

    A folder holds one folder a day (`2025-03-01`), each with a MANIFEST.json (`[{"url", "file", "gone"?}]`) and the
    documents that changed since the one before. Raises EditionsError.
    """
    days: dict[date, list[Path]] = {}
    for folder in folders:
        for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (entry / "MANIFEST.json").is_file() and (day := _day(entry.name)):
                days.setdefault(day, []).append(entry)
    if not days:
        raise EditionsError(f"no edition (a folder like 2025-03-01 with a MANIFEST.json) in {', '.join(map(str, folders))}")
    chosen = frozenset(wanted) or frozenset(days)
    if unknown := sorted(chosen - days.keys()):
        raise EditionsError(f"no edition of {unknown[0]}; there are: {', '.join(map(str, sorted(days)))}")
    world: dict[str, Path] = {}
    changed: set[str] = set()
    for day in sorted(days):
        for folder in days[day]:
            changed |= _lay(folder, world)
        if day in chosen:
            yield Edition(day, dict(world), frozenset(changed))
            changed = set()


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _lay(folder: Path, world: dict[str, Path]) -> set[str]:
    """Lay one edition over the world; the addresses that it names."""
    try:
        entries = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
        named = {str(entry["url"]): None if entry.get("gone") else folder / entry["file"] for entry in entries}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EditionsError(f"{folder / 'MANIFEST.json'}: {type(error).__name__}: {error}") from error
    for url, file in named.items():
        if file is None:
            world.pop(url, None)
        else:
            world[url] = file
    return set(named)
