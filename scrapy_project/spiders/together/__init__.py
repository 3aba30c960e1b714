"""Together's sources."""
