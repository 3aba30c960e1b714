"""From what spiders saw to the ledger and the resolved catalogue: one publishing transaction a source."""
