"""Which tests are run for what changed, over a made-up tree and this one."""

from pathlib import Path

import pytest

from aimstats.config.values import PROJECT_ROOT
from tools.affected import PLACES, affected

TREE = {
    "aimstats/domain/money.py": "",
    "aimstats/domain/prices.py": "from aimstats.domain.money import cents\n",
    "aimstats/store/rows.py": "from aimstats.domain import prices\n",
    "jobs/scrape.py": "import aimstats.store.rows\n",
    "tests/conftest.py": "import aimstats.store.rows\n",
    "tests/domain/made.py": "from aimstats.domain.prices import price\n",
    "tests/domain/test_prices.py": "from tests.domain.made import some\n",
    "tests/store/test_rows.py": "from aimstats.domain.money import cents\nfrom aimstats.store import rows\n",
    "tests/jobs/test_scrape.py": "from jobs.scrape import main\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path, code in TREE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(code, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("aimstats/store/rows.py", ["tests/store/test_rows.py"]),
        ("aimstats/domain/prices.py", ["tests/domain/test_prices.py"]),
        ("aimstats/domain/money.py", ["tests/store/test_rows.py"]),
        ("jobs/scrape.py", ["tests/jobs/test_scrape.py"]),
        ("tests/domain/made.py", ["tests/domain/test_prices.py"]),
        ("tests/jobs/test_scrape.py", ["tests/jobs/test_scrape.py"]),
        ("tests/conftest.py", []),
        ("README.md", ["tests/test_docs.py"]),
        ("aimstats/removed.py", []),
    ],
)
def test_the_tests_that_are_the_fewest_imports_away(tree: Path, path: str, tests: list[str]) -> None:
    assert affected([path], tree) == tests


def test_what_is_no_module_has_its_tests_too() -> None:
    assert affected(["templates/model.html", "tests/pages/xai_retirement/page.md"]) == [
        "tests/spiders/publishers/test_xai.py",
        "tests/spiders/test_pages.py",
        "tests/web/test_pages.py",
    ]
    assert "tests/spiders/publishers/test_openai.py" in affected(["scrapy_project/spiders/openai/prices.py"])


def test_every_place_has_its_test() -> None:
    assert [test for test in PLACES.values() if not (PROJECT_ROOT / test).is_file()] == []
