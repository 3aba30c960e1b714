"""Every setting is documented where an operator looks: .env.example and the README."""

import re

import pytest

from aimstats.config import SETTINGS, Setting, load_config
from aimstats.config.dotenv import parse_dotenv
from aimstats.config.values import PROJECT_ROOT

EXAMPLE = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
ROWS = {row[0]: row for row in re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \| ([^|]*) \| (.*) \|$", README, re.MULTILINE)}


def uncommented() -> dict[str, str]:
    return parse_dotenv(re.sub(r"^#(?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE))


def test_the_example_holds_every_setting_with_its_default_and_no_other() -> None:
    assert uncommented() == {setting.name: setting.default for setting in SETTINGS}


def test_the_example_uncommented_means_the_defaults() -> None:
    assert load_config(uncommented()) == load_config({})


def test_the_example_as_it_stands_sets_nothing() -> None:
    assert parse_dotenv(EXAMPLE) == {}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_readme_says_of_a_setting_what_the_code_says(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else ""
    assert ROWS[setting.name] == (setting.name, setting.processes, default, setting.help)


def test_the_readme_names_no_setting_that_there_is_not() -> None:
    assert set(ROWS) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("alias", [alias for setting in SETTINGS for alias in setting.aliases])
def test_every_alias_is_documented(alias: str) -> None:
    assert alias in EXAMPLE
    assert alias in README
