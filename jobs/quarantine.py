"""`python -m jobs.quarantine list | accept ID... | accept --source SOURCE | reject ...`: decide what is held back.

What is accepted is published by the next run of the job, which reads its document anew; the same figure is not held again. What
is rejected stays out and is not reported again, until it is accepted after all (`list --rejected` shows it).

Exit status: 0 done; 1 something named is not open or cannot be published, or there is no such source; 2 wrong usage,
configuration or schema; 3 the database cannot be reached.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from aimstats.checks.decisions import ACCEPTED, REJECTED, OpenItem, decide, open_items, why_not_open
from aimstats.checks.evidence import Evidence, evidence, shown
from aimstats.config import ConfigError, load_config
from aimstats.domain.text import visible
from aimstats.store.database import open_database, reason
from aimstats.store.locks import lock_publishing
from aimstats.store.migrate import COMMAND, schema_state
from jobs.output import for_a_reader
from jobs.scrape import NO_DATABASE, OK, SOME_FAILED, USAGE

DECISIONS = {"accept": ACCEPTED, "reject": REJECTED}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m jobs.quarantine", description="List and decide what is held back.")
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="show what waits for a decision, with what stands and what others say")
    listing.add_argument("--source", help="only of this source")
    listing.add_argument("--rejected", action="store_true", help="what was rejected instead; accepting it takes that back")
    for name, help_text in (("accept", "let the next run publish it"), ("reject", "keep it out for good")):
        action = actions.add_parser(name, help=help_text)
        action.add_argument("ids", nargs="*", type=int, metavar="ID", help="numbers that `list` shows")
        action.add_argument("--source", help="everything that is held of this source")
    options = parser.parse_args(arguments)
    if options.action != "list" and bool(options.ids) == bool(options.source):
        print(f"{options.action} takes either IDs or --source SOURCE", file=sys.stderr)
        return USAGE
    try:
        config = load_config()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return USAGE
    with open_database(config, "scrape") as database:
        try:
            database.prepare()
            with database.engine.connect() as connection:
                state = schema_state(connection)
            if state in ("older", "empty"):
                print(f"the database's schema is {state}: run `{COMMAND}` first", file=sys.stderr)
                return USAGE
            if options.action == "list":
                return _list(database.engine, options.source, REJECTED if options.rejected else None)
            return _decide(database.engine, options.action, options.ids, options.source)
        except SQLAlchemyError as error:
            print(f"the database cannot be used: {reason(error)}", file=sys.stderr)
            return NO_DATABASE


def _list(engine: Engine, source: str | None, decided: str | None) -> int:
    with engine.connect() as connection:
        if source is not None and not _is_known(connection, source):
            return SOME_FAILED
        items = _of_source(open_items(connection, decided), source)
        known = evidence(connection, [item.id for item in items])
    with for_a_reader():
        for item in items:
            print(visible(line(item, known[item.id])))
    held = len({item.source for item in items})
    print(f"{len(items)} {decided or 'held'} of {held} source{'s' if held != 1 else ''}", file=sys.stderr)
    return OK


def _is_known(connection: Connection, source: str) -> bool:
    """Whether there is such a source; if not, the message that says which there are."""
    known = list(connection.execute(text("select id from source order by id")).scalars())
    if source not in known:
        near = get_close_matches(source, known) or known
        print(f"no such source: {source}; there is {', '.join(near)}", file=sys.stderr)
    return source in known


def _of_source(items: list[OpenItem], source: str | None) -> list[OpenItem]:
    return [item for item in items if source in (None, item.source)]


def line(item: OpenItem, known: Evidence) -> str:
    """An open item for a person: number, source, since when, what, which check, why, what stands, what others say, where."""
    what = f"{item.listing} {item.field}".strip() or "the whole document"
    ends = "  (ends by itself when readings on further days say the same)" if item.waits else ""
    rows = [f"{item.id:>8}  {item.source}  since {item.since:%Y-%m-%d}  {what}{ends}", f"{item.check}: {item.reason}"]
    if item.listing:
        rows.append(known.sentence(shown(item.value)))
    return "\n          ".join([*rows, item.url])


def _decide(engine: Engine, action: str, ids: Sequence[int], source: str | None) -> int:
    with engine.begin() as connection:
        lock_publishing(connection)
        if source is not None and not _is_known(connection, source):
            return SOME_FAILED
        items = open_items(connection)
        wanted = list(ids) or [item.id for item in _of_source(items, source)]
        if action == "accept" and ids:
            items += open_items(connection, REJECTED)
        standing = {item.id: item for item in items}
        became = why_not_open(connection, [number for number in wanted if number not in standing])
        refused = {number: became.get(number, "was never held") for number in wanted if number not in standing}
        if action == "accept":
            unpublishable = [number for number in wanted if number in standing and not standing[number].is_publishable]
            refused |= dict.fromkeys(unpublishable, "cannot be published, only its source can mend it")
        _write(connection, action, [number for number in wanted if number not in refused])
    for number, why in refused.items():
        print(f"{number} {why}", file=sys.stderr)
    if not wanted:
        print(f"nothing is held of {source}", file=sys.stderr)
    # Of a whole source whatever can be accepted is, and that is what was asked for.
    return SOME_FAILED if len(refused) == len(wanted) or (refused and ids) else OK


def _write(connection: Connection, action: str, ids: Sequence[int]) -> None:
    done = decide(connection, ids, DECISIONS[action], datetime.now(UTC))
    then = ": the next run publishes it" if action == "accept" and done else ""
    print(f"{len(done)} {DECISIONS[action]}{then}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
