"""YAML documents read safely: plain data only, no aliases, numbers from their text, dates as texts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import yaml

from aimstats.domain.items import DocumentRefusedError
from aimstats.domain.money import NumberRefusedError, decimal_of
from aimstats.domain.text import clean_text
from scrapy_project.formats.tables import text_of

MAX_DEPTH: Final = 30
MAX_EVENTS: Final = 1_000_000

_Base: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z")


class _Loader(_Base):  # type: ignore[misc]  # the C loader where it is built in, else the Python one
    """Texts, lists, mappings, true, false and null; every other number is a Decimal, every date stays a text."""


def _number(loader: Any, node: yaml.ScalarNode) -> Decimal | str:
    """The number; the text where it only looks like one (a commit hash such as `35e5504`) or no figure can be so large."""
    try:
        return decimal_of(node.value)
    except NumberRefusedError:
        return str(node.value)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:aimstats,2026:number", _NUMBER, list("-+.0123456789"))
_Loader.add_constructor("tag:aimstats,2026:number", _number)


def yaml_data(body: bytes, what: str) -> Any:
    """The data that a YAML body holds: Decimal for every number, texts for dates.

    Raises DocumentRefusedError, naming `what` it should be, for what is no YAML, for aliases (none of our sources uses
    them, and they multiply), for tags, for more than MAX_DEPTH levels or MAX_EVENTS parts.
    """
    text = text_of(body, what)
    try:
        _look_over(text, what)
        return yaml.load(text, Loader=_Loader)  # a subclass of the safe loader
    except yaml.YAMLError as error:
        raise DocumentRefusedError(f"{what}: not YAML: {clean_text(str(error), 200)}") from error
    except RecursionError as error:
        raise DocumentRefusedError(f"{what}: nested too deeply") from error


def _look_over(text: str, what: str) -> None:
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if isinstance(event, yaml.AliasEvent):
            raise DocumentRefusedError(f"{what}: a YAML alias (none is expected)")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise DocumentRefusedError(f"{what}: YAML of more than {MAX_DEPTH} levels")
        if number > MAX_EVENTS:
            raise DocumentRefusedError(f"{what}: YAML of more than {MAX_EVENTS} parts")
