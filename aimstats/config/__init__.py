"""All configuration: read from the environment once, at start, by the entry points alone."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.engine import URL

from aimstats.config.database_url import database_url
from aimstats.config.dotenv import read_dotenv
from aimstats.config.settings import SETTINGS, Setting
from aimstats.config.values import PROJECT_ROOT, ConfigError, RefusedError

__all__ = ["SETTINGS", "Config", "ConfigError", "Setting", "load_config"]

CLOUD_RUN_MARKS = ("K_SERVICE", "CLOUD_RUN_JOB")


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
    """Read and check every setting; raise ConfigError (a SystemExit of one line) at the first wrong one.

    Without ``environ`` this reads the process's environment over the project's ``.env`` file (the environment wins;
    the file is never read on Cloud Run). ``process`` adds what only that process requires; ``key_variables`` are those that
    sources declare for their keys.
    """
    if environ is None:
        on_cloud_run = any(os.environ.get(mark) for mark in CLOUD_RUN_MARKS)
        environ = dict(os.environ) if on_cloud_run else {**read_dotenv(PROJECT_ROOT / ".env"), **os.environ}
    on_cloud_run = any(environ.get(mark) for mark in CLOUD_RUN_MARKS)
    values = {setting.name: _value(setting, environ) for setting in SETTINGS}
    fields = {setting.field: values[setting.name] for setting in SETTINGS if setting.field}
    keys = {name: key for name in key_variables if (key := _key(name, environ))}
    config = Config(database_url=_database_url(values), on_cloud_run=on_cloud_run, source_keys=keys, **fields)
    _check_together(config, process)
    return config


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    """Return the parsed value of the first of the setting's names that is set, else of its default."""
    for name in (setting.name, *setting.aliases):
        text = environ.get(name)
        if text is None or (not text.strip() and not setting.empty_counts):
            continue
        try:
            return setting.parse(text.strip() if not setting.secret else text)
        except RefusedError:
            raise ConfigError(name, f"expected {setting.expected}") from None
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


def _check_together(config: Config, process: str) -> None:
    """Refuse settings that are right alone and wrong together."""
    if config.on_cloud_run and config.database_url is None:
        raise ConfigError("DATABASE_URL", "must be set on Cloud Run, where no embedded database can last")
    if config.on_cloud_run and process == "scrape" and not config.scrape_contact:
        raise ConfigError("SCRAPE_CONTACT", "must be set on Cloud Run: an e-mail or web address on one line")
    if config.task_index >= config.task_count:
        raise ConfigError("CLOUD_RUN_TASK_INDEX", "expected a whole number below CLOUD_RUN_TASK_COUNT")
