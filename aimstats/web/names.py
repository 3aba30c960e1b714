"""The page that says which model a name means, and how the name was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from aimstats.catalogue.catalogue import Catalogue
from aimstats.catalogue.names import Named, name_in
from aimstats.domain.meters import TEXT
from aimstats.domain.texts import N_
from aimstats.identity import Name
from aimstats.web import formats
from aimstats.web.editions import day_of, edition
from aimstats.web.errors import answer_refusals
from aimstats.web.kept import kept
from aimstats.web.language import t
from aimstats.web.links import link
from aimstats.web.rendering import argument, page
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
    """One name with what it means; `title` is the model's own name, `state` what its status says in words, `seller` and `price`
    are those of the offer that it means to buy, `replacements` what is named instead of it, each with whether the catalogue has
    it.
    """

    named: Named
    title: str
    state: str
    is_warm: bool
    kind: str
    seller: str
    price: str
    replacements: tuple[tuple[str, bool], ...]


@serves(resolving, "resolve")
def resolve_page() -> Response:
    """The form, and below it what each name of the URL means: `name`, one a line or repeated, at the seller `provider`."""
    if unknown := [name for name in request.args if name not in ("name", "provider", "fragment")]:
        abort(400, t("This page takes names and a seller only; it does not know %(name)s.", name=repr(unknown[0][:40])))
    names = [line.strip() for text in request.args.getlist("name") for line in text.splitlines() if line.strip()]
    if len(names) > MAX_NAMES:
        abort(400, t("This page reads %(most)s names at once; the API takes a thousand.", most=MAX_NAMES))
    provider = argument("provider").strip()
    if any(len(name) > MAX_CHARACTERS for name in (*names, provider)):
        abort(400, t("A name has at most %(most)s characters.", most=MAX_CHARACTERS))
    catalogue = edition()
    given = {"name": chr(10).join(names), "provider": provider}
    asked = urlencode({name: text for name, text in given.items() if text}) if names else ""
    return page("resolve.html", lambda: _context(catalogue, names, provider), catalogue, pushed=link("resolve", query=asked))


def _context(catalogue: Catalogue, names: list[str], provider: str) -> dict[str, Any]:
    return {
        "names": names,
        "examples": EXAMPLES,
        "most": MAX_NAMES,
        "provider": provider,
        "lines": [_line(catalogue, name, provider) for name in names],
    }


def _line(catalogue: Catalogue, name: str, provider: str) -> Line:
    named = name_in(catalogue, Name(external_id=name, provider=provider))
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
        seller=kept(catalogue).names.providers.get(named.provider, named.provider) if named.provider else "",
        price=_price(named),
        replacements=tuple((text, text in catalogue.models.positions) for text in named.replacements),
    )


def _price(named: Named) -> str:
    """What the offer asks for tokens in and out; in words why that is not known, where neither is."""
    if named.cost is None:
        return ""
    asked, answered = (named.cost.get(side) for side in TEXT)
    if asked is None and answered is None:
        return formats.absence((named.cost.get("absent") or {}).get(TEXT[0]))
    return f"{formats.dollars(asked)} / {formats.dollars(answered)}"
