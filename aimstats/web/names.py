"""The page that says which model a name means, and how the name was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.names import Named, name_in
from aimstats.domain.texts import N_
from aimstats.identity import Name
from aimstats.web import formats
from aimstats.web.editions import day_of, edition
from aimstats.web.errors import answer_refusals
from aimstats.web.language import t
from aimstats.web.links import link
from aimstats.web.rendering import page
from aimstats.web.routes import serves

MAX_NAMES: Final = 50
MAX_CHARACTERS: Final = 500
EXAMPLES: Final = (
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "vertex_ai/claude-sonnet-4-5",
    "Claude Sonnet 4.5 (thinking-32k)",
    "gpt-4o-mini-2024-07-18",
)
KINDS: Final = {
    "router": N_("a router, no model"),
    "agent": N_("an agent, no model"),
    "other": N_("no model: a fee, a tool or nothing at all"),
}

resolving: Final = Blueprint("resolve", __name__)
answer_refusals(resolving)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One name with what it means; `title` is the model's own name, `state` what its status says in words, `replacements` what
    is named instead of it, each with whether the catalogue has it."""

    named: Named
    title: str
    state: str
    is_warm: bool
    kind: str
    replacements: tuple[tuple[str, bool], ...]


@serves(resolving, "resolve")
def resolve_page() -> Response:
    """The form, and below it what each name of the URL means: `name`, one a line or repeated."""
    if unknown := [name for name in request.args if name not in ("name", "fragment")]:
        abort(400, t("This page takes names only; it does not know %(name)s.", name=repr(unknown[0][:40])))
    names = [line.strip() for text in request.args.getlist("name") for line in text.splitlines() if line.strip()]
    if len(names) > MAX_NAMES:
        abort(400, t("This page reads %(most)s names at once; the API takes a thousand.", most=MAX_NAMES))
    if any(len(name) > MAX_CHARACTERS for name in names):
        abort(400, t("A name has at most %(most)s characters.", most=MAX_CHARACTERS))
    catalogue = edition()
    asked = urlencode({"name": chr(10).join(names)}) if names else ""
    return page("resolve.html", lambda: _context(catalogue, names), catalogue, pushed=link("resolve", query=asked))


def _context(catalogue: Catalogue, names: list[str]) -> dict[str, Any]:
    return {
        "names": names,
        "examples": EXAMPLES,
        "most": MAX_NAMES,
        "lines": [_line(catalogue, name) for name in names],
    }


def _line(catalogue: Catalogue, name: str) -> Line:
    named = name_in(catalogue, Name(external_id=name))
    row = catalogue.model(named.model) if named.model else None
    date = named.retirement_date
    state = formats.words(named.status) if named.status else ""
    if date:
        state = formats.ending(date, named.status, day_of(catalogue))
    return Line(
        named=named,
        title=row["name"] if row else "",
        state=state,
        is_warm=bool(date) or named.status in ("deprecated", "retired"),
        kind=t(KINDS[named.kind]) if named.kind in KINDS else "",
        replacements=tuple((text, text in catalogue.models.positions) for text in named.replacements),
    )
