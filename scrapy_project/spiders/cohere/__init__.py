"""Cohere's sources."""
