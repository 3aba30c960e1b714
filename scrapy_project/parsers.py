"""What the reading of a source depends on: the modules that its spider imports, found in the code and not by running it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("scrapy_project", "aimstats.domain")
"""Whose modules count: libraries are pinned, and a release says which."""


def modules_of(module: str, root: Path = ROOT) -> dict[str, Path]:
    """The module and every module of ours that it imports, however far away, with their files, in the order of the names.

    A package that is on the way to a module is executed with it and counts. Read from the syntax tree and not from `sys.modules`,
    which holds what other spiders imported, too: the answer is the same in every process.
    """
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        file = _file(name, root)
        if name in found or file is None:
            continue
        found[name] = file
        waiting += [name.rpartition(".")[0], *imports_of(file.read_bytes())]
    return dict(sorted(found.items()))


def parser_version(module: str, root: Path = ROOT) -> str:
    """A digest of the code that reads a spider's source: where it changed, an unchanged document is read anew all the same.

    Code of others changes nothing: a mended reader of one publisher has only that publisher's documents read anew.
    """
    digest = hashlib.sha256()
    for name, file in modules_of(module, root).items():
        code = file.read_bytes()
        digest.update(f"{name} {len(code)}\n".encode() + code)
    return digest.hexdigest()[:12]


@lru_cache(maxsize=512)
def imports_of(code: bytes) -> frozenset[str]:
    """Names that may be modules: of `from a import b` both `a` and `a.b`. Kept by the code: spiders share most of theirs."""
    return frozenset(_imports(code))


def _imports(code: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"line {node.lineno}: an import by place (from . import); imports are by their whole name here")
            yield from (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names))


def _file(name: str, root: Path) -> Path | None:
    """The file of a module or package in our rooms; None for what is neither."""
    if not any(name == room or name.startswith(room + ".") for room in ROOMS):
        return None
    place = root.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)
