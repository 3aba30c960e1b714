"""Why a figure is held, marked or shown, a name may be meant, a word is refused or a source failed, as a code with values: the
API says it in English, pages in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from aimstats.domain.texts import N_

SENTENCES: Final[Mapping[str, str]] = {
    # what a figure is called
    "price": N_("price"),
    "price_of": N_("%(meter)s price"),
    "price_on_plan": N_("%(meter)s price (%(plan)s)"),
    "cost_of_run": N_("cost of the run in %(benchmark)s"),
    "cost_of_task": N_("cost of a task in %(benchmark)s"),
    "date_of_price": N_("a price's date"),
    # how far apart
    "dearer": N_("%(times)s times dearer"),
    "cheaper": N_("%(times)s times cheaper"),
    "times_up": N_("%(times)s times up"),
    "times_down": N_("%(times)s times down"),
    # impossible by itself
    "stated_as": N_("%(price)s per %(unit)s as %(figure)s"),
    "spent_as": N_("%(price)s as %(figure)s"),
    "too_dear": N_("%(stated)s: no model costs more than %(most)s; probably a price per another unit"),
    "too_cheap": N_("%(stated)s: nothing but free is so cheap; probably a price per another unit"),
    "too_cheap_for_media": N_("%(stated)s: no model that draws or transcribes is so cheap; probably a price per another unit"),
    "too_cheap_for_an_image": N_("%(stated)s: no image costs so little; probably the price of a token"),
    "too_dear_for_its_size": N_("%(stated)s: no model of a stated size costs that; probably a price per another unit"),
    "too_dear_for_its_kind": N_("%(stated)s: no model that embeds or reranks costs that; probably a price per another unit"),
    "cost_too_dear": N_("%(stated)s: nobody spent more than %(most)s on it; probably another unit"),
    "cost_too_cheap": N_("%(stated)s: nothing but free is so cheap; probably another unit"),
    # where it went
    "went": N_("%(figure)s went from %(before)s to %(now)s"),
    "free_now": N_("%(figure)s was %(before)s and is stated as free, which no other source says"),
    "went_away_from_others": N_("%(went)s, %(times)s, away from others (%(others)s): probably another unit"),
    "others_still_state": N_("%(went)s, %(times)s, and others still state %(others)s: probably another unit"),
    "nobody_else_says_so": N_("%(went)s, %(times)s, and no other source says so: probably another unit or column"),
    "moved": N_("%(went)s: probably another unit"),
    "cost_moved": N_("%(went)s, %(times)s: probably another unit"),
    "cost_gone": N_("%(went)s: probably a gap"),
    # where it stands at first sight
    "far_from_this_offer": N_(
        "%(figure)s %(price)s is %(times)s times away from what other sources say of this offer (%(others)s): "
        "probably another unit"
    ),
    "far_from_other_sellers": N_(
        "%(figure)s %(price)s is %(times)s times away from what other sellers ask for this model (%(others)s): "
        "probably another unit"
    ),
    "unlike_the_dearest": N_(
        "%(figure)s %(price)s is %(times)s than the dearest other (%(other)s) in this list, and nobody else states it: "
        "probably another unit"
    ),
    "unlike_the_cheapest": N_(
        "%(figure)s %(price)s is %(times)s than the cheapest other (%(other)s) in this list, and nobody else states it: "
        "probably another unit"
    ),
    # beside the other prices of its listing, list or plan
    "times_the_other": N_("%(figure)s %(price)s is %(times)s times the %(other)s %(base)s"),
    "swapped_column": N_("%(ratio)s; text models ask more for output: a swapped column?"),
    "on_other_terms": N_("%(ratio)s: probably another unit"),
    "beside_a_wrong_unit": N_("%(figure)s %(price)s stands in a new listing beside a price in a wrong unit"),
    "in_a_wrong_list": N_(
        "%(figure)s %(price)s is new in a list of which %(slipped)s of %(compared)s models that can be compared "
        "are in a wrong unit"
    ),
    "changed_beside": N_(
        "%(meter)s price is changed beside a price of the same plan that is held: nobody stated the two together"
    ),
    "new_beside": N_("%(meter)s price is new beside a price of the same plan that is held: nobody stated the two together"),
    "gone_beside": N_(
        "%(meter)s price is stated no longer beside a price of the same plan that is held: nobody stated the two together"
    ),
    # dates, limits and what is no value
    "too_early": N_("%(date)s %(day)s lies before %(year)s: probably a placeholder"),
    "too_far_ahead": N_("%(date)s %(day)s lies too far ahead of %(today)s: probably a placeholder"),
    "beyond_every_model": N_("%(limit)s %(value)s is beyond every model: a placeholder or another unit"),
    "ends_before_notice": N_("retired %(day)s lies before %(event)s %(other)s: dates have changed places"),
    "ends_before_release": N_("retired %(day)s lies before release_date %(other)s: one of the dates is wrong"),
    "no_value": N_("%(field)s is no value of its field"),
    "stated_twice": N_("%(field)s is stated twice with different values"),
    "unstorable_id": N_("an id holds a NUL or a lone surrogate"),
    # most of a document
    "slipped_together": N_(
        "%(slipped)s of %(compared)s new listings are a unit away from what others say, or from what anything costs: "
        "probably another unit"
    ),
    "moved_together": N_("%(number)s of %(total)s listings moved their %(figures)s about %(times)s: probably another unit"),
    "went_to": N_("%(figure)s of %(model)s went to %(price)s"),
    "free_together": N_("%(number)s of %(total)s listings are free at once (%(example)s)"),
    "swapped_together": N_("%(number)s of %(total)s listings have swapped columns at once (%(example)s)"),
    "one_factor": N_("%(number)s of %(total)s prices are %(factor)s times before: probably another currency"),
    "one_factor_of_seller": N_("of %(seller)s, %(moved)s"),
    "dates_swapped": N_("in %(number)s of %(total)s listings the end lies before the notice: columns changed places"),
    "listings_gone": N_("%(number)s of %(total)s listings are named no longer: truncated, other ids, or retired together"),
    "documents_gone": N_("%(number)s of %(total)s documents are named no longer: truncated, other addresses, or gone together"),
    "unread": N_("sections of it are announced and empty: what stood in them is unread, not ended"),
    "field_gone": N_(
        "%(field)s was stated by %(before)s listings that are still there and is by %(now)s now: renamed, or dropped"
    ),
    "gone_with_columns": N_("vanished in the very reading in which columns of its document were renamed, dropped or exchanged"),
    # what is said of what was held and is published
    "moved_alone": N_("moved %(times)s times, on its source's word alone"),
    "alone": N_("on its source's word alone"),
    "moved_together_alone": N_("moved with most of its document, on its source's word alone"),
    "listings_ended": N_("%(number)s listings ended"),
    "documents_ended": N_("%(number)s documents ended"),
    "field_ended": N_("ended: it was stated no longer"),
    # how a source stands
    "both": N_("%(first)s %(last)s"),
    "nothing_known": N_("Nothing of it is known yet."),
    "stands_since": N_("What it stated before stands, last confirmed on %(day)s."),
    "read_next": N_("The next crawl reads it again."),
    "wants_a_key": N_("Not read here, since it wants a key."),
    "never_there": N_("None of its documents was ever there where they are looked for."),
    "not_by_itself": N_("Not among the sources that are read by themselves."),
    "not_by_itself_licence": N_("Not among the sources that are read by themselves: its licence is non-commercial."),
    "not_read_yet": N_("Not read yet."),
    "not_read_lately": N_("Not read lately: what it says may have changed."),
    # why a source was not read
    "crawl_stopped": N_("the crawl was stopped (%(status)s)"),
    "never_started": N_("its crawl never started"),
    "nothing_read": N_("no document was read"),
    "index_failed": N_("its index failed: %(url)s: %(error)s"),
    "all_failed": N_("%(failed)s of %(total)s documents failed; the first: %(url)s: %(error)s"),
    "too_many_failed": N_("%(failed)s of %(total)s documents that %(index)s names failed; the first: %(url)s: %(error)s"),
    "none_named_there": N_("none of the %(number)s documents that its index names is there (404)"),
    "none_there": N_("none of its documents is there (404)"),
    "gone_as_read": N_("%(url)s: gone at the same instant at which it was read, %(at)s"),
    "read_before": N_("%(url)s: observed at %(at)s, but last read at %(last)s"),
    "other_content": N_("%(url)s: other content at the same instant %(at)s"),
    "publishing_failed": N_("publishing failed: %(error)s"),
    "key_not_set": N_("%(variable)s is not set: the source wants a key"),
    "key_not_right": N_("HTTP %(status)s: is %(variable)s right?"),
    "key_repeated": N_("the document repeats the key that it was asked for with"),
    "cut_short": N_("the compressed body was cut short"),
    "read_stopped": N_("the crawl was stopped"),
    "asked_to_wait": N_("the host asked for a pause of %(seconds)s s more"),
    "robots_unread": N_("robots.txt could not be read: %(error)s"),
    # why a word of a query is refused
    "never_here": N_("there never was %(word)s here"),
    "never_here_but": N_("there never was %(word)s here: did you mean %(meant)s?"),
    "no_benchmark": N_("there is no benchmark %(word)s"),
    "no_model": N_("there is no model %(word)s"),
    "no_model_but": N_("there is no model %(word)s: did you mean %(meant)s?"),
    "no_benchmark_but": N_("there is no benchmark %(word)s: did you mean %(meant)s?"),
    # why a model may be meant by a name
    "every_word": N_("its id has every word of the name"),
    "part_of_name": N_("%(part)s is a part of the name"),
    "name_alike": N_("its name is much like it"),
    "may_be_read_so": N_("it may be read so"),
    # why a statement is the one that is shown
    "only_source": "the only source that states it",
    "none_fresh": "no fresh source states it",
    "own_page": "the seller's own page",
    "own_page_copied": "a copy of the seller's own page",
    "own_api": "the seller's own API",
    "own_offer": "the router's own offer",
    "first_catalogue": "the first catalogue in order that states it",
    "developer_page": "the developer's own page",
    "at_the_developer": "%(source)s, at the developer's own provider",
    "registry": N_("the registry of the weights, %(source)s"),
    "published_weights": N_("its developer published the weights (%(repository)s)"),
    "most_sources": N_("stated by %(number)s of %(total)s sources"),
    "and": N_("%(first)s and %(last)s"),
    "with_more": N_("%(reason)s; %(more)s by most other sources"),
    "coherent": N_("of %(source)s, whose figures can stand together"),
    "none_coherent": N_("none of these can stand beside the other limits"),
    "first_trusted": N_("the first in the order of trust"),
}
"""By code the sentence; a value is a text, a number or a reason that is a part of it. What the API said stays as it is said."""
ON_PAGES: Final[Mapping[str, str]] = {
    "only_source": N_("no other source states it"),
    "none_fresh": N_("no source that was read lately states it"),
    "own_page": N_("the seller’s own page outranks every other source"),
    "own_page_copied": N_("a copy of the seller’s own page outranks every other source"),
    "own_api": N_("the seller’s own API outranks catalogues"),
    "own_offer": N_("a router is believed on its own offers"),
    "first_catalogue": N_("it comes first in the order of catalogues"),
    "developer_page": N_("the developer’s own page outranks every other source"),
    "at_the_developer": N_("%(source)s, at the developer’s own provider"),
}
"""Those that pages say in other words than the API."""

ERROR: Final = "error"
"""The value that holds what went wrong, in whoever's words: a server's, a library's, a spider's own of what it cannot read."""


class Reason(str):
    """A sentence in English that knows its code in `SENTENCES` and its values.

    >>> Reason("most_sources", number=3, total=4)
    'stated by 3 of 4 sources'
    >>> Reason("dearer", times="1,000").body
    {'code': 'dearer', 'times': '1,000'}
    """

    __slots__ = ("code", "values")
    code: str
    values: Mapping[str, Any]

    def __new__(cls, code: str, /, **values: Any) -> Reason:
        """Raises KeyError for a code or a value that the sentence does not know."""
        made = super().__new__(cls, SENTENCES[code] % values)
        made.code, made.values = code, values
        return made

    @property
    def body(self) -> dict[str, Any]:
        """As JSON holds it: the code, then the values beside it."""
        return {"code": self.code} | {
            name: value.body if isinstance(value, Reason) else value for name, value in self.values.items()
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.body,)

    @property
    def quotes(self) -> bool:
        """Whether an error in others' words is a part of it."""
        return any(value.quotes if isinstance(value, Reason) else name == ERROR for name, value in self.values.items())

    def said(self, translate: Callable[[str], str], quote: Callable[[str], str] = str) -> str:
        """The sentence of pages, in the language that `translate` puts texts into; `quote` marks an error in others' words."""
        values = {name: _value(name, value, translate, quote) for name, value in self.values.items()}
        return translate(ON_PAGES.get(self.code, SENTENCES[self.code])) % values


