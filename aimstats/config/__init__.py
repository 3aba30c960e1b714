"""All configuration: read from the environment once, at start, by the entry points alone."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.engine import URL

from aimstats.config.database_url import database_url
from aimstats.config.dotenv import read_dotenv
from aimstats.config.settings import SETTINGS, Setting
from aimstats.config.values import PROJECT_ROOT, ConfigError, RefusedError, shown

__all__ = ["SETTINGS", "Config", "ConfigError", "Setting", "load_config"]

CLOUD_RUN_MARKS = ("K_SERVICE", "CLOUD_RUN_JOB")
DATABASE_VARIABLES = {f"DATABASE_{part}" for part in ("URL", "USER", "PASSWORD", "HOST", "PORT", "NAME")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a process was told; see SETTINGS for each field. None and '' mean "not set"."""

    database_url: URL | None
    database_pool_size: int
    api_cors_origins: tuple[str, ...]
    rate_limit: str
    rate_limit_storage_url: str | None = field(repr=False)
    forwarded_hops: int
    log_level: str
    port: int
    web_concurrency: int
    web_threads: int
    public_url: str | None
    public_api_url: str | None
    serve: frozenset[str]
    data_dir: Path
    scrape_sources: tuple[str, ...] | None
    scrape_contact: str | None
    scrape_mirror_url: str | None
    keep_readings_days: int
    google_cloud_project: str | None
    release: str | None
    task_index: int
    task_count: int
    on_cloud_run: bool
    source_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variable -> key, of the sources that want one and have it."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log line may hold."""
        password = self.database_url.password if self.database_url is not None else None
        return tuple(secret for secret in (password, self.rate_limit_storage_url, *self.source_keys.values()) if secret)


def load_config(
    environ: Mapping[str, str] | None = None,
    *,
    process: Literal["serve", "scrape"] = "serve",
    key_variables: Iterable[str] = (),
) -> Config:
    """Read and check every setting; raise ConfigError (a SystemExit with a line for each) that names all wrong ones.

    Without ``environ`` this reads the process's environment over the project's ``.env`` file (the environment wins;
    the file is never read on Cloud Run). ``process`` adds what only that process requires; ``key_variables`` are those that
    sources declare for their keys.
    """
    if environ is None:
        on_cloud_run = any(os.environ.get(mark) for mark in CLOUD_RUN_MARKS)
        environ = dict(os.environ) if on_cloud_run else {**read_dotenv(PROJECT_ROOT / ".env"), **os.environ}
    on_cloud_run = any(environ.get(mark) for mark in CLOUD_RUN_MARKS)
    wrong: list[ConfigError] = []
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        with _noting(wrong):
            values[setting.name] = _value(setting, environ)
    keys: dict[str, str] = {}
    for name in key_variables:
        with _noting(wrong):
            keys[name] = _key(name, environ)
    url: URL | None = None
    if values.keys() >= DATABASE_VARIABLES:
        with _noting(wrong):
            url = _database_url(values)
            if on_cloud_run and url is None:
                raise ConfigError("DATABASE_URL", "must be set on Cloud Run, where no embedded database can last")
    wrong += _wrong_together(values, on_cloud_run=on_cloud_run, process=process)
    if wrong:
        raise ConfigError.of(wrong)
    fields = {setting.field: values[setting.name] for setting in SETTINGS if setting.field}
    given_keys = {name: key for name, key in keys.items() if key}
    return Config(database_url=url, on_cloud_run=on_cloud_run, source_keys=given_keys, **fields)


@contextmanager
def _noting(wrong: list[ConfigError]) -> Iterator[None]:
    """Go on after a wrong setting, so that all of them are told at once."""
    try:
        yield
    except ConfigError as error:
        wrong.append(error)


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    """Return the parsed value of the first of the setting's names that is set, else of its default."""
    for name in (setting.name, *setting.aliases):
        text = environ.get(name)
        if text is None or (not text.strip() and not setting.empty_counts):
            continue
        try:
            return setting.parse(text.strip() if not setting.secret else text)
        except RefusedError:
            given = "" if setting.secret else f", not {shown(text)}"
            raise ConfigError(name, f"expected {setting.expected}{given}") from None
    return setting.parse(setting.default) if setting.default else None


def _key(name: str, environ: Mapping[str, str]) -> str:
    """A source's key; '' where it is not set. It goes into a header: printable ASCII without spaces. A short one is refused:
    it would hide common words wherever secrets are taken out."""
    key = environ.get(name, "").strip()
    if key and not re.fullmatch(r"[!-~]{8,}", key):
        raise ConfigError(name, "expected a key of at least 8 printable characters without spaces")
    return key


def _database_url(values: Mapping[str, Any]) -> URL | None:
    named = {part: values[f"DATABASE_{part.upper()}"] for part in ("user", "password", "host", "port", "name")}
    parts = {part: value for part, value in named.items() if value is not None}
    return database_url((values["DATABASE_URL"] or "").strip(), parts)


def _wrong_together(values: Mapping[str, Any], *, on_cloud_run: bool, process: str) -> Iterator[ConfigError]:
    """Settings that are right alone and wrong together; what is wrong alone is not in ``values``."""
    if on_cloud_run and process == "scrape" and values.get("SCRAPE_CONTACT", "wrong") is None:
        yield ConfigError("SCRAPE_CONTACT", "must be set on Cloud Run: an e-mail or web address on one line")
    index, count = values.get("CLOUD_RUN_TASK_INDEX"), values.get("CLOUD_RUN_TASK_COUNT")
    if index is not None and count is not None and index >= count:
        yield ConfigError("CLOUD_RUN_TASK_INDEX", f"expected a whole number below CLOUD_RUN_TASK_COUNT ({count}), not {index}")
