"""What stands beside OpenAI's price tables: fees of tools, and the uplift for regional processing."""

from __future__ import annotations

import re

from aimstats.domain.money import decimal_of
from scrapy_project.base.pages import Page

_UPLIFT = re.compile(r"charged an? ([\d.]+)% uplift for ([\w.-]+(?:(?:, and |, | and )[\w.-]+)*)\. See")


def read_tools(page: Page, tool: str, detail: str, pricing: str) -> None:
    """Take one row of the table of tools; a tool is no model."""
    lowered = f"{tool} {detail}".lower()
    draft = page.listing(detail if detail.lower().startswith("web search") else tool, is_page_name=True, kind="other")
    if "web search" in lowered:
        draft.add("web_search", pricing.split("+")[0])
    elif "file search" in lowered and "call" in lowered:
        draft.add("file_search", pricing)
    elif "storage" in lowered:
        free = re.search(r"(?<!\d)(\d{1,9}) GB free", pricing)
        allowance = {"quantity": free[1], "unit": "GB"} if free else None
        draft.add("file_storage", re.sub(r"\(.{0,300}\)|after .*", "", pricing), allowance=allowance)
    elif "container" in lowered:
        minutes = re.search(r"(?:per |/ )(\d{1,9})[- ]minutes?\b", pricing)
        sizes = r"(?<!\d)(\d{1,9} GB)(?: \([a-z]{1,20}\))?:? ([^\s$]{0,20}\$[^\s$]{0,40}[^\s$,;])"
        for size, cost in re.findall(sizes, pricing):
            draft.add("session", cost, conditions={"unit_of": f"{minutes[1]} minutes, {size}" if minutes else size})
        if not draft.prices and "$" in pricing:
            draft.unknown(f"session: {pricing}")
    else:
        draft.unknown(f"tool {tool} {detail}")


def read_uplifts(page: Page, text: str) -> None:
    """Regional processing: a stated uplift on every token price of the models that the page names."""
    flat = " ".join(text.split("\n"))
    for percent, models in {(percent, models) for percent, models in _UPLIFT.findall(flat)}:
        names = [name for name in re.split(r",\s{0,9}(?:and )?|\s{1,9}and ", models) if name]
        drafts = [draft for draft in page.drafts.values() if draft.external_id in names and not draft.variant]
        factor = 1 + decimal_of(percent) / 100
        page.derive(drafts, region="regional", factor=factor, because=f"{percent} % uplift for regional processing")
    if "uplift for models released" in flat:
        page.tally.skip("regional uplift for models that the page does not name")
