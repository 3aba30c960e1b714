"""Groq's sources."""
