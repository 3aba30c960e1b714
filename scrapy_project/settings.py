"""How the crawl behaves towards other people's servers: politely, within limits, only where a source says."""

from __future__ import annotations

BOT_NAME = "aimstats"
SPIDER_MODULES = ["scrapy_project.spiders"]

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.25
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

TWISTED_DNS_RESOLVER = "scrapy_project.resolving.PublicResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
"""Scrapy believes any certificate otherwise: whoever stands between could write prices."""

DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
"""Before and after decompression: the largest document known is 2 MB."""
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_HANDLERS = {
    "http": None,
    "https": "scrapy_project.downloads.PoliteDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy_project.middlewares.HostGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy_project.middlewares.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy_project.middlewares.PatientRetry": 550,
}
ITEM_PIPELINES = {"scrapy_project.pipelines.CollectReadings": 100}

RETRY_TIMES = 2
RETRY_BACKOFF_SECONDS = 2.0
"""First wait; it doubles with each retry and gets up to as much again at random."""
RETRY_LONGEST_WAIT_SECONDS = 120.0
"""A server that asks for more gets no further request in this run."""
REDIRECT_MAX_TIMES = 5
HOST_GAP_SECONDS = 0.25
"""Least pause between two requests to one host, over all spiders; AutoThrottle adds the server's own latency to it."""

COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPCACHE_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
LOG_FORMATTER = "scrapy_project.pipelines.ShortLogFormatter"
LOGSTATS_INTERVAL = 0.0
STATS_DUMP = False
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
}
