"""Google Cloud's model versions (Vertex AI, now Gemini Enterprise Agent Platform): releases, retirements, replacements."""

from __future__ import annotations

from aimstats.domain.items import DocumentRefusedError, DocumentSeen, Source
from scrapy_project.base import SourceSpider, Tally
from scrapy_project.base.lifecycles import Lives, date_in, ended, names_in, rows_of
from scrapy_project.formats.tables import page_tables, text_of

REPLACEMENTS = ("Replacement model", "Recommended upgrade")


class VertexLifecycleSpider(SourceSpider):
    """Reads every table of `Model ID` and `Retirement date`. "Or later" and "no sooner than" are floors; a plain date is the
    planned day. Replacements stand as written, ids or display names."""

    source = Source(
        id="vertex_lifecycle",
        name="Vertex AI model versions",
        kind="lifecycle",
        provider="google-vertex",
        url="https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/model-versions",
        license=None,
        terms_url="https://cloud.google.com/terms",
        attribution="Google Cloud",
        hosts=("docs.cloud.google.com",),
        priority=20,
    )
    start_urls = ("https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/model-versions",)

    def parse_document(self, body: bytes, url: str) -> DocumentSeen:
        """A listing a model; refuses a page without its tables."""
        text = text_of(body, "Vertex model versions")
        tables = page_tables(text)
        tables = [table for table in tables if table.has("Model ID", "Retirement date")]
        if not tables:
            raise DocumentRefusedError("Vertex model versions: no table with `Model ID` and `Retirement date`")
        tally = Tally()
        lives = Lives("google-vertex", tally)
        for table in tables:
            replacement = next(filter(table.has, REPLACEMENTS), REPLACEMENTS[0])
            for row in rows_of(table, tally, "Model ID", "Release date", "Retirement date", replacement):
                stated = date_in(row["Retirement date"], "Retirement date", tally)
                replacements = [name.strip() for name in row.get(replacement, "").split(" or ") if name.strip()]
                events = [ended(stated, replacements)] if stated.at or replacements else []
                facts = {"release_date": date_in(row.get("Release date", ""), "Release date", tally).date}
                for model_id in names_in(row["Model ID"], tally):
                    lives.add(model_id, events, facts=facts)
        rows = sum(len(table.rows) for table in tables)
        return DocumentSeen(url=url, listings=lives.listings(), unknown=tally.unknown, skipped=tally.skipped, rows=rows)
