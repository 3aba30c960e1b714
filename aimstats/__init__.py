"""AI Models Stats: a public reference for AI models, built on a dated ledger of claims."""
