"""Favourites and the tray: what is ticked goes to the comparison with scripts and without; stars are this browser's alone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from parsel import Selector
from playwright.sync_api import Browser, expect


def test_without_scripts_ticked_boxes_are_sent_to_the_comparison(pages: FlaskClient) -> None:
    page = Selector(pages.get("/").text)
    form = page.css("form#tray")
    boxes = page.css('input[form="tray"][type="checkbox"]')
    assert (form.attrib["action"], form.attrib["method"]) == ("/compare", "get")
    assert form.css("button::text").get("").strip() == "Compare"
    assert page.css(".star") == []
    chosen = [box.attrib["value"] for box in boxes][:2]
    query = "&".join(f"models={one}" for one in chosen)
    heads = Selector(pages.get(f"/compare?{query}").text).css("table.compare thead .id::text").getall()
    assert heads == chosen


@pytest.mark.browser
def test_the_tray_keeps_what_is_ticked_and_stars_are_an_address(site: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site}/?retired=shown")
    tray = page.locator("#tray")
    expect(tray).to_be_hidden()
    rows = page.locator("tbody tr:has(input[form=tray])")
    rows.nth(0).locator("input").check()
    rows.nth(1).locator(".name a").focus()
    page.keyboard.press("c")
    expect(tray.locator("li")).to_have_count(2)
    tray.locator("li button").first.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('tr') !== null")
    rows.nth(2).locator(".star").click()
    expect(rows.nth(2).locator(".star")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(tray.locator("li")).to_have_count(2)
    starred = rows.nth(2).locator("input").get_attribute("value")
    assert starred is not None
    tray.locator("button.primary").click()
    page.wait_for_url("**/compare**")
    assert page.locator("table.compare thead .id").count() == 2
    page.go_back()
    page.locator("a[data-favourites]").click()
    expect(page.locator("tbody tr input[form=tray]")).to_have_count(1)
    assert f"id={starred.replace('/', '%2F')}" in page.url
    page.close()


@pytest.mark.browser
def test_ten_are_the_most_that_the_tray_takes(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}/")
    page.evaluate("localStorage.setItem('tray', JSON.stringify([...Array(10).keys()].map((n) => [`a/m${n}`, `M ${n}`])))")
    page.reload()
    expect(page.locator("#tray [data-most]")).to_have_text("ten at most")
    assert page.locator("input[form=tray]").first.is_disabled()
    page.locator("#tray li button").first.click()
    assert page.locator("input[form=tray]").first.is_enabled()
    page.close()
