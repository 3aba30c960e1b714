"""xAI's sources and the reader of its tables of fees."""
