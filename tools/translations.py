"""Texts and their translations: collects what is marked, and compiles what was translated (`make translations`)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from aimstats.config.values import PROJECT_ROOT
from aimstats.web.language import ENGLISH, LANGUAGES, TRANSLATIONS

SOURCES: Final = (
    ("aimstats", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2"), ("**.xml", "jinja2")]),
)
KEYWORDS: Final = {**DEFAULT_KEYWORDS, "N_": None, "NN_": (1, 2), "t": None, "plural": (1, 2)}
OPTIONS: Final = {ending: {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"} for ending in ("**.html", "**.xml")}
LOCALES: Final = tuple(one.locale for one in LANGUAGES.values() if one is not ENGLISH)
PLURALS: Final = {"es_419": "nplurals=2; plural=(n != 1);"}
"""How many forms a number asks for; what Spanish does after a whole million stands before nothing that is counted here."""
WRITTEN: Final = datetime(2026, 11, 29, tzinfo=UTC)
"""The same date in every file, so that a file differs only where its texts do."""


def file_of(locale: str, ending: str) -> Path:
    """Where a locale's texts are: `.po` as people write them, `.mo` as programs read them."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / f"messages{ending}"


def extracted() -> Catalog:
    """Every text that code or a template marks."""
    found = Catalog(project="AI Models Stats", creation_date=WRITTEN, charset="utf-8")
    for folder, methods in SOURCES:
        texts = extract_from_dir(PROJECT_ROOT / folder, methods, OPTIONS, KEYWORDS, ("Translators:",), strip_comment_tags=True)
        for _, _, text, comments, context in texts:
            found.add(text, auto_comments=comments, context=context)
    return found


def updated(locale: str) -> Catalog:
    """The locale's catalogue with the texts of now: new ones stand empty in it, those that are gone are not in it."""
    path = file_of(locale, ".po")
    old = read_po(io.BytesIO(path.read_bytes()), locale=locale) if path.exists() else Catalog(locale=locale)
    old.mime_headers = [("Plural-Forms", PLURALS[locale])]
    old.header_comment = f"# AI Models Stats in {old.locale.english_name if old.locale else locale}."
    old.project, old.version, old.msgid_bugs_address, old.language_team = "AI Models Stats", "1", "", ""
    old.last_translator, old.revision_date, old.fuzzy = "", WRITTEN, False
    old.update(extracted(), no_fuzzy_matching=True)
    old.obsolete.clear()
    return old


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as people read it."""
    file = io.BytesIO()
    write_po(file, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as programs read it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def forms(text: Any) -> tuple[str, ...]:
    """The forms of a text or of its translation: one, or one for each number."""
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def unfinished(catalog: Catalog) -> Iterator[Message]:
    """The texts without a translation in every form, and those whose translation was only guessed."""
    return (message for message in catalog if message.id and (message.fuzzy or not all(forms(message.string))))


def main() -> None:
    """Write both files of every locale anew and say what is not translated yet."""
    for locale in LOCALES:
        catalog = updated(locale)
        file_of(locale, ".po").parent.mkdir(parents=True, exist_ok=True)
        file_of(locale, ".po").write_bytes(as_po(catalog))
        file_of(locale, ".mo").write_bytes(as_mo(catalog))
        left = [message.id for message in unfinished(catalog)]
        print(f"{locale}: {len(catalog)} texts, {len(left)} to be translated")
        for text in left:
            print(f"  {text!r}")


if __name__ == "__main__":
    main()
