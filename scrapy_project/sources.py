"""Which sources there are: found by walking the spiders and their publishers' folders, so that a new source is one file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import scrapy_project.spiders
from scrapy_project.base import SourceSpider


@cache
def spider_classes() -> Mapping[str, type[SourceSpider]]:
    """Every spider by its source's id, in the order of the ids. Raises ValueError where two claim one id."""
    found: dict[str, type[SourceSpider]] = {}
    for module_info in pkgutil.walk_packages(scrapy_project.spiders.__path__, "scrapy_project.spiders."):
        module = importlib.import_module(module_info.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, SourceSpider) and value.__module__ == module.__name__:
                if value.source.id in found:
                    raise ValueError(f"two spiders claim the source {value.source.id!r}")
                found[value.source.id] = value
    return MappingProxyType(dict(sorted(found.items())))


def key_variables() -> tuple[str, ...]:
    """The variables that hold the keys of sources which want one."""
    return tuple(sorted({cls.source.key_variable for cls in spider_classes().values()} - {""}))
