"""LiteLLM's list: its spider, and the reader of its facts."""
