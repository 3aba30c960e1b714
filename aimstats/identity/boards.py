"""Rows of agent boards (SWE-bench): the model of the tags, or of the name, if exactly one is stated."""

import re
from dataclasses import replace

from aimstats.identity import agents
from aimstats.identity.conclusion import conclude
from aimstats.identity.exceptions import SHARED_IDS
from aimstats.identity.names import Resolution
from aimstats.identity.reading import Reading, read

_RUN_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def board_row(board: str, tags: str, shown: str) -> Resolution:
    """What a row "agent + model" means: an agent around one model, an agent of several or none, or a model alone.

    `tags` are the models that the board states, `;` between them; the bash-only board runs one agent for all models.

    >>> found = board_row("swebench-verified", "gpt-oss-120b", "mini-SWE-agent + gpt-oss-120b")
    >>> found.kind, found.model
    ('agent', 'openai/gpt-oss-120b')
    """
    parts = agents.parts_of(shown)
    named = [part for part in parts if agents.names_model(part)]
    stated = _stated_models(tags, parts, named)
    if len({_key(reading) for reading in stated}) != 1 or not stated[0].words:
        steps = ("not exactly one model is stated",)
        return Resolution(kind="agent", model=None, developer=None, confidence=0.9, method="tags", steps=steps)
    model = stated[0]
    plain = agents.without_brackets(shown)
    alone = len(parts) == 1 and agents.names_model(plain) and _read_name(plain).family == model.family
    if board.endswith("bash-only") or alone:
        return conclude(model, model, _run_of(_read_name(shown)), "tags", 0.9)
    run = _read_name(named[0]) if len(named) == 1 else None
    found = conclude(model, model, _run_of(run) if run and run.family == model.family else None, "tags", 0.85)
    return replace(found, kind="agent", steps=(*found.steps, "an agent around one model"))


def _stated_models(tags: str, parts: list[str], named: list[str]) -> list[Reading]:
    """The tagged models; the name's one model where there are no tags, or where the tag is an id that models shared."""
    stated = [read(tag, in_name=False, hint=None, base_possible=False, search_board=False) for tag in agents.tagged_models(tags)]
    from_name = not tags and len(parts) > 1
    shared = len(stated) == 1 and _key(stated[0]) in SHARED_IDS
    if len(named) == 1 and (from_name or shared):
        model = _read_name(named[0])
        return [_run_of(model) if _RUN_DATE.fullmatch(model.snapshot) else model]
    return stated


def _read_name(text: str) -> Reading:
    return read(text, in_name=True, hint=None, base_possible=False, search_board=False)


def _run_of(reading: Reading) -> Reading:
    """A row's name says how the model was run; dates in it are the run's, not the model's."""
    return replace(reading, snapshot="")


def _key(reading: Reading) -> str:
    return f"{reading.developer or 'unknown'}/{reading.slug}"
