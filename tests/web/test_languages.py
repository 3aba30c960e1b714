"""Every page in every language: nothing is left untranslated, and links, caches and feeds keep the language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aimstats.config.values import PROJECT_ROOT
from aimstats.web.language import LANGUAGES
from aimstats.web.routes import ROUTES
from tests.web.addresses import ADDRESSES
from tools.translations import LOCALES, as_mo, as_po, extracted, file_of, forms, unfinished, updated

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%|</?[a-z]+|\{[a-z_]*\}")
WITHOUT_LANGUAGE = ("/api/", "/static/", "/llms.txt", "/mcp")
MARK = re.compile("(?:t|plural|N_)\\([\"']")
LITERAL = re.compile(r"""(?:href|action|hx-get)="/|(?:address|redirect|urljoin)\(\s*f?["']/""")


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_committed_is_what_the_marked_texts_and_their_translations_make(locale: str) -> None:
    catalog = updated(locale)
    assert file_of(locale, ".po").read_bytes() == as_po(catalog), "make translations"
    assert file_of(locale, ".mo").read_bytes() == as_mo(catalog), "make translations"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_translated_in_every_form_with_the_same_values_and_tags(locale: str) -> None:
    catalog = updated(locale)
    assert [message.id for message in unfinished(catalog)] == []
    for message in catalog:
        if not message.id:
            continue
        asked, said = forms(message.id), forms(message.string)
        assert sorted(PLACEHOLDER.findall(asked[-1])) == sorted(PLACEHOLDER.findall(said[-1])), message.id


def test_the_marks_of_templates_and_code_are_found() -> None:
    found = {message.id for message in extracted()}
    assert {"Skip to the content", "Providers", "Sort", "Open weights"} <= found
    code = (PROJECT_ROOT / "aimstats" / "web").glob("*.py")
    texts = (node for path in code for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.JoinedStr))
    calls = (ast.unparse(node) for text in texts for node in ast.walk(text) if isinstance(node, ast.Call))
    assert [call for call in calls if MARK.match(call)] == [], "in an f-string no mark is found"


def test_no_page_has_a_route_beside_the_table_and_none_is_missing(published: Flask) -> None:
    views = published.view_functions
    rules = [rule for rule in published.url_map.iter_rules() if views[rule.endpoint].__module__.startswith("aimstats.web")]
    ours = [rule for rule in rules if rule.endpoint.rpartition(".")[2] in ROUTES]
    assert {rule.rule for rule in ours if "language" not in rule.arguments} == {route.path for route in ROUTES.values()}
    assert {rule.endpoint for rule in ours} == {rule.endpoint for rule in ours if "language" in rule.arguments}
    strangers = {rule.endpoint for rule in rules if rule not in ours}
    assert strangers == {"robots", "sitemap", "pages.asset", "health.alive", "health.ready"}


def test_no_page_is_linked_by_a_literal_path() -> None:
    texts = [*(PROJECT_ROOT / "templates").rglob("*.*"), *(PROJECT_ROOT / "aimstats" / "web").glob("*.py")]
    found = {path.name: lines for path in texts if (lines := _literals(path))}
    assert found == {}


def _literals(path: Path) -> list[str]:
    """The lines that name a page by its path; addresses below the API's base are not pages."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if LITERAL.search(line) and "base=" not in line]


@pytest.mark.parametrize("place", ADDRESSES)
def test_every_page_stands_under_every_language_and_leads_to_its_own_and_to_the_others(pages: FlaskClient, place: str) -> None:
    for one in LANGUAGES.values():
        if not one.code:
            continue
        answer = pages.get(f"/{one.code}{place}")
        assert answer.status_code == 200
        html = answer.get_data(as_text=True)
        assert f'<html lang="{one.tag}">' in html
        path, _, query = place.partition("?")
        english = path + (f"?{query}" if query else "")
        assert f'href="{english.replace("&", "&amp;")}" hreflang="en"' in html
        assert f'<link rel="canonical" href="https://models.example/{one.code}{path}">' in html
        assert f'<link rel="alternate" hreflang="x-default" href="https://models.example{path}">' in html
        strays = [
            link
            for link in re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', html.split("</head>")[1])
            if not link.startswith((f"/{one.code}/", *WITHOUT_LANGUAGE)) and link != english.replace("&", "&amp;")
        ]
        assert strays == []


def test_an_error_an_unknown_address_and_a_cached_answer_keep_their_language(pages: FlaskClient) -> None:
    for path, words in (("/es/nowhere", "Ver todos los modelos"), ("/nowhere", "See all models")):
        answer = pages.get(path)
        assert answer.status_code == 404
        assert words in answer.get_data(as_text=True)
    for _ in range(2):
        spanish, english = (pages.get(path) for path in ("/es/providers", "/providers"))
        assert "Proveedores" in spanish.get_data(as_text=True)
        assert "Proveedores" not in english.get_data(as_text=True)
        assert spanish.headers["ETag"] != english.headers["ETag"]
    assert pages.get("/es").headers["Location"].endswith("/es/")
    assert pages.get("/es/api/v1/models").status_code == 404


def test_the_sitemap_names_each_page_in_every_language(pages: FlaskClient) -> None:
    text = pages.get("/sitemap.xml").get_data(as_text=True)
    assert '<xhtml:link rel="alternate" hreflang="es-419" href="https://models.example/es/models/alpha/ode-4.5"/>' in text


def test_the_feed_names_the_same_entries_in_every_language(pages: FlaskClient) -> None:
    english, spanish = (pages.get(code + "/changes.atom").get_data(as_text=True) for code in ("", "/es"))
    ids = re.compile(r"<id>([^<]*)</id>")
    assert ids.findall(english) == ids.findall(spanish) != []
    assert 'xml:lang="es-419"' in spanish
    assert "https://models.example/es/models/" in spanish
