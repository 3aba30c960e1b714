"""Pages as a reader service (r.jina.ai) renders them: a header that names the original, then its Markdown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aimstats.domain.items import DocumentRefusedError
from scrapy_project.formats.tables import text_of

_CONTENT: Final = "\nMarkdown Content:\n"
_FIELD = re.compile(r"^(Title|URL Source|Published Time|Warning):\s*(.*)$", re.MULTILINE)


def rendered_page(body: bytes, original: str) -> tuple[str, datetime | None]:
    """The Markdown of the page at the address `original`, and the page's own date where the service states one.

    Raises DocumentRefusedError where the header is missing, names another page, or warns (an error page, a captcha), and for a
    text that ends within a line of prices.
    """
    text = text_of(body, original)
    header, mark, markdown = text.partition(_CONTENT)
    fields = dict(_FIELD.findall(header))
    if not mark or "URL Source" not in fields:
        raise DocumentRefusedError(f"{original}: not a page of the reader service")
    if fields["URL Source"].rstrip("/") != original.rstrip("/"):
        raise DocumentRefusedError(f"{original}: the reader service read {fields['URL Source'][:100]}")
    if "Warning" in fields:
        raise DocumentRefusedError(f"{original}: the reader service warns: {fields['Warning'][:100]}")
    if "$" in markdown.rpartition("\n")[2]:
        raise DocumentRefusedError(f"{original}: the page is cut off within a line of prices")
    return markdown, _instant(fields.get("Published Time", ""))


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
