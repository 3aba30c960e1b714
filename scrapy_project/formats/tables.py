"""Tables of Markdown and HTML pages as rows of clean text: spans expanded, footnote marks gone, headings remembered."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parsel import Selector

from aimstats.domain.items import DocumentRefusedError
from aimstats.domain.money import MAX_TEXT_LENGTH
from aimstats.domain.text import clean_text

MAX_SPAN: Final = 100
"""A span beyond this is cut: no real table has one, a hostile one may have billions."""
MAX_CELLS: Final = 200_000
"""Cells of all tables of one page after spans are expanded; beyond it the page is refused."""

_ENDLESS = re.compile(rf"[0-9]{{{MAX_TEXT_LENGTH + 1},}}")
_HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?\Z")
_FENCE = re.compile(r"\s*(```|~~~)")
_DELIMITER = re.compile(r":?-+:?\Z")
_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<(?:br|hr)\s*/?>", re.IGNORECASE)
_MARK = re.compile(r"<sup\b[^<>]{0,200}>.{0,300}?</sup>", re.IGNORECASE | re.DOTALL)
_STRUCK = re.compile(r"<(?:del|s|strike)\b[^<>]{0,200}>(.{0,300}?)</(?:del|s|strike)>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_IMAGE = re.compile(r"!\[[^\]]{0,500}\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.)*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)")
_CODE = re.compile(r"(?<!\\)`")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*\*\*|\*\*|\*)(?=[^\s*])(.{1,500}?)(?<=[^\s*\\])\1(?!\*)")
_ESCAPE = re.compile(r"\\([^\w\s])")
_STRUCK_TEXT = re.compile(r"~~(.{1,300}?)~~", re.DOTALL)
MAX_LINE_CHARACTERS: Final = 20_000
"""No Markdown page has such lines; what a text of marks without ends costs grows with its line."""
MAX_LINK_DEPTH: Final = 8

_ROWS: Final = "./tr|./thead/tr|./tbody/tr|./tfoot/tr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `headings` are the titles of the sections that it stands in, outermost first; `preamble` holds the lines
    between the last heading or table and this one; every row is at least as long as `header`. A line break in a cell is a
    newline, struck-through text stands between `~~`. `whole` says of each row whether it is as long as the header, `ragged`
    counts those that are not."""

    headings: tuple[str, ...]
    preamble: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: tuple[bool, ...] = ()

    @property
    def ragged(self) -> int:
        """How many rows are not as long as the header."""
        return self.whole.count(False)

    @property
    def title(self) -> str:
        """The innermost heading."""
        return self.headings[-1] if self.headings else ""

    def refuse_ragged(self, what: str) -> None:
        """Raise DocumentRefusedError, naming `what` the page is, where a row is not as long as the header: its cells moved."""
        if self.ragged:
            raise DocumentRefusedError(f"{what}: {self.ragged} rows of {self.title!r} are not as long as their header")

    def has(self, *names: str) -> bool:
        """Whether columns of these names are there (case does not count)."""
        return {name.lower() for name in names} <= {name.lower() for name in self.header}

    def records(self) -> Iterator[dict[str, str]]:
        """The rows by column name; of two columns of one name the first counts, cells beyond the header are left out."""
        for row in self.rows:
            record: dict[str, str] = {}
            for name, cell in zip(self.header, row, strict=False):
                record.setdefault(name, cell)
            yield record


def plain_markdown(text: str) -> str:
    """A piece of Markdown as text: links and code lose their marks, footnotes go, breaks are newlines, `~~` stays.

    >>> plain_markdown(r"[GPT-4o](/m) **\\$2.50**<sup>1</sup><br>`x_y_z`")
    'GPT-4o $2.50\\nx_y_z'
    """
    text = _STRUCK.sub(r"~~\1~~", _MARK.sub("", _BREAK.sub("\n", text)))
    text = _IMAGE.sub("", text)
    for _ in range(MAX_LINK_DEPTH):
        text, links = _LINK.subn(r"\1", text)
        if not links:
            break
    text = _EMPHASIS.sub(r"\2", _CODE.sub("", _TAG.sub("", text)))
    text = _ESCAPE.sub(r"\1", text)
    return clean_lines(html.unescape(text))


