"""`python -m tools.affected`: the test files nearest to what differs from main, which `make ready` runs.

Nearest by imports: those that import a changed module, else those that import what imports it; of many, those of its own room.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from scrapy_project.parsers import imports_of

ROOT: Final = Path(__file__).parents[1]
MAIN: Final = "main"
ROOMS: Final = ("aimstats", "benchmarks", "jobs", "scrapy_project", "tests", "tools")
PLACES: Final = {
    "templates/": "tests/web/test_pages.py",
    "aimstats/web/static/": "tests/web/test_pages.py",
    "tests/pages/": "tests/spiders/test_pages.py",
    "scrapy_project/spiders/": "tests/spiders/test_pages.py",
    "migrations/": "tests/store/test_migrate.py",
    "deploy/": "tests/deploy/test_manifests.py",
    "docs/": "tests/test_docs.py",
    "requirements": "tests/test_requirements.py",
    ".env.example": "tests/test_env_example.py",
    "app.py": "tests/test_factory.py",
    "gunicorn.conf.py": "tests/test_serving.py",
}
"""Which test is about a file that is no module: by the beginning of its path."""


PUBLISHERS: Final = "tests/spiders/publishers/test_"


def changed(root: Path = ROOT) -> list[str]:
    """The paths that differ from where the branch left main, new ones among them. Raises CalledProcessError without git."""

    def git(*arguments: str) -> list[str]:
        said = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout
        return said.split("\0" if "-z" in arguments else None)

    (base,) = git("merge-base", MAIN, "HEAD")
    paths = git("diff", "--name-only", "-z", base) + git("ls-files", "--others", "--exclude-standard", "-z")
    return sorted({path for path in paths if path})


def modules(root: Path) -> dict[str, str]:
    """The name of every module of ours, by its path."""
    paths = (path.relative_to(root) for room in ROOMS for path in (root / room).rglob("*.py"))
    return {path.as_posix(): ".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in sorted(paths)}


def importers(root: Path, names: Mapping[str, str]) -> dict[str, set[str]]:
    """Of each module the paths of those that import it, but for fixtures, which everything below them has."""
    paths = {name: path for path, name in names.items()}
    found: dict[str, set[str]] = {path: set() for path in names}
    for path in names:
        if not path.endswith("conftest.py"):
            for name in imports_of((root / path).read_bytes()) & paths.keys():
                found[paths[name]].add(path)
    return found


def nearest(path: str, graph: Mapping[str, set[str]]) -> set[str]:
    """The tests that are the fewest imports away from the module; of those in its own room, where there are any."""
    seen, level = {path}, {path}
    while level:
        level = {one for path_ in level for one in graph[path_]} - seen
        seen |= level
        if tests := {one for one in level if is_test(one)}:
            room = f"tests/{path.split('/')[1]}/" if path.startswith("aimstats/") else f"tests/{path.split('/')[0]}/"
            room = "tests/spiders/" if path.startswith("scrapy_project/") else room
            return {one for one in tests if one.startswith(room)} or tests
    return set()


def is_test(path: str) -> bool:
    """Whether pytest collects tests from it."""
    return path.startswith("tests/") and path.rpartition("/")[2].startswith("test_") and path.endswith(".py")


def affected(paths: Iterable[str], root: Path = ROOT) -> list[str]:
    """The files that pytest is to run for these changed paths; a module with examples is one of them."""
    names = modules(root)
    graph = importers(root, names)
    return sorted({test for path in paths for test in _tests_of(path, graph, root)})


def _tests_of(path: str, graph: Mapping[str, set[str]], root: Path) -> Iterator[str]:
    yield from (test for place, test in PLACES.items() if path.startswith(place) and (root / test).exists())
    if path.endswith(".md") and not path.startswith("tests/"):
        yield "tests/test_docs.py"
    if path.startswith(("scrapy_project/spiders/", "tests/pages/")):
        source = path.split("/")[2].removesuffix(".py")
        yield from (one for one in graph if one.startswith(PUBLISHERS) and source.startswith(one[len(PUBLISHERS) : -len(".py")]))
    if path not in graph:
        return
    if is_test(path):
        yield path
    elif path.endswith("conftest.py"):
        yield from (one for one in graph if is_test(one) and one.rpartition("/")[0] == path.rpartition("/")[0])
    else:
        yield from nearest(path, graph)
        if ">>>" in (root / path).read_text(encoding="utf-8"):
            yield path


if __name__ == "__main__":
    for file in affected(sys.argv[1:] or changed()):
        print(file)
