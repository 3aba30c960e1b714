"""Pictures of the pages of a running server, in both themes and at two widths: `python tools/screenshots.py URL FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
SIZES: Final = {"wide": (1280, 900), "phone": (360, 740)}
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
PAGES: Final = {
    "models": "/",
    "filtered": "/?developer=anthropic&developer=openai&reasoning=true&max_input_cost=5&sort=-release_date",
    "nothing": "/?q=no+such+model",
    "refused": "/?min_context=lots",
    "providers": "/providers",
    "sources": "/sources",
    "methodology": "/methodology",
    "api": "/docs/api",
    "missing": "/models/nobody/nothing",
}


def take(browser: Browser, base: str, folder: Path, pages: dict[str, str]) -> None:
    """Save one picture for each page, width and theme."""
    for size, (width, height) in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            tab = context.new_page()
            for name, path in pages.items():
                tab.goto(base + path)
                tab.screenshot(path=folder / f"{name}-{size}-{theme}.png")
            context.close()


def first_of(browser: Browser, address: str) -> str:
    """Where the first row of a table leads."""
    tab = browser.new_page()
    tab.goto(address)
    href = tab.locator("tbody th a").first.get_attribute("href")
    tab.close()
    return href or "/"


def main(base: str, folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        rows = {"model": first_of(browser, f"{base}/"), "provider": first_of(browser, f"{base}/providers")}
        take(browser, base, folder, PAGES | rows)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
