"""Write the answers that the API's description shows: `python -m tools.api_answers URL`, of a server with the bundled snapshot.

The snapshot alone, as the answers come with the project: what it holds may be passed on. A new data folder has it:
`DATA_DIR=FOLDER make run`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson

from aimstats.api.examples import ANSWERS_FILE, ASKED, PATHS, RESOLVE_BODY
from aimstats.api.openapi import PREFIX, document

FILE: Final = Path(__file__).parents[1] / "aimstats" / "api" / ANSWERS_FILE


def requests() -> Iterator[tuple[str, str, bytes | None]]:
    """Method and address as the document names them, the request, and its body."""
    for path, item in document("")["paths"].items():
        if path.endswith((".csv", ".ndjson", ".json", ".parquet")):
            continue
        place = path.removeprefix(PREFIX)
        identifier = PATHS.get(place.split("/")[1], "") if "{" in place else ""
        asked = f"{PREFIX}{place.partition('/{')[0]}/{identifier}" if identifier else path
        query = ASKED.get(place, "")
        for method in item:
            body = orjson.dumps(RESOLVE_BODY) if method == "post" else None
            yield f"{method.upper()} {path}", asked + (f"?{query}" if query and body is None else ""), body


def main(base: str) -> None:
    """Ask each, and write what was answered; what was not is said."""
    found: dict[str, Any] = {}
    for name, asked, body in requests():
        request = Request(base + asked, body, {"Content-Type": "application/json"} if body else {})
        try:
            with urlopen(request) as answer:  # an address that the caller names
                found[name] = {"request": asked, "body": orjson.loads(answer.read())}
        except HTTPError as error:
            print(f"{asked}: {error.code}", file=sys.stderr)
    lines = (b"%b: %b" % (orjson.dumps(name), orjson.dumps(shown)) for name, shown in found.items())
    FILE.write_bytes(b"{\n%b\n}\n" % b",\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
