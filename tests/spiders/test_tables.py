"""Tables of pages: spans, footnote marks, escapes, headings, and pages that mean harm."""

import pytest

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.formats.tables import html_tables, markdown_tables, plain_markdown, struck, text_of, without_struck

PAGE = r"""
# Prices

## [​](https://example.com/pricing#text)

Text Models

Prices per 1M tokens.

| Model | Input | Note |
|:------|------:|------|
| [Acme-1](/acme-1) **new** | \$1.50<sup>2</sup> | a \| b |
| Acme-2 ([deprecated](/docs/a_(b))) | ~~$3~~ $1<br>$2 above 200k | `x_y` |
| Acme-3 | $1 |

```
| Not | A table |
|-----|---------|
| a   | b       |
```

### Batch
| Model | Output |
| --- | --- |
| Acme-1 | <272K &amp; free\* |

Just | a | line
"""

GRID = """<h2>Models<a href="#m">&#8203;</a></h2><p>Prices per 1M</p>
<table><tr><td colspan="2">MODEL</td><td>flash<sup>(1)</sup></td><td>pro</td></tr>
<tr><td rowspan="2">PRICING</td><td>INPUT</td><td>$0.14</td><td>$0.435 (75% off<sup>(3)</sup>)<del>$1.74</del></td></tr>
<tr><td>OUTPUT</td><td colspan="2">$0.28<br>each</td></tr></table>
<h3>More</h3><table><thead><tr><th rowspan="2">Model</th><th colspan="2">Price</th></tr><tr><th>In</th><th>Out</th></tr></thead>
<tbody><tr><td>a</td><td>1</td><td>2</td></tr></tbody></table>"""


def test_a_markdown_table_is_read_with_its_headings_and_escapes() -> None:
    first, second = markdown_tables(PAGE)
    assert first.headings == ("Prices", "Text Models")
    assert first.preamble == "Prices per 1M tokens."
    assert first.header == ("Model", "Input", "Note")
    assert first.rows == (
        ("Acme-1 new", "$1.50", "a | b"),
        ("Acme-2 (deprecated)", "~~$3~~ $1\n$2 above 200k", "x_y"),
        ("Acme-3", "$1", ""),
    )
    assert first.ragged == 1
    assert first.has("model", "INPUT")
    assert not first.has("Output")
    assert second.title == "Batch"
    assert list(second.records()) == [{"Model": "Acme-1", "Output": "<272K & free*"}]


def test_a_reader_services_lost_row_spans_are_restored() -> None:
    text = "| M | A | B |\n|---|---|---|\n| m1 | x | 1 |\n| y | 2 |\n| 3 |\n| m2 | z | 4 |"
    (table,) = markdown_tables(text, spanned=True)
    assert table.rows == (("m1", "x", "1"), ("m1", "y", "2"), ("m1", "y", "3"), ("m2", "z", "4"))
    (plain,) = markdown_tables(text)
    assert plain.rows[1] == ("y", "2", "")
    assert plain.ragged == 2


def test_a_second_header_row_may_be_longer_than_the_first() -> None:
    (table,) = markdown_tables("|  | Short |\n|---|---|\n| Model | In | Out |\n| a | 1 | 2 |", spanned=True)
    assert table.rows == (("Model", "In", "Out"), ("a", "1", "2"))


def test_spans_of_an_html_table_are_expanded() -> None:
    grid, more = html_tables(GRID)
    assert grid.title == "Models"
    assert grid.preamble == "Prices per 1M"
    assert grid.header == ("MODEL", "MODEL", "flash", "pro")
    assert grid.rows == (
        ("PRICING", "INPUT", "$0.14", "$0.435 (75% off)~~$1.74~~"),
        ("PRICING", "OUTPUT", "$0.28\neach", "$0.28\neach"),
    )
    assert more.headings == ("Models", "More")
    assert more.header == ("Model", "Price / In", "Price / Out")
    assert more.rows == (("a", "1", "2"),)


def test_struck_text_is_told_from_what_counts() -> None:
    assert without_struck("~~$3~~ $1\n~~$4~~") == "$1"
    assert struck("~~$3~~ $1") == "$3"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("![Image 1: logo](https://a.example/(x).svg)[Name](https://a.example/b)", "Name"),
        ("*Sync:* $11 / **batch:** $10", "Sync: $11 / batch: $10"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("$1 (image)* or $2 (text)*, **both**", "$1 (image)* or $2 (text)*, both"),
        ("gpt-4o <small>new</small>", "gpt-4o new"),
        ("<= 200k tokens", "<= 200k tokens"),
        ("[a [b](c)](d)", "a b"),
        ("\u202egpt\u200b-4", "gpt-4"),
    ],
)
def test_markdown_becomes_text(markdown: str, text: str) -> None:
    assert plain_markdown(markdown) == text


def test_a_text_that_ends_within_a_row_is_refused() -> None:
    with pytest.raises(DocumentRefusedError, match="cut off"):
        markdown_tables("| A | B |\n|---|---|\n| a | $26")
    with pytest.raises(DocumentRefusedError, match="cut off"):
        html_tables("<table><tr><td>a</td><td>$26")


def test_a_hostile_span_is_cut_and_a_flood_of_cells_refused() -> None:
    (table,) = html_tables('<table><tr><td colspan="99999999">a</td><td rowspan="-3">b</td><td colspan="x">c</td></tr></table>')
    assert len(table.header) == 102
    row = '<tr><td colspan="100">x</td></tr>'
    with pytest.raises(DocumentRefusedError):
        html_tables(f"<table>{row * 2_001}</table>")


def test_a_body_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(DocumentRefusedError, match="Acme prices: not UTF-8"):
        text_of(b"\xff\xfe|", "Acme prices")


def test_a_text_with_an_endless_number_is_refused_but_for_code() -> None:
    longest, endless = b"| Acme %s |" % (b"9" * 64), b"| Acme %s |" % (b"9" * 65)
    assert text_of(longest, "Acme prices") == longest.decode()
    with pytest.raises(DocumentRefusedError, match="Acme prices: an integer of 65 digits"):
        text_of(endless, "Acme prices")
    assert text_of(endless, "Acme's script", is_code=True) == endless.decode()
