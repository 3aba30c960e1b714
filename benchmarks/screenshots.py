"""`python -m benchmarks.screenshots`: take the README's pictures, of a server that holds the bundled snapshot and nothing else.

The snapshot holds openly licensed sources only, so the pictures may be passed on. `tools/screenshots.py` takes every page.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from aimstats.config.values import PROJECT_ROOT
from benchmarks.processes import serving
from tools.screenshots import CHROMIUM, FLAGS, first_of

FOLDER: Final = PROJECT_ROOT / "docs" / "images"
FILTERED: Final = "/?open_weights=true&min_context=100000&max_input_cost=1"


@dataclass(frozen=True, slots=True)
class Picture:
    """One file of the README: which page, in which window and theme."""

    name: str
    path: str
    width: int
    height: int
    theme: Literal["light", "dark"]


def take(browser: Browser, base: str, picture: Picture) -> None:
    """Save a picture."""
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme=picture.theme)  # type: ignore[arg-type]  # a TypedDict of just these
    tab = context.new_page()
    tab.goto(base + picture.path)
    tab.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


def main() -> int:
    """Take them all and say how large they are."""
    FOLDER.mkdir(exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="aimstats-pictures-"))
    work.chmod(0o755)  # As root the embedded server runs as another account, which must reach it.
    try:
        with serving({"DATA_DIR": str(work / "data")}, work / "serving.txt") as server, sync_playwright() as playwright:
            base = f"http://127.0.0.1:{server.port}"
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            pictures = (
                Picture("models", "/", 1280, 720, "light"),
                Picture("filtered", FILTERED, 1280, 720, "dark"),
                Picture("model", first_of(browser, base + "/"), 1280, 720, "light"),
                Picture("phone", "/", 360, 740, "light"),
            )
            for picture in pictures:
                take(browser, base, picture)
                print(f"{picture.name}.png: {(FOLDER / f'{picture.name}.png').stat().st_size / 1_000:.0f} KB")
            browser.close()
    finally:
        shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
