"""Which module may import which, where the contracts of the imports cannot say it; and what a parser's version depends on."""

from __future__ import annotations

import inspect
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from scrapy_project.parsers import ROOT, imports_of, modules_of, parser_version
from scrapy_project.sources import spider_classes

SPIDERS: Final = {source_id: spider.__module__ for source_id, spider in spider_classes().items()}


def versions(root: Path) -> dict[str, str]:
    return {source_id: parser_version(module, root) for source_id, module in SPIDERS.items()}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A copy of the code, to mend in it, and every parser's version there."""
    folder = tmp_path_factory.mktemp("code")
    for room in ("scrapy_project", "aimstats/domain"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    before = versions(folder)
    assert before == versions(ROOT)
    return folder, before


@pytest.mark.parametrize("source_id", SPIDERS)
def test_a_spider_imports_no_other_even_of_its_own_publisher(source_id: str) -> None:
    assert set(modules_of(SPIDERS[source_id])) & set(SPIDERS.values()) == {SPIDERS[source_id]}


@pytest.mark.parametrize(
    ("file", "read_anew"),
    [
        ("scrapy_project/spiders/azure/meters.py", {"azure"}),
        ("scrapy_project/spiders/openai/prices.py", {"openai"}),
        ("scrapy_project/spiders/arena/boards.py", {"arena_ai", "lmarena", "lmarena_csv", "lmarena_history"}),
        ("scrapy_project/spiders/vectara.py", {"vectara"}),
        ("scrapy_project/formats/yaml_data.py", {"aider", "helm", "metr"}),
        ("scrapy_project/base/euros.py", {"litellm", "models_dev"}),
        ("scrapy_project/base/record.py", set(SPIDERS)),
        ("aimstats/domain/items.py", set(SPIDERS)),
        ("scrapy_project/lanes.py", set()),
    ],
)
def test_mended_code_has_the_sources_read_anew_whose_spiders_import_it_and_no_others(
    copied: tuple[Path, dict[str, str]], file: str, read_anew: set[str]
) -> None:
    folder, before = copied
    code = (folder / file).read_bytes()
    (folder / file).write_bytes(code + b"# mended\n")
    after = versions(folder)
    (folder / file).write_bytes(code)
    assert {source_id for source_id in SPIDERS if before[source_id] != after[source_id]} == read_anew


@pytest.mark.parametrize("source_id", SPIDERS)
def test_every_module_of_ours_that_a_spider_holds_something_of_counts(source_id: str) -> None:
    held = {inspect.getmodule(value) for value in vars(sys.modules[SPIDERS[source_id]]).values()}
    ours = {module.__name__ for module in held if module and module.__name__.startswith(("scrapy_project.", "aimstats."))}
    assert ours <= set(modules_of(SPIDERS[source_id]))


def test_tests_share_code_through_modules_that_hold_no_tests() -> None:
    taken = {
        (file.name, name)
        for file in Path(__file__).parent.rglob("*.py")
        for name in imports_of(file.read_bytes())
        if ".test_" in name
    }
    assert not taken
