"""What is asked of a server and written down, as it was answered: every list, a hundred models, the pages."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tools.compare.served import fetched

MODELS: Final = 100
"""So many models are asked for one by one."""
MODEL_PAGES: Final = 20
PAGES: Final = (
    "/",
    "/?type=text&open_weights=true&min_context=100000&sort=cost.input",
    "/?q=claude",
    "/?status=retired&sort=-release_date",
    "/?modality_out=image",
    "/?q=no+such+model",
    "/providers",
    "/sources",
    "/changes",
    "/methodology",
    "/resolve?name=claude-sonnet-4-5-20250929",
    "/docs/api",
)
PROVIDER_PAGES: Final = 10
OF_SOMETHING: Final = frozenset({"history", "crossovers", "compare"})
"""Lists that answer only for models that are named."""
OF_A_WORKLOAD: Final[Mapping[str, str]] = {"costs": "preset=support_chat"}
"""What else is asked of lists that answer nothing else."""
ASKED_OF_A_DAY: Final = ("models", "offers")
"""Lists that are also asked for as of the day of the crawl, which is another way through the code."""

Rows = list[dict[str, Any]]


def write_dump(base: str, folder: Path, observed_at: str) -> None:
    """Write all answers of the server below `folder`. Raises CheckoutError where one is not a 200."""
    lists = _lists(base, folder, observed_at[:10])
    everything = _everything(base)
    for row in chosen(lists["models"], MODELS):
        address = f"/api/v1/models/{row['id']}"
        _write(folder / "one_model" / f"{file_of(address)}.json", fetched(base + address + everything))
    for address in (
        *PAGES,
        *(f"/models/{row['id']}" for row in chosen(lists["models"], MODEL_PAGES)),
        *(f"/providers/{row['id']}" for row in chosen(lists["providers"], PROVIDER_PAGES)),
    ):
        _save(base, address, folder / "pages", ".html")
    for name in sorted(set(re.findall(rb'"(/static/[^"]+)"', (folder / "pages" / "index.html").read_bytes()))):
        body = fetched(base + name.decode())
        stem, _, suffix = name.decode().removeprefix("/static/").split(".")
        _write(folder / "static" / f"{stem}.{suffix}", body)


def _everything(base: str) -> str:
    """The query that asks for every part of a model, where the checkout leaves parts out unless they are asked for."""
    document = json.loads(fetched(f"{base}/api/v1/openapi.json"))
    given = document["paths"]["/api/v1/models/{developer}/{slug}"]["get"]["parameters"]
    return "?include=offers,scores,evidence,names" if any(one["name"] == "include" for one in given) else ""


def chosen(rows: Rows, number: int) -> Rows:
    """So many of the rows, the same ones whatever else there is: those whose ids have the least digests."""
    return sorted(rows, key=lambda row: sha256(str(row["id"]).encode()).hexdigest())[:number]


def commit_of(checkout: Path) -> str:
    """The commit that a checkout is at, with a `+` where files differ from it; empty where it is none."""
    asked = ["git", "-C", str(checkout), "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def file_of(address: str) -> str:
    """The name of the file that an address is kept in, without its ending.

    >>> file_of("/"), file_of("/api/v1/models/acme/ode-2"), file_of("/?q=a+b")
    ('index', 'models~acme~ode-2', '?q=a+b')
    """
    return address.removeprefix("/api/v1/").removeprefix("/").replace("/", "~") or "index"


def _lists(base: str, folder: Path, day: str) -> dict[str, Rows]:
    """Every list that the server describes, by its name, with all of its rows."""
    described = json.loads(_save(base, "/api/v1/openapi.json", folder / "api", ""))
    _save(base, "/api/v1/meta", folder / "api", ".json")
    lists: dict[str, Rows] = {}
    for name, has_file in _list_names(described):
        asked = f"?{OF_A_WORKLOAD[name]}" if name in OF_A_WORKLOAD else ""
        _save(base, f"/api/v1/{name}{asked}", folder / "api", ".json")
        if has_file:
            body = _save(base, f"/api/v1/{name}.ndjson{asked}", folder / "api", "")
        else:
            body = b"".join(_paged(base, f"/api/v1/{name}"))
            _write(folder / "api" / f"{name}.ndjson", body)
        lists[name] = [json.loads(line) for line in body.splitlines()]
        if name in ASKED_OF_A_DAY:
            _save(base, f"/api/v1/{name}.ndjson?as_of={day}", folder / "api", ".ndjson")
    return lists


def _list_names(described: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The lists of an OpenAPI document (what is read with a `limit`), each with whether it is also a file of lines."""
    paths = described["paths"]
    for path, item in paths.items():
        parameters = {parameter.get("name") for parameter in item.get("get", {}).get("parameters", ())}
        name = path.rpartition("/")[2]
        if "{" not in path and "." not in path and "limit" in parameters and name not in OF_SOMETHING:
            yield name, f"{path}.ndjson" in paths


def _paged(base: str, path: str) -> Iterator[bytes]:
    """The rows of a list that has no file of lines, a line each."""
    cursor = ""
    while True:
        page = json.loads(fetched(f"{base}{path}?limit=500{cursor}"))
        yield from (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in page["data"])
        if not page["meta"].get("next"):
            return
        cursor = f"&cursor={page['meta']['next']}"


def _save(base: str, address: str, folder: Path, ending: str) -> bytes:
    body = fetched(base + address)
    _write(folder / f"{file_of(address)}{ending}", body)
    return body


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
