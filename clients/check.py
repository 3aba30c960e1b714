#!/usr/bin/env python3
"""Fails a build when a model that it uses retires soon, or its price went up: one file, the standard library alone.

usage: check.py MODELS.txt --url URL [--fail-within 90d] [--price-up 10%] [--since 30d]

MODELS.txt has a name a line, as you call the model (`gpt-4o-2024-05-13`), a seller before it where it matters (`azure: gpt-4o`);
what follows a `#` is a comment. Exit status: 0 all well; 1 a model retires within the time, has retired, or its price went up by
more than the share, a line each; 2 the catalogue cannot be reached, or does not know a name.
"""

import argparse
import http.client
import json
import re
import sys
import urllib.request
from datetime import date, timedelta
from typing import Any

TIMEOUT_S = 30
AT_ONCE = 500
SIDES = ("input", "output")


def days(text: str) -> timedelta:
    """`90d` or `90` as a time. Raises argparse.ArgumentTypeError."""
    match = re.fullmatch(r"(\d{1,5})d?", text)
    if not match:
        raise argparse.ArgumentTypeError("must be a number of days, such as 90d")
    return timedelta(days=int(match[1]))


def share(text: str) -> float:
    """`10%` as 0.1. Raises argparse.ArgumentTypeError."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)%?", text)
    if not match:
        raise argparse.ArgumentTypeError("must be a share, such as 10%")
    return float(match[1]) / 100


def read_names(path: str) -> "list[tuple[str, str]]":
    """(seller or '', name) of each line of the file."""
    names = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = line.split("#", 1)[0].strip()
            if text:
                seller, _, name = text.rpartition(": ")
                names.append((seller.strip(), name.strip()))
    return names


def asked(url: str, body: Any = None) -> Any:
    """The answer's object. Raises OSError where there is none, ValueError where it is no JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json", "Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return json.load(answer)


def resolved(base: str, names: "list[tuple[str, str]]", day: str = "") -> "list[dict[str, Any]]":
    """What each name means (on another day), in the order asked."""
    found: list[dict[str, Any]] = []
    query = f"?as_of={day}" if day else ""
    for start in range(0, len(names), AT_ONCE):
        part = [{"provider": seller, "external_id": name} if seller else name for seller, name in names[start : start + AT_ONCE]]
        found += asked(f"{base}/api/v1/resolve{query}", {"names": part})["data"]
    return found


def _first_day_of(stated: str) -> date:
    """A day as exact as it is stated: of a month or a year the first, on which it may end already."""
    year, month, day = (int(part) for part in (*stated.split("-"), "1", "1")[:3])
    return date(year, month, day)


def end_of(row: "dict[str, Any]", until: date) -> "str | None":
    """What is wrong with the end of what a name means; None where nothing is."""
    end, instead = row["retirement_date"], ", ".join(row["replacements"])
    advice = f"; instead: {instead}" if instead else ""
    if row["status"] == "retired":
        return f"has retired{f' on {end}' if end else ''}{advice}"
    if end and _first_day_of(end) <= until:
        return f"retires on {end}{advice}"
    return None


def rise_of(row: "dict[str, Any]", before: "dict[str, Any]", day: date, limit: float) -> "str | None":
    """What is wrong with the price of what a name means, against a day before; None where nothing is or nothing is known."""
    if before["offer"] != row["offer"] or not row["cost"] or not before["cost"]:
        return None
    for side in SIDES:
        old, new = before["cost"].get(side), row["cost"].get(side)
        if old and new and new > old * (1 + limit):
            return f"costs {new:g} for {side}, {old:g} on {day} (US dollars per million tokens)"
    return None


def main(arguments: "list[str] | None" = None) -> int:
    """Print a line for each thing that is wrong; the exit status."""
    parser = argparse.ArgumentParser(prog="check.py", description="Fail when a model in use retires soon or grew dearer.")
    parser.add_argument("models", help="a file with a name a line")
    parser.add_argument("--url", required=True, help="where the catalogue is served")
    parser.add_argument("--fail-within", type=days, default=timedelta(days=90), metavar="DAYS", help="90d by default")
    parser.add_argument("--price-up", type=share, metavar="SHARE", help="fail when a price rose by more than this, e.g. 10%%")
    parser.add_argument(
        "--since", type=days, default=timedelta(days=30), metavar="DAYS", help="against the price then, 30d by default"
    )
    given = parser.parse_args(arguments)
    base, today = given.url.rstrip("/"), date.today()
    try:
        names = read_names(given.models)
    except (OSError, ValueError) as error:
        parser.error(f"{given.models} cannot be read: {error}")
    try:
        rows = resolved(base, names)
        unknown = [row["name"] for row in rows if row["model"] is None]
        day = today - given.since
        earlier = rows if given.price_up is None else resolved(base, names, day.isoformat())
        wrong = []
        for row, before in zip(rows, earlier):  # noqa: B905 (Python 3.9 has no strict)
            if row["model"] is None:
                continue
            found = [end_of(row, today + given.fail_within)]
            if given.price_up is not None and row["offer"]:
                found.append(rise_of(row, before, day, given.price_up))
            wrong += [f"{row['name']} ({row['offer'] or row['model']}) {said}" for said in found if said]
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
        print(f"the catalogue at {base} cannot be asked: {error}", file=sys.stderr)
        return 2
    for line in wrong:
        print(line)
    for name in unknown:
        print(f"{name} is not known", file=sys.stderr)
    return 2 if unknown else 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
