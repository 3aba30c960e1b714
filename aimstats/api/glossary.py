"""What the fields of answers mean that stand in several of them: one sentence a word, put where a schema has none of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

GLOSSARY: Final[Mapping[str, str]] = {
    "absent": "Why there is no amount.",
    "agreement": "How well sources agree: how many state its figures, and what they dispute; of one listing, how its figures "
    "stand to those shown.",
    "allowance": "How much of it is free or included, where the source says.",
    "alternative_of": "The meter in whose place this one is billed.",
    "amount": "The amount in the stated currency for one unit; of a receipt's line, US dollars: quantity times price.",
    "as_of": "The day that was asked for; null for the present.",
    "at_least": "A price is not understood: it may cost more.",
    "ended": "The offer has ended: these are its last prices.",
    "basis": "Which price basis chose it.",
    "benchmark": "The benchmark's id.",
    "check": "The check that holds it.",
    "checked_at": "When the document that states it was last read well.",
    "ci_high": "The upper end of the score's interval, in its unit.",
    "ci_low": "The lower end of the score's interval, in its unit.",
    "conditions": "Under which conditions it holds (resolution, quality, ...).",
    "confirmed_at": "When the figure shown was last confirmed.",
    "cost": "The prices in US dollars per 1,000,000 tokens, or per the meter's own unit.",
    "cost_per_task": "US dollars that one task of the benchmark cost.",
    "counts": "How many rows each list has, and how many documents were read.",
    "currency": "The currency of the amount.",
    "dataset_version": "Moves when any row changes.",
    "day": "The day that is named, as exact as it is stated.",
    "derived": "How the price was derived where nobody states it.",
    "derived_from": "The price that it was computed from, where nobody states it.",
    "detail": "What is wrong, in words.",
    "developer": "The lab that trained it.",
    "disputed": "What other sources say of it.",
    "document_date": "The date that the document gives itself.",
    "edition": "The benchmark's edition; empty where it has none.",
    "errors": "Each parameter that cannot stand, and why.",
    "external_id": "The id as this source spells it.",
    "freshness": "By source how it stands and when it was last read.",
    "group": "The group of fields that it belongs to.",
    "held": "Why what the source says now is not published.",
    "inherited": "Whether it is another region's price that holds here too.",
    "input": "US dollars per 1,000,000 tokens of input.",
    "items": "How many claims are held.",
    "kind": "What the name is: a model, a router, an agent or something else.",
    "known_at": "As known when; null for the present.",
    "label": "The field's name in words.",
    "last_published": "When anything of the source was last published.",
    "left_out": "How many cheaper offers do not count.",
    "limit": "Tokens at most; of a list, how many rows a page has.",
    "lines": "The receipt, line by line.",
    "measured_by": "Who measured it.",
    "measured_on": "When it was measured.",
    "message": "What it may be.",
    "meter": "What is billed: input, output, cache_read, image ...",
    "method": "By what the name was read: its id, an alias, a seller's listing, a display name.",
    "min_context_tokens": "From this length of the prompt on; 0 for any.",
    "modalities": "What it reads and writes.",
    "model": "The model's id; null where there is none.",
    "models": "How many models.",
    "n": "How many tasks or votes the score stands on.",
    "name": "The name as people write it.",
    "names": "The names that are to be resolved.",
    "note": "What else is to be known of the line.",
    "observed_from": "Since when this source says so here.",
    "observed_to": "Until when it said so; null where it still does.",
    "of": "Out of how many that are here today.",
    "offer": "The offer's id.",
    "output": "US dollars per 1,000,000 tokens of output.",
    "parameter": "The parameter, or the place in the body.",
    "parameters": "How many parameters the model has.",
    "plan": "The plan that it is sold on: standard, batch, priority ...",
    "promotional": "Whether it is a promotion's price.",
    "promotional_until": "Until when the promotion runs.",
    "provider": "Who sells: the id of the one that bills, or as the source spells it.",
    "quantity": "How many units.",
    "reason": "Why, in words.",
    "refers_to": "The page that a catalogue names for it, which nobody read for this figure.",
    "region": "Where it runs, as the source spells it.",
    "release": "The software's release; null where it has none.",
    "replacements": "The models that are named in its place.",
    "retirement_date": "When it is switched off: of the offer where the name says so much, else of the model.",
    "rules_version": "Of the rules that tell which listing is which model.",
    "run_cost": "US dollars that the whole run cost.",
    "settings": "How it was measured: effort, tools, harness ...",
    "since": "Since when.",
    "snapshot": "The dated build that is named; empty where none is.",
    "source": "The source's id.",
    "sources": "Who says so.",
    "stale": "Whether a price rests on a document that was not read for too long.",
    "starred": "Whether its note matters for the total.",
    "status": "Where it stands; of a problem, the HTTP status.",
    "title": "The HTTP status in words.",
    "total": "US dollars in all.",
    "type": "The kind of problem: about:blank, where the status says all.",
    "unit": "One of what the amount is for.",
    "url": "The page or document that states it.",
    "usd": "US dollars for one unit.",
    "usd_per_unit": "US dollars for one unit.",
    "valid_from": "From when it holds, where the source says.",
    "valid_to": "Until when it holds, where the source says.",
    "value": "The figure or word itself.",
    "variant": "The words of the name that do not change the weights (thinking, us, ...); empty where there are none.",
    "window": "The hours of the day in UTC in which it holds; null for all.",
    "won": "Whether it is the value that is shown.",
}


def explained(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema in which every property has a description: its own, else its word's."""
    found = dict(schema)
    if isinstance(properties := found.get("properties"), Mapping):
        found["properties"] = {name: _property(name, stated) for name, stated in properties.items()}
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), Mapping):
            found[key] = explained(found[key])
    if "anyOf" in found:
        found["anyOf"] = [explained(one) for one in found["anyOf"]]
    return found


def _property(name: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    found = explained(stated)
    if "description" not in found and "$ref" not in found and name in GLOSSARY:
        found["description"] = GLOSSARY[name]
    return found
