"""Configuration: what every variable may be, and one line for what it may not."""

import subprocess
import sys
from pathlib import Path

import pytest

from aimstats.config import SETTINGS, Config, ConfigError, load_config
from aimstats.config.dotenv import parse_dotenv
from aimstats.config.values import PROJECT_ROOT


def url_of(**environ: str) -> str | None:
    url = load_config(environ).database_url
    return None if url is None else url.render_as_string(hide_password=False)


def test_nothing_set_means_the_embedded_database_and_the_defaults() -> None:
    config = load_config({})
    assert config.database_url is None
    assert (config.port, config.web_concurrency, config.web_threads) == (8080, 2, 4)
    assert config.rate_limit == "100/minute"
    assert config.serve == {"web", "api"}
    assert config.data_dir == PROJECT_ROOT / ".data"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgresql://u:p@h:5433/d", "postgresql+psycopg2://u:p@h:5433/d"),
        ("postgres://u:p@h/d", "postgresql+psycopg2://u:p@h:5432/d"),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+psycopg2://u:p@h:5432/d"),
        ("postgresql://u:p%40%2F%25@h/d", "postgresql+psycopg2://u:p%40%2F%25@h:5432/d"),
        ("postgresql://u:p@[::1]:5433/d", "postgresql+psycopg2://u:p@[::1]:5433/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg2://u:p@h:5432/d?sslmode=require"),
        ("postgresql://u:p@/d?host=/cloudsql/a:b:c", "postgresql+psycopg2://u:p@/d?host=%2Fcloudsql%2Fa%3Ab%3Ac"),
        ("postgresql:///d?host=/run/pg", "postgresql+psycopg2:///d?host=%2Frun%2Fpg"),
    ],
)
def test_every_form_of_the_url_is_read(given: str, meant: str) -> None:
    assert url_of(DATABASE_URL=given) == meant


def test_a_percent_encoded_password_is_decoded_for_the_driver() -> None:
    url = load_config({"DATABASE_URL": "postgresql://u:p%40ss%25@h/d"}).database_url
    assert url is not None
    assert url.password == "p@ss%"


def test_parts_alone_make_a_url_and_the_password_is_raw() -> None:
    given = {"DATABASE_USER": "u", "DATABASE_PASSWORD": "p@/%25", "DATABASE_HOST": "h", "DATABASE_NAME": "d"}
    url = load_config(given).database_url
    assert url is not None
    assert (url.username, url.password, url.host, url.port, url.database) == ("u", "p@/%25", "h", 5432, "d")


def test_parts_fill_what_the_url_lacks_and_the_url_wins() -> None:
    parts = {"DATABASE_USER": "other", "DATABASE_PASSWORD": "raw@", "DATABASE_PORT": "6000", "DATABASE_NAME": "other"}
    url = load_config({"DATABASE_URL": "postgresql://u@h/d", **parts}).database_url
    assert url is not None
    assert (url.username, url.password, url.host, url.port, url.database) == ("u", "raw@", "h", 6000, "d")


def test_a_host_that_begins_with_a_slash_is_a_sockets_folder() -> None:
    assert (
        url_of(DATABASE_HOST="/run/pg", DATABASE_NAME="d", DATABASE_PORT="6000")
        == "postgresql+psycopg2:///d?host=%2Frun%2Fpg&port=6000"
    )


