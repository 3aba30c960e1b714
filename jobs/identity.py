"""`python -m jobs.identity explain NAME | audit`: how a name is read; which readings a person should look at.

`explain` works without a database, and then names no candidates. Exit status as `jobs.scrape`: 1 the audit found first-party
names of one model with different list prices; 2 wrong usage, configuration or schema; 3 the database cannot be reached.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from aimstats.catalogue.names import NearName, name_in
from aimstats.catalogue.published import read_catalogue
from aimstats.config import Config, ConfigError, load_config
from aimstats.identity import RULES_VERSION, Name, resolve
from aimstats.identity.audit import Listed, largest_clusters, limit_contradictions, nearest_apart, price_contradictions
from aimstats.ingest.audited import listed_models
from aimstats.log import configure_logging
from aimstats.store.database import Database, open_database, reason
from aimstats.store.migrate import COMMAND, schema_state
from jobs.output import for_a_reader
from jobs.scrape import NO_DATABASE, OK, SOME_FAILED, USAGE

SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        config = load_config()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return USAGE
    configure_logging(config.log_level, release=config.release, secrets=config.secrets)
    if options.action == "explain":
        asked = Name(source=options.source, provider=options.provider, external_id=options.id, name=options.name)
        return explain(config, asked)
    with open_database(config, "scrape") as database:
        try:
            database.prepare()
            with database.engine.connect() as connection:
                state = schema_state(connection)
                if state in ("older", "empty"):
                    print(f"the database's schema is {state}: run `{COMMAND}` first", file=sys.stderr)
                    return USAGE
                status = OK
                with for_a_reader():
                    status = audit(listed_models(connection), options.rows)
                return status
        except SQLAlchemyError as error:
            print(f"the database cannot be used: {reason(error)}", file=sys.stderr)
            return NO_DATABASE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jobs.identity", description="How names of models are read.")
    actions = parser.add_subparsers(dest="action", required=True)
    explaining = actions.add_parser("explain", help="how one name is read")
    explaining.add_argument("id", metavar="NAME", help="an id or a name, as a source spells it")
    explaining.add_argument("--source", default="", help="the source that spells it so")
    explaining.add_argument("--provider", default="", help="the provider, in the source's spelling")
    explaining.add_argument("--name", default="", metavar="N", help="the display name beside the id")
    auditing = actions.add_parser("audit", help="which readings a person should look at")
    auditing.add_argument("--rows", type=int, default=SHOWN, metavar="N", help=f"how many of each kind (default: {SHOWN})")
    return parser


def explain(config: Config, asked: Name) -> int:
    """Print how the rules read a name, and what the catalogue has of it."""
    found = resolve(asked)
    rows = [
        ("model", found.model or f"none: {found.kind}"), ("snapshot", found.snapshot), ("variant", found.variant),
        ("plan", found.plan), ("region", found.region), ("confidence", f"{found.confidence}"), ("method", found.method),
        *(("step", step) for step in found.steps), ("rules", RULES_VERSION),
    ]  # fmt: skip
    for label, value in rows:
        print(f"{label:12}{value or '-'}")
    with open_database(config, "scrape") as database:
        try:
            known, candidates = _in_catalogue(database, asked)
        except SQLAlchemyError as error:
            print(f"{'catalogue':12}cannot be read: {reason(error)}")
            return OK
    print(f"{'catalogue':12}{known}")
    for candidate in candidates:
        print(f"{'candidate':12}{candidate.model} ({candidate.name}) {candidate.score:.3f}")
    return OK


def _in_catalogue(database: Database, asked: Name) -> tuple[str, tuple[NearName, ...]]:
    """What the published catalogue has of the name, in words, and the nearest names where it has none."""
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        if schema_state(connection) in ("older", "empty"):
            return f"is not there: run `{COMMAND}` first", ()
        catalogue = read_catalogue(connection)
    if catalogue is None:
        return "nothing has been published yet", ()
    named = name_in(catalogue, asked)
    if named.model is None:
        return "has no model of this name", named.candidates
    return f"{named.model} ({named.status}), by {named.method}", ()


def audit(listings: Sequence[Listed], rows: int) -> int:
    """Print what to look at: clusters, neighbours, contradictions; 1 where list prices contradict."""
    prices, limits = price_contradictions(listings), limit_contradictions(listings)
    models = {row.model for row in listings}
    print(f"{len(listings):,} listings of {len(models):,} models, rules {RULES_VERSION}")
    print(f"\nMost names ({rows}):")
    for model, names, count in largest_clusters(listings, rows):
        print(f"  {names:5,} names {count:6,} listings  {model}")
    print(f"\nLikest kept apart ({rows}):")
    for one, other, score in nearest_apart(models, rows):
        print(f"  {score:.3f}  {one}  {other}")
    for heading, found in (("limits", limits), ("list prices", prices)):
        print(f"\nFirst-party names of one model with different {heading}: {len(found) or 'none'}")
        for contradiction in found[:rows]:
            print(f"  {contradiction}")
    return SOME_FAILED if prices else OK


if __name__ == "__main__":
    sys.exit(main())
