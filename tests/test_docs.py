"""What the documents say is so: tables are current, links lead somewhere, commands and examples work."""

import importlib.util
import re
import struct
from pathlib import Path

import pytest

from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from jobs.sources_page import COUNTED, DECLARED, PAGE, declared_table, main, with_part
from scrapy_project.base import SourceSpider
from scrapy_project.sources import spider_classes

DOCS = PROJECT_ROOT / "docs"
DOCUMENTS = [*sorted(PROJECT_ROOT.glob("*.md")), *sorted(DOCS.glob("*.md"))]
IMAGES = sorted((DOCS / "images").iterdir())
MAX_IMAGE_BYTES = 200_000
PNG = b"\x89PNG\r\n\x1a\n"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def headings(path: Path) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)) if path.is_file() else set()


def anchors(path: Path) -> set[str]:
    """The anchors that headings give: lower case, punctuation left out, spaces as dashes."""
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in headings(path)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", text_of(path)):
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("folder", ["aimstats", "benchmarks", "deploy", "jobs", "scrapy_project", "tests", "tools"])
def test_every_heading_that_code_refers_to_is_there(folder: str) -> None:
    """`(ledger.md, Price)` in a docstring means that heading of that page of docs/; `docs/gate.md` means the page."""
    missing = []
    for path in sorted((PROJECT_ROOT / folder).rglob("*.py")):
        text = re.sub(r"\s+", " ", text_of(path))
        missing += [
            f"{path.name}: {page}" for page in re.findall(r"(?<![\w./-])docs/([a-z-]+\.md)", text) if not (DOCS / page).is_file()
        ]
        for page, heading in re.findall(r"\(([a-z-]+\.md), ([^()]{1,80})\)", text):
            if heading not in headings(DOCS / page):
                missing.append(f"{path.name}: {page}, {heading}")
    assert missing == []


def test_the_index_names_every_document() -> None:
    index = text_of(DOCS / "README.md")
    assert [path.name for path in DOCS.glob("*.md") if path.name != "README.md" and f"({path.name})" not in index] == []


def test_the_table_of_sources_is_current() -> None:
    page = text_of(PAGE)
    assert with_part(page, DECLARED, declared_table()) == page, "make docs writes it anew"


def test_the_command_writes_the_table_and_leaves_the_text_alone(tmp_path: Path) -> None:
    page = tmp_path / "sources.md"
    page.write_text(f"before\n<!-- {DECLARED} -->\nold\n<!-- /{DECLARED} -->\nafter\n", encoding="utf-8")
    assert main([], page) == 0
    assert page.read_text(encoding="utf-8") == f"before\n<!-- {DECLARED} -->\n{declared_table()}\n<!-- /{DECLARED} -->\nafter\n"


def test_a_page_without_the_part_is_refused() -> None:
    with pytest.raises(ValueError, match=COUNTED):
        with_part("no such part", COUNTED, "table")


def test_the_counts_are_of_sources_that_there_are() -> None:
    counted = re.search(rf"<!-- {COUNTED} -->(.*)<!-- /{COUNTED} -->", text_of(PAGE), re.DOTALL)
    assert counted is not None
    rows = re.findall(r"^\| `(\w+)` \|", counted[1], re.MULTILINE)
    assert rows
    assert set(rows) <= set(spider_classes())


def test_every_pinned_dependency_has_its_line_and_no_other_has_one() -> None:
    pinned = {
        name
        for path in PROJECT_ROOT.glob("requirements*.in")
        for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", text_of(path), re.MULTILINE)
    }
    table = text_of(DOCS / "dependencies.md").split("| package | for |")[1]
    explained = re.findall(r"^\| ([A-Za-z][A-Za-z0-9._-]*) \| \S.* \|$", table, re.MULTILINE)
    assert sorted(explained) == sorted(pinned)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_named_is_there(path: Path) -> None:
    for module in re.findall(r"python -m ([a-z_]+(?:\.[a-z_]+)*)", text_of(path)):
        assert importlib.util.find_spec(module), module
    targets = re.findall(r"^([a-z-]+):", text_of(PROJECT_ROOT / "Makefile"), re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z-]+)", text_of(path), re.MULTILINE)
    assert set(named) <= set(targets)


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_a_picture_is_small_and_shown(path: Path) -> None:
    body = path.read_bytes()
    width, height = struct.unpack(">II", body[16:24])
    assert body.startswith(PNG)
    assert len(body) < MAX_IMAGE_BYTES
    assert (width, height) >= (360, 600)
    assert f"docs/images/{path.name}" in text_of(PROJECT_ROOT / "README.md")


def example_spider() -> SourceSpider:
    """The spider that CONTRIBUTING.md writes out."""
    [code, *_] = re.findall(r"^```python\n(.*?)^```", text_of(PROJECT_ROOT / "CONTRIBUTING.md"), re.MULTILINE | re.DOTALL)
    names: dict[str, type[SourceSpider]] = {}
    exec(compile(code, "CONTRIBUTING.md", "exec"), names)
    return names["ExampleSpider"]()


def example_document(body: bytes) -> DocumentSeen:
    spider = example_spider()
    return spider.parse_document(body, spider.start_urls[0])


def test_the_spider_of_the_contributors_guide_reads_a_page_and_counts_what_it_does_not_know() -> None:
    document = example_document(b'{"models": [{"id": "ode", "name": "Ode", "input": "0.25", "colour": "red"}, {"id": ""}]}')
    [listing] = document.listings
    assert (listing.external_id, [str(stated.normalised) for stated in listing.prices]) == ("ode", ["0.25"])
    assert document.unknown == {"row.colour": 1}
    assert document.skipped == {"row without a usable id": 1}


def test_the_spider_of_the_contributors_guide_refuses_a_page_without_its_meaning() -> None:
    with pytest.raises(DocumentRefusedError, match="models"):
        example_document(b'{"prices": []}')
