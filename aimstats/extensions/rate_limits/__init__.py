"""How often one client may ask: the limit, whom it counts, and the storage and strategy that it counts with."""
