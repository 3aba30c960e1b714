"""The one table of settings: what load_config reads, .env.example documents and the README lists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aimstats.config.values import (
    base_url,
    folder,
    line,
    one_of,
    origins,
    parts_of_site,
    rate_limit,
    source_ids,
    storage_url,
    whole_number,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable.

    ``field`` is the attribute of Config that it fills ('' where several variables make one). ``default`` is written
    as in the environment, '' where there is none. ``expected`` completes the sentence "expected ...".
    ``empty_counts``: set but empty is a value of its own; elsewhere it is the same as not set.
    """

    name: str
    field: str
    processes: str
    default: str
    expected: str
    help: str
    parse: Callable[[str], Any]
    aliases: tuple[str, ...] = ()
    secret: bool = False
    empty_counts: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL", "", "all", "",
        "postgresql://user:password@host:port/dbname",
        "PostgreSQL 15 to 18: `postgresql://user:password@host:port/dbname` or, over a socket, "
        "`postgresql://user:password@/dbname?host=/cloudsql/INSTANCE`; the password percent-encoded. "
        "Neither this nor a `DATABASE_*` part set: an embedded server in `DATA_DIR`",
        str, secret=True,
    ),
    Setting("DATABASE_USER", "", "all", "", "a role's name", "fills what `DATABASE_URL` lacks", line),
    Setting(
        "DATABASE_PASSWORD", "", "all", "", "the raw password on one line",
        "fills what `DATABASE_URL` lacks; raw, not percent-encoded", line, secret=True,
    ),
    Setting(
        "DATABASE_HOST", "", "all", "", "a host name, an address or a socket's folder",
        "fills what `DATABASE_URL` lacks; a socket's folder begins with `/`", line,
    ),
    Setting(
        "DATABASE_PORT", "", "all", "", "a whole number from 1 to 65535",
        "fills what `DATABASE_URL` lacks; 5432 where neither says", whole_number(1, 65535),
    ),
    Setting("DATABASE_NAME", "", "all", "", "a database's name", "fills what `DATABASE_URL` lacks", line),
    Setting(
        "DATABASE_POOL_SIZE", "database_pool_size", "web, api", "2", "a whole number from 1 to 50",
        "connections a process holds, no overflow", whole_number(1, 50),
    ),
    Setting(
        "API_CORS_ORIGINS", "api_cors_origins", "api", "*",
        "* or origins such as https://example.com, comma-separated",
        "origins whose pages may read the API: `*` or a comma-separated list", origins,
    ),
    Setting(
        "RATE_LIMIT", "rate_limit", "api", "100/minute", "a rate such as 100/minute, or nothing for no limit",
        "requests a client may send to `/api/v1`, `/export` and `/mcp`; set but empty disables", rate_limit, empty_counts=True,
    ),
    Setting(
        "RATE_LIMIT_STORAGE_URL", "rate_limit_storage_url", "api", "", "redis://host:port/0, rediss:// or memory://",
        "where the counts are kept, e.g. `redis://host:6379/0`; in PostgreSQL where not set", storage_url, secret=True,
    ),
    Setting(
        "FORWARDED_HOPS", "forwarded_hops", "web, api", "0", "a whole number from 0 to 10",
        "proxies in front whose `X-Forwarded-For` entry is believed, counted from the right", whole_number(0, 10),
    ),
    Setting(
        "LOG_LEVEL", "log_level", "all", "INFO", "DEBUG, INFO, WARNING or ERROR",
        "`DEBUG`, `INFO`, `WARNING` or `ERROR`", one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    Setting(
        "PORT", "port", "web, api", "8080", "a whole number from 1 to 65535", "the port that is served",
        whole_number(1, 65535),
    ),
    Setting(
        "WEB_CONCURRENCY", "web_concurrency", "web, api", "2", "a whole number from 1 to 64", "worker processes",
        whole_number(1, 64),
    ),
    Setting(
        "WEB_THREADS", "web_threads", "web, api", "4", "a whole number from 1 to 64", "threads a worker",
        whole_number(1, 64),
    ),
    Setting(
        "PUBLIC_URL", "public_url", "web", "", "an absolute http(s) address without query",
        "absolute base of canonical links, sitemap and feeds; never taken from `Host`", base_url,
    ),
    Setting(
        "PUBLIC_API_URL", "public_api_url", "web", "", "an absolute http(s) address without query",
        "base of the API that pages link to; `NEXT_PUBLIC_API_URL` is read too; the same origin where not set",
        base_url, aliases=("NEXT_PUBLIC_API_URL",),
    ),
    Setting(
        "SERVE", "serve", "web, api", "web,api", "web, api or web,api",
        "`web` (pages and feeds), `api` (`/api/v1`) or both; `/docs/api` and the health checks are there with either",
        parts_of_site,
    ),
    Setting(
        "DATA_DIR", "data_dir", "all", ".data", "a folder",
        "where the embedded database lives; a relative one lies below the project", folder,
    ),
    Setting(
        "SCRAPE_SOURCES", "scrape_sources", "scrape", "", "source ids, comma-separated",
        "crawl only these sources, comma-separated; all that are on by default where not set", source_ids,
    ),
    Setting(
        "SCRAPE_CONTACT", "scrape_contact", "scrape", "", "an e-mail or web address on one line",
        "contact in the crawler's User-Agent; required on Cloud Run", line,
    ),
    Setting(
        "SCRAPE_MIRROR_URL", "scrape_mirror_url", "scrape", "", "an absolute http(s) address without query",
        "read `https://host/path?query` from `MIRROR/host/path?query` instead (tests, air-gapped sites)", base_url,
    ),
    Setting(
        "KEEP_READINGS_DAYS", "keep_readings_days", "scrape", "90", "a whole number from 30 to 36500",
        "for so many days every reading of a document is kept; of earlier days the first and the last, and those with changes",
        whole_number(30, 36500),
    ),
    Setting(
        "GOOGLE_CLOUD_PROJECT", "google_cloud_project", "web, api", "", "a project's id",
        "the project whose traces log events name (`logging.googleapis.com/trace`)", line,
    ),
    Setting("RELEASE", "release", "all", "", "one line", "set by the image's build; in logs and `/meta`", line),
    Setting(
        "CLOUD_RUN_TASK_INDEX", "task_index", "scrape", "0", "a whole number from 0 to 9999",
        "set by Cloud Run: which share of the sources this task crawls", whole_number(0, 9999),
    ),
    Setting(
        "CLOUD_RUN_TASK_COUNT", "task_count", "scrape", "1", "a whole number from 1 to 10000",
        "set by Cloud Run: into how many shares the sources are split", whole_number(1, 10000),
    ),
)  # fmt: skip
