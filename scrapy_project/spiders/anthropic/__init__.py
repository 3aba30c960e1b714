"""Anthropic's sources."""
