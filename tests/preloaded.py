"""What processes of `tests.forked` find imported: the job, all that Scrapy's settings name, gunicorn and the app."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from typing import Any

import aimstats.factory
import jobs.scrape
import tests.jobs.killed
import tests.serving.server
import tests.spiders.run_crawl
from aimstats.web.assets import load_assets
from scrapy_project.crawl import crawl_settings
from scrapy_project.parsers import parser_version
from scrapy_project.sources import spider_classes

__all__ = ["aimstats", "jobs", "tests"]


def components(value: Any) -> Iterator[str]:
    """The classes and functions that a setting names, in lists and in dictionaries too."""
    if isinstance(value, str) and value.startswith(("scrapy.", "scrapy_project.")):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from components(part)
    elif hasattr(value, "items"):
        for name, part in value.items():
            yield from components([name, part])


load_assets()
for spider_class in spider_classes().values():
    parser_version(spider_class.__module__)
for setting in crawl_settings(contact="").values():
    for component in components(setting):
        importlib.import_module(component.rpartition(".")[0])
if "twisted.internet.reactor" in sys.modules:
    raise RuntimeError("each process installs a reactor of its own: what runs before must not")
gc.collect()
gc.freeze()
