"""Real history replayed into an empty ledger: what was published of it, what was held, and what became of that."""
