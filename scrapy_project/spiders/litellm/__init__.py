"""LiteLLM's list: its spider, and the readers of its keys and facts."""