def clean_lines(text: str) -> str:
    """The text's lines made safe, empty ones left out."""
    return "\n".join(line for line in map(clean_text, text.split("\n")) if line)


def without_struck(text: str) -> str:
    """The text that still counts.

    >>> without_struck("$0.435 (75% off)~~$1.74~~")
    '$0.435 (75% off)'
    """
    return clean_lines(_STRUCK_TEXT.sub(" ", text))


def struck(text: str) -> str:
    """The struck-through text alone.

    >>> struck("$0.435 (75% off)~~$1.74~~")
    '$1.74'
    """
    return clean_lines("\n".join(_STRUCK_TEXT.findall(text)))


def text_of(body: bytes, what: str, *, is_code: bool = False) -> str:
    """The body as text; raises DocumentRefusedError, naming `what` it should be, where it is not UTF-8.

    A number of more digits than JSON may have is refused too: it would be read as part of a name. Code (`is_code`) may have one.
    """
    try:
        text = body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentRefusedError(f"{what}: not UTF-8") from error
    if not is_code and (found := _ENDLESS.search(text)):
        raise DocumentRefusedError(f"{what}: an integer of {len(found[0])} digits")
    return text


class _Headings:
    """The titles in force while a page is read from top to bottom."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, str]] = []

    def enter(self, level: int, title: str) -> None:
        self._stack = [(known, text) for known, text in self._stack if known < level] + [(level, title)]

    def rename(self, title: str) -> None:
        self._stack[-1] = (self._stack[-1][0], title)

    def titles(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._stack)


def markdown_tables(text: str, *, spanned: bool = False) -> list[Table]:
    """All pipe tables of a Markdown text, code blocks left out.

    Raises DocumentRefusedError for a text that ends within a row: half a figure looks like a figure.

    A heading without text takes the next line of text as its title (reader services write anchors so). `spanned`: a row that
    is shorter than the others takes its first cells from the row above (reader services lose row spans so).
    """
    tables: list[Table] = []
    headings, preamble, fence, untitled = _Headings(), list[str](), "", False
    lines = text.split("\n")
    if max(map(len, lines)) > MAX_LINE_CHARACTERS:
        raise DocumentRefusedError(f"a line of more than {MAX_LINE_CHARACTERS:,} characters")
    if _is_row(lines[-1]) and not lines[-1].rstrip().endswith("|"):
        raise DocumentRefusedError("the page is cut off within a row of a table")
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if fence or _FENCE.match(line):
            fence = _after_fence(fence, line)
        elif heading := _HEADING.match(line.strip()) if line.lstrip().startswith("#") else None:
            title = plain_markdown((heading[2] or "").rstrip("# \t"))
            headings.enter(len(heading[1]), title)
            untitled, preamble = not title, []
        elif _is_row(line) and position < len(lines) and _is_delimiter(lines[position]):
            end = position + 1
            while end < len(lines) and _is_row(lines[end]):
                end += 1
            header, *rows = [_markdown_cells(row) for row in (line, *lines[position + 1 : end])]
            tables.append(_table(headings.titles(), preamble, header, _with_spans(header, rows) if spanned else rows))
            position, preamble, untitled = end, [], False
        elif stated := plain_markdown(line):
            if untitled:
                headings.rename(stated)
                untitled = False
            else:
                preamble.append(stated)
    return tables


def _after_fence(fence: str, line: str) -> str:
    mark = _FENCE.match(line)
    if not fence:
        return mark[1] if mark else ""
    return "" if mark and mark[1] == fence else fence


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _is_delimiter(line: str) -> bool:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    return _is_row(line) and all(map(_DELIMITER.match, cells))


def _markdown_cells(line: str) -> list[str]:
    parts = _PIPE.split(line.strip())
    parts = parts[1:-1] if len(parts) > 2 and not parts[-1].strip() else parts[1:]
    return [plain_markdown(part) for part in parts]


def _with_spans(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Rows as long as the header, or as the longest where none is (a second header row below groups of columns)."""
    lengths = set(map(len, rows))
    width = len(header) if len(header) in lengths else max(lengths, default=0)
    whole: list[list[str]] = []
    for row in rows:
        missing = width - len(row)
        whole.append(whole[-1][:missing] + row if missing > 0 and whole else row)
    return whole


