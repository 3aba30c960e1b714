"""The contract between spiders and everything after: items, prices, quantities, texts. Pure: no I/O, clock or environment."""
