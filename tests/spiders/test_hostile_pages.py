"""Pages, tables, YAML and archives that are wrong in every way: refused with a reason or counted, never another exception."""

import random
from typing import Final

import pytest

from aimstats.domain.items import DocumentRefusedError, DocumentSeen
from scrapy_project.base import SourceSpider
from scrapy_project.sources import spider_classes
from tests.spiders.expected import page_url, pages

KINDS: Final = ("benchmark", "lifecycle", "registry")
PAGES: Final[dict[str, tuple[SourceSpider, str, bytes]]] = {
    f"{source_id}-{page.name}": (spider_classes()[source_id](), page_url(source_id, expected), page.read_bytes())
    for source_id, page, expected in pages()
    if page.suffix != ".json" and spider_classes()[source_id].source.kind in KINDS
}


def parsed(name: str, body: bytes) -> DocumentSeen | None:
    """The document, None where it was refused with a reason."""
    spider, url, _ = PAGES[name]
    try:
        return spider.parse_document(body, url)
    except DocumentRefusedError as error:
        reason = str(error)
    assert len(reason) > 15, "the reason must tell a person what to look at"
    return None


NO_SUCH_DOCUMENT = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"<html><title>Just a moment...</title><body>Enable JavaScript and cookies to continue</body></html>",
    b"\xff\xfe\x00\x01",
    b"PK\x03\x04 not an archive",
    b"a,b\n1,2\n",
    b"- a: [1, 2\n",
    b"| Model | Date |\n| --- | --- |\n| a | b |\n",
    b"[" * 50_000,
    b"<table>" * 3_000,
    b"\x00" * 1_000,
)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_no_such_document_is_refused(name: str) -> None:
    assert [body[:24] for body in NO_SUCH_DOCUMENT if parsed(name, body)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_damaged_document_is_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    whole = PAGES[name][2]
    for _ in range(60):
        body = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(body))
            match chance.randrange(4):
                case 0:
                    body[place] = chance.randrange(256)
                case 1:
                    del body[place : place + chance.randint(1, 80)]
                case 2:
                    body[place:place] = chance.choice(
                        [b"|", b"\n", b",", b'"', b"\x00", b"9" * 70, b"2026-13-45", b"<td>", b": "]
                    )
                case _:
                    other = chance.randrange(len(body))
                    body[place : place + 20], body[other : other + 20] = body[other : other + 20], body[place : place + 20]
        seen = parsed(name, bytes(body))
        for listing in seen.listings if seen else ():
            assert listing.external_id.strip()
            assert all(score.value.is_finite() for score in listing.scores)


@pytest.mark.parametrize("name", [name for name, (_, _, whole) in PAGES.items() if not whole.startswith(b"PK")])
def test_ten_thousand_rows_of_nonsense_stay_a_short_list(name: str) -> None:
    whole = PAGES[name][2]
    lines = whole.split(b"\n")
    noise = [line.replace(b"20", b"x%dy" % number) for number in range(300) for line in lines[-8:]]
    seen = parsed(name, b"\n".join([*lines, *noise]))
    assert seen is None or len(seen.unknown) <= 201
