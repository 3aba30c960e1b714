"""What a spider says it saw: frozen items, each claim of them hanging on a listing in the source's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aimstats.domain.prices import Price

SOURCE_KINDS: Final = ("page", "api", "router", "catalogue", "registry", "lifecycle", "benchmark")
"""`page`/`api`: the seller's own page (or a rendered copy of it: a document of the same source) or API; `router`: resells others;
`catalogue`: collects; `registry`: states facts of models and sells nothing, with a provider: that developer's own; `lifecycle`,
`benchmark`: state only these."""
KINDS: Final = ("model", "router", "agent", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing that a spider reads, with the terms on which its figures may be used.

    `cadence_hours` is how often it is read (stale after 1.5 times that); `priority` orders catalogues (lower first);
    `provider` is our provider id where the source is a seller's own; `bundle`: facts may go into the repository's snapshot;
    `bulk`: may go into bulk files and exports; `default`: crawled when `SCRAPE_SOURCES` names nothing;
    `hosts`: the hosts that may be asked; `key_variable`: the environment variable that holds its key, if it wants one;
    `registers_weights`: developers put their weights there, so that it knows licence, size and openness at first hand;
    `complete`: of models of these types its price pages name all that the seller sells by the meter.
    """

    id: str
    name: str
    kind: str
    url: str
    license: str | None = None
    terms_url: str | None = None
    attribution: str = ""
    bundle: bool = False
    bulk: bool = True
    default: bool = True
    cadence_hours: int = 24
    priority: int = 100
    provider: str = ""
    hosts: tuple[str, ...] = ()
    key_variable: str = ""
    registers_weights: bool = False
    complete: tuple[str, ...] = ()

    def declaration(self) -> dict[str, Any]:
        """The source as the `source` table and `/sources` show it."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "hosts"} | {"hosts": list(self.hosts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """One lifecycle event of a listing: `announced`, `legacy`, `deprecated`, `redirected` or `retired`.

    `at` is aware UTC (None with precision `none`), `precision` is `exact`, `month`, `floor` or `none`; a `floor` is never a
    retirement date.

    `effect` is `error` or `redirect` for what happens to callers afterwards; `replacements` are names as the source spells them.
    """

    event: str
    at: datetime | None = None
    precision: str = "exact"
    effect: str = ""
    replacements: tuple[str, ...] = ()
    url: str | None = None

    def value(self) -> dict[str, Any]:
        """What the ledger holds of it."""
        stated: dict[str, Any] = {"at": self.at.isoformat() if self.at else None, "precision": self.precision}
        if self.effect:
            stated["effect"] = self.effect
        if self.replacements:
            stated["replacements"] = list(self.replacements)
        return stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A benchmark that a source reports: what it measures, in which unit, which way is better.

    `version` is of the benchmark as a whole; where it has several side by side, each score says its `edition`.
    """

    id: str
    name: str
    measures: str
    unit: str
    higher_is_better: bool = True
    version: str = ""
    url: str = ""
    license: str | None = None
    default_harness: str = ""
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score of a listing. `settings` are of {effort, tools, harness, prompt_mode, ...}; intervals in the metric's unit;
    money in USD; `measured_on` is `YYYY-MM-DD` or shorter. An incomplete row never ranks as a complete one."""

    benchmark: str
    edition: str = ""
    metric: str = ""
    subset: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    measured_by: str = ""
    value: Decimal
    unit: str = ""
    ci_low: Decimal | None = None
    ci_high: Decimal | None = None
    n: int | None = None
    measured_on: str = ""
    run_cost_usd: Decimal | None = None
    cost_per_task_usd: Decimal | None = None
    self_reported: bool | None = None
    complete: bool = True
    multi_model: bool = False
    url: str | None = None

    @property
    def key(self) -> str:
        """The canonical text of the score's key within its listing."""
        settings = "&".join(f"{name}={value}" for name, value in sorted(self.settings.items()))
        return "|".join((self.benchmark, self.edition, self.metric, self.subset, settings, self.measured_by))

    def stated(self) -> dict[str, Any]:
        """What the ledger holds of it: numbers as strings, nothing that is unknown."""
        numbers = ("value", "ci_low", "ci_high", "run_cost_usd", "cost_per_task_usd")
        row: dict[str, Any] = {name: format(getattr(self, name), "f") for name in numbers if getattr(self, name) is not None}
        row |= {
            name: getattr(self, name)
            for name in ("unit", "n", "measured_on", "self_reported")
            if getattr(self, name) not in ("", None)
        }
        if self.settings:
            row["settings"] = dict(self.settings)
        if not self.complete:
            row["complete"] = False
        if self.multi_model:
            row["multi_model"] = True
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSeen:
    """One listing of a document with all that the document states of it.

    `provider` (who bills), `host` (who runs it; '' means the provider), `region` and `variant` stand as the source spells
    them; `external_id` is the raw id, or the name on a page (`is_page_name`). `facts` are values by the keys of
    `aimstats.domain.facts`; `evidence` is what helps identity and is no claim (canonical_slug, tags, alias_target ...);
    `aliases` are exact other ids that the document equates with it.
    `incomplete`: a price key of it is not understood, so its totals are "at least".
    """

    provider: str
    external_id: str
    host: str = ""
    region: str = ""
    variant: str = ""
    is_page_name: bool = False
    name: str = ""
    kind: str = "model"
    facts: Mapping[str, Any] = field(default_factory=dict)
    prices: tuple[Price, ...] = ()
    scores: tuple[Score, ...] = ()
    lifecycle: tuple[Lifecycle, ...] = ()
    aliases: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    incomplete: bool = False
    url: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What tells it from the other listings of its source."""
        return (self.provider, self.host, self.external_id, self.region, self.variant)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSeen:
    """All that one document says. `url` is its public address; `date` its own date, if it states one (aware UTC).

    `unknown` counts keys and units that the spider does not know (path -> how often); `skipped` counts records that are no
    listing, by reason; `rows` is how many records the document has. `links` are further documents of the source that it names
    (an index): one that was read before and is named no longer is gone. `unread` names the sections that the document announces
    and leaves empty (a price pane without a row): what stood in them is unread and not ended, so that a listing or a claim
    which such a document no longer states may not be ended by it.
    """

    url: str
    date: datetime | None = None
    listings: tuple[ListingSeen, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0
    links: tuple[str, ...] | None = None
    unread: tuple[str, ...] = ()


class DocumentRefusedError(ValueError):
    """A document without its required keys or headers: the spider understands nothing of it and says so."""
