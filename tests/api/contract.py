"""The API's promise in a small file: `python -m tests.api.contract` writes `contract.json`, the names and types of its document.

Run it after an addition. A line that goes or changes there breaks somebody's program: see docs/api.md for how a field or a
parameter is given notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from aimstats.api.openapi import document

FILE: Final = Path(__file__).with_name("contract.json")
SCHEMAS: Final = "#/components/schemas/"

Promise = dict[str, dict[str, str]]


def promise() -> Promise:
    """By address each parameter and answer, by schema each field, with its type, of which a parameter's closed list is a part. A
    list's other forms say only in what they differ from it."""
    described = document("")
    found: Promise = {}
    for path, item in described["paths"].items():
        for method, about in item.items():
            lines = {one["name"]: _asked(one) for one in about["parameters"]}
            for status, answer in about["responses"].items():
                content = {media: _type(stated["schema"]) for media, stated in answer.get("content", {}).items()}
                lines |= {f"{status} {media}": kind for media, kind in content.items()}
                for media, stated in answer.get("content", {}).items():
                    lines |= {f"{status} {media} {key}": kind for key, kind in _fields(stated["schema"])}
            for media, stated in about.get("requestBody", {}).get("content", {}).items():
                lines |= {f"body {media} {key}": kind for key, kind in _fields(stated["schema"])}
            found[f"{method.upper()} {path}"] = dict(sorted(lines.items()))
    for name, lines in found.items():
        like = name.removesuffix(".csv").removesuffix(".ndjson")
        if like != name:
            own = {key: kind for key, kind in lines.items() if found[like].get(key) != kind}
            lacking = {f"without {key}": "" for key in found[like].keys() - lines.keys() if not key.startswith("200 ")}
            found[name] = {"like": like} | own | lacking
    for name, schema in described["components"]["schemas"].items():
        found[name] = dict(sorted(_fields(schema)))
    return dict(sorted(found.items()))


def broken(kept: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What was promised and is no longer so: gone, or of another type, or asked for where it was not."""
    found = []
    for name, lines in kept.items():
        for key, kind in lines.items():
            there = now.get(name, {}).get(key)
            if there is None:
                found.append(f"{name}: {key} is gone")
            elif not _holds(kind, there):
                found.append(f"{name}: {key} was {kind} and is {there}")
        added = now.get(name, {}).keys() - lines.keys()
        found += [f"{name}: {key} must be given now" for key in added if "required" in now[name][key]]
        found += [f"{name}: {key}" for key in added if key.startswith("without ")]
    return found


def _holds(kept: str, now: str) -> bool:
    """Whether a type keeps its promise: it is the same, or a parameter's closed list has more words."""
    before, _, words = kept.partition(" of ")
    after, _, later = now.partition(" of ")
    return before == after and set(filter(None, words.split())) <= set(later.split() or words.split())


def _asked(parameter: Mapping[str, Any]) -> str:
    required = "required " if parameter.get("required") else ""
    return f"{parameter['in']} {required}{_type(parameter['schema'], with_words=True)}"


def _type(schema: Mapping[str, Any], *, with_words: bool = False) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].removeprefix(SCHEMAS))
    if "anyOf" in schema:
        return " | ".join(_type(one, with_words=with_words) for one in schema["anyOf"])
    kind = schema.get("type", "any")
    said = kind if isinstance(kind, str) else "|".join(sorted(kind))
    if isinstance(schema.get("items"), Mapping):
        return f"{said}[{_type(schema['items'], with_words=with_words)}]"
    return f"{said} of {' '.join(sorted(map(str, schema['enum'])))}" if with_words and "enum" in schema else said


def _fields(schema: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every field below a schema by its dotted key; `[]` stands for an entry of a list, `*` for any key of an object."""
    for name, stated in schema.get("properties", {}).items():
        required = " required" if name in schema.get("required", ()) and prefix.startswith("body") else ""
        yield prefix + name, _type(stated) + required
        yield from _fields(stated, f"{prefix}{name}.")
    for key, mark in (("items", "[]."), ("additionalProperties", "*.")):
        if isinstance(schema.get(key), Mapping):
            yield from _fields(schema[key], prefix.removesuffix(".") + mark if prefix else mark)
    for one in schema.get("anyOf", ()):
        yield from _fields(one, prefix)


def kept() -> Promise:
    """What the file promises."""
    found: Promise = orjson.loads(FILE.read_bytes())
    return found


if __name__ == "__main__":
    FILE.write_bytes(orjson.dumps(promise(), option=orjson.OPT_INDENT_2) + b"\n")
