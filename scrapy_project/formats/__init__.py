"""Formats that any source may come in, each read without knowing the source."""
