"""Mistral's sources."""
