"""Answering with a page, or with the one block of it that `fragment=` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import Response, abort, current_app, request
from jinja2_fragments import BlockNotFoundError
from markupsafe import escape

from aimstats.catalogue.catalogue import Catalogue
from aimstats.extensions import current_config
from aimstats.extensions.answers import answer
from aimstats.extensions.current import repeatable_while, software_version, stamp_of
from aimstats.web.drawing import around, drawn, filled, hole
from aimstats.web.editions import about_edition
from aimstats.web.kept import kept
from aimstats.web.language import ENGLISH, LANGUAGES, Language, in_english, language, prefixed, t
from aimstats.web.links import in_language
from aimstats.web.routes import current_route, section

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load: its own files only, and nothing inline."""


EVERYWHERE: Final = {"X-Content-Type-Options": "nosniff"}
ON_PAGES: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OVER_HTTPS: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""Only where PUBLIC_URL says that the site is served so; a year."""
MEDIA_TYPE: Final = "text/html; charset=utf-8"
MAX_AGE_S: Final = 60
LOOK: Final = "look"
"""Under this name stands a mark of the templates and static files: pages of another look are other pages."""

_MAIN: Final = "main"

Context = Mapping[str, Any]


def page(
    template: str,
    make: Callable[[], Context],
    catalogue: Catalogue | None = None,
    *,
    pushed: str = "",
    further: Sequence[Any] = (),
    is_lasting: bool = True,
    keeps_shell: bool = False,
) -> Response:
    """The page, or its block that `fragment=` names (that answer sets `HX-Push-Url` to `pushed`, the view's clean URL).

    `make` fetches what the template needs (`title` and `description` among it, where the page's row of routes does not say
    them), and is not called for a client that has this very answer. The answer depends on the code, on what every page prints
    (`_frame`), on `catalogue` and on what `further` holds; unless `is_lasting`, it may change though they do not. With
    `keeps_shell` what stands around its main part depends on nothing of the query and is drawn once (`_shell`).
    """
    of_catalogue = (*stamp_of(catalogue), sorted(catalogue.version.stale)) if catalogue else (software_version(),)
    made_of = (*of_catalogue, *_frame(), datetime.now(UTC).date(), *further)
    response = answer(
        "page",
        request.full_path,
        made_of,
        lambda: html_of(template, make(), catalogue if keeps_shell else None),
        media_type=MEDIA_TYPE,
        max_age_s=MAX_AGE_S,
        holds_while=repeatable_while(catalogue) if catalogue and is_lasting else None,
    )
    if pushed and "fragment" in request.args:
        response.headers["HX-Push-Url"] = pushed
    return response


def look() -> str:
    """The mark of the templates, static files and language: part of every validator of what is made of them."""
    mark: str = current_app.extensions[LOOK]
    return mark + language().code


def _frame() -> tuple[Any, ...]:
    """What the layout prints around any page."""
    said = about_edition()
    shown = said["edition"]
    return look(), canonical(), api_base(), said["notice"], shown and (shown.dataset, shown.published_at)


def argument(name: str) -> str:
    """The first value of a parameter; empty where it is not given, which `args.get` would make an exception of first."""
    return next(iter(request.args.getlist(name)), "")


def html_of(template: str, context: Context, shell_of: Catalogue | None = None) -> bytes:
    """The page or the block asked for; with the shell that is kept for an edition. A block that the template does not have is a
    400. `pieces` of the context make, by their names, what stands in its holes (`drawing.filled`)."""
    block = argument("fragment")
    given = {**common(), "is_fragment": bool(block), **context}
    shell = None if shell_of is None or block or given["notice"] else _shell(template, given, shell_of)
    try:
        html = drawn(template, given, block=block if shell is None else _MAIN)
    except BlockNotFoundError:
        abort(400, t("This page has no part called %(name)s.", name=repr(block[:40])))
    body = filled(html, {name: make() for name, make in context.get("pieces", {}).items() if hole(name) in html})
    if shell is None:
        return body
    places = {one.tag: escape(place).encode() for one, place in given["in_languages"]}
    return filled(shell, {**places, _MAIN: body})


def _shell(template: str, given: Context, catalogue: Catalogue) -> bytes:
    """What stands around the main part of a page, as it was drawn for another query: of the query are only the addresses in other
    languages."""

    def make() -> bytes:
        places = [(one, hole(one.tag)) for one in LANGUAGES.values()]
        return around(template, _MAIN, {**given, "in_languages": places}).encode()

    of = (template, request.path, given["title"], given["description"], given.get("structured", ""))
    return kept(catalogue).shell(of, make)


def common() -> dict[str, Any]:
    """What every page is drawn with: what its row of routes says of it, where it is, and in which languages."""
    route = current_route()
    return {
        "title": t(route.title) if route and route.title else "",
        "description": t(route.description) if route and route.description else "",
        "canonical": canonical(),
        "alternates": _alternates(),
        "site": (current_config().public_url or "").rstrip("/"),
        "here": route.name if route else "",
        "section": section(),
        "api": api_base(),
        "language": language(),
        "in_english": in_english(),
        "in_languages": [(one, in_language(one)) for one in LANGUAGES.values()],
        **about_edition(),
    }


def canonical(asked: Language | None = None) -> str:
    """The page's own address below PUBLIC_URL, without a query, in its own language or another; empty where that is not set."""
    base = current_config().public_url
    return f"{base.rstrip('/')}{prefixed(request.path, asked)}" if base else ""


def _alternates() -> list[tuple[str, str]]:
    """The page's own address in each language, by the language's name for search engines; none where PUBLIC_URL is not set."""
    if not current_config().public_url:
        return []
    return [*((one.tag, canonical(one)) for one in LANGUAGES.values()), ("x-default", canonical(ENGLISH))]


def api_base() -> str:
    """Where the API is: at PUBLIC_API_URL, else on this very server."""
    return (current_config().public_api_url or "").rstrip("/") + "/api/v1"


def secure(answer: Response) -> Response:
    """The headers that every answer carries, and those of HTML; over https also that the site is to be asked for so."""
    headers = dict(EVERYWHERE)
    if answer.mimetype == "text/html":
        headers |= ON_PAGES
    if (current_config().public_url or "").startswith("https://"):
        headers |= OVER_HTTPS
    has = {name.lower() for name, _ in answer.headers}
    for name, value in headers.items():
        if name.lower() not in has:
            answer.headers.add(name, value)
    return answer
