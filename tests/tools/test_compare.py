"""What a change changes: two dumps of one catalogue differ in what was changed, and in nothing that belongs to a run."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aimstats.config.values import PROJECT_ROOT
from tools.compare.__main__ import ABOUT, DIFFERENT, SAME, USAGE, main

PAGES = PROJECT_ROOT / "tests" / "pages" / "llm_prices"
CURRENT = "https://www.llm-prices.com/current-v1.json"


def mirror(folder: Path, body: str) -> Path:
    """A mirror of one document."""
    folder.mkdir()
    (folder / "current.json").write_text(body, encoding="utf-8")
    manifest = [{"url": CURRENT, "file": "current.json", "content_type": "application/json"}]
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the account of the embedded server may enter, also when the tests run as root."""
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="aimstats-compared-")))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.long
def test_a_doubled_price_is_all_that_differs_between_two_runs(open_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = (PAGES / "page.json").read_text(encoding="utf-8")
    assert body.count('"input": 1.25') == 1
    for name, text in (("before", body), ("after", body.replace('"input": 1.25', '"input": 2.5'))):
        documents = mirror(open_folder / f"{name}-documents", text)
        arguments = ["--documents", str(documents), "--sources", "llm_prices", "--checkout", str(PROJECT_ROOT)]
        assert main(["dump", str(open_folder / name), *arguments]) == SAME
    assert main(["diff", str(open_folder / "before"), str(open_folder / "after"), "--examples", "99"]) == DIFFERENT
    said = capsys.readouterr().out
    assert "api/models.ndjson  cost.input: 1, ratio 2 to 2\n    unknown/roadrunner-2: 1.25 -> 2.5\n" in said
    assert "pages/index.html  lines: 1\n" in said
    shown = re.compile(r"1\.25|\.25</span>|bar b8")  # as text, as a cell of a page, as the bar below it
    others = [line for line in said.splitlines() if line.startswith("    ") and not shown.search(line)]
    assert others == [], "\n".join(others)


def dump_of(folder: Path, day: str, **files: str) -> Path:
    """A dump that was taken on a day."""
    for name, body in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    (folder / ABOUT).write_text(
        json.dumps({"commit": day, "documents": "d", "observed_at": "o", "sources": "", "began": f"{day}T10:00:00+00:00",
                    "ended": f"{day}T10:01:00+00:00"}), encoding="utf-8",
    )  # fmt: skip
    return folder


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_what_belongs_to_a_run_is_no_difference(tmp_path: Path) -> None:
    dumps = [
        dump_of(
            tmp_path / day,
            day,
            api__changes_dot_ndjson=lines({"id": number, "at": f"{day}T10:00:30Z", "kind": "price_changed", "model": "acme/ode"}),
            api__meta_dot_json=json.dumps(
                {"dataset_version": number, "age_hours": 1.5 * number, "published_at": f"{day}T10:00:31Z"}
            ),
            pages__index_dot_html=f"<i>{day[-2:]} Nov 2026, 10:00 UTC, edition {number}</i> /static/app.{number}234567890.css",
        )
        for day, number in (("2026-11-28", 1), ("2026-11-29", 2))
    ]
    assert main(["diff", *map(str, dumps)]) == SAME


def test_differences_are_told_by_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "a", "cost": {"input": 2, "output": None}, "aliases": ["x"]},
        {"id": "b", "cost": {"input": 0}},
        {"id": "c"},
    ]
    others: list[dict[str, Any]] = [
        {"id": "b", "cost": {"input": 1}},
        {"id": "a", "cost": {"input": 5, "output": 0}, "aliases": ["x", "y"]},
    ]
    before = dump_of(tmp_path / "1", "2026-11-28", api__m_dot_ndjson=lines(*rows), pages__p_dot_html="one\ntwo\n", pages__q="")
    after = dump_of(tmp_path / "2", "2026-11-28", api__m_dot_ndjson=lines(*others), pages__p_dot_html="one\n2\n")
    assert main(["diff", str(before), str(after)]) == DIFFERENT
    assert capsys.readouterr().out == (
        "api/m.ndjson  aliases[]: 1\n    a: (none) -> y\n"
        "api/m.ndjson  cost.input: 2, ratio 2.5 to 2.5\n    a: 2 -> 5\n    b: 0 -> 1\n"
        "api/m.ndjson  cost.output: 1\n    a: null -> 0\n"
        "api/m.ndjson  order of rows: 1\n    the first: a -> b\n"
        'api/m.ndjson  rows: 1\n    c: {"id": "c"} -> (none)\n'
        "files  only in one: 1\n    pages/q: there -> (none)\n"
        "pages/p.html  lines: 1\n    line 2: two -> 2\n"
        "2026-11-28 and 2026-11-28: 8 differences of 7 fields\n"
    )


def test_what_cannot_be_dumped_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dump", str(tmp_path)]) == USAGE
    assert main(["dump", str(tmp_path / "new"), "--checkout", str(PROJECT_ROOT), "--documents", str(tmp_path)]) == USAGE
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("tools.compare: ")][:1] == [f"tools.compare: {tmp_path} is there already"]
    assert not (tmp_path / "new").exists()