def explained(reason: str | None) -> dict[str, Any]:
    """A reason as rows hold it: `reason` in English, and as code and values in `because` where it has a code.

    >>> explained(Reason("own_api")), explained("a thousand times dearer")
    ({'reason': "the seller's own API", 'because': {'code': 'own_api'}}, {'reason': 'a thousand times dearer'})
    """
    return {"reason": reason} | ({"because": reason.body} if isinstance(reason, Reason) else {})


def told(sentence: str, because: Mapping[str, Any] | None) -> str:
    """What was written as a sentence and, but by earlier releases, a code: the reason where both say the same, else the sentence.

    >>> told("the seller's own API", {"code": "own_api"}).said(str.upper)
    'THE SELLER’S OWN API OUTRANKS CATALOGUES'
    >>> type(told("a thousand times dearer", None))
    <class 'str'>
    """
    try:
        made = _made(because) if because else sentence
    except (KeyError, TypeError):
        return sentence
    return made if made == sentence else sentence


def _value(name: str, value: Any, translate: Callable[[str], str], quote: Callable[[str], str]) -> Any:
    if isinstance(value, Reason):
        return value.said(translate, quote)
    return quote(value) if name == ERROR else value


def _made(because: Mapping[str, Any]) -> Reason:
    values = {name: _made(value) if isinstance(value, Mapping) else value for name, value in because.items() if name != "code"}
    return Reason(because["code"], **values)
