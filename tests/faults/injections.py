"""What can go wrong with a document on its way: each fault turns a served document into a wrong answer."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final

from tests.faults.documents import Served
from tests.spiders.scripted_server import Answer

Fault = Callable[[Served], Answer]
BOMB_MEGABYTES: Final = 80
"""More than the 64 MiB that a document may have."""
_DOLLARS: Final = re.compile(r"(\$(?:\"\})?\s*)(\d[\d,]*(?:\.\d+)?|\.\d+)")
_PRICED: Final = re.compile(r"cost|pric|_mtok$|^input$|^output$|^input_cached$|^cache_read$", re.IGNORECASE)
_NOT_PRICED: Final = frozenset(
    {
        "limit", "price_comments", "min_prompt_tokens", "start", "range", "max_results_range", "pricing_urls", "updated_at",
        "discount", "input_dbu_cost_per_token", "output_dbu_cost_per_token", "output_db_cost_per_token",
    }
)  # fmt: skip
"""Keys below or beside prices that hold none in dollars: bounds, days, shares, units of a seller's own."""
_OTHER_WORD: Final = {"Input": "Output", "Output": "Input", "input": "output", "output": "input"}
_WORDS: Final = re.compile(r"\b(?:Input|Output|input|output)\b")
_TABLE: Final = re.compile(r"(?:^\|[^\n]*\n)+|<tr\b.*?(?=</tbody>|</table>)", re.DOTALL | re.MULTILINE)
_INPUT: Final = ("input", "prompt", "input_cost_per_token", "input_mtok")
_OUTPUT: Final = ("output", "completion", "output_cost_per_token", "output_mtok")
_OUTPUT_KEY: Final = re.compile(rb'"(output_cost_per_token|completion|output_mtok)"(?=\s*:)')
"""Keys alone: "completion" is also what LiteLLM calls a mode."""


def _answer(served: Served, body: bytes, status: int = 200, **headers: str) -> Answer:
    return Answer(status, body, {"Content-Type": served.content_type, **{k.replace("_", "-"): v for k, v in headers.items()}})


class _Again(str):
    """A key that a record states a second time: another key, written alike."""

    __slots__ = ()
    __hash__ = object.__hash__
    __eq__ = object.__eq__


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[_Again(key) if key in found else key] = value
    return found


def _loaded(body: bytes) -> Any:
    """JSON with what is stated twice, as spiders look at that too (LiteLLM's names)."""
    return json.loads(body, object_pairs_hook=_record)


def _is_json(served: Served) -> bool:
    return served.body.lstrip()[:1] in (b"{", b"[")


def _price_cells(value: Any, is_priced: bool = False) -> Iterator[tuple[Any, Any]]:
    """(holder, key) of every number or numeric text that is a price."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        if key in _NOT_PRICED:
            continue
        priced = is_priced or (isinstance(key, str) and _PRICED.search(key) is not None)
        if isinstance(part, dict | list):
            yield from _price_cells(part, priced)
        elif priced and not isinstance(part, bool) and _number(part) is not None:
            yield value, key


def _number(value: Any) -> Decimal | None:
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?([eE]-?\d+)?", value):
        return Decimal(value)
    return None


def _write(holder: Any, key: Any, amount: Decimal) -> None:
    """Another amount; what is free stays as it is written."""
    if not amount and not _number(holder[key]):
        return
    holder[key] = format(amount, "f") if isinstance(holder[key], str) else float(amount)


def scaled(served: Served, factor: str, share: float = 1.0) -> bytes:
    """The document with a share of its prices (in whole records, from the first on) multiplied."""
    by = Decimal(factor)
    if _is_json(served):
        data = _loaded(served.body)
        cells = list(_price_cells(data))
        for holder, key in cells[: max(1, round(len(cells) * share))]:
            _write(holder, key, (_number(holder[key]) or Decimal(0)) * by)
        return json.dumps(data).encode()
    text = served.body.decode("utf-8", "replace")
    most = round(len(_DOLLARS.findall(text)) * share) or 1
    return _DOLLARS.sub(lambda match: _times(match, by), text, count=0 if share == 1 else most).encode()


def _times(match: re.Match[str], factor: Decimal) -> str:
    """An amount behind its dollar sign, multiplied; what is free stays as it is written."""
    amount = Decimal(match[2].replace(",", ""))
    return match[1] + format((amount * factor).normalize(), "f") if amount else match[0]


def _records(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _records(part)


def _text(served: Served) -> str:
    return served.body.decode("utf-8")


def swapped(served: Served) -> Answer:
    """Input for output, in every record, or in every word of a text."""
    if not _is_json(served):
        return _answer(served, _WORDS.sub(lambda match: _OTHER_WORD[match[0]], _text(served)).encode())
    data = _loaded(served.body)
    for record in _records(data):
        for one, other in zip(_INPUT, _OUTPUT, strict=True):
            if one in record and other in record and "context" not in record and not isinstance(record[one], list):
                record[one], record[other] = record[other], record[one]
    return _answer(served, json.dumps(data).encode())


def renamed(served: Served) -> Answer:
    """The price of output under another name."""
    if not _is_json(served):
        return _answer(served, re.sub(r"\b[Oo]utput\b", "Fee", _text(served)).encode())
    data = _loaded(_OUTPUT_KEY.sub(rb'"\1_fee"', served.body))
    for record in _records(data):
        if "output" in record and "input" in record and "context" not in record and not isinstance(record["output"], list):
            record["output_fee"] = record.pop("output")
    return _answer(served, json.dumps(data).encode())


def fewer(served: Served) -> Answer:
    """The first half of the records of each list or map of records, or of the rows of each table."""
    if not _is_json(served):
        return _answer(served, _TABLE.sub(lambda match: _half(match[0]), _text(served)).encode())
    data = _loaded(served.body)

    def halved(value: Any) -> Any:
        if isinstance(value, list) and len(value) > 9 and isinstance(value[0], dict):
            return [halved(part) for part in value[: len(value) // 2]]
        if isinstance(value, dict) and len(value) > 20 and all(isinstance(part, dict) for part in value.values()):
            return {key: halved(value[key]) for key in list(value)[: len(value) // 2]}
        return {key: halved(part) for key, part in value.items()} if isinstance(value, dict) else value

    return _answer(served, json.dumps(halved(data)).encode())


def _half(table: str) -> str:
    rows = re.findall(r"<tr\b(?:(?!<tr\b).)*|[^\n]+\n", table, re.DOTALL)
    return "".join(rows[: len(rows) // 2]) if len(rows) > 9 else table


def one_record(factor: str, seed: int) -> Fault:
    """One price of the document multiplied; IndexError where it has none."""

    def fault(served: Served) -> Answer:
        if not _is_json(served):
            text = _text(served)
            match = random.Random(seed).choice(list(_DOLLARS.finditer(text)))
            return _answer(served, (text[: match.start()] + _times(match, Decimal(factor)) + text[match.end() :]).encode())
        data = _loaded(served.body)
        cells = [(holder, key) for holder, key in _price_cells(data) if _number(holder[key])]
        holder, key = random.Random(seed).choice(cells)
        _write(holder, key, (_number(holder[key]) or Decimal(0)) * Decimal(factor))
        return _answer(served, json.dumps(data).encode())

    return fault


@cache
def bomb(megabytes: int = BOMB_MEGABYTES) -> bytes:
    """So many megabytes of spaces, gzipped."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as file:
        for _ in range(megabytes):
            file.write(b" " * 1_000_000)
    return packed.getvalue()


