"""What a table says of its rows, by what they are: sentences, each as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aimstats.domain.texts import N_, NN_

BOUNDS: Final = {"least": N_("%(label)s at least"), "most": N_("%(label)s at most"), "before": N_("%(label)s before")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a table of one kind of rows says of them; a sentence each, since languages decline them."""

    rows: str
    find: str
    search: str
    show: tuple[str, str]
    found: tuple[str, str]
    some: tuple[str, str]
    all: str


WORDS: Final = {
    "models": Words(
        rows=N_("Models"),
        find=N_("Find models"),
        search=N_("Search models"),
        show=NN_("Show %(number)s model", "Show %(number)s models"),
        found=NN_("%(number)s model", "%(number)s models"),
        some=NN_("%(some)s of %(number)s model", "%(some)s of %(number)s models"),
        all=N_("see all models"),
    ),
    "offers": Words(
        rows=N_("Offers"),
        find=N_("Find offers"),
        search=N_("Search offers"),
        show=NN_("Show %(number)s offer", "Show %(number)s offers"),
        found=NN_("%(number)s offer", "%(number)s offers"),
        some=NN_("%(some)s of %(number)s offer", "%(some)s of %(number)s offers"),
        all=N_("see all offers"),
    ),
    "providers": Words(
        rows=N_("Providers"),
        find=N_("Find providers"),
        search=N_("Search providers"),
        show=NN_("Show %(number)s provider", "Show %(number)s providers"),
        found=NN_("%(number)s provider", "%(number)s providers"),
        some=NN_("%(some)s of %(number)s provider", "%(some)s of %(number)s providers"),
        all=N_("see all providers"),
    ),
    "sources": Words(
        rows=N_("Sources"),
        find=N_("Find sources"),
        search=N_("Search sources"),
        show=NN_("Show %(number)s source", "Show %(number)s sources"),
        found=NN_("%(number)s source", "%(number)s sources"),
        some=NN_("%(some)s of %(number)s source", "%(some)s of %(number)s sources"),
        all=N_("see all sources"),
    ),
}
