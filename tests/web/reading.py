"""Reading a page: the texts of what a selector finds, the ids of a table's rows, its chips."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from parsel import Selector


def ids(html: str) -> list[str]:
    """The ids of the rows, in order."""
    return [one.strip() for one in Selector(html).css("tbody .lead .id::text").getall()]


def get(client: FlaskClient, address: str, **options: Any) -> Selector:
    """The page at an address, which must be there."""
    answer = client.get(address, **options)
    assert answer.status_code == 200, answer.text[:500]
    return Selector(answer.text)


def chips(page: Selector) -> dict[str, str]:
    """What the chips say, with where each leads."""
    return {chip.xpath("normalize-space()").get("").split(" ×")[0]: chip.attrib["href"] for chip in page.css(".chips li a")}


def texts(page: Selector, css: str) -> list[str]:
    """The whole text of each element, spaces made one."""
    return [" ".join(" ".join(one.css("::text").getall()).split()) for one in page.css(css)]
