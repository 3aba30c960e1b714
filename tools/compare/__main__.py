"""`python -m tools.compare dump OUT`, `python -m tools.compare diff A B`: what a change of the code changes in what is served."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tools.compare.differences import differences
from tools.compare.dump import commit_of, write_dump
from tools.compare.masks import Masks
from tools.compare.served import CheckoutError, serving

SAME, DIFFERENT, USAGE = 0, 1, 2
DOCUMENTS: Final = Path("../shared/mirror")
ABOUT: Final = "dump.json"


def dump(checkout: Path, out: Path, documents: Path, observed_at: str, sources: Sequence[str] = ()) -> None:
    """Crawl and serve with the checkout's code, and keep what it answers in the new folder `out`. Raises CheckoutError."""
    made = out.with_name(f"{out.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    about = {"commit": commit_of(checkout), "documents": documents.name, "observed_at": observed_at, "sources": " ".join(sources)}
    about["began"] = datetime.now(UTC).isoformat(timespec="seconds")
    with serving(checkout, documents, observed_at, sources) as base:
        write_dump(base, made, observed_at)
    about["ended"] = datetime.now(UTC).isoformat(timespec="seconds")
    (made / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    made.rename(out)  # so that a dump is there wholly or not at all


def masks_of(about: dict[str, str]) -> Masks:
    """What belongs to the run of a dump, by the days on which it began and ended."""
    return Masks(sorted({datetime.fromisoformat(about[name]).date() for name in ("began", "ended")}))


def diff(before: Path, after: Path, examples: int) -> int:
    """Print what differs; whether anything does."""
    abouts = [json.loads((folder / ABOUT).read_text(encoding="utf-8")) for folder in (before, after)]
    for key in ("documents", "observed_at", "sources"):
        if abouts[0].get(key) != abouts[1].get(key):
            print(f"note: {key} differs: {abouts[0].get(key)} and {abouts[1].get(key)}")
    found = differences(before, after, (masks_of(abouts[0]), masks_of(abouts[1])))
    for line in found.lines(examples):
        print(line)
    print(f"{abouts[0]['commit']} and {abouts[1]['commit']}: {found.summary()}")
    return DIFFERENT if found else SAME


def main(arguments: Sequence[str] | None = None) -> int:
    """Take a dump, or compare two; 1 where they differ, 2 for wrong usage or a checkout that does not run."""
    parser = argparse.ArgumentParser(prog="python -m tools.compare", description="What a change of the code changes.")
    commands = parser.add_subparsers(dest="command", required=True)
    taking = commands.add_parser("dump", help="crawl, serve and write down what is answered")
    taking.add_argument("out", type=Path, metavar="OUT", help="a folder that does not exist yet")
    taking.add_argument("--checkout", type=Path, default=Path(), help="whose code (default: where the command is called)")
    taking.add_argument("--documents", type=Path, default=DOCUMENTS, metavar="DIR", help=f"with MANIFEST.json ({DOCUMENTS})")
    taking.add_argument("--observed-at", default="2026-11-01T12:00:00Z", metavar="TIME", help="(default %(default)s)")
    taking.add_argument("--sources", nargs="+", default=[], metavar="SOURCE", help="only these (else all that are on by default)")
    comparing = commands.add_parser("diff", help="say by field what differs between two dumps")
    comparing.add_argument("before", type=Path, metavar="A")
    comparing.add_argument("after", type=Path, metavar="B")
    comparing.add_argument("--examples", type=int, default=3, help="so many of each field (default %(default)s)")
    options = parser.parse_args(arguments)
    try:
        if options.command == "diff":
            return diff(options.before, options.after, options.examples)
        if options.out.exists():
            raise CheckoutError(f"{options.out} is there already")
        dump(options.checkout, options.out, options.documents, options.observed_at, options.sources)
    except (CheckoutError, OSError) as error:
        print(f"tools.compare: {error}", file=sys.stderr)
        return USAGE
    return SAME


if __name__ == "__main__":
    sys.exit(main())
