"""Cerebras' sources."""
