"""`python -m jobs.sources_page [--counts]`: write the tables of docs/sources.md anew, from the declarations, or from a crawl.

Without `--counts` only the table of declarations, which needs no database; with it also what the configured database holds of
each source. The text around the tables is written by hand and stays. Exit status as `jobs.scrape`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from aimstats.config import ConfigError, load_config
from aimstats.config.values import PROJECT_ROOT
from aimstats.domain.items import Source
from aimstats.store.database import open_database, reason
from jobs.scrape import NO_DATABASE, OK, USAGE
from scrapy_project.sources import spider_classes

PAGE: Final = PROJECT_ROOT / "docs" / "sources.md"
DECLARED: Final = "declared"
COUNTED: Final = "counted"
"""What the two generated parts are called in the page's marks."""

_COUNTS: Final = """
select s.id,
    (select count(*) from document d where d.source = s.id and d.checked_at is not null and d.gone_at is null) as documents,
    count(distinct c.listing_id) as listings,
    count(*) filter (where c.kind = 'price') as prices,
    count(*) filter (where c.kind = 'fact') as facts,
    count(*) filter (where c.kind = 'lifecycle') as lifecycles,
    count(*) filter (where c.kind = 'score') as scores,
    (select count(*) from held h join document d on d.id = h.document_id where d.source = s.id and h.decided is null) as held
from source s
left join listing l on l.source = s.id
left join claim c on c.listing_id = l.id and c.observed_to is null
group by s.id order by s.id
"""


def declared_table() -> str:
    """Every source with its terms, in the order of the ids."""
    terms = ("licence", "attribution", "snapshot", "bulk files")
    head = ("source", "name", "kind", *terms, "by default", "key", "every", "priority")
    return _table(head, [_declared(spider.source) for spider in spider_classes().values()], numbers=2)


def _declared(source: Source) -> tuple[str, ...]:
    licence = source.license or "none stated"
    return (
        f"`{source.id}`",
        f"[{source.name}]({source.url})",
        source.kind,
        f"[{licence}]({source.terms_url})" if source.terms_url else licence,
        source.attribution,
        *("yes" if said else "no" for said in (source.bundle, source.bulk, source.default)),
        f"`{source.key_variable}`" if source.key_variable else "",
        f"{source.cadence_hours} h",
        str(source.priority),
    )


def counted_table(connection: Connection) -> str:
    """What the ledger holds now of each source that was read: documents, listings, standing claims by kind, items held back."""
    head = ("source", "documents", "listings", "prices", "facts", "lifecycle events", "scores", "held back")
    rows = [tuple(row) for row in connection.execute(text(_COUNTS)) if row.documents]
    totals = ("all", *(sum(counts) for counts in list(zip(*rows, strict=True))[1:]))
    cells = [(f"`{row[0]}`" if row is not totals else row[0], *(f"{count:,}" for count in row[1:])) for row in [*rows, totals]]
    return _table(head, cells, numbers=len(head) - 1)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int) -> str:
    rule = ["---"] * (len(head) - numbers) + ["--:"] * numbers
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])


def with_part(page: str, name: str, table: str) -> str:
    """The page with the part of that name replaced. Raises ValueError where the page has no such part.

    >>> with_part("a\\n<!-- counted -->\\nold\\n<!-- /counted -->\\nb", "counted", "new")
    'a\\n<!-- counted -->\\nnew\\n<!-- /counted -->\\nb'
    """
    written, count = re.subn(
        rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda match: f"{match[1]}{table}\n{match[2]}", page, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"the page has no part called {name}")
    return written


def main(arguments: Sequence[str] | None = None, page: Path = PAGE) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m jobs.sources_page", description="Write the tables of docs/sources.md anew.")
    parser.add_argument("--counts", action="store_true", help="the counts too, from the configured database")
    options = parser.parse_args(arguments)
    written = with_part(page.read_text(encoding="utf-8"), DECLARED, declared_table())
    if options.counts:
        try:
            with open_database(load_config(), "scrape") as database, database.engine.connect() as connection:
                written = with_part(written, COUNTED, counted_table(connection))
        except ConfigError as error:
            print(error, file=sys.stderr)
            return USAGE
        except SQLAlchemyError as error:
            print(f"the database cannot be used: {reason(error)}", file=sys.stderr)
            return NO_DATABASE
    page.write_text(written, encoding="utf-8")
    return OK


if __name__ == "__main__":
    sys.exit(main())
