"""What is resolved from the ledger: one immutable catalogue of models and offers for each dataset version."""
