"""HELM's table of models: organisation, release day, parameters and openness of what Stanford's HELM has evaluated."""

from __future__ import annotations

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, ListingSeen, Source
from aimstats.domain.text import clean_text
from scrapy_project.base import Record, SourceSpider, Tally, is_usable_id
from scrapy_project.formats.yaml_data import yaml_data

OPEN = {"open": True, "limited": False, "closed": False}
DUMMIES = "simple"
"""The maker of HELM's own test models."""


class HelmSpider(SourceSpider):
    """Reads `model_metadata.yaml`. It states facts, no scores and no offers: a registry."""

    source = Source(
        id="helm",
        name="HELM model metadata",
        kind="registry",
        url="https://crfm.stanford.edu/helm/",
        license="Apache-2.0",
        terms_url="https://github.com/stanford-crfm/helm/blob/main/LICENSE",
        attribution="Stanford CRFM, HELM",
        bundle=True,
        cadence_hours=168,
        priority=60,
        hosts=("raw.githubusercontent.com",),
    )
    start_urls = ("https://raw.githubusercontent.com/stanford-crfm/helm/main/src/helm/config/model_metadata.yaml",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a file without a list `models` of named models."""
        data = yaml_data(body, "HELM's model metadata")
        models = data.get("models") if isinstance(data, dict) else None
        if not isinstance(models, list):
            raise DocumentRefusedError("HELM's model metadata: no list `models`")
        tally = Tally()
        listings: list[ListingSeen] = []
        for value in models:
            name = value.get("name") if isinstance(value, dict) else None
            if not isinstance(value, dict) or not isinstance(name, str) or not is_usable_id(name):
                tally.skip("record without a usable name")
            elif name.split("/")[0] == DUMMIES:
                tally.skip("dummy model")
            else:
                listings.append(_listing(Record({str(key): part for key, part in value.items()}, "model", tally), name))
        if not any("release_date" in listing.facts for listing in listings):
            raise DocumentRefusedError("HELM's model metadata: no model states `release_date`; was the key renamed?")
        return DocumentSeen(url=url, listings=tuple(listings), unknown=tally.unknown, skipped=tally.skipped, rows=len(models))


def _listing(record: Record, name: str) -> ListingSeen:
    tags = record.texts("tags")
    access = record.text("access").lower()
    if access and access not in OPEN:
        record.unknown("access", f"the word {clean_text(access, 30)!r}")
    released = record.date("release_date")
    maker = record.text("creator_organization_name")
    facts = record.facts(
        {
            "name": record.text("display_name"),
            "release_date": released or record.date("release"),
            "open_weights": OPEN.get(access),
            "parameters.total": _parameters(record, "num_parameters"),
            "parameters.active": _parameters(record, "num_active_parameters"),
        }
    )
    record.ignore("name", "description", "todo", "deprecated")
    record.close()
    return ListingSeen(
        provider=maker or name.split("/")[0],
        external_id=name,
        name=str(facts.get("name", "")),
        facts=facts,
        evidence={"tags": " ".join(tags)[:500]} if tags else {},
    )


def _parameters(record: Record, key: str) -> int | None:
    """A number of parameters; from a trillion on it is too long for a figure of money and comes as text."""
    value = record.left.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        record.ignore(key)
        return int(value)
    return record.count(key)
