"""The pages: one row each, which routes, navigation, sitemap, titles and links are made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, request

from aimstats.domain.texts import N_
from aimstats.web.language import LANGUAGES, prefixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A page or a feed. `path` is its rule; `nav` what the main navigation calls it (nothing: it is not there), in its menu where
    `in_menu`, and `section` the entry that it belongs to, where that is another; `title` and `description` are what its head says
    unless its view says more. `has_days`: it shows figures and can be asked for another day, which links to it keep."""

    name: str
    path: str
    nav: str = ""
    in_menu: bool = False
    section: str = ""
    title: str = ""
    description: str = ""
    has_days: bool = False
    is_page: bool = True

    @property
    def stands_alone(self) -> bool:
        """Whether it is one page, and not one for each of many things."""
        return self.is_page and "<" not in self.path


ROUTES: Final = {
    route.name: route
    for route in (
        Route(
            name="models",
            path="/",
            nav=N_("Models"),
            title=N_("AI models and their prices"),
            description=N_(
                "What each model costs at every host, what it can do and how much it takes in, each figure with its sources."
            ),
            has_days=True,
        ),
        Route(name="model", path="/models/<path:identifier>", section="models", has_days=True),
        Route(name="developer", path="/developers/<identifier>", section="models", has_days=True),
        Route(
            name="costs",
            path="/costs",
            nav=N_("Costs"),
            title=N_("What a workload costs"),
            description=N_("Every model, by what you would pay for your own work, with the receipt."),
            has_days=True,
        ),
        Route(
            name="compare",
            path="/compare",
            nav=N_("Compare"),
            title=N_("Compare"),
            description=N_(
                "Models side by side: prices, scores, limits, abilities and life. The address is the comparison: send it."
            ),
            has_days=True,
        ),
        Route(
            name="frontier",
            path="/frontier",
            nav=N_("Frontier"),
            title=N_("Price against score"),
            description=N_("Which models nothing beats on both, and what each further point costs."),
            has_days=True,
        ),
        Route(
            name="providers",
            path="/providers",
            nav=N_("Providers"),
            title=N_("Providers"),
            description=N_("Who sells models by the token, how many, and where they start."),
            has_days=True,
        ),
        Route(name="provider", path="/providers/<identifier>", section="providers", has_days=True),
        Route(
            name="changes",
            path="/changes",
            nav=N_("Changes"),
            title=N_("What changed"),
            description=N_(
                "New models, moved prices, retirements: each change that a crawl found, newest first, with its source."
            ),
        ),
        Route(name="changes_atom", path="/changes.atom", is_page=False),
        Route(
            name="benchmarks",
            path="/benchmarks",
            nav=N_("Benchmarks"),
            in_menu=True,
            title=N_("Benchmarks"),
            description=N_("What is measured, on how many models, when last, and how much of it is the developers’ own word."),
            has_days=True,
        ),
        Route(name="benchmark", path="/benchmarks/<identifier>", section="benchmarks", has_days=True),
        Route(
            name="disagreements",
            path="/disagreements",
            nav=N_("Disagreements"),
            in_menu=True,
            title=N_("Where sources contradict each other"),
            description=N_("Each figure of which sources say different things, who says what, and which one is shown."),
            has_days=True,
        ),
        Route(
            name="deprecations",
            path="/deprecations",
            nav=N_("Retirements"),
            in_menu=True,
            title=N_("Retirements"),
            description=N_("What ends when, what is named instead, and what moving there would cost."),
            has_days=True,
        ),
        Route(name="deprecations_atom", path="/deprecations.atom", has_days=True, is_page=False),
        Route(name="calendar", path="/deprecations.ics", has_days=True, is_page=False),
        Route(
            name="sources",
            path="/sources",
            nav=N_("Sources"),
            in_menu=True,
            title=N_("Sources"),
            description=N_("What is read and on whose terms, when it was last read well, and what of it is held back."),
        ),
        Route(
            name="methodology",
            path="/methodology",
            nav=N_("Methodology"),
            in_menu=True,
            title=N_("Methodology"),
            description=N_("How prices, limits and dates are chosen among sources, and what a dash means."),
        ),
        Route(
            name="resolve",
            path="/resolve",
            title=N_("Which model is this name?"),
            description=N_("Put in names of AI models as any host spells them and see which model each means, and why."),
        ),
        Route(
            name="reference",
            path="/docs/api",
            nav=N_("API"),
            in_menu=True,
            title=N_("API"),
            description=N_(
                "A read-only JSON API without a key: models, offers with their evidence, providers, benchmarks, sources."
            ),
        ),
    )
}
"""Every page and feed, in the order of the navigation, by its name, which is also its endpoint's."""

_CODES: Final = ",".join(code for code in LANGUAGES if code)
_FORMATS: Final = {name: re.sub("<[^>]*>", "{}", route.path) for name, route in ROUTES.items()}

DATED: Final = frozenset(route.path.split("/")[1].partition(".")[0] for route in ROUTES.values() if route.has_days)
"""The first parts of the addresses, of pages and below the API's base, that can be asked for another day."""

View = Callable[..., Any]


def serves(blueprint: Blueprint, name: str) -> Callable[[View], View]:
    """Let a view answer at the path of its row, in every language. Raises KeyError for a name that has no row."""
    path = ROUTES[name].path

    def served(view: View) -> View:
        blueprint.add_url_rule(path, name, view, methods=["GET"])
        blueprint.add_url_rule(f"/<any({_CODES}):language>{path}", name, view, methods=["GET"])
        return view

    return served


def path_of(name: str, *values: str) -> str:
    """The path of a page in the language of the request; `values` are what its rule leaves open, in order."""
    return prefixed(_FORMATS[name].format(*values))


def current_route() -> Route | None:
    """The row of the page that is asked for; None where the address has none."""
    return ROUTES.get((request.endpoint or "").rpartition(".")[2])


def section() -> str:
    """The name of the entry of the main navigation that the page belongs to; empty where it belongs to none."""
    route = current_route()
    return (route.section or route.name) if route else ""


def navigation(*, in_menu: bool = False) -> Iterator[Route]:
    """The entries of the main navigation; those of the menu at its end with `in_menu`."""
    return (route for route in ROUTES.values() if route.nav and route.in_menu == in_menu)