def _table(headings: tuple[str, ...], preamble: list[str], header: list[str], rows: list[list[str]]) -> Table:
    width = len(header)
    return Table(
        headings=headings,
        preamble="\n".join(preamble),
        header=tuple(" ".join(name.split("\n")) for name in header),
        rows=tuple(tuple(row + [""] * (width - len(row))) for row in rows),
        whole=tuple(len(row) == width for row in rows),
    )


def page_tables(text: str) -> list[Table]:
    """All tables of a page that is served as HTML or as Markdown, whichever it is."""
    return html_tables(text) if "<table" in text.lower() else markdown_tables(text)


def html_tables(text: str) -> list[Table]:
    """All tables of an HTML page with row and column spans expanded; several header rows become one, joined by `/`.

    Without a header row (`thead`, or a first row of `th`) the first row is the header. Raises DocumentRefusedError for a page
    of more than MAX_CELLS cells, or one that ends within a table.
    """
    lowered = text.lower()
    if lowered.rfind("<table") > lowered.rfind("</table"):
        raise DocumentRefusedError("the page is cut off within a table")
    tables: list[Table] = []
    headings, preamble, budget = _Headings(), list[str](), MAX_CELLS
    for node in Selector(text, type="html").xpath("//h1|//h2|//h3|//h4|//h5|//h6|//p[not(ancestor::table)]|//table"):
        name = node.root.tag
        if name == "table":
            head, body = _grid(node)
            budget -= sum(map(len, (*head, *body)))
            if budget < 0:
                raise DocumentRefusedError(f"tables of more than {MAX_CELLS} cells")
            if not head:
                head, body = body[:1], body[1:]
            if head:
                width = max(map(len, head))
                columns = zip(*((row + [""] * width)[:width] for row in head), strict=True)
                header = [" / ".join(filter(None, dict.fromkeys(column))) for column in columns]
                tables.append(_table(headings.titles(), preamble, header, body))
            preamble = []
        elif name == "p":
            preamble.append(html_text(node))
        else:
            headings.enter(int(name[1]), html_text(node))
            preamble = []
    return tables


def html_text(node: Selector) -> str:
    """The text of an element: footnote marks gone, breaks as newlines, struck-through text between `~~`."""
    markup = re.sub(r"\s+", " ", node.get() or "")
    markup = _STRUCK.sub(r"~~\1~~", _MARK.sub("", _BREAK.sub("\n", markup)))
    return clean_lines(html.unescape(_TAG.sub("", re.sub(r"<!--.*?-->", "", markup))))


def _grid(table: Selector) -> tuple[list[list[str]], list[list[str]]]:
    """Header rows and body rows, every span filled with its cell's text."""
    head: list[list[str]] = []
    body: list[list[str]] = []
    above: dict[int, tuple[str, int]] = {}
    cells_left = MAX_CELLS
    for row in table.xpath(_ROWS):
        cells: list[str] = []
        below = {column: (text, rows - 1) for column, (text, rows) in above.items() if rows > 1}
        for cell in row.xpath("./td|./th"):
            _fill(cells, above)
            text, rows = html_text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if rows > 1:
                    below[len(cells)] = (text, rows - 1)
                cells.append(text)
        _fill(cells, above)
        cells_left -= len(cells)
        if cells_left < 0:
            raise DocumentRefusedError(f"a table of more than {MAX_CELLS} cells")
        is_head = bool(row.xpath("./parent::thead")) or (not body and bool(row.xpath("./th")) and not row.xpath("./td"))
        (head if is_head else body).append(cells)
        above = below
    return head, body


def _fill(cells: list[str], above: dict[int, tuple[str, int]]) -> None:
    """Add what cells of earlier rows span into the next columns of this row."""
    while len(cells) in above:
        cells.append(above[len(cells)][0])


def _span(cell: Selector, name: str) -> int:
    stated = (cell.attrib.get(name) or "1").strip()
    return min(max(int(stated), 1), MAX_SPAN) if stated.isascii() and stated.isdigit() and len(stated) < 12 else 1
