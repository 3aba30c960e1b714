"""The language of a request, which the first part of its path names, and texts in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel.support import NullTranslations
from flask import Flask, request
from flask_babel import Babel, get_translations  # type: ignore[import-untyped]  # it ships no types
from markupsafe import Markup

TRANSLATIONS: Final = Path(__file__).parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: `code` stands first in its paths ("" for what has none), `tag` is its name for browsers, `locale` for Babel."""

    code: str
    tag: str
    locale: str
    name: str


ENGLISH: Final = Language("", "en", "en", "English")
LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language for language in (ENGLISH, Language("es", "es-419", "es_419", "Español"))
}
"""By code; the first is what texts are written in."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language with its texts."""

    language: Language
    texts: NullTranslations


_PLAIN: Final = Spoken(ENGLISH, NullTranslations())
_SPOKEN: Final[ContextVar[Spoken]] = ContextVar("spoken", default=_PLAIN)
"""What is spoken in this request: asked some hundred times for a page, so it stands in no proxy."""


def language() -> Language:
    """The language of this request; English outside of one."""
    return _SPOKEN.get().language


def in_english() -> Markup:
    """The attribute of an element whose text is English on a page in any language."""
    return Markup("") if language() is ENGLISH else Markup(' lang="en"')


def unprefixed(path: str) -> str:
    """A path without its language.

    >>> unprefixed("/es/costs"), unprefixed("/es/"), unprefixed("/costs")
    ('/costs', '/', '/costs')
    """
    code, _, rest = path[1:].partition("/")
    return f"/{rest}" if code and code in LANGUAGES else path


def prefixed(path: str, asked: Language | None = None) -> str:
    """A path in a language (that of the request by default), whatever language it is in."""
    return _prefixed(path, (asked or language()).code)


@lru_cache(maxsize=8_192)
def _prefixed(path: str, code: str) -> str:
    plain = unprefixed(path)
    return f"/{code}{plain}" if code else plain


def t(text: str, **values: Any) -> str:
    """A text in the language of the request, with its `%(name)s` filled where values are given."""
    said: str = _SPOKEN.get().texts.gettext(text)
    return said % values if values else said


def plural(one: str, many: str, number: int, /, **values: Any) -> str:
    """The form of a text that the number asks for, with `%(number)s` (thousands parted) and its values filled."""
    said: str = _SPOKEN.get().texts.ngettext(one, many, number)
    return said % {"number": f"{number:,}", **values}


def speak(app: Flask) -> None:
    """Give the app its languages: `_`, `ngettext` and `{% trans %}` in templates, and the filter `t` for texts that the core
    marks."""
    Babel(
        app,
        default_locale=ENGLISH.locale,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: _asked().locale,
        configure_jinja=False,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        lambda text: _SPOKEN.get().texts.gettext(text),
        lambda one, many, number: _SPOKEN.get().texts.ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.filters["t"] = t
    made = {ENGLISH.code: _PLAIN}

    @app.url_value_preprocessor
    def begin(endpoint: str | None, values: dict[str, Any] | None) -> None:
        asked = _asked()
        if asked.code not in made:
            made[asked.code] = Spoken(asked, get_translations())
        _SPOKEN.set(made[asked.code])
        if values:
            values.pop("language", None)

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        _SPOKEN.set(_PLAIN)


def _asked() -> Language:
    """The language that the path of the request names; English where it names none."""
    return LANGUAGES.get(request.path.split("/", 2)[1], ENGLISH)