@pytest.mark.parametrize(
    "secret_url",
    [
        "postgresql://u:hush@x@h/d",
        "postgresql://u:hush/x@h/d",
        "postgresql://u:hush?x@h/d",
        "postgresql://u:hush#x@h/d",
        "postgresql://u:hush%x@h/d",
        "postgresql://u:hush x@h/d",
        "postgresql://u:hush@h:99999/d",
        "postgresql://u:hush@h:0/d",
        "postgresql://u:hush@h:port/d",
        "postgresql://u:hush@h/",
        "postgresql://u:hush@/d",
        "postgresql+asyncpg://u:hush@h/d",
        "mysql://u:hush@h/d",
        "hush",
    ],
)
def test_an_ambiguous_foreign_or_incomplete_url_is_refused_without_repeating_it(secret_url: str) -> None:
    with pytest.raises(ConfigError, match=r"^DATABASE_URL: ") as caught:
        load_config({"DATABASE_URL": secret_url})
    assert "hush" not in caught.value.message


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_PORT", "65536"),
        ("DATABASE_PORT", "5432x"),
        ("DATABASE_USER", "a\nb"),
        ("DATABASE_POOL_SIZE", "0"),
        ("API_CORS_ORIGINS", "example.com"),
        ("API_CORS_ORIGINS", "*,https://example.com"),
        ("API_CORS_ORIGINS", "https://example.com/path"),
        ("RATE_LIMIT", "many"),
        ("RATE_LIMIT", "0/minute"),
        ("RATE_LIMIT_STORAGE_URL", "http://hush"),
        ("FORWARDED_HOPS", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("PORT", "http"),
        ("PORT", "٨٠٨٠"),
        ("WEB_CONCURRENCY", "1.5"),
        ("WEB_THREADS", "0"),
        ("PUBLIC_URL", "example.com"),
        ("PUBLIC_URL", "https://example.com/?a=b"),
        ("PUBLIC_URL", "http://[bad"),
        ("PUBLIC_API_URL", "javascript:alert(1)"),
        ("NEXT_PUBLIC_API_URL", "ftp://example.com"),
        ("SERVE", "pages"),
        ("DATA_DIR", "a\x00b"),
        ("SCRAPE_SOURCES", "Models.dev"),
        ("SCRAPE_CONTACT", "a\r\nX-Header: b"),
        ("SCRAPE_MIRROR_URL", "localhost:8000"),
        ("RELEASE", "a\nb"),
        ("CLOUD_RUN_TASK_INDEX", "one"),
        ("CLOUD_RUN_TASK_COUNT", "0"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_the_variable(variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config({variable: value})
    assert caught.value.message.startswith(f"{variable}: expected ")
    assert "\n" not in caught.value.message


def test_all_wrong_settings_are_named_with_their_values_and_no_secret() -> None:
    environ = {
        "PORT": "eighty",
        "LOG_LEVEL": "LOUD",
        "DATABASE_URL": "mysql://u:hush@h/d",
        "RATE_LIMIT_STORAGE_URL": "http://hush",
        "PUBLIC_URL": "https://me:hush@example.com",
        "EXAMPLE_API_KEY": "hush",
        "CLOUD_RUN_TASK_INDEX": "2",
    }
    with pytest.raises(ConfigError) as caught:
        load_config(environ, key_variables=["EXAMPLE_API_KEY"])
    lines = caught.value.message.splitlines()
    assert {line.partition(":")[0] for line in lines} == set(environ)
    assert len(lines) == len(environ)
    assert "PORT: expected a whole number from 1 to 65535, not 'eighty'" in lines
    assert "'https://***@example.com'" in caught.value.message
    assert "hush" not in caught.value.message


def test_a_part_without_a_host_or_name_names_what_is_missing() -> None:
    with pytest.raises(ConfigError, match=r"^DATABASE_HOST: "):
        load_config({"DATABASE_USER": "u"})
    with pytest.raises(ConfigError, match=r"^DATABASE_NAME: "):
        load_config({"DATABASE_HOST": "h"})


@pytest.mark.parametrize("mark", ["K_SERVICE", "CLOUD_RUN_JOB"])
def test_cloud_run_without_a_database_is_refused(mark: str) -> None:
    with pytest.raises(ConfigError, match=r"^DATABASE_URL: must be set on Cloud Run"):
        load_config({mark: "x"})


def test_a_crawl_on_cloud_run_needs_a_contact() -> None:
    environ = {"CLOUD_RUN_JOB": "x", "DATABASE_URL": "postgresql://u@h/d"}
    assert load_config(environ).on_cloud_run
    with pytest.raises(ConfigError, match=r"^SCRAPE_CONTACT: "):
        load_config(environ, process="scrape")


def test_a_task_beyond_the_count_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^CLOUD_RUN_TASK_INDEX: "):
        load_config({"CLOUD_RUN_TASK_INDEX": "2", "CLOUD_RUN_TASK_COUNT": "2"})


def test_an_empty_rate_limit_disables_and_other_empty_variables_count_as_not_set() -> None:
    assert load_config({"RATE_LIMIT": ""}).rate_limit == ""
    assert load_config({"PORT": "", "DATABASE_URL": ""}) == load_config({})


def test_the_api_address_is_read_under_both_names_and_ours_wins() -> None:
    other = {"NEXT_PUBLIC_API_URL": "https://b.example/"}
    assert load_config(other).public_api_url == "https://b.example"
    assert load_config({"PUBLIC_API_URL": "https://a.example", **other}).public_api_url == "https://a.example"


def test_lists_are_split_at_commas() -> None:
    config = load_config({"SERVE": "api", "SCRAPE_SOURCES": "models_dev, litellm", "API_CORS_ORIGINS": "https://A.example"})
    assert config.serve == {"api"}
    assert config.scrape_sources == ("models_dev", "litellm")
    assert config.api_cors_origins == ("https://a.example",)


def test_no_secret_shows_in_the_configurations_repr() -> None:
    environ = {"DATABASE_URL": "postgresql://u:hush@h/d", "RATE_LIMIT_STORAGE_URL": "redis://:hush@h/0"}
    config = load_config(environ)
    assert "hush" not in repr(config)
    assert "hush" in config.secrets


def test_a_dotenv_file_is_taken_literally() -> None:
    text = "# a comment\nexport PORT=9000 # mine\nDATABASE_PASSWORD='a $b#c'\nRATE_LIMIT=\n\nA=x#y\n"
    assert parse_dotenv(text) == {"PORT": "9000", "DATABASE_PASSWORD": "a $b#c", "RATE_LIMIT": "", "A": "x#y"}


def test_a_broken_dotenv_line_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^\.env: line 2"):
        parse_dotenv("PORT=1\nnonsense\n")


def loaded(monkeypatch: pytest.MonkeyPatch, folder: Path, **environ: str) -> Config:
    """Load as an entry point does, with ``folder`` in the place of the project's."""
    for setting in SETTINGS:
        for name in (setting.name, *setting.aliases):
            monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("aimstats.config.PROJECT_ROOT", folder)
    return load_config()


def test_the_environment_wins_over_the_dotenv_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nWEB_THREADS=3\n")
    config = loaded(monkeypatch, tmp_path, PORT="9001")
    assert (config.port, config.web_threads) == (9001, 3)


def test_the_dotenv_file_is_not_read_on_cloud_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\n")
    config = loaded(monkeypatch, tmp_path, K_SERVICE="x", DATABASE_URL="postgresql://u@h/d")
    assert config.port == 8080


def test_a_wrong_value_ends_an_entry_point_with_one_line_on_stderr() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import app"], cwd=PROJECT_ROOT, env={"PORT": "eighty"}, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr == "PORT: expected a whole number from 1 to 65535, not 'eighty'\n"
    assert ended.stdout == ""
