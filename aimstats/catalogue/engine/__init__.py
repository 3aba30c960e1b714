"""The query engine: one query from any door, answered from tables in memory."""
