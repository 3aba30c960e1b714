"""The arena's boards, as its several archives publish them: which benchmark each one is."""

from __future__ import annotations

from typing import Final

from aimstats.domain.items import Benchmark

ARENA: Final = "https://arena.ai/leaderboard"
"""LMArena, since 2026 Arena; ratings of one board move as votes come in and are comparable within an edition only."""
BOARDS: Final = {
    "text": ("lmarena-text", "LMArena text", "which of two answers people prefer"),
    "text-style-control": (
        "lmarena-text-style-control",
        "LMArena text, style control",
        "text, length and markup held equal",
    ),
    "vision": ("lmarena-vision", "LMArena vision", "which of two answers about images people prefer"),
    "code": ("arena-code", "Arena code", "which of two built web applications people prefer"),
    "document": ("arena-document", "Arena document", "which of two answers about documents people prefer"),
    "search": ("arena-search", "Arena search", "which of two answers from web searches people prefer"),
    "text-to-image": ("arena-text-to-image", "Arena text to image", "which of two generated images people prefer"),
    "image-edit": ("arena-image-edit", "Arena image edit", "which of two edited images people prefer"),
    "text-to-video": ("arena-text-to-video", "Arena text to video", "which of two generated videos people prefer"),
    "image-to-video": ("arena-image-to-video", "Arena image to video", "which of two videos made from an image people prefer"),
    "video-edit": ("arena-video-edit", "Arena video edit", "which of two edited videos people prefer"),
}


def arena_benchmark(board: str) -> Benchmark:
    """The benchmark of a board by the board's own name; raises KeyError for one that is not known."""
    benchmark_id, name, measures = BOARDS[board]
    return Benchmark(
        id=benchmark_id,
        name=name,
        measures=f"Rating from blind votes: {measures}",
        unit="rating",
        url=f"{ARENA}/{board.removesuffix('-style-control')}",
        license=None,
    )
