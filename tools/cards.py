"""The pictures that links to pages show elsewhere, one a kind of page: `python -m tools.cards` draws them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from aimstats.web.assets import STATIC
from aimstats.web.cards import CARDS, HEIGHT, WIDTH
from tools.screenshots import CHROMIUM, FLAGS

LINES: Final = {
    "models": "M80 450h620M80 500h430M80 550h270",
    "costs": "M80 560h200v-50h260v-40h280v-50h300",
    "points": "M80 560h180v-60h240v-50h320v-30h300",
    "board": "M80 450h1040M80 500h760M80 550h520",
}
"""The figure beneath each kind's words: rows, steps, a frontier, a board."""
PAGE: Final = """<!doctype html><style>
body {{ margin: 0; width: {width}px; height: {height}px; background: #fcfbf8; color: #1b1d20;
  font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; position: relative; overflow: hidden; }}
p {{ position: absolute; left: 80px; margin: 0; }}
.mark {{ top: 72px; font-size: 34px; font-weight: 600; }}
.title {{ top: 170px; font-size: 76px; font-weight: 600; letter-spacing: -0.02em; line-height: 1.1; width: 1040px; }}
.said {{ top: 284px; font-size: 32px; color: #62666c; width: 1040px; line-height: 1.35; }}
svg {{ position: absolute; inset: 0; }}
</style><svg width="{width}" height="{height}"><path d="{line}" fill="none" stroke="#1b4fa3" stroke-width="10"
  stroke-linecap="round" stroke-linejoin="round"/></svg>
<p class="mark">AI Models Stats</p><p class="title">{title}</p><p class="said">{said}</p>"""


def main(folder: Path = STATIC) -> None:
    """Draw every card."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, card in CARDS.items():
            words = {"title": escape(card.title), "said": escape(card.said), "line": LINES[card.figure]}
            page.set_content(PAGE.format(width=WIDTH, height=HEIGHT, **words))
            page.screenshot(path=folder / f"card-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
