"""What differs between two dumps, by field: how many rows, the first of them, and by how much figures moved."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tools.compare.masks import Masks

SHOWN: Final = 90
ABSENT: Final = "(none)"
EVENT: Final = ("kind", "model", "offer", "field", "source")
"""What an event is about."""


@dataclass(slots=True)
class OfField:
    """The differences of one field: their number, who has them, and the ratios of figures after to before."""

    count: int = 0
    examples: list[str] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Differences:
    """By (file or list, field)."""

    by_field: dict[tuple[str, str], OfField] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def add(self, area: str, name: str, who: str, before: Any, after: Any) -> None:
        """Count one."""
        one = self.by_field.setdefault((area, name), OfField())
        one.count += 1
        one.examples.append(f"{who}: {_short(before)} -> {_short(after)}")
        if _is_figure(before) and _is_figure(after) and before:
            one.ratios.append(after / before)

    def lines(self, examples: int) -> Iterator[str]:
        """The report."""
        for (area, name), one in sorted(self.by_field.items()):
            by = f", ratio {min(one.ratios):.4g} to {max(one.ratios):.4g}" if one.ratios else ""
            yield f"{area}  {name}: {one.count}{by}"
            yield from (f"    {example}" for example in one.examples[:examples])

    def summary(self) -> str:
        """In a line."""
        if not self:
            return "nothing differs"
        return f"{sum(one.count for one in self.by_field.values())} differences of {len(self.by_field)} fields"


def differences(before: Path, after: Path, masks: tuple[Masks, Masks]) -> Differences:
    """Of two dumps, each under its masks."""
    found = Differences()
    names = [{str(path.relative_to(folder)) for path in folder.rglob("*/*") if path.is_file()} for folder in (before, after)]
    for name in sorted(names[0] ^ names[1]):
        found.add("files", "only in one", name, "there" if name in names[0] else ABSENT, "there" if name in names[1] else ABSENT)
    for name in sorted(names[0] & names[1]):
        bodies = (before / name).read_bytes(), (after / name).read_bytes()
        if bodies[0] != bodies[1]:
            _compare(found, Path(name), bodies, masks)
    return found


def _compare(found: Differences, path: Path, bodies: tuple[bytes, bytes], masks: tuple[Masks, Masks]) -> None:
    area = path.parts[0] if path.parts[0] == "one_model" else str(path)
    pairs = list(zip(bodies, masks, strict=True))
    if path.suffix == ".ndjson":
        _rows(found, area, *(_keyed(body, mask) for body, mask in pairs))
    elif path.suffix == ".json":
        who = path.stem if area == "one_model" else "it"
        _values(found, area, who, "", *(mask.value(json.loads(body)) for body, mask in pairs))
    else:
        _texts(found, area, *(mask.text(body.decode("utf-8", "replace")) for body, mask in pairs))


def _keyed(body: bytes, mask: Masks) -> dict[str, Any]:
    """The rows of a file of lines by what tells them apart: their id or, where that is a number that the database gave
    (of an event), what they are about; several of these are numbered in their order."""
    rows: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for line in body.splitlines():
        row = mask.value(json.loads(line))
        if isinstance(row.get("id"), str):
            name = row["id"]
        else:
            row.pop("id", None)
            name = " ".join(str(row[key]) for key in EVENT if row.get(key))
        seen[name] += 1
        rows[name if seen[name] == 1 else f"{name} #{seen[name]}"] = row
    return rows


def _rows(found: Differences, area: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for name in sorted(before.keys() ^ after.keys()):
        found.add(area, "rows", name, before.get(name, ABSENT), after.get(name, ABSENT))
    for name in sorted(before.keys() & after.keys()):
        _values(found, area, name, "", before[name], after[name])
    common = [[name for name in rows if name in before and name in after] for rows in (before, after)]
    if common[0] != common[1]:
        first = next(pair for pair in zip(*common, strict=True) if pair[0] != pair[1])
        found.add(area, "order of rows", "the first", *first)


def _values(found: Differences, area: str, who: str, name: str, before: Any, after: Any) -> None:
    """Go down to the fields that differ. Lists of one length are compared place by place, others by what one has alone."""
    if type(before) is type(after) and before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            _values(found, area, who, f"{name}.{key}".lstrip("."), before.get(key, ABSENT), after.get(key, ABSENT))
        if before.keys() == after.keys() and list(before) != list(after):
            found.add(area, f"{name} (order of keys)", who, ",".join(before), ",".join(after))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            _values(found, area, who, f"{name}[]", one, other)
    elif isinstance(before, list) and isinstance(after, list):
        for one in [one for one in before if one not in after]:
            found.add(area, f"{name}[]", who, one, ABSENT)
        for one in [one for one in after if one not in before]:
            found.add(area, f"{name}[]", who, ABSENT, one)
    else:
        found.add(area, name, who, before, after)


def _texts(found: Differences, area: str, before: str, after: str) -> None:
    """Lines that differ, each with what stands in its place."""
    lines = before.splitlines(), after.splitlines()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if kind != "equal":
            found.add(area, "lines", f"line {a + 1}", *_around("\n".join(lines[0][a:b]), "\n".join(lines[1][c:d])))


def _around(before: str, after: str) -> tuple[str, str]:
    """Two texts from shortly before the place where they part."""
    same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = max(0, same - 30)
    return before[start : start + SHOWN] or ABSENT, after[start : start + SHOWN] or ABSENT


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
