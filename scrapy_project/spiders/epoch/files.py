"""The files of Epoch's benchmark hub: which benchmark each holds, in which column its score stands, and on which scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SHARE: Final = "share"
"""0 to 1, given as percent; every other scale is the unit itself."""
RUNS_ALL: Final = frozenset(
    {
        "epoch", "aider", "arc_agi", "cadeval", "deepresearchbench", "fictionlivebench", "geobench", "lech-mazur", "livebench",
        "lmarena", "metr", "simplebench", "vpct", "weirdml",
    }
)  # fmt: skip
"""Who runs every model of its board itself, where others also list what is sent in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """One CSV: its score column and scale, the column of a standard error on the same scale, further columns as subsets.

    `by` is who measured: `epoch` its own runs, a source id for a board that we read ourselves (these rows are copies of
    it), another board's or lab's id, or '' for figures gathered from papers, which `Source` names row by row. `name_column`
    holds what the board itself calls the row.
    """

    benchmark: str
    name: str
    measures: str
    column: str
    scale: str = SHARE
    by: str = ""
    error: str = ""
    harness: str = ""
    cost_per_task: str = ""
    run_cost: str = ""
    edition: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    name_column: str = "Name"
    default_harness: str = ""


def _parts(columns: Iterable[str], ending: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{name}{ending}", name.lower().replace(" ", "_")) for name in columns)


def _paper(benchmark: str, name: str, measures: str, column: str = "Score", **more: tuple[tuple[str, str], ...]) -> HubFile:
    return HubFile(benchmark=benchmark, name=name, measures=measures, column=column, parts=more.get("parts", ()))


def _own(benchmark: str, name: str, measures: str) -> HubFile:
    return HubFile(benchmark=benchmark, name=name, measures=measures, column="mean_score", by="epoch", error="stderr")


FILES: Final[dict[str, HubFile]] = {
    "gpqa_diamond.csv": _own("gpqa-diamond", "GPQA Diamond", "Graduate questions in science that a search does not answer"),
    "frontiermath.csv": _own("frontiermath", "FrontierMath tiers 1-3", "Unpublished problems of mathematics, to research level"),
    "frontiermath_tier_4.csv": _own("frontiermath-tier-4", "FrontierMath tier 4", "Unpublished problems at research level"),
    "math_level_5.csv": _own("math-level-5", "MATH level 5", "The hardest problems of school competitions"),
    "otis_mock_aime_2024_2025.csv": _own("otis-mock-aime", "OTIS mock AIME 2024-2025", "Competition mathematics"),
    "chess_puzzles.csv": _own("chess-puzzles", "Chess puzzles", "The best move in a position"),
    "epoch_capabilities_index.csv": HubFile(
        benchmark="epoch-capabilities-index", name="Epoch Capabilities Index", column="ECI Score", scale="index", by="epoch",
        measures="General capability, stitched together from many benchmarks",
    ),
    "aider_polyglot_external.csv": HubFile(
        benchmark="aider-polyglot", name="Aider polyglot", column="Percent correct", scale="percent", by="aider",
        measures="Share of 225 Exercism exercises in six languages solved through Aider within two tries",
        run_cost="Cost", default_harness="aider",
    ),
    "arc_agi_external.csv": HubFile(
        benchmark="arc-agi-1", name="ARC-AGI-1", column="Score", by="arc_agi", measures="Share of abstract grid puzzles solved",
    ),
    "arc_agi_2_external.csv": HubFile(
        benchmark="arc-agi-2", name="ARC-AGI-2", column="Score", by="arc_agi", measures="Share of abstract grid puzzles solved",
    ),
    "metr_time_horizons_external.csv": HubFile(
        benchmark="metr-time-horizon", name="METR time horizon", column="Time horizon", scale="minutes", by="metr",
        measures="Length of software tasks that a model finishes with 50 % success", edition="METR version",
    ),
    "live_bench_external.csv": HubFile(
        benchmark="livebench", name="LiveBench", column="Global average", scale="percent", by="livebench",
        measures="Mean over categories of tasks", edition="LiveBench Version", name_column="id",
        parts=(*_parts(("Reasoning", "Coding", "Mathematics", "Data analysis", "Language"), " average"), ("IF Average", "if")),
    ),
    "webdev_arena_external.csv": HubFile(
        benchmark="webdev-arena", name="WebDev Arena", column="Arena Score", scale="rating", by="lmarena",
        measures="Rating from blind votes: which of two built web pages people prefer",
    ),
    "apex_agents_external.csv": HubFile(
        benchmark="apex-agents", name="APEX-Agents", column="Pass@1 score", by="apex-agents", parts=(("Mean score", "mean"),),
        measures="Long tasks of bankers, consultants and lawyers",
    ),
    "balrog_external.csv": HubFile(
        benchmark="balrog", name="BALROG", column="Average progress", by="balrog", error="Average Standard error",
        measures="Progress in text and video games",
        parts=_parts(("BabyAI", "Crafter", "TextWorld", "BabaIsAI", "MiniHack", "NetHack"), " progress"),
    ),
    "cad_eval_external.csv": HubFile(
        benchmark="cadeval", name="CadEval", column="Overall pass (%)", by="cadeval", measures="Parts drawn in CAD code",
    ),
    "cybench_external.csv": HubFile(
        benchmark="cybench", name="Cybench", column="Unguided % Solved", measures="Capture-the-flag tasks solved unguided",
        parts=(("Subtask-Guided % Solved", "subtask_guided"), ("Subtasks % Solved", "subtasks")),
    ),
    "deepresearchbench_external.csv": HubFile(
        benchmark="deepresearchbench", name="DeepResearch Bench", column="Average score", by="deepresearchbench",
        measures="Research tasks on the web",
    ),
    "fictionlivebench_external.csv": HubFile(
        benchmark="fictionlivebench", name="Fiction.liveBench (120k)", column="120k token score", by="fictionlivebench",
        measures="Understanding of a story of 120,000 tokens",
        parts=_parts(("0", "400", "1k", "2k", "4k", "8k", "16k", "32k", "60k", "192k"), " token score"),
    ),
    "gdpval_external.csv": HubFile(
        benchmark="gdpval", name="GDPval", column="Win Rate (%)", by="openai", parts=(("Win + tie rate (%)", "win_or_tie"),),
        measures="Share of professional tasks in which the answer beats an expert's",
    ),
    "geobench_external.csv": HubFile(
        benchmark="geobench", name="GeoBench", column="ACW Avg Score", scale="points", by="geobench",
        measures="Where a street photograph was taken (GeoGuessr points, at most 5,000)",
    ),
    "gso_external.csv": HubFile(
        benchmark="gso", name="GSO", column="Score OPT@1", by="gso", harness="Scaffold",
        measures="Code made as fast as an expert's",
    ),
    "lech_mazur_writing_external.csv": HubFile(
        benchmark="lech-mazur-writing", name="Lech Mazur creative writing", column="Mean score", scale="points",
        by="lech-mazur", measures="Short stories under constraints, graded 0 to 10 by models",
    ),
    "os_world_external.csv": HubFile(
        benchmark="osworld", name="OSWorld", column="Score", scale="percent", by="osworld", harness="Agent",
        measures="Tasks done in a real desktop",
    ),
    "posttrainbench_external.csv": HubFile(
        benchmark="posttrainbench", name="PostTrainBench", column="Average (%)", by="posttrainbench", harness="Scaffold",
        measures="Small models improved by an agent's own training",
    ),
    "simplebench_external.csv": HubFile(
        benchmark="simplebench", name="SimpleBench", column="Score (AVG@5)", by="simplebench",
        measures="Everyday questions that people find easy",
    ),
    "terminalbench_external.csv": HubFile(
        benchmark="terminal-bench", name="Terminal-Bench 2", column="Accuracy mean", by="terminal-bench", error="Accuracy SE",
        harness="Agent", measures="Tasks done in a terminal", default_harness="Terminus 2",
    ),
    "the_agent_company_external.csv": HubFile(
        benchmark="the-agent-company", name="TheAgentCompany", column="% Score", by="the-agent-company",
        measures="Tasks of a software company's staff", parts=(("% Resolved", "resolved"),), cost_per_task="Average costs",
    ),
    "video_mme_external.csv": HubFile(
        benchmark="video-mme", name="Video-MME", column="Overall (no subtitles)", by="video-mme",
        measures="Questions about videos", parts=(("Overall (with subtitles)", "with_subtitles"),),
    ),
    "vpct_external.csv": HubFile(
        benchmark="vpct", name="VPCT", column="Correct", by="vpct", measures="Into which bucket a drawn ball falls",
    ),
    "weirdml_external.csv": HubFile(
        benchmark="weirdml", name="WeirdML", column="Accuracy", by="weirdml", cost_per_task="Cost per run",
        measures="Unusual machine learning tasks solved in code",
    ),
    "adversarial_nli_external.csv": _paper("adversarial-nli", "Adversarial NLI", "Whether one sentence follows from another"),
    "arc_ai2_external.csv": _paper(
        "arc-challenge", "ARC (AI2) challenge", "School science questions", "Challenge score", parts=(("Easy score", "easy"),)
    ),
    "bbh_external.csv": _paper("bbh", "BIG-Bench Hard", "23 tasks that were hard for models of 2022", "Average"),
    "bool_q_external.csv": _paper("boolq", "BoolQ", "Yes or no questions about a text"),
    "common_sense_qa_2_external.csv": _paper("commonsenseqa-2", "CommonsenseQA 2.0", "Yes or no questions of common sense"),
    "gsm8k_external.csv": _paper("gsm8k", "GSM8K", "Word problems of primary school mathematics", "EM"),
    "hella_swag_external.csv": _paper("hellaswag", "HellaSwag", "How a situation goes on", "Overall accuracy"),
    "lambada_external.csv": _paper("lambada", "LAMBADA", "The last word of a passage"),
    "mmlu_external.csv": _paper("mmlu", "MMLU", "Multiple choice in 57 subjects", "EM"),
    "open_book_qa_external.csv": _paper("openbookqa", "OpenBookQA", "Elementary science questions", "Accuracy"),
    "piqa_external.csv": _paper("piqa", "PIQA", "How things in the house are done"),
    "science_qa_external.csv": _paper("scienceqa", "ScienceQA", "School science with pictures"),
    "superglue_external.csv": _paper("superglue", "SuperGLUE", "Eight tasks of understanding language"),
    "trivia_qa_external.csv": _paper("triviaqa", "TriviaQA", "Trivia questions", "EM"),
    "wino_grande_external.csv": _paper("winogrande", "WinoGrande", "What a pronoun stands for", "Accuracy"),
}  # fmt: skip

VERSIONS: Final = {
    "gpqa-diamond": "Diamond", "frontiermath": "tiers 1-3", "frontiermath-tier-4": "tier 4", "math-level-5": "level 5",
    "otis-mock-aime": "2024-2025", "terminal-bench": "2.0", "arc-challenge": "Challenge", "commonsenseqa-2": "2.0",
}  # fmt: skip
"""Benchmark -> its version, where a file's name or its links state one."""

ADDRESSES: Final = {
    "adversarial-nli": "https://arxiv.org/pdf/1910.14599",
    "balrog": "https://balrogai.com/",
    "cadeval": "https://willpatrick.xyz/cadevalresults_20250422_095709/",
    "commonsenseqa-2": "https://arxiv.org/pdf/2201.05320",
    "cybench": "https://cybench.github.io/",
    "deepresearchbench": "https://drb.futuresearch.ai",
    "fictionlivebench": "https://fiction.live/stories/Fiction-liveBench-Mar-14-2025/oQdzQvKHw8JyXbN87/home",
    "geobench": "https://geobench.org/",
    "gso": "https://gso-bench.github.io/leaderboard.html",
    "lech-mazur-writing": "https://github.com/lechmazur/Writing",
    "osworld": "https://os-world.github.io/",
    "scienceqa": "https://scienceqa.github.io/leaderboard.html",
    "simplebench": "https://simple-bench.com/",
    "terminal-bench": "https://www.tbench.ai/leaderboard/terminal-bench/2.0",
    "the-agent-company": "https://the-agent-company.com/#/leaderboard",
    "video-mme": "https://video-mme.github.io/home_page.html#leaderboard",
    "vpct": "https://cbrower.dev/vpct",
    "webdev-arena": "https://web.lmarena.ai/leaderboard",
    "weirdml": "https://htihle.github.io/weirdml.html",
}
"""Benchmark -> its own page, as the rows of its file link it; the hub's page stands where they link none."""

REQUIRED: Final = ("epoch_capabilities_index.csv", "gpqa_diamond.csv")
"""Without these the archive is not the one that we know."""
LEFT_OUT: Final = {
    "swe_bench_bash.csv": "copies of SWE-bench, whose own terms are non-commercial",
    "additional_eci_data/eci_benchmark_difficulties_and_slopes.csv": "properties of benchmarks, not of models",
    "additional_eci_data/eci_scaling.csv": "properties of the index, not of models",
}
"""File -> why none of its rows is a score of ours."""

GENERAL_COLUMNS: Final = frozenset(
    {
        "Model version", "Release date", "Organization", "Country", "Training compute (FLOP)", "Training compute notes", "id",
        "Name", "Notes", "Notes (details)", "Source", "Source link", "Source Link", "Source link (site from table)", "Shots",
        "ID", "UUID", "Best score (across scorers)", "Log viewer", "Logs", "Started at", "Model accessibility", "Confidence",
        "Model name", "Description", "Display name", "Date added", "Trajectories", "Run date", "Created", "Agent", "Agent Org",
        "Model Org", "Scaffold", "Tools", "Date", "Date of evaluation", "Evaluation date", "Last updated", "Votes", "Frames",
        "CI_high", "CI_low", "95% CI High", "95% CI Low", "Score 95% CI", "Edit format", "Prompt", "Total tasks",
        "Benchmark Organization", "Environment model",
    }
)  # fmt: skip
"""Columns read by their name wherever they stand, or that state nothing we keep."""
