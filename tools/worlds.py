"""Folders of recorded documents laid over one another by address: the world on a day, as one folder for `jobs.mirror`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path


def editions(timelapse: Path, day: str) -> list[Path]:
    """The editions of a time-lapse up to and including a day (`2026-03-01`), oldest first."""
    return sorted(folder for folder in timelapse.iterdir() if (folder / "MANIFEST.json").is_file() and folder.name <= day)


def lay(folders: Iterable[Path], out: Path) -> int:
    """Write the documents of the folders to one, a later one's in the place of an earlier one's; what a later one calls gone is
    left out. Returns how many documents there are. Raises OSError, and KeyError for a manifest's entry without `url` or `file`.
    """
    world: dict[str, tuple[Path, dict[str, object]]] = {}
    for folder in folders:
        for entry in json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8")):
            world[entry["url"]] = (folder, entry)
    manifest = []
    for number, (folder, entry) in enumerate(world.values()):
        if entry.get("gone"):
            continue
        named = str(entry["file"])
        target = out / str(number) / Path(named).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / named, target)
        manifest.append({**entry, "file": str(target.relative_to(out))})
    (out / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    return len(manifest)
