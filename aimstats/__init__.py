"""AI Models Stats: an open, dated reference for AI models."""
