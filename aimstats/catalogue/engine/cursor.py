"""Keyset cursors: where a page ended, in text that a URL takes as it stands."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import orjson

MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the texts of its sort values (None for a blank) and its id.

    `dataset` is the version that it was made of. It goes on in another version too: by its values, so that rows that
    came or went in between move nothing else. `order` marks the sort, search and basis that it belongs to.
    """

    dataset: int
    order: str
    values: tuple[str | None, ...]
    id: str

    def __str__(self) -> str:
        body = orjson.dumps([self.dataset, self.order, self.values, self.id])
        return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def order_mark(text: str) -> str:
    """A short mark of what decides the order of rows."""
    return f"{crc32(text.encode()):08x}"


def read_cursor(text: str) -> Cursor:
    """The cursor that `meta.next` gave. Raises ValueError for any other text."""
    refusal = ValueError("must be a cursor that meta.next gave")
    if len(text) > MAX_CHARACTERS or not text.isascii():
        raise refusal
    try:
        padded = text + "=" * (-len(text) % 4)
        body: Any = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise refusal from error
    match body:
        case [int(dataset), str(order), [*values], str(identifier)]:
            if all(value is None or isinstance(value, str) for value in values):
                return Cursor(dataset, order, tuple(values), identifier)
    raise refusal
