"""What is searched for costs no more than the length of the text: 2 MB of what begins and never ends is read in seconds."""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Final

import pytest

import scrapy_project
from aimstats.domain.items import DocumentRefusedError
from scrapy_project.base.lifecycles import model_ids
from scrapy_project.formats.next_data import flight_text
from scrapy_project.sources import spider_classes
from tests.spiders.timed import PIECES, in_time

CHARACTERS: Final = 24_000
PATTERN_S: Final = 5
"""A pattern that looks at all of the rest from every place takes longer at this length; a module's, if they do not, a fifth."""
PAGE_CHARACTERS: Final = 2_000_000
MORE_PIECES: Final = ("a", "1", "1 111", "a.", ". ", "a-", ", ", "/ ", "(a", "\n", '"', "$a")
MODULES: Final = {
    info.name.removeprefix("scrapy_project."): import_module(info.name)
    for info in pkgutil.walk_packages(scrapy_project.__path__, "scrapy_project.")
}


def searched(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of a module that look for their place in a text; those that are matched at one place look at it once."""
    code = inspect.getsource(module)
    for name, value in vars(module).items():
        is_own = re.search(rf"^{name}\b.*= re\.compile", code, re.MULTILINE)
        if is_own and re.search(rf"\b{name}\.(?:search|sub|subn|split|findall|finditer)\b", code):
            yield name, value


def pieces(pattern: re.Pattern[str]) -> list[str]:
    """Small texts of which a long one is made: common ones, the pattern's own words, and its beginnings."""
    words = re.findall(r"[A-Za-z$<`!\[#/][A-Za-z_:=.\" -]{2,}", pattern.pattern.replace("\\", ""))
    return [*PIECES, *MORE_PIECES, *words, *(f"{word} a" for word in words), *(f"a {word}" for word in words)]


@pytest.mark.parametrize("name", [name for name, module in MODULES.items() if any(searched(module))])
def test_a_pattern_looks_at_each_character_a_bounded_number_of_times(name: str) -> None:
    def search() -> None:
        for _, pattern in searched(MODULES[name]):
            for piece in pieces(pattern):
                for _ in pattern.finditer((piece * (CHARACTERS // len(piece) + 1))[:CHARACTERS]):
                    pass

    assert in_time(search, PATTERN_S)


def endless(piece: str) -> str:
    return (piece * (PAGE_CHARACTERS // len(piece) + 1))[:PAGE_CHARACTERS]


def refused(source: str, text: str, url: str = "") -> Callable[[], None]:
    spider = spider_classes()[source]()

    def read() -> None:
        with pytest.raises(DocumentRefusedError):
            spider.parse_document(text.encode(), url or spider.start_urls[0])

    return read


def pushed(piece: str, times: int) -> str:
    """A page whose data nest a piece in itself, to the end and without an end."""
    data = piece * times + '"z":1' + "}]" * times + piece * times
    return f"<script>self.__next_f.push({json.dumps([1, data])})</script>"


PRICED_TABLE: Final = '<DocTable columns={[{title:"model"},{title:"unit"},{title:"output price"}]} rows={['
KIMI: Final = "https://platform.kimi.ai/docs/"
HOSTILE: Final[dict[str, Callable[[], object]]] = {
    "updates that never end": refused("cerebras_deprecations", endless('<Update label="2026-01-01">')),
    "updates with attributes that never end": refused("cerebras_deprecations", endless('<Update label="2026-01-01" ')),
    "marks of a board that never ends": refused("vectara", endless("<!-- LEADERBOARD_START -->")),
    "data that never ends": refused("mistral", endless("self.__next_f.push([")),
    "data of scripts that end": refused("mistral", endless("self.__next_f.push([])x</script>")),
    "tables that never end": refused("moonshot", endless("<DocTable columns={["), f"{KIMI}pricing/chat-k26.md"),
    "tables inside a table's comments": refused(
        "moonshot", f"{PRICED_TABLE}{endless(f'// {PRICED_TABLE}' + chr(10))}\n]}}", f"{KIMI}pricing/chat-k26.md"
    ),
    "lists of rows without rows": refused("openai", endless("rows={[]}")),
    "lists of data inside one another": refused("mistral", pushed('"apis":[{' + f'"s":"{"a" * 5_000}",', 200)),
    "clusters inside one another": refused("xai", pushed('"clusterConfigs":[{' + f'"s":"{"a" * 5_000}",', 200)),
    "an index of nothing": refused("moonshot", endless("(pricing/")),
    "a script of days that are no list": refused(
        "livebench", endless('["2026-01-08",'), "https://livebench.ai/static/js/main.a.js"
    ),
    "links to no file": refused("metr", endless("/assets/benchmark_results_")),
    "guides of nothing": refused("xai_retirement", endless("/developers/migration ")),
    "names between words": lambda: model_ids(endless(" | ")),
    "names between spaces": lambda: model_ids(endless(" ")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_two_megabytes_of_beginnings_are_read_in_seconds(name: str) -> None:
    assert in_time(HOSTILE[name])


def test_data_of_scripts_is_read_up_to_their_end() -> None:
    scripts = ('[1,"a)]"])', "[0])", '[1,"b"]) ')
    page = "".join(f"<script>self.__next_f.push({script}</script>" for script in scripts)
    assert flight_text(page, "a page") == "a)]b"


def test_the_modules_are_those_of_the_project() -> None:
    assert {"base.lifecycles", "spiders.moonshot"} <= MODULES.keys()
    assert all(module.__name__ in sys.modules for module in MODULES.values())
