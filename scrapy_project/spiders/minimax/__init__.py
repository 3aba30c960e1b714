"""MiniMax' sources."""
