"""OpenAI's sources, and the readers of its price tables and of its announced shutdowns."""
