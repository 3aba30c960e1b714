"""The arena's sources (LMArena, since 2026 Arena) and what its boards are called."""
