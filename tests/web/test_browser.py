"""What only a browser shows: focus and keystrokes, Back and Forward, the sheet, keyboard, contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, Page, expect

from scrapy_project.sources import spider_classes
from tests.web.addresses import ADDRESSES, MODEL

pytestmark = pytest.mark.browser

expect.set_options(timeout=60_000)  # what does not come by then, on a machine however busy, does not come
WIDE, PHONE = (1280, 900), (360, 740)


@pytest.fixture
def tab(browser: Browser, site: str) -> Iterator[Page]:
    """A tab in which nothing may be refused by the policy or go wrong in a script."""
    context = browser.new_context(base_url=site, viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    context.close()
    assert wrong == []


def ending_in(text: str) -> re.Pattern[str]:
    """A pattern of the addresses that end so."""
    return re.compile(re.escape(text) + "$")


def test_typing_keeps_focus_and_every_keystroke(tab: Page) -> None:
    tab.goto("/")
    tab.locator("#q").press_sequentially("ode 4", delay=120)
    expect(tab.locator("tbody tr .lead")).to_have_count(1)
    tab.locator("#q").press_sequentially(".5", delay=20)
    expect(tab).to_have_url(ending_in("q=ode+4.5"))
    assert tab.input_value("#q") == "ode 4.5"
    assert tab.evaluate("document.activeElement.id") == "q"


def test_a_ticked_box_keeps_focus_and_the_address_stays_clean(tab: Page) -> None:
    tab.goto("/")
    tab.locator("#f-developer-alpha").focus()
    tab.keyboard.press("Space")
    expect(tab).to_have_url(ending_in("/?developer=alpha"))
    expect(tab.locator("tbody .lead")).to_have_count(1)
    assert tab.evaluate("document.activeElement.id") == "f-developer-alpha"


def test_back_and_forward_restore_the_whole_page(tab: Page) -> None:
    tab.goto("/?retired=shown")
    tab.fill("#q", "ode")
    expect(tab).to_have_url(ending_in("?q=ode&retired=shown"))
    tab.check("#f-reasoning-true")
    expect(tab).to_have_url(ending_in("?q=ode&reasoning=true&retired=shown"))
    expect(tab.locator("tbody .lead")).to_have_count(1)
    tab.go_back()
    expect(tab.locator("tbody .lead")).to_have_count(2)
    expect(tab.locator("#f-reasoning-true")).not_to_be_checked()
    tab.go_back()
    expect(tab.locator("tbody .lead")).to_have_count(3)
    expect(tab.locator("#q")).to_have_value("")
    tab.go_forward()
    expect(tab.locator("#q")).to_have_value("ode")
    expect(tab.locator("tbody .lead")).to_have_count(2)


def test_the_chip_of_retired_models_shows_them_and_hides_them_again(tab: Page) -> None:
    tab.goto("/?developer=alpha")
    tab.locator(".chips a", has_text="1 retired hidden").click()
    expect(tab.locator("tbody .lead")).to_have_count(2)
    expect(tab).to_have_url(ending_in("/?developer=alpha&retired=shown"))
    tab.check("#f-developer-beta")
    expect(tab.locator("tbody .lead")).to_have_count(3)
    tab.locator(".chips a", has_text="Retired shown").click()
    expect(tab.locator("tbody .lead")).to_have_count(2)


def test_a_removed_chip_empties_its_field(tab: Page) -> None:
    tab.goto("/?q=ode&max_input_cost=5")
    tab.locator(".chips a", has_text="≤ $5").click()
    expect(tab).to_have_url(ending_in("/?q=ode"))
    expect(tab.locator("#max_input_cost")).to_have_value("")
    expect(tab.locator("#q")).to_have_value("ode")


def test_costs_follow_each_quantity_that_is_typed_also_after_another_task(tab: Page) -> None:
    tab.goto("/costs")
    said = tab.locator(".workload-line p")
    for name, text in (("requests", "7 requests"), ("input_tokens", "7 tokens in"), ("output_tokens", "7 tokens out")):
        tab.locator(f"#{name}").fill("7")
        expect(said).to_contain_text(text)
    tab.locator("#preset").select_option("translate_500_words")
    # htmx takes the class away once it listens to what it has put there.
    expect(tab.locator("#quantities:not(.htmx-added) #input_tokens")).to_have_attribute("placeholder", "700")
    tab.locator("#output_tokens").fill("9")
    expect(said).to_contain_text("9 tokens out")


def test_a_refused_number_is_said_while_typing_and_goes_when_mended(tab: Page) -> None:
    tab.goto("/?developer=alpha")
    tab.fill("#min_context", "lots")
    expect(tab.locator(".notice")).to_contain_text("Context at least")
    tab.fill("#min_context", "100000")
    expect(tab.locator(".notice")).to_have_count(0)
    expect(tab.locator("tbody .lead")).to_have_count(1)


def test_an_opened_facet_stays_open_over_a_swap(tab: Page) -> None:
    tab.goto("/")
    tab.locator("#head-provider").click()
    tab.check("#f-provider-hostly")
    tab.check("#f-developer-alpha")
    expect(tab).to_have_url(ending_in("/?developer=alpha&provider=hostly"))
    expect(tab.locator("tbody .lead")).to_have_count(1)
    expect(tab.locator("#f-provider-alpha")).to_be_visible()
    tab.locator("#head-provider").click()
    expect(tab.locator("#f-provider-alpha")).to_have_count(0)
    expect(tab.locator("#f-provider-hostly")).to_be_checked()
    tab.locator("#columns summary").click()
    tab.check("#column-knowledge")
    expect(tab.locator("thead th")).to_have_count(10)
    expect(tab.locator("#column-knowledge")).to_be_visible()


def test_enter_opens_the_evidence_under_the_row_and_closes_it(tab: Page) -> None:
    tab.goto(MODEL)
    link = tab.locator("table.offers a.agree").first
    link.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("tr.under").first).to_contain_text("litellm")
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(tab).to_have_url(ending_in(MODEL))
    tab.keyboard.press("Enter")
    expect(tab.locator("tr.under").first).to_be_hidden()
    expect(link).to_have_attribute("aria-expanded", "false")


def test_the_slash_key_goes_to_the_search(tab: Page) -> None:
    tab.goto("/")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "q"
    assert tab.input_value("#q") == ""


def test_keys_go_from_row_to_row_and_single_letters_can_be_switched_off(tab: Page) -> None:
    tab.goto("/")
    tab.locator("a.skip", has_text="table").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "results"
    tab.locator("tbody th a").first.focus()
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("tbody th a").nth(1)).to_be_focused()
    tab.keyboard.press("c")
    expect(tab.locator("tbody tr").nth(1).locator("input[name=models]")).to_be_checked()
    tab.keyboard.press("?")
    tab.locator("[data-keys]").uncheck()
    tab.keyboard.press("Escape")
    tab.reload()
    tab.keyboard.press("?")
    expect(tab.locator("#keys")).to_be_hidden()
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") != "q"


def test_printed_the_table_stands_alone_and_dark_on_white(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, color_scheme="dark")
    page = context.new_page()
    page.goto("/")
    page.emulate_media(media="print", color_scheme="dark")
    for control in (".filters", ".find", ".over", ".under-table", ".masthead nav"):
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator("tbody tr").first).to_be_visible()
    colours = page.evaluate("[getComputedStyle(document.documentElement)].map((one) => [one.backgroundColor, one.color])[0]")
    context.close()
    assert colours == ["rgb(255, 255, 255)", "rgb(27, 29, 32)"]


def test_the_theme_is_the_systems_until_chosen(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, color_scheme="dark")
    page = context.new_page()
    page.goto("/")
    dark = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.locator("[data-theme-toggle]").click()
    light = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.goto("/methodology")
    kept = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    context.close()
    assert dark != light
    assert kept == light


def test_without_a_script_the_form_filters_and_sorts(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "ode")
    page.check("#f-reasoning-true")
    page.locator(".find button.primary").click()
    assert page.locator("tbody .lead .id").all_text_contents() == ["alpha/ode-4.5"]
    page.locator(".chips a", has_text="ode").click()
    page.locator("#sort-cost\\.input").click()
    assert "sort=cost.input" in page.url
    context.close()


def test_on_a_phone_filters_are_a_sheet_that_opens_and_closes(browser: Browser, site: str) -> None:
    for has_script in (True, False):
        context = browser.new_context(
            base_url=site, java_script_enabled=has_script, viewport={"width": PHONE[0], "height": PHONE[1]}
        )
        page = context.new_page()
        page.goto("/")
        expect(page.locator("#filters")).to_be_hidden()
        page.locator(".open-filters").click()
        expect(page.locator("#f-developer-alpha")).to_be_visible()
        page.locator("#filters .close").click()
        expect(page.locator("#filters")).to_be_hidden()
        context.close()


@pytest.mark.parametrize("address", ["/", "/providers", "/sources"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_table_stands_below_the_search(browser: Browser, site: str, size: tuple[int, int], address: str) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(site + address)
    search, results = page.locator(".find").bounding_box(), page.locator("#results").bounding_box()
    page.close()
    assert search
    assert results
    assert search["y"] + search["height"] <= results["y"]


WIDTHS = (320, 360, 480, 640, 701, 768, 900, 1024, 1100, 1236, 1280, 1600, 1920)
CHOSEN = "/?" + "&".join(f"column={key}" for key in ("cost.input", "cost.cache_read", "limit.context", "knowledge", "license"))


MEASURED = """async (widths) => {
    const frame = document.createElement("iframe");
    frame.style = "border: 0; height: 900px; max-width: none";
    frame.srcdoc = document.documentElement.outerHTML;
    const loaded = new Promise((done) => frame.addEventListener("load", done));
    document.body.append(frame);
    await loaded;
    return widths.map((width) => {
        frame.style.width = `${width}px`;
        const page = frame.contentDocument.documentElement, entries = frame.contentDocument.querySelector(".entries");
        return [frame.contentWindow.innerWidth, page.scrollWidth, entries.scrollWidth, entries.clientWidth];
    });
}"""
"""How wide the page and its navigation are in a window of each width: a frame is one, and only its layout is made anew."""


def test_no_page_scrolls_sideways_at_any_width(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, bypass_csp=True, viewport={"width": max(WIDTHS), "height": 900})
    page = context.new_page()
    wide: dict[str, list[int]] = {}
    in_spanish = [f"/es{address}" for address in (*ADDRESSES, f"{MODEL}?offer=hostly/alpha/ode-4.5", CHOSEN)]
    for address in (*in_spanish, "/", MODEL):  # Spanish has the longer words
        page.goto(address)
        for width, (window, whole, entries, room) in zip(WIDTHS, page.evaluate(MEASURED, WIDTHS), strict=True):
            assert window == width
            if whole > width:
                wide.setdefault(address, []).append(width)
            if entries > room:
                wide.setdefault("the navigation", []).append(width)
    context.close()
    assert wide == {}


BROKEN_WORDS = """
(names) => {
  const row = document.querySelector("tbody tr");
  const told = document.querySelector("tr.told");
  told.querySelector(".note").textContent = `failed: https://example.com/${"a".repeat(99)}`;
  row.querySelector("td.short:not(.w10)").textContent = "no encontrada";
  const rows = names.map((name) => {
    const one = row.cloneNode(true);
    one.querySelector(".source").textContent = name;
    return one;
  });
  row.parentNode.replaceChildren(...rows, told);
  const isBroken = (text, { index, 0: word }) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
  };
  return rows.flatMap((one) => {
    const text = one.querySelector(".source").firstChild;
    return [...text.data.matchAll(/[^\\s-]+/g)].filter((word) => isBroken(text, word)).map(String);
  });
}
"""


@pytest.mark.parametrize("width", [320, 360])
def test_no_word_in_a_name_of_a_source_is_broken_on_a_phone(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto("/es/sources")  # Spanish has the wider columns beside it
    assert tab.evaluate(BROKEN_WORDS, [spider.source.name for spider in spider_classes().values()]) == []
    table, place = (tab.locator(one).bounding_box() for one in ("table", ".wrap"))
    assert table
    assert place
    assert table["width"] <= place["width"], "nor does an address in what is told of a source widen it"


def test_on_a_phone_a_name_stands_over_its_model_and_of_three_models_a_part_of_the_third_is_in_sight(tab: Page) -> None:
    tab.set_viewport_size({"width": 360, "height": 900})
    tab.goto("/resolve?name=us.alpha.ode-v1:0&name=alpha/ode-4.5")
    table, name, model = (tab.locator(f"table.named {one}").first.bounding_box() for one in ("tbody", "tbody th", "tbody td"))
    assert table
    assert name
    assert model
    assert name["width"] == table["width"]
    assert model["y"] >= name["y"] + name["height"]
    tab.goto("/compare?models=alpha/ode-4.5,beta/lyra,alpha/ode-mini")
    third = tab.locator(".compare thead th").nth(3).bounding_box()
    assert third
    assert third["x"] < 360 - 16 - 24


def test_on_a_phone_chosen_columns_all_stand_there_and_the_head_and_the_name_stay(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": PHONE[0], "height": 400}, has_touch=True)
    page = context.new_page()
    page.goto("/?types=all")
    expect(page.locator("thead th:visible")).to_have_count(4)
    expect(page.locator(".pick", has_text="Sort")).to_be_visible()
    page.locator("#columns summary").tap()
    page.locator("#column-knowledge").tap()
    expect(page.locator("#column-knowledge")).to_be_checked()
    heads = page.locator("thead th")
    expect(heads.nth(8)).to_be_visible()
    page.locator(".wrap.scrolls").evaluate("(wrap) => wrap.scrollTo(300, 60)")
    frame, lead, head = (
        page.locator(one).bounding_box() for one in (".wrap", "tbody tr:nth-child(3) th", "thead th:nth-child(4)")
    )
    assert frame
    assert lead
    assert head
    assert lead["x"] == frame["x"]
    assert head["y"] == frame["y"]
    context.close()


def test_a_mark_is_told_on_a_tap(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True)
    page = context.new_page()
    page.goto("/?q=ode+4.5")
    page.locator("tbody .warm").tap()
    expect(page.locator(".tip")).to_have_text("Sources differ")
    page.locator("h1").tap()
    expect(page.locator(".tip")).to_have_count(0)
    context.close()


LOOKED_AT = (*ADDRESSES, "/?q=nothing+at+all", "/?min_context=lots", "/nothing", f"{MODEL}?offer=hostly/alpha/ode-4.5")
RICHEST = ("/", MODEL)
"""The pages with most kinds of parts: the only ones of which every run looks at further sizes and themes."""
SPANISH = "/es"
"""Every page is looked at in both languages: wide in English, where words are longer and room is short in Spanish."""


@pytest.mark.parametrize(
    ("size", "theme", "language", "addresses"),
    [
        pytest.param(WIDE, "light", "", LOOKED_AT, id="wide-light"),
        pytest.param(PHONE, "light", SPANISH, RICHEST, id="phone-light"),
        pytest.param(WIDE, "dark", "", RICHEST, id="wide-dark"),
        pytest.param(PHONE, "light", SPANISH, LOOKED_AT, id="phone-light-all", marks=pytest.mark.long),
        pytest.param(WIDE, "dark", "", LOOKED_AT, id="wide-dark-all", marks=pytest.mark.long),
        pytest.param(PHONE, "dark", SPANISH, LOOKED_AT, id="phone-dark-all", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing(
    browser: Browser,
    site: str,
    size: tuple[int, int],
    theme: Literal["light", "dark"],
    language: str,
    addresses: tuple[str, ...],
) -> None:
    context = browser.new_context(base_url=site, viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    options: dict[str, list[str]] = {"resultTypes": ["violations"]}  # what passes needs no description
    if theme == "dark":
        options["runOnly"] = ["color-contrast", "link-in-text-block"]  # what colours can break
    for address in addresses:
        page.goto(language + address)
        violations = Axe().run(page, options=options).response["violations"]
        if violations:
            found[address] = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    context.close()
    assert found == {}