@cache
def _zip_of_many() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3_000):
            archive.writestr(f"../../etc/{number}", b"x")
        archive.writestr("big.csv", b"0," * 50_000_000)
    return packed.getvalue()


_PAGE = b"<!doctype html><html><head><title>Just a moment...</title></head><body><div id='challenge'>Checking</div></body></html>"
_ALIASES = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(12)
)

ANY_DOCUMENT: Final[dict[str, Fault]] = {
    "empty": lambda served: _answer(served, b""),
    "truncated at a third": lambda served: _answer(served, served.body[: len(served.body) // 3]),
    "truncated at nine tenths": lambda served: _answer(served, served.body[: len(served.body) * 9 // 10]),
    "anti-bot page": lambda served: Answer(200, _PAGE, {"Content-Type": "text/html"}),
    "anti-bot page as data": lambda served: _answer(served, _PAGE),
    "null": lambda served: _answer(served, b"null"),
    "empty object": lambda served: _answer(served, b"{}"),
    "deep nesting": lambda served: _answer(served, b'{"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "huge integers": lambda served: _answer(served, re.sub(rb"(?<=[:$ |,])\d+(\.\d+)?", b"9" * 500, served.body)),
    "YAML aliases": lambda served: _answer(served, _ALIASES),
    "zip of many": lambda served: _answer(served, _zip_of_many()),
    "broken encoding": lambda served: _answer(served, b"\xff\xfe\x00\xd8" + served.body[::-1]),
    "gzip bomb": lambda served: _answer(served, bomb(), Content_Encoding="gzip"),
    "gzip cut short": lambda served: _answer(served, gzip.compress(served.body)[:-30], Content_Encoding="gzip"),
    "forbidden": lambda served: _answer(served, _PAGE, 403),
    "another document": lambda served: _answer(served, b'{"error": {"message": "internal", "code": 1}, "data": {"id": 1}}'),
    "redirect elsewhere": lambda served: Answer(302, b"", {"Location": "https://192.168.0.1/"}),
}
"""Faults of any document, whatever its shape."""

EVERY_PRICE: Final[dict[str, Fault]] = {
    "1,000 times dearer": lambda served: _answer(served, scaled(served, "1000")),
    "1,000 times cheaper": lambda served: _answer(served, scaled(served, "0.001")),
    "1,000,000 times dearer": lambda served: _answer(served, scaled(served, "1000000")),
    "1,000,000 times cheaper": lambda served: _answer(served, scaled(served, "0.000001")),
    "cents for dollars": lambda served: _answer(served, scaled(served, "100")),
    "dollars for cents": lambda served: _answer(served, scaled(served, "0.01")),
    "euros as dollars": lambda served: _answer(served, scaled(served, "0.92")),
    "pounds as dollars": lambda served: _answer(served, scaled(served, "0.78")),
    "all free": lambda served: _answer(served, scaled(served, "0")),
    "half 1,000 times dearer": lambda served: _answer(served, scaled(served, "1000", 0.5)),
}
"""Faults of documents that state prices, as numbers or behind dollar signs."""

CURRENCIES: Final = ("euros as dollars", "pounds as dollars")
"""A factor near 1 shows only where it reaches nearly all prices."""

RECORDS: Final[dict[str, Fault]] = {
    "swapped columns": swapped,
    "renamed field": renamed,
    "half of the records": fewer,
    **{
        f"one price {factor} times ({seed})": one_record(factor, seed)
        for factor in ("1000", "0.001", "1000000", "100", "0.01")
        for seed in (1, 2)
    },
}
"""Faults of records (JSON), and of texts that have tables or words for the prices, or amounts behind dollar signs."""

FAULTS: Final = ANY_DOCUMENT | EVERY_PRICE | RECORDS
