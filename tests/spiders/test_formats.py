"""Formats whose documents are wrong or hostile: refused with a reason, never unpacked, multiplied or shifted."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.formats import archives, next_data
from scrapy_project.formats.archives import zip_members
from scrapy_project.formats.csv_rows import csv_sheet
from scrapy_project.formats.js_literals import LiteralError, literal
from scrapy_project.formats.next_data import flight_text, lists_of
from scrapy_project.formats.rendered import rendered_page
from scrapy_project.formats.yaml_data import yaml_data


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_members_come_in_order_and_others_stay_out() -> None:
    body = zipped(("b.csv", b"1"), ("notes.txt", b"x"), ("folder/a.csv", b"2"))
    assert zip_members(body, "the archive", ".csv") == {"b.csv": b"1", "folder/a.csv": b"2"}


@pytest.mark.parametrize("name", ["../up.csv", "/etc/x.csv", "a/../../x.csv", "C:\\x.csv", "nul\x01.csv", "x" * 300 + ".csv"])
def test_a_name_that_leaves_the_archive_refuses_it(name: str) -> None:
    with pytest.raises(DocumentRefusedError, match="no plain path"):
        zip_members(zipped((name, b"1")), "the archive", ".csv")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_refuses_it() -> None:
    with pytest.raises(DocumentRefusedError, match="twice"):
        zip_members(zipped(("a.csv", b"1"), ("a.csv", b"2")), "the archive", ".csv")


def test_a_member_that_grows_beyond_the_limit_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBER_BYTES", 10_000)
    with pytest.raises(DocumentRefusedError, match="too large"):
        zip_members(zipped(("bomb.csv", b"\0" * 1_000_000)), "the archive", ".csv")


def test_members_that_are_too_large_together_refuse_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 10_000)
    with pytest.raises(DocumentRefusedError, match="too large"):
        zip_members(zipped(*((f"{number}.csv", b"\0" * 6_000) for number in range(3))), "the archive", ".csv")


def test_too_many_members_refuse_it() -> None:
    with pytest.raises(DocumentRefusedError, match="at most 500"):
        zip_members(zipped(*((f"{number}.csv", b"") for number in range(501))), "the archive", ".csv")


def test_an_encrypted_member_refuses_it() -> None:
    body = bytearray(zipped(("a.csv", b"1")))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DocumentRefusedError, match="encrypted"):
        zip_members(bytes(body), "the archive", ".csv")


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6, 0.95])
def test_a_cut_archive_is_refused(share: float) -> None:
    body = zipped(("a.csv", b"model,score\n" * 50), ("b.csv", b"x" * 500))
    with pytest.raises(DocumentRefusedError, match="the archive"):
        zip_members(body[: int(len(body) * share)], "the archive", ".csv")


def test_a_broken_member_is_refused() -> None:
    body = bytearray(zipped(("a.csv", bytes(range(256)) * 20)))
    body[60] ^= 0xFF
    with pytest.raises(DocumentRefusedError, match="not a sound zip"):
        zip_members(bytes(body), "the archive", ".csv")


def test_yaml_numbers_are_exact_and_dates_are_texts() -> None:
    data = yaml_data(b"cost: 13.8395\nday: 2024-05-01\nhash: 35e5504\nnone: null\nyes_word: true\nversion: 1.2.3\n", "the list")
    assert data == {
        "cost": Decimal("13.8395"), "day": "2024-05-01", "hash": "35e5504", "none": None, "yes_word": True, "version": "1.2.3"
    }  # fmt: skip


LAUGHS = b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 30))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (LAUGHS, "alias"),
        (b"a: &a\n  b: *a\n", "alias"),
        (b"!!python/object/apply:os.system ['true']", "not YAML"),
        (b"!!python/name:os.system ''", "not YAML"),
        (b"a: [1, 2", "not YAML"),
        (b"a: 1\na : : 2", "not YAML"),
        (b"[" * 2_000, "levels"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: 'x\x00'", "not YAML"),
        (b"? {a: 1}\n: 2\n", "not YAML"),
    ],
)
def test_hostile_yaml_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefusedError, match=reason):
        yaml_data(body, "the list")


def test_a_short_row_is_marked_and_a_long_one_refuses_the_table() -> None:
    sheet = csv_sheet(b"\xef\xbb\xbfmodel,score,votes\na,1,2\n\nb,1\n", "the table", "model", "score")
    assert [(row["model"], row["votes"], whole) for row, whole in sheet.records()] == [("a", "2", True), ("b", "", False)]
    with pytest.raises(DocumentRefusedError, match="3 cells for 2"):
        csv_sheet(b"model,score\na,1,2\n", "the table", "model")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no column 'model'"),
        (b"name,score\na,1\n", "renamed"),
        (b"model,score\n", "no rows"),
        (b"model,model\na,b\n", "two columns"),
        (b'model,score\n"a,1\n', "not CSV"),
        (b'model,score\n"a"b,1\n', "not CSV"),
        (b"<html><title>Just a moment...</title></html>", "no column"),
        (b"model\xff", "UTF-8"),
        (b"model," + b",".join(b"%d" % number for number in range(3_000)) + b"\n", "columns"),
        (b"model,score\n" + b'"' + b"x" * 200_000 + b'",1\n', "not CSV"),
    ],
)
def test_what_is_no_such_table_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefusedError, match=reason):
        csv_sheet(body, "the table", "model")


@pytest.mark.parametrize(
    "text", ["", "[", "[1,,2]", "[a b]", "{a 1}", "[f(1]", "[" * 50, "[1e999]", "[99999999999999999999]", "<>x"]
)
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(LiteralError):
        literal(text)


def test_literals_keep_numbers_exact() -> None:
    value, end = literal(r"""[/* c */ ["a\"b", -0.1, null,], {"k": 'v', n: html(`t`)}, <>{"$"}4.00</> ] tail""")
    assert value == [['a"b', Decimal("-0.1"), None], {"k": "v", "n": "t"}, "$4.00"]
    assert end > 40


def test_data_of_scripts_survives_what_is_broken_beside_it() -> None:
    html = (
        '<script>self.__next_f.push([1,"x:{\\"apis\\":[{\\"a\\":0.1}],"])</script>'
        "<script>self.__next_f.push([broken)</script>"
        '<script>self.__next_f.push([1,"\\"apis\\":[{\\"b\\":[]},"])</script>'
    )
    text = flight_text(html, "Acme")
    assert list(lists_of(text, "apis")) == [[{"a": Decimal("0.1")}]]
    with pytest.raises(DocumentRefusedError, match="Acme: no data"):
        flight_text("<html></html>", "Acme")


SIBLING = '"s":"' + "a" * 5_000 + '",'
LISTS = {
    "nested": ('"k":[{' + SIBLING) * 400 + '"z":1' + "}]" * 400,
    "nested without an end": ('"k":[{' + SIBLING) * 400,
    "nested round what is broken": ('"k":[{' + SIBLING) * 400 + "x" + "}]" * 400,
    "whole ones in one that is broken": '"k":[' + ('{"k":[{' + SIBLING + '"z":1}]},') * 400 + "x]",
    "one after another": ('"k":[{' + SIBLING + '"z":1}],') * 400,
    "broken ones after one another": ('"k":[{' + SIBLING + '"z":x}],') * 400,
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_a_page_are_decoded_twice_at_most(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = 0
    decode = next_data._DECODER.raw_decode

    def counting(text: str, start: int) -> tuple[object, int]:
        nonlocal decoded
        try:
            value, end = decode(text, start)
        except json.JSONDecodeError as error:
            decoded += error.pos - start
            raise
        decoded += end - start
        return value, end

    monkeypatch.setattr(next_data._DECODER, "raw_decode", counting)
    text = LISTS[name]
    found = list(lists_of(text, "k"))
    assert len(found) == (0 if "end" in name or "broken ones" in name or "round" in name else 400)
    assert 0.9 * len(text) < decoded < 2.1 * len(text)


def test_lists_come_in_the_order_of_the_text_and_a_broken_one_hides_no_other() -> None:
    text = '"k":[{"n":1,"k":[{"n":2}]},{"k":[{"n":3}]}],"k":[{"n":4,"m":{"k":[{"n":5}]}},"k":["k":[{"n":6}],"k":[{"n":7}'
    assert [found[0].get("n") for found in lists_of(text, "k")] == [1, 2, 3, 5, 6]
    assert list(lists_of('"k":[{"n":' + "9" * 5_000 + "}]", "k")) == [[{"n": Decimal("9" * 5_000)}]]
    for text in ('"k":[' + "[" * 100_000, '"k":[x],' * 2_000):
        with pytest.raises(DocumentRefusedError):
            list(lists_of(text, "k"))


def test_a_rendered_page_gives_its_own_date() -> None:
    body = b"Title: T\n\nURL Source: https://a.example/x\n\nPublished Time: %s\n\nMarkdown Content:\n# T\n"
    text, date = rendered_page(body % b"Fri, 08 May 2026 17:40:05 GMT", "https://a.example/x")
    assert text == "# T\n"
    assert date is not None
    assert date.isoformat() == "2026-05-08T17:40:05+00:00"
    assert rendered_page(body % b"yesterday", "https://a.example/x")[1] is None
    with pytest.raises(DocumentRefusedError, match="cut off"):
        rendered_page(body % b"yesterday" + b"Input $26", "https://a.example/x")
