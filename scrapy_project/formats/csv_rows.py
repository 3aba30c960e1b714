"""CSV documents read strictly: named columns, no silent shift; a row of another length is marked, not guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.formats.tables import text_of

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV's header and its rows by column; `ragged` rows state fewer cells than the header, what lacks is ''."""

    header: tuple[str, ...]
    rows: tuple[tuple[dict[str, str], bool], ...]

    def records(self) -> Iterator[tuple[dict[str, str], bool]]:
        """Each row with whether it is whole."""
        return iter(self.rows)


def csv_sheet(body: bytes, what: str, *required: str) -> Sheet:
    """The CSV that a body holds; raises DocumentRefusedError, naming `what` it should be, where a required column lacks.

    Empty lines are left out. A row longer than the header cannot be told apart and refuses the document.
    """
    reader = csv.reader(io.StringIO(text_of(body, what), newline=""), strict=True)
    try:
        header = tuple(name.strip() for name in next(reader, ()))
        if len(header) > MAX_COLUMNS:
            raise DocumentRefusedError(f"{what}: more than {MAX_COLUMNS} columns")
        lacking = [name for name in required if name not in header]
        if lacking:
            raise DocumentRefusedError(f"{what}: no column {', '.join(map(repr, lacking))}; was it renamed?")
        if len(set(header)) < len(header):
            raise DocumentRefusedError(f"{what}: two columns of one name")
        rows: list[tuple[dict[str, str], bool]] = []
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) > len(header):
                raise DocumentRefusedError(f"{what}: line {reader.line_num} has {len(cells)} cells for {len(header)} columns")
            if len(rows) >= MAX_ROWS:
                raise DocumentRefusedError(f"{what}: more than {MAX_ROWS} rows")
            whole = len(cells) == len(header)
            rows.append((dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)), whole))
    except csv.Error as error:
        raise DocumentRefusedError(f"{what}: not CSV: line {reader.line_num}: {error}") from error
    if not rows:
        raise DocumentRefusedError(f"{what}: no rows")
    return Sheet(header, tuple(rows))
