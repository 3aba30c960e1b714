"""Decimal numbers as sources state them, and the canonical form in which figures are compared."""

from __future__ import annotations

import json
import re
from decimal import Context, Decimal, InvalidOperation
from typing import Any

SIGNIFICANT_DIGITS = 12
"""Equality of figures is on 12 significant digits: 169 models.dev and 45 LiteLLM figures carry float noise (2026-11)."""
MAX_INTEGER_DIGITS = 12
MAX_DECIMAL_DIGITS = 15
MAX_TEXT_LENGTH = 64

_ROUND = Context(prec=SIGNIFICANT_DIGITS)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z")


class NumberRefusedError(ValueError):
    """A number that no price, limit or score can be: not finite, too long, too large or too small."""


def canonical(value: Decimal) -> Decimal:
    """The value at 12 significant digits without trailing zeros or exponent.

    >>> canonical(Decimal("2.2249999999999998"))
    Decimal('2.225')
    >>> canonical(Decimal("1500.000"))
    Decimal('1500')
    >>> canonical(Decimal("0E+3"))
    Decimal('0')
    """
    rounded = _ROUND.plus(value)
    if rounded == 0:
        return Decimal(0)
    rounded = rounded.normalize(_ROUND)
    exponent = rounded.as_tuple().exponent
    return rounded.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else rounded


def decimal_of(text: str | int | Decimal) -> Decimal:
    """The number that a text states, exactly as stated (noise included).

    Raises NumberRefusedError for NaN, infinities, more than 12 integer digits, a first significant digit beyond the
    15th decimal, and texts of more than 64 characters.

    >>> decimal_of("0.000003")
    Decimal('0.000003')
    >>> decimal_of(".075")
    Decimal('0.075')
    """
    if isinstance(text, str):
        text = text.strip()
        if len(text) > MAX_TEXT_LENGTH or not _NUMBER.match(text):
            raise NumberRefusedError(f"not a number: {text[:40]!r}")
    elif isinstance(text, int) and not -(10**MAX_INTEGER_DIGITS) < text < 10**MAX_INTEGER_DIGITS:
        raise NumberRefusedError(f"more than {MAX_INTEGER_DIGITS} integer digits")
    try:
        value = Decimal(text)
    except (InvalidOperation, ValueError) as error:
        raise NumberRefusedError(f"not a number: {str(text)[:40]!r}") from error
    if not value.is_finite():
        raise NumberRefusedError(f"not a finite number: {str(text)[:40]!r}")
    if value != 0 and not -MAX_DECIMAL_DIGITS <= value.adjusted() < MAX_INTEGER_DIGITS:
        raise NumberRefusedError(f"out of range: {str(text)[:40]!r}")
    if len(value.as_tuple().digits) > MAX_TEXT_LENGTH:
        raise NumberRefusedError(f"too many digits: {str(text)[:40]!r}")
    return value


def plain(value: Decimal) -> str:
    """The number as text without exponent: what JSON, CSV and the ledger hold.

    >>> plain(Decimal("3.625E-9"))
    '0.000000003625'
    """
    return format(value, "f")


def _refuse_constant(text: str) -> Any:
    raise NumberRefusedError(f"not a finite number: {text}")


def _json_int(text: str) -> int:
    if len(text) > MAX_TEXT_LENGTH:
        raise NumberRefusedError(f"an integer of {len(text)} digits")
    return int(text)


def _json_float(text: str) -> Decimal:
    if len(text) > MAX_TEXT_LENGTH:
        raise NumberRefusedError(f"a number of {len(text)} characters")
    return Decimal(text)


def _json_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; of a key that is stated twice with different values a list of them: nobody can tell which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        stated: dict[str, list[Any]] = {}
        for key, value in pairs:
            values = stated.setdefault(key, [])
            if value not in values:
                values.append(value)
        found = {key: values[0] if len(values) == 1 else values for key, values in stated.items()}
    return found


def json_of(body: str | bytes) -> Any:
    """A parsed JSON document with numbers as int or Decimal, read from their text; never a float.

    Raises ValueError for what is not JSON or not UTF-8, for NaN and infinities, for integers of absurd length and for
    nesting that the parser refuses. A key that is stated twice with different values has a list of them, which is no number.

    >>> json_of('{"a": 1, "b": 2, "a": 3, "b": 2}')
    {'a': [1, 3], 'b': 2}
    >>> json_of('{"a": 0.1}')
    {'a': Decimal('0.1')}
    """
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        return json.loads(
            text,
            parse_float=_json_float,
            parse_int=_json_int,
            parse_constant=_refuse_constant,
            object_pairs_hook=_json_object,
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
