"""The table: filters, sorts, columns and pages are URLs, and every one of them works as a plain form."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from parsel import Selector

from aimstats.catalogue.columns.models import MODELS
from aimstats.web.kept import KeptTexts
from tests.catalogue.bodies import catalogue, model
from tests.web.reading import chips, get, ids

BY_INPUT = ["beta/lyra", "beta/vector-1", "alpha/ode-4.5", "alpha/ode-mini"]
WITHOUT_PRICE = "gamma/quiet"


@pytest.mark.parametrize(("sort", "expected"), [("cost.input", BY_INPUT), ("-cost.input", [*BY_INPUT[2::-1], BY_INPUT[3]])])
def test_blanks_come_last_in_both_directions(pages: FlaskClient, sort: str, expected: list[str]) -> None:
    assert ids(pages.get(f"/?sort={sort}&retired=shown&types=all").text) == [*expected, WITHOUT_PRICE]


def test_a_missing_price_is_a_dash_with_its_reason_and_a_free_one_says_free(pages: FlaskClient) -> None:
    page = get(pages, "/?retired=shown&types=all")
    rows = {row.css(".id::text").get(""): row for row in page.css("tbody tr")}
    assert rows["alpha/ode-mini"].css("td")[0].css(".free::text").get() == "free"
    assert rows["beta/vector-1"].css("td")[1].css(".none::attr(title)").get() == "Not billed"
    assert rows["gamma/quiet"].css("td")[0].css(".none .vh::text").get() == "no source states it"


def test_a_search_finds_a_model_by_any_of_its_names(pages: FlaskClient) -> None:
    assert ids(pages.get("/?q=ode+four").text) == ["alpha/ode-4.5"]


def test_filters_narrow_the_table_and_stand_as_chips_that_take_themselves_away(pages: FlaskClient) -> None:
    page = get(pages, "/?developer=alpha&reasoning=true&max_input_cost=5")
    assert ids(page.get()) == ["alpha/ode-4.5"]
    chips = {"".join(chip.css("::text").getall()).split(" ×")[0]: chip.attrib["href"] for chip in page.css(".chips li a")}
    assert chips["Input ≤ $5"] == "/?developer=alpha&reasoning=true"
    assert chips["Developer: Alpha"] == "/?reasoning=true&max_input_cost=5"
    assert "Clear all" in chips


def test_facets_count_what_each_choice_would_leave(pages: FlaskClient) -> None:
    page = get(pages, "/?developer=alpha&retired=shown&types=all")
    counts = {
        box.css("input::attr(value)").get(): (box.css("span::text").get(), box.css("input::attr(checked)").get() is not None)
        for box in page.css("#facet-developer label")
    }
    assert counts == {"alpha": ("2", True), "beta": ("2", False), "gamma": ("1", False)}


def test_the_form_sends_every_choice_without_a_script(pages: FlaskClient) -> None:
    page = get(pages, "/?developer=alpha&q=ode&sort=-cost.input&limit=50&basis=median&min_context=1000")
    form = page.css("form#browse")
    assert (form.attrib["method"], form.attrib["action"]) == ("get", "/")
    assert form.css("#q::attr(value)").get() == "ode"
    assert form.css("#min_context::attr(value)").get() == "1000"
    assert form.css("#f-developer-alpha::attr(checked)").get() is not None
    for name, value in (("sort", "-cost.input"), ("limit", "50"), ("basis", "median")):
        chosen = form.css(f"select[name={name}] option[selected]")
        assert (chosen.attrib.get("value") or chosen.css("::text").get()) == value
    assert form.css("button:not([type])")


def test_what_no_field_shows_is_carried_by_hidden_fields(pages: FlaskClient) -> None:
    page = get(pages, "/?reasoning=false&min_score=gpqa:20")
    hidden = {field.attrib["name"]: field.attrib["value"] for field in page.css("#results input[type=hidden]")}
    assert hidden == {"reasoning": "false", "score_gpqa": "20"}


def test_empty_fields_count_as_absent(pages: FlaskClient) -> None:
    assert ids(pages.get("/?q=&min_input_cost=&developer=&sort=").text) == ids(pages.get("/").text)


def test_a_fragment_is_the_block_alone_and_pushes_the_clean_address(pages: FlaskClient) -> None:
    answer = pages.get("/?fragment=found&q=&developer=alpha&sort=&limit=25&basis=first_party&open=provider&shut=developer")
    assert "<html" not in answer.text
    assert 'id="results"' in answer.text
    assert 'hx-swap-oob="true"' in answer.text
    assert answer.headers["HX-Push-Url"] == "/?developer=alpha"


def test_what_only_sorts_or_turns_the_page_sends_no_facets(pages: FlaskClient) -> None:
    page = get(pages, "/?limit=1&sort=id")
    for link in (page.css("#sort-cost\\.input"), page.css("#next")):
        vals = link.xpath("ancestor-or-self::*[@hx-vals][1]").attrib["hx-vals"]
        assert vals == '{"fragment":"results"}'
    answer = pages.get("/?limit=1&sort=id&fragment=results")
    assert 'id="results"' in answer.text
    assert "facet" not in answer.text


def test_what_stands_around_the_table_is_of_its_own_query_and_page(pages: FlaskClient) -> None:
    other = "a.language::attr(href)"
    for query in ("", "?q=%22%3Cb%3E", "?sort=name"):
        page = get(pages, f"/{query}")
        assert page.css(other).getall() == [f"/es/{query}"]
        assert page.css("#tray")
    assert get(pages, "/es/?sort=name").css(other).getall() == ["/?sort=name"]
    titles = [get(pages, path).css("title::text").get() for path in ("/?sort=name", "/providers?sort=name", "/es/?sort=name")]
    assert len(set(titles)) == 3
    assert not get(pages, "/providers").css("#tray")
    assert "As of" in get(pages, "/").css("#filters").get("")
    assert get(pages, "/?as_of=2026-01-02").css("main > .notice")
    assert not get(pages, "/").css("main > .notice")


def test_a_closed_facet_sends_its_heading_and_what_is_chosen_of_it(pages: FlaskClient) -> None:
    page = get(pages, "/?type=embedding&open=family")
    closed, opened = page.css("#facet-type"), page.css("#facet-family")
    assert closed.css("input[type=checkbox]::attr(value)").getall() == ["embedding"]
    assert closed.css("h3 a::attr(href)").get() == "/?type=embedding&open=family&open=type"
    assert not page.css("#facet-provider input")
    assert opened.css("h3 a::attr(href)").get() == "/?type=embedding"
    both = get(pages, "/?type=embedding&open=family&open=type")
    assert set(both.css("#facet-type input[type=checkbox]::attr(value)").getall()) == {"text", "embedding", "other"}
    assert both.css('#facet-type input[name="open"]::attr(value)').get() == "type"
    assert not get(pages, "/?shut=developer").css("#facet-developer input[type=checkbox]")


def test_one_facet_can_be_asked_for_alone_and_searched(pages: FlaskClient) -> None:
    answer = pages.get("/?fragment=facet&facet=provider&open=provider&find_provider=HOST")
    assert "HX-Push-Url" not in answer.headers
    assert Selector(answer.text).css("input[type=checkbox]::attr(value)").getall() == ["hostly"]
    assert len(Selector(answer.text).css(".facet")) == 1
    assert pages.get("/?open=nothing").status_code == 400


def test_the_column_chooser_sends_its_boxes_when_it_is_opened(pages: FlaskClient) -> None:
    page = get(pages, "/?column=knowledge")
    assert page.css("#columns input::attr(value)").getall() == ["knowledge"]
    opened = get(pages, page.css("#columns a::attr(href)").get(""))
    boxes = opened.css("#columns input[type=checkbox]")
    assert len(boxes) > 30
    assert [box.attrib["value"] for box in boxes if "checked" in box.attrib] == ["knowledge"]


def test_request_headers_of_htmx_change_nothing(pages: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Target": "results"}
    plain, restored = pages.get("/?developer=alpha"), pages.get("/?developer=alpha", headers=headers)
    assert plain.text == restored.text
    assert "HX" not in plain.headers.get("Vary", "")
    assert "HX-Push-Url" not in plain.headers


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("min_context=lots", "Context at least"),
        ("nonsense=1", "nonsense"),
        ("sort=colour", "sort"),
        ("page=0", "page"),
        ("page=1&page=2", "page"),
        ("column=nothing", "column"),
        ("cursor=abc", "cursor"),
        ("q=%00", "q"),
        ("limit=9999", "limit"),
    ],
)
def test_what_cannot_be_read_is_said_above_the_form(pages: FlaskClient, query: str, said: str) -> None:
    answer = pages.get(f"/?{query}&developer=alpha")
    page = Selector(answer.text)
    assert answer.status_code == 400
    assert said in page.css(".notice li b::text").getall()
    assert page.css("form#browse #q")
    assert page.css("#f-developer-alpha::attr(checked)").get() is not None
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ("/?developer=Alpa", ("Developer", "Desarrollador")),
        ("/providers/hostly?developer=Alpa", ("Developer", "Desarrollador")),
        ("/costs?developer=Alpa", ("developer", "developer")),
    ],
)
def test_a_word_that_never_was_is_said_above_the_form_with_the_one_that_may_be_meant(
    pages: FlaskClient, place: str, label: tuple[str, str]
) -> None:
    said = ("there never was 'Alpa' here: did you mean 'alpha'?", "aquí nunca hubo 'Alpa': ¿querías decir 'alpha'?")
    for code, name, sentence in zip(("", "/es"), label, said, strict=True):
        answer = pages.get(code + place)
        page = Selector(answer.text)
        assert answer.status_code == 400
        assert page.css(".notice li").xpath("normalize-space()").getall() == [f"{name}: {sentence}"]
        assert not page.css(".notice [lang]")
    assert pages.get(place.replace("Alpa", "alpha")).status_code == 200


@pytest.mark.parametrize(
    "place", ["/changes", "/changes.atom", "/deprecations", "/deprecations.ics", "/disagreements", "/frontier"]
)
def test_a_page_without_a_form_says_so_too(pages: FlaskClient, place: str) -> None:
    for code, said in (("", "there never was 'x<y' here."), ("/es", "aquí nunca hubo 'x<y'.")):
        answer = pages.get(f"{code}{place}?developer=x%3Cy")
        assert answer.status_code == 400
        assert Selector(answer.text).css(".error p").xpath("normalize-space()").getall()[1] == f"developer: {said}"
        assert pages.get(f"{code}{place}?developer=alpha").status_code == 200


def test_what_the_parser_says_is_marked_as_english(pages: FlaskClient) -> None:
    said = Selector(pages.get("/es/?min_context=lots").text).css(".notice li")
    assert said.css("[lang=en]::text").getall() == ["must be a whole number, such as 200000"]


def test_a_refused_text_stays_in_its_field(pages: FlaskClient) -> None:
    field = Selector(pages.get("/?min_context=lots").text).css("#min_context")
    assert (field.attrib["value"], field.attrib["aria-invalid"]) == ("lots", "true")


def test_an_unknown_part_of_the_page_is_refused(pages: FlaskClient) -> None:
    assert pages.get("/?fragment=nothing").status_code == 400


def test_nothing_found_says_so_and_leads_on(pages: FlaskClient) -> None:
    page = get(pages, "/?q=no+such+model")
    assert page.css(".empty h2::text").get() == "Nothing fits all of these filters"
    assert page.css(".empty a::attr(href)").get() == "/"
    assert page.css("#facets"), "filters stay where they were"


def test_heads_say_how_rows_are_sorted_and_link_to_the_other_way(pages: FlaskClient) -> None:
    page = get(pages, "/?sort=cost.input&developer=alpha")
    head = page.xpath("//thead//th[@aria-sort]")
    assert head.attrib["aria-sort"] == "ascending"
    assert head.css("a::attr(href)").get() == "/?sort=-cost.input&developer=alpha"
    assert page.css("table caption")
    assert page.css("tbody th[scope=row]")


def test_columns_can_be_chosen(pages: FlaskClient) -> None:
    page = get(pages, "/?column=cost.cache_read&column=knowledge")
    assert [head.strip() for head in page.css("thead th a::text").getall()] == ["Model", "Cache read", "Knowledge"]


def test_pages_part_the_rows_without_loss(pages: FlaskClient) -> None:
    first, second, third = (pages.get(f"/?limit=2&sort=id&types=all&retired=shown{page}") for page in ("", "&page=2", "&page=3"))
    found = ids(first.text) + ids(second.text) + ids(third.text)
    assert found == sorted(found)
    assert len(found) == 5
    assert Selector(second.text).css("#previous::attr(href)").get() == "/?sort=id&limit=2&types=all&retired=shown"
    assert Selector(first.text).css("#next::attr(href)").get() == "/?sort=id&limit=2&types=all&retired=shown&page=2"


def test_the_price_basis_changes_the_prices(pages: FlaskClient) -> None:
    own, cheapest = get(pages, "/?q=ode+4.5"), get(pages, "/?q=ode+4.5&basis=cheapest")
    price = "tbody tr td.n span[class=''], tbody tr td.n > span:not(.vh)"
    assert own.css(price).xpath("string()").get() == "3"
    assert cheapest.css(price).xpath("string()").get() == "2"


def test_a_median_in_the_place_of_the_developers_price_is_marked(pages: FlaskClient) -> None:
    row = get(pages, "/?q=vector").css("tbody tr")[0]
    assert "estimate" in row.css("td")[0].attrib["class"]


def test_disputed_figures_carry_their_mark(pages: FlaskClient) -> None:
    row = get(pages, "/?q=ode+4.5").css("tbody tr")[0]
    assert row.css("td .warm::attr(title)").get() == "Sources differ"


@pytest.mark.parametrize("address", ["/developers/alpha", "/providers/hostly", "/providers", "/sources"])
def test_the_other_tables_are_the_same_table(pages: FlaskClient, address: str) -> None:
    page = get(pages, address)
    assert page.css("form#browse").attrib["action"] == address
    assert page.css("tbody tr")


def test_a_providers_page_shows_its_own_prices_only(pages: FlaskClient) -> None:
    page = get(pages, "/providers/hostly?sort=cost.input")
    assert page.css("tbody th .name a::text").getall() == ["Vector 1", "Ode 4.5"]
    assert not page.css("#facet-provider")


LIVING = "status=active&status=deprecated&status=none&status=preview"


def test_this_view_can_be_had_from_the_api(pages: FlaskClient) -> None:
    page = get(pages, "/developers/alpha?sort=-cost.input&column=knowledge")
    addresses = page.css(".under-table .end a::attr(href)").getall()
    assert addresses == [
        f"/api/v1/models?sort=-cost.input&developer=alpha&{LIVING}",
        f"/api/v1/models.csv?sort=-cost.input&fields=id%2Cknowledge&developer=alpha&{LIVING}",
    ]
    assert pages.get(addresses[1]).text.splitlines()[0] == "id,knowledge", "the columns of the table"
    found = pages.get(addresses[0]).get_json()["data"]
    assert [row["id"] for row in found] == ids(page.get())


def test_the_unknown_developer_stands_last_however_many_models_it_has() -> None:
    rows = [model("unknown/a"), model("unknown/b"), model("unknown/c"), model("alpha/d"), model("alpha/e"), model("beta/f")]
    found = KeptTexts().of(catalogue(rows, [])).facet_sets(MODELS, "developer")
    assert [value for value, _ in found] == ["alpha", "beta", "unknown"]


def test_the_first_page_shows_text_and_other_types_are_one_switch_away_with_columns_of_their_own(pages: FlaskClient) -> None:
    page = get(pages, "/")
    assert "beta/vector-1" not in ids(page.get())
    links = {link.xpath("normalize-space()").get(""): link.attrib["href"] for link in page.css(".types a")}
    assert links == {"Text 2": "/", "Embedding 1": "/?type=embedding", "Other 1": "/?type=other", "All 4": "/?types=all"}
    embedding = get(pages, links["Embedding 1"])
    assert ids(embedding.get()) == ["beta/vector-1"]
    assert embedding.css("thead th a::text").getall()[:3] == ["Model", "Input", "Dimensions"]
    assert "Type: embedding" not in embedding.css(".chips").get("")
    assert embedding.css('#results input[name="type"]::attr(value)').getall() == ["embedding"]
    assert ids(pages.get("/?q=vector").text) == ["beta/vector-1"], "a search looks through all of them"
    assert "type=text" in page.css(".under-table .end a::attr(href)").get("")


def test_the_most_notable_stand_first_and_their_developers_too(pages: FlaskClient) -> None:
    assert ids(pages.get("/?types=all").text) == ["alpha/ode-4.5", "beta/lyra", "beta/vector-1", "gamma/quiet"]
    boxes = get(pages, "/?types=all").css("#facet-developer input[type=checkbox]::attr(value)").getall()
    assert boxes == ["alpha", "beta", "gamma"]


def test_a_set_of_columns_is_one_link_and_the_chooser_can_be_searched(pages: FlaskClient) -> None:
    links = {link.css("::text").get(""): link.attrib["href"] for link in get(pages, "/?column=knowledge").css(".views a")}
    assert links["Overview"] == "/"
    page = get(pages, links["Self-host"])
    assert page.css("thead th a::text").getall()[:4] == ["Model", "Parameters", "Active parameters", "Memory"]
    assert page.css(".views a[aria-current]::text").getall() == ["Self-host"]
    found = get(pages, "/?column=license&open=columns&find_column=cache").css("#columns input[type=checkbox]::attr(value)")
    assert found.getall() == ["cost.cache_read", "cost.cache_write", "cost.cache_write_1h", "license"]
    assert pages.get("/?view=nothing").status_code == 400


def test_free_models_stand_behind_paid_ones_until_a_chip_brings_them_first(pages: FlaskClient) -> None:
    page = get(pages, "/?sort=cost.input&retired=shown&types=all")
    assert ids(page.get()) == ["beta/lyra", "beta/vector-1", "alpha/ode-4.5", "alpha/ode-mini", "gamma/quiet"]
    first = chips(page)["1 free one last"]
    assert ids(pages.get(first).text)[0] == "alpha/ode-mini"
    assert "Free ones first" in chips(get(pages, first))
    assert pages.get("/?free=last").status_code == 400


def test_the_form_asks_for_a_day_with_a_date_control_and_the_page_says_how_much_is_known_of_it(pages: FlaskClient) -> None:
    assert get(pages, "/").css("#as_of").attrib["type"] == "date"
    page = get(pages, "/?as_of=2020-01-01")
    assert page.css('input[name="as_of"]::attr(value)').getall() == ["2020-01-01"]
    assert "0 of 5 models have a dated price that far back" in page.css(".notice").get("")


def test_ids_of_a_page_are_unique(pages: FlaskClient) -> None:
    for address in ("/", "/models/alpha/ode-4.5", "/providers/hostly"):
        found = re.findall(r'\sid="([^"]+)"', pages.get(address).text)
        assert len(found) == len(set(found)), [one for one in found if found.count(one) > 1]
