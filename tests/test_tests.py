"""What holds of the tests themselves: they stand alone, and none depends on how busy the machine is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from aimstats.config.values import PROJECT_ROOT

TESTS = PROJECT_ROOT / "tests"
FILES = sorted(TESTS.rglob("*.py"))
CLOCKS = frozenset({"monotonic", "perf_counter", "process_time", "thread_time", "sleep"})
"""What a test that measures time or waits for it to pass calls."""
MAY = {
    "forked.py": "waits for what must come",
    "serving/test_stopping.py": "records how long a stop took",
    "spiders/scripted_server.py": "notes when it was asked",
    "spiders/timed.py": "bounds processor time",
    "jobs/killed.py": "kills at a random moment, in long tests",
    "jobs/test_stopping.py": "hangs, and sends a signal at random moments in long tests",
    "store/test_embedded/conftest.py": "waits for what must come",
    "store/test_embedded/test_embedded_damage.py": "waits for what must come, and kills at any moment",
    "store/test_embedded/test_embedded_life.py": "waits for what must come",
}
"""The files that may, and for what; a test of another kind says here why it has to."""


def name_of(path: Path) -> str:
    return path.relative_to(TESTS).as_posix()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def clocks(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id == "time"
    }


def test_nothing_is_imported_from_a_test_module() -> None:
    found = {name_of(path): [name for name in imported(path) if re.match(r"tests\..*\btest_\w*\.", name)] for path in FILES}
    assert {path: names for path, names in found.items() if names} == {}


def test_time_is_measured_and_waited_for_where_it_must_be_alone() -> None:
    assert {name_of(path) for path in FILES if clocks(path)} == MAY.keys()
