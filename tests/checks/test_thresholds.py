"""The table of thresholds: each used, each with a reason, printed in the documentation."""

import ast
from functools import cache

import pytest

from aimstats.checks import thresholds
from aimstats.checks.thresholds import TABLE, Threshold, as_markdown
from aimstats.config.values import PROJECT_ROOT

CHECKS = PROJECT_ROOT / "aimstats" / "checks"
NAMES = {name: value for name, value in vars(thresholds).items() if isinstance(value, Threshold)}


def test_the_documentation_prints_the_table_as_it_is() -> None:
    assert as_markdown() in (PROJECT_ROOT / "docs" / "gate.md").read_text(encoding="utf-8"), (
        "docs/gate.md: replace its table by what aimstats.checks.thresholds.as_markdown() gives"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_threshold_is_in_the_table_used_by_a_check_and_has_a_reason(name: str) -> None:
    assert NAMES[name] in TABLE
    assert len(NAMES[name].reason) > 15
    assert name in names_read()


def test_names_are_said_once() -> None:
    assert len({row.name for row in TABLE}) == len(TABLE) == len(NAMES)


@cache
def names_read() -> set[str]:
    """Every name that a check reads."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in CHECKS.glob("*.py") if file.name != "thresholds.py"]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, ast.Load)}
